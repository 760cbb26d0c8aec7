"""What was issued to whom, copy by copy (交付履歴; resident-record/1.0#1.3.8)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from municipal.addressees.fields import text
from municipal.certificates.kinds import KINDS
from municipal.core.clauses import implements
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.residents.models import IdentityCheck, ResidentEvent


class Requester(models.TextChoices):
    """As what somebody asks for a certificate (請求者の資格)."""

    SELF = "self", _("本人")
    MEMBER = "member", _("同一世帯員")
    LEGAL = "legal_representative", _("法定代理人")
    PROXY = "proxy", _("任意代理人")
    THIRD = "third_party", _("第三者")
    PROFESSIONAL = "professional", _("特定事務受任者")
    PUBLIC = "public_body", _("国・地方公共団体の機関")
    OFFICE = "office", _("職権（請求なし）")


@implements("resident-record/1.0#1.3.8/m1", "resident-record/1.0#1.3.8/n1")
class CertificateIssue(OfMunicipality):
    """One act of issuing: which form, about whom, asked by whom, for what, for how much (交付).

    Append-only. ``contents`` is what was printed, as ``contents.as_json`` writes it; with a copy's number it gives
    the same PDF again. ``items`` are the labels of the items that were printed, not left out. ``fee_yen`` is for all
    copies together. ``event``: the act of the register that a notice or a move-out certificate belongs to.
    ``reissue_of``: the issue whose state a re-issued certificate shows.
    """

    kind = models.CharField("証明書の種別", max_length=30, choices={code: kind.name for code, kind in KINDS.items()})
    issued_on = models.DateField("交付年月日")
    issued_at = models.DateTimeField("交付日時")
    place = text("交付場所", 30)
    terminal = text("端末名", 30)
    issued_by_kind = models.CharField("交付者の種別", max_length=20)
    issued_by_id = models.BigIntegerField("交付者の番号")
    subjects = ArrayField(models.BigIntegerField("宛名"), verbose_name="交付対象者")
    items = ArrayField(models.CharField("項目", max_length=40), verbose_name="記載事項", default=list)
    requester = models.CharField("請求者の資格", max_length=20, choices=Requester)
    requester_name = text("請求者の氏名", 100)
    purpose = text("利用の目的", 200)
    identity_check = models.CharField("本人確認の方法", max_length=25, choices=IdentityCheck, blank=True, default="")
    is_official = models.BooleanField("公用", default=False)
    exemption = text("手数料を免除する理由", 100)
    copies_count = models.PositiveSmallIntegerField("枚数")
    fee_yen = models.PositiveIntegerField("手数料（円）")
    output = models.CharField("出力の方法", max_length=5)
    printer = text("プリンタ", 60)
    tray = text("給紙トレー", 30)
    layout = models.PositiveSmallIntegerField("様式の版")
    contents = models.JSONField("印字内容")
    event = models.ForeignKey(
        ResidentEvent, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="異動"
    )
    reissue_of = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, related_name="reissues", verbose_name="再交付のもと"
    )

    class Meta(OfMunicipality.Meta):
        verbose_name = "証明書の交付"
        verbose_name_plural = "証明書の交付"
        indexes = [
            models.Index(fields=["municipality", "issued_on"], name="issue_by_day"),
            GinIndex(fields=["subjects"], name="issue_by_person"),
        ]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="issue_follows_an_event_of_this_town", field="event"),
            Across(name="issue_repeats_one_of_this_town", field="reissue_of"),
            AppendOnly(name="issue_only_grows"),
            models.CheckConstraint(condition=Q(copies_count__gte=1), name="issue_has_a_copy"),
            models.CheckConstraint(
                condition=Q(is_official=False) | Q(fee_yen=0),
                name="official_use_is_free",
                violation_error_message="公用の証明書に手数料はかかりません。",
            ),
            models.CheckConstraint(
                condition=Q(exemption="") | Q(fee_yen=0),
                name="exempted_is_free",
                violation_error_message="免除する理由がある証明書に手数料はかかりません。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.issued_at:%Y-%m-%d}"


class CertificateCopy(OfMunicipality):
    """One copy with its own issue number (一部; resident-record/1.0#5.5).

    ``digest``: SHA-256 of the PDF, in hexadecimal.
    """

    issue = models.ForeignKey(
        CertificateIssue, models.PROTECT, db_constraint=False, related_name="copies", verbose_name="交付"
    )
    day = models.DateField("発行年月日")
    serial = models.PositiveIntegerField("発行連番")
    number = text("発行番号", 150)
    pages = models.PositiveSmallIntegerField("頁数")
    digest = models.CharField("PDFの要約", max_length=64)

    class Meta(OfMunicipality.Meta):
        verbose_name = "証明書の一部"
        verbose_name_plural = "証明書の一部"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="copy_is_of_an_issue_of_this_town", field="issue"),
            AppendOnly(name="copy_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "day", "serial"],
                name="issue_number_is_given_once",
                violation_error_message="同じ発行番号が使われています。もう一度発行してください。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Disposal(OfMunicipality):
    """That a copy issued by mistake was destroyed (処分情報; resident-record/1.0#1.3.8)."""

    copy = models.ForeignKey(
        CertificateCopy, models.PROTECT, db_constraint=False, related_name="disposals", verbose_name="証明書の一部"
    )
    reason = text("処分の理由", 200)
    disposed_at = models.DateTimeField("処分日時")
    disposed_by_kind = models.CharField("処分者の種別", max_length=20)
    disposed_by_id = models.BigIntegerField("処分者の番号")
    refunded_yen = models.PositiveIntegerField("返金額（円）", default=0)

    class Meta(OfMunicipality.Meta):
        verbose_name = "証明書の処分"
        verbose_name_plural = "証明書の処分"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="disposal_is_of_a_copy_of_this_town", field="copy"),
            AppendOnly(name="disposal_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "copy"],
                name="copy_is_disposed_of_once",
                violation_error_message="この証明書はすでに処分されています。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="disposal_has_a_reason",
                violation_error_message="処分の理由を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.copy_id}"
