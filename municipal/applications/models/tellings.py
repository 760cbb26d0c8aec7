"""By which way an applicant is told that there is something new (申請者へのお知らせ)."""

from django.db import models
from django.db.models import F, Q

from municipal.applicants.models import Applicant
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality

from .cases import Case


class MailAddress(OfMunicipality):
    """An e-mail address that an applicant gave; it counts once they typed the code that went there (メールアドレス).

    One for each account. ``code_hash``: of the code, which is kept nowhere; ``tries``: wrong codes so far.
    """

    account = models.ForeignKey(
        Applicant, models.CASCADE, db_constraint=False, related_name="mail_addresses", verbose_name="申請者"
    )
    address = models.CharField("メールアドレス", max_length=254)
    code_hash = models.CharField("確認番号のハッシュ", max_length=64)
    given_at = models.DateTimeField("登録日時")
    expires_at = models.DateTimeField("確認の期限")
    tries = models.PositiveSmallIntegerField("まちがえた回数", default=0, db_default=0)
    confirmed_at = models.DateTimeField("確認日時", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "メールアドレス"
        verbose_name_plural = "メールアドレス"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall"),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="mail_address_is_of_an_applicant_of_this_town", field="account"),
            models.UniqueConstraint(fields=["municipality", "account"], name="account_has_one_mail_address"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("given_at")), name="mail_address_waits_for_a_while"),
        ]

    def __str__(self) -> str:
        return str(self.account_id)


class Way(models.TextChoices):
    """How somebody is told (お知らせの方法)."""

    MAIL = "mail", "メール"
    LETTER = "letter", "手紙"


class Telling(OfMunicipality):
    """That an applicant is told of one step or one message, once (お知らせ).

    ``what``: ``step:3`` or ``message:2``. ``done_at``: when the mail was handed over, or the letter posted.
    ``done_by``: the member of staff who posted it.
    """

    case = models.ForeignKey(Case, models.PROTECT, db_constraint=False, related_name="tellings", verbose_name="申請")
    what = models.CharField("お知らせの対象", max_length=30)
    way = models.CharField("方法", max_length=10, choices=Way.choices)
    made_at = models.DateTimeField("作成日時")
    done_at = models.DateTimeField("送った日時", null=True)
    done_by = models.BigIntegerField("送った職員の番号", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "お知らせ"
        verbose_name_plural = "お知らせ"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE (way, done_at, done_by)")
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="telling_is_of_a_case_of_this_town", field="case"),
            models.UniqueConstraint(fields=["municipality", "case", "what"], name="applicant_is_told_once"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="telling_goes_a_known_way"),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["municipality", "way", "made_at"], condition=Q(done_at__isnull=True), name="telling_waits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.what}"
