"""What the channels report: money taken, money taken back, money on the account (収納の通知)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality

from .ledger import Posting
from .slip import Slip


class Channel(models.TextChoices):
    """Where somebody paid (収納チャネル)."""

    SITE = "site", _("地方税お支払サイト")
    APP = "app", _("スマートフォン決済")
    BANK = "bank", _("金融機関窓口")
    STORE = "store", _("コンビニエンスストア")
    DEBIT = "debit", _("口座振替")
    COUNTER = "counter", _("市町村の窓口")


class Stage(models.TextChoices):
    """How far a report can be trusted (通知の段階)."""

    PROVISIONAL = "provisional", _("速報")
    CONFIRMED = "confirmed", _("確報")
    CANCELLED = "cancelled", _("速報取消")


class Match(models.TextChoices):
    """What became of a report (消込の結果)."""

    MATCHED = "matched", _("一致")
    DIFFERS = "differs", _("金額相違")
    TWICE = "twice", _("二重納付")
    UNKNOWN = "unknown", _("該当なし")
    CONTESTED = "contested", _("取消不能")
    NOTED = "noted", _("記録のみ")


class CollectionFile(OfMunicipality):
    """A file of reports as it came; the same bytes come once (収納データ). Append-only."""

    name = models.CharField("ファイル名", max_length=200)
    digest = models.CharField("ハッシュ値", max_length=64)
    lines = models.PositiveIntegerField("件数")
    received_at = models.DateTimeField("受領日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "収納データ"
        verbose_name_plural = "収納データ"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            AppendOnly(name="collection_file_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "digest"],
                name="collection_file_comes_once",
                violation_error_message="このファイルはすでに取り込まれています。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReceivedFile(OfMunicipality):
    """A file as somebody handed it in, kept whole: tried first, taken in when a person says so (受領ファイル).

    Append-only: it is the proof of what was received. What came of it stands in the CollectionFile of the same digest.
    """

    name = models.CharField("ファイル名", max_length=100)
    digest = models.CharField("ハッシュ値", max_length=64)
    content = models.BinaryField("内容")
    received_at = models.DateTimeField("受領日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "受領ファイル"
        verbose_name_plural = "受領ファイル"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            AppendOnly(name="received_file_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "digest"],
                name="received_file_is_kept_once",
                violation_error_message="このファイルはすでに受け取っています。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Report(OfMunicipality):
    """One line of a file: somebody paid, or did not after all (収納の通知).

    Known by channel, stage, number, day of payment, place and the channel's own reference: what comes again under the
    same six is the same report and changes nothing. ``credited_on``: the day on which the channel says that the money
    reaches the town's account, where it says so. Append-only.
    """

    file = models.ForeignKey(
        CollectionFile, models.PROTECT, db_constraint=False, related_name="reports", verbose_name="収納データ"
    )
    line = models.PositiveIntegerField("行")
    channel = models.CharField("チャネル", max_length=10, choices=Channel)
    stage = models.CharField("段階", max_length=12, choices=Stage)
    number = models.CharField("納付番号", max_length=20)
    yen = models.BigIntegerField("金額（円）")
    paid_on = models.DateField("収納日")
    credited_on = models.DateField("入金予定日", null=True)
    place = models.CharField("店舗", max_length=20, blank=True, default="", db_default="")
    reference = models.CharField("整理番号", max_length=40)
    match = models.CharField("消込の結果", max_length=10, choices=Match)
    slip = models.ForeignKey(
        Slip, models.PROTECT, null=True, db_constraint=False, related_name="reports", verbose_name="納付書"
    )
    posting = models.ForeignKey(
        Posting, models.PROTECT, null=True, db_constraint=False, related_name="reports", verbose_name="仕訳"
    )

    class Meta(OfMunicipality.Meta):
        verbose_name = "収納の通知"
        verbose_name_plural = "収納の通知"
        indexes = [
            models.Index(fields=["municipality", "number"], name="report_by_number"),
            models.Index(
                fields=["municipality", "match"], condition=~Q(match=Match.MATCHED), name="report_to_be_decided"
            ),
        ]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="report_is_of_a_file_of_this_town", field="file"),
            Across(name="report_is_of_a_slip_of_this_town", field="slip"),
            Across(name="report_is_of_a_posting_of_this_town", field="posting"),
            AppendOnly(name="report_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "channel", "stage", "number", "paid_on", "place", "reference"],
                name="report_counts_once",
                violation_error_message="この収納の通知はすでに取り込まれています。",
            ),
            models.CheckConstraint(
                condition=Q(yen__gte=1),
                name="report_is_of_some_yen",
                violation_error_message="収納の金額は1円以上です。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.number}"


class Settlement(OfMunicipality):
    """Money of one channel that reached the town's account (入金). Append-only."""

    channel = models.CharField("チャネル", max_length=10, choices=Channel)
    reference = models.CharField("入金の番号", max_length=40)
    yen = models.BigIntegerField("入金額（円）")
    credited_on = models.DateField("入金日")
    posting = models.ForeignKey(
        Posting, models.PROTECT, db_constraint=False, related_name="settlements", verbose_name="仕訳"
    )

    class Meta(OfMunicipality.Meta):
        verbose_name = "入金"
        verbose_name_plural = "入金"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="settlement_is_of_a_posting_of_this_town", field="posting"),
            AppendOnly(name="settlement_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "channel", "reference"],
                name="settlement_counts_once",
                violation_error_message="この入金はすでに登録されています。",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
