"""How forms are set up: fees, defaults, who signs, seals, printers, the order of members (証明の設定)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from municipal.addressees.fields import text
from municipal.certificates.kinds import KINDS
from municipal.core.clauses import implements
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.residents.models import Household

LARGEST_MM = 25


class SealKind(models.TextChoices):
    """Whose seal, or what for (公印の種類)."""

    HEAD = "head", _("市区町村長の印")
    ACTING = "acting", _("職務代理者の印")
    CERTIFICATES = "certificates", _("証明書専用の印")
    CARD_FACE = "card_face", _("カード券面用の印")


class Colour(models.TextChoices):
    """In which colour a seal is printed (公印の色)."""

    BLACK = "black", _("黒")
    RED = "red", _("赤")


class SealUse(models.TextChoices):
    """Which seal a form carries (公印の印字)."""

    NONE = "none", _("印字しない")
    SIGNER = "signer", _("認証者の印")
    CERTIFICATES = "certificates", _("証明書専用の印")


class Signer(models.TextChoices):
    """Who signs a form (認証者の選択)."""

    AUTOMATIC = "automatic", _("期間により自動")
    HEAD = "head", _("市区町村長")
    ACTING = "acting", _("職務代理者")


class Output(models.TextChoices):
    """How a form leaves the system (出力の方法)."""

    PDF = "pdf", "PDF"
    PAPER = "paper", _("紙")


@implements(
    "resident-record/1.0#1.3.7/m1", "resident-record/1.0#5.6/m3", "resident-record/1.0#5.6/m5",
    "resident-record/1.0#5.6/n1",
)  # fmt: skip
class Seal(OfMunicipality):
    """The picture of a seal from a day on; the newest of its kind counts (公印).

    Append-only: a new seal takes the place of the old one, which older certificates still need. There is no branch
    office in it: a municipality has one seal of each kind.
    """

    kind = models.CharField("公印の種類", max_length=12, choices=SealKind)
    colour = models.CharField("色", max_length=5, choices=Colour, default=Colour.BLACK)
    png = models.BinaryField("印影")
    size_mm = models.PositiveSmallIntegerField("一辺（mm）")
    valid_from = models.DateField("使用開始日")

    class Meta(OfMunicipality.Meta):
        verbose_name = "公印"
        verbose_name_plural = "公印"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            AppendOnly(name="seal_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "kind", "valid_from"],
                name="one_seal_of_a_kind_from_a_day",
                violation_error_message="同じ種類の公印が、同じ使用開始日で登録されています。日付を確かめてください。",
            ),
            models.CheckConstraint(
                condition=Q(size_mm__gte=5, size_mm__lte=LARGEST_MM),
                name="seal_is_at_most_25_mm",
                violation_error_message="公印の一辺は5mmから25mmまでです。",
            ),
            models.CheckConstraint(
                condition=Q(colour=Colour.BLACK) | Q(kind=SealKind.CARD_FACE),
                name="only_card_face_seals_are_red",
                violation_error_message="赤色にできるのは、カード券面用の印だけです。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.valid_from}"


class Printer(OfMunicipality):
    """A printer for certificates: its number in issue numbers, its queue, its trays (プリンタ; #10.7)."""

    number = models.CharField("プリンタ番号", max_length=20)
    name = text("名称", 40)
    queue = models.CharField("印刷キュー名", max_length=60)
    trays = ArrayField(models.CharField("トレー", max_length=30), verbose_name="給紙トレー", default=list)

    class Meta(OfMunicipality.Meta):
        verbose_name = "プリンタ"
        verbose_name_plural = "プリンタ"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(
                fields=["municipality", "number"],
                name="printer_number_is_given_once",
                violation_error_message="このプリンタ番号はすでに使われています。",
            ),
            models.CheckConstraint(
                condition=Q(queue__regex=r"^[A-Za-z0-9_.][A-Za-z0-9_.-]*$"),
                name="printer_queue_is_a_name",
                violation_error_message="印刷キュー名は英数字で入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class FormSettings(OfMunicipality):
    """What a municipality decides about one form; without a row the defaults of the form (帳票の設定).

    ``omits``: what is left out unless it is asked for. ``keeps_cut``: of what does not fit, print what fits, else
    leave the field empty (#5.8/m3).
    """

    kind = models.CharField("証明書の種別", max_length=30, choices={code: kind.name for code, kind in KINDS.items()})
    fee_yen = models.PositiveIntegerField("手数料（円）", default=0)
    omits = ArrayField(models.CharField("項目", max_length=30), verbose_name="省略する項目", default=list)
    has_reading = models.BooleanField("フリガナを記載する", default=False)
    signer = models.CharField("認証者", max_length=9, choices=Signer, default=Signer.AUTOMATIC)
    seal = models.CharField("公印", max_length=12, choices=SealUse, default=SealUse.SIGNER)
    phrases = ArrayField(models.CharField("文言", max_length=40), verbose_name="固定文言", default=list)
    keeps_cut = models.BooleanField("収まらない文字は限界まで印字する", default=True)
    output = models.CharField("出力の方法", max_length=5, choices=Output, default=Output.PDF)
    printer = models.ForeignKey(
        Printer, models.PROTECT, null=True, db_constraint=False, related_name="+", verbose_name="プリンタ"
    )

    class Meta(OfMunicipality.Meta):
        verbose_name = "帳票の設定"
        verbose_name_plural = "帳票の設定"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="form_prints_on_a_printer_of_this_town", field="printer"),
            models.UniqueConstraint(fields=["municipality", "kind"], name="one_row_of_settings_per_form"),
        ]

    def __str__(self) -> str:
        return self.kind


class LaterRule(OfMunicipality):
    """Whether a rule of a later version counts here; without a row it does not (後の版の規則の切替え)."""

    code = models.CharField("規則", max_length=40)
    is_on = models.BooleanField("使う")

    class Meta(OfMunicipality.Meta):
        verbose_name = "後の版の規則"
        verbose_name_plural = "後の版の規則"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            models.UniqueConstraint(fields=["municipality", "code"], name="one_row_per_later_rule"),
        ]

    def __str__(self) -> str:
        return self.code


class MemberOrder(OfMunicipality):
    """In which order a household's members stand on a joint copy; the newest row counts (世帯員の並び順; #5.2)."""

    household = models.ForeignKey(Household, models.PROTECT, db_constraint=False, related_name="+", verbose_name="世帯")
    members = ArrayField(models.BigIntegerField("宛名"), verbose_name="並び順")
    arranged_at = models.DateTimeField("設定日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "世帯員の並び順"
        verbose_name_plural = "世帯員の並び順"
        indexes = [models.Index(fields=["municipality", "household", "-arranged_at"], name="order_of_a_household")]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="order_is_of_a_household_of_this_town", field="household"),
            AppendOnly(name="order_only_grows"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id}"
