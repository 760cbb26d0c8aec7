"""Questions that are kept, every time one was asked, and the files that came of it (抽出の記録)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from municipal.identity.models import Staff
from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.office.models import Job


class SavedQuery(OfMunicipality):
    """A question kept under a name by whoever wrote it, to ask it again (保存した抽出条件).

    Saving under the same name retires the row and adds another: what was asked on an earlier day stays readable.
    """

    owner = models.ForeignKey(
        Staff, models.PROTECT, db_constraint=False, related_name="saved_queries", verbose_name="作成者"
    )
    name = models.CharField("条件の名前", max_length=100)
    query = models.JSONField("抽出条件")
    is_shared = models.BooleanField("ほかの職員も使える", default=False)
    saved_at = models.DateTimeField("保存日時")
    retired_at = models.DateTimeField("使わなくなった日時", null=True, blank=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "保存した抽出条件"
        verbose_name_plural = "保存した抽出条件"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="extracts_query_of_staff_of_this_town", field="owner"),
            models.UniqueConstraint(
                fields=["municipality", "owner", "name"],
                condition=Q(retired_at__isnull=True),
                name="extracts_one_query_of_a_name",
                violation_error_message="この名前の条件はすでに保存されています。別の名前にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExtractRun(OfMunicipality):
    """One time that somebody asked: what, and what for (抽出の実行).

    Append-only, and seen by nobody but who asked and the auditors. ``asked`` holds the question with all values in
    it, so it never stands in the audit; there the run is known by its number.
    """

    class Kind(models.TextChoices):
        QUERY = "query", _("条件抽出")
        SAMPLE = "sample", _("無作為抽出")
        COPY = "copy", _("閲覧用台帳")

    number = models.PositiveIntegerField("抽出番号")
    kind = models.CharField("種類", max_length=10, choices=Kind)
    asked = models.JSONField("抽出条件")
    purpose = models.CharField("目的", max_length=20)
    note = models.CharField("目的の説明", max_length=200, blank=True)
    owner = models.ForeignKey(Staff, models.PROTECT, db_constraint=False, related_name="+", verbose_name="実行者")
    asked_at = models.DateTimeField("実行日時")

    class Meta(OfMunicipality.Meta):
        verbose_name = "抽出の実行"
        verbose_name_plural = "抽出の実行"
        indexes = [models.Index(fields=["municipality", "owner", "asked_at"], name="extract_run_by_owner")]
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="extracts_run_by_staff_of_this_town", field="owner"),
            AppendOnly(name="extracts_run_only_grows"),
            models.UniqueConstraint(
                fields=["municipality", "number"],
                name="extracts_run_number_once",
                violation_error_message="同時に別の抽出が始まりました。もう一度実行してください。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class ExtractFile(OfMunicipality):
    """A file ordered of a run: written by a worker, kept for a few days, then emptied (抽出ファイル)."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        TEXT = "txt", _("テキスト（タブ区切り）")
        XML = "xml", "XML"
        PDF = "pdf", _("PDF（一覧）")
        LABELS = "labels", _("PDF（宛名シール）")

    run = models.ForeignKey(
        ExtractRun, models.PROTECT, db_constraint=False, related_name="files", verbose_name="抽出の実行"
    )
    job = models.ForeignKey(Job, models.PROTECT, db_constraint=False, related_name="+", verbose_name="一括処理")
    format = models.CharField("形式", max_length=10, choices=Format)
    is_spoken = models.BooleanField("コードを名称で書く", default=False)
    ordered_at = models.DateTimeField("依頼日時")
    written_at = models.DateTimeField("作成日時", null=True, blank=True)
    rows = models.PositiveIntegerField("件数", default=0)
    left_out = models.PositiveIntegerField("載せなかった件数", default=0)
    size = models.PositiveBigIntegerField("大きさ", default=0)
    sha256 = models.CharField("要約値", max_length=64, blank=True, default="")
    failure = models.CharField("作成できなかった理由", max_length=300, blank=True, default="")
    removed_at = models.DateTimeField("廃棄日時", null=True, blank=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "抽出ファイル"
        verbose_name_plural = "抽出ファイル"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="extracts_file_of_a_run_of_this_town", field="run"),
            Across(name="extracts_file_of_a_job_of_this_town", field="job"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.format}"


class ExtractPiece(OfMunicipality):
    """A piece of a file, compressed; only pieces are ever removed (抽出ファイルの一部)."""

    file = models.ForeignKey(
        ExtractFile, models.PROTECT, db_constraint=False, related_name="pieces", verbose_name="抽出ファイル"
    )
    number = models.PositiveIntegerField("番号")
    content = models.BinaryField("内容")

    class Meta(OfMunicipality.Meta):
        verbose_name = "抽出ファイルの一部"
        verbose_name_plural = "抽出ファイルの一部"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "DELETE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="extracts_piece_of_a_file_of_this_town", field="file"),
            models.UniqueConstraint(fields=["municipality", "file", "number"], name="extracts_piece_once"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}-{self.number}"
