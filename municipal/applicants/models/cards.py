"""Simulated cards, their certificates and what ended them (模擬カード)."""

from django.db import models
from django.db.models import Q

from municipal.addressees.models import Addressee
from municipal.applicants.facts import Facts
from municipal.applicants.rules import TRIES, Use
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

USES = [(Use.SIGN_IN.value, "利用者証明用"), (Use.SIGNATURE.value, "署名用")]


class Card(OfMunicipality):
    """A card of the training room: what is printed on it, and its two PINs (模擬カード).

    Wrong PINs in a row are counted here; nothing but the right one or the counter sets the count back.
    """

    number = models.CharField("カード番号", max_length=12)
    holder = models.ForeignKey(
        Addressee, models.PROTECT, db_constraint=False, related_name="cards", verbose_name="カードの持ち主"
    )
    name = models.CharField("氏名", max_length=200)
    born_on = models.CharField("生年月日", max_length=90)
    sex = models.CharField("性別", max_length=6, blank=True)
    address = models.CharField("住所", max_length=600)
    pin_user = models.CharField("4桁の暗証番号の封", max_length=256)
    pin_signature = models.CharField("署名用暗証番号の封", max_length=256)
    failures_user = models.PositiveSmallIntegerField("4桁の暗証番号の誤り", default=0)
    failures_signature = models.PositiveSmallIntegerField("署名用暗証番号の誤り", default=0)
    issued_at = models.DateTimeField("交付日時")
    expires_on = models.DateField("有効期限")

    class Meta(OfMunicipality.Meta):
        verbose_name = "模擬カード"
        verbose_name_plural = "模擬カード"
        constraints = [
            Wall(
                name="%(app_label)s_%(class)s_wall",
                rights=(
                    "SELECT",
                    "INSERT",
                    "UPDATE (name, born_on, sex, address, pin_user, pin_signature, failures_user, failures_signature)",
                ),
            ),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="card_is_of_an_addressee_of_this_town", field="holder"),
            models.UniqueConstraint(
                fields=["municipality", "number"], name="card_has_its_own_number",
                violation_error_message="このカード番号はすでに使われています。",
            ),
            models.CheckConstraint(condition=Q(number__regex=r"^[0-9]{12}$"), name="card_number_is_digits"),
            models.CheckConstraint(
                condition=Q(failures_user__lte=TRIES[Use.SIGN_IN], failures_signature__lte=TRIES[Use.SIGNATURE]),
                name="card_locks_after_some_failures",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def facts(self) -> Facts:
        """What is printed on it (券面)."""
        return Facts(self.name, self.born_on, self.sex, self.address)


class Certificate(OfMunicipality):
    """A certificate on a card (電子証明書). Append-only; what ends it early is a ``Revocation``."""

    card = models.ForeignKey(
        Card, models.PROTECT, db_constraint=False, related_name="certificates", verbose_name="カード"
    )
    use = models.CharField("種類", max_length=9, choices=USES)
    serial = models.CharField("発行番号", max_length=32)
    content = models.BinaryField("証明書（DER）")
    issued_at = models.DateTimeField("発行日時")
    expires_at = models.DateTimeField("有効期限")

    class Meta(OfMunicipality.Meta):
        verbose_name = "電子証明書"
        verbose_name_plural = "電子証明書"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="certificate_is_of_a_card_of_this_town", field="card"),
            AppendOnly(name="certificate_only_grows"),
            models.UniqueConstraint(fields=["municipality", "serial"], name="certificate_has_its_own_serial"),
            models.CheckConstraint(condition=Q(use__in=[use.value for use in Use]), name="certificate_has_a_use"),
        ]

    def __str__(self) -> str:
        return self.serial


class Revocation(OfMunicipality):
    """That a certificate counts no longer, from when and why (失効). Append-only, once for each certificate."""

    class Why(models.TextChoices):
        """What ended it (失効の理由)."""

        CHANGED = "changed", "記載事項の変更"
        DEAD = "dead", "死亡"
        LOST = "lost", "カードの紛失"
        RENEWED = "renewed", "更新"

    certificate = models.OneToOneField(
        Certificate, models.PROTECT, db_constraint=False, related_name="revocation", verbose_name="電子証明書"
    )
    why = models.CharField("理由", max_length=7, choices=Why)
    at = models.DateTimeField("失効日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "失効"
        verbose_name_plural = "失効"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="revocation_is_of_a_certificate_of_this_town", field="certificate"),
            AppendOnly(name="revocation_only_grows"),
        ]

    def __str__(self) -> str:
        return self.why
