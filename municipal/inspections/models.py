"""What was judged, for whom, with which result, and the reports as they were written (適合検査の記録)."""

from django.db import models
from django.db.models import Q

from municipal.municipalities.constraints import Across, AppendOnly, Wall
from municipal.municipalities.models import OfMunicipality
from municipal.office.constraints import FilledOnce
from municipal.office.models import Job

_OPEN = Q(exit_status=None, counts=None, input_sha256=None, judged_at=None)
_JUDGED = Q(exit_status__in=[0, 1, 2], counts__isnull=False, input_sha256__isnull=False, judged_at__isnull=False)


class Inspection(OfMunicipality):
    """One order to judge files, and how it ended (適合検査).

    Either ``key`` names the folder in which uploaded files are kept, or ``folder`` a folder of the hand-over place.
    ``names`` are the uploaded files, sorted. An empty ``pack`` leaves it to the checker to recognise it; otherwise it
    is ``id@version``. ``checked_on`` is the checker's "today", so that a second run says the same. What the checker
    found is empty until it has: ``exit_status`` as in ``conformance.findings.Exit``, ``counts`` of rules by outcome
    and of findings, ``input_sha256`` over names and digests of all files read.
    """

    class Privacy(models.TextChoices):
        COUNTS = "counts", "件数のみ"
        ROWS = "rows", "行番号まで(値は示さない)"
        MASKED = "masked", "値は伏せ字"

    number = models.PositiveIntegerField("検査番号")
    key = models.UUIDField("保管場所", null=True)
    names = models.JSONField("ファイル名", default=list)
    folder = models.CharField("受渡しフォルダー", max_length=255, blank=True)
    pack = models.CharField("仕様パック", max_length=120, blank=True)
    as_of = models.DateField("基準日")
    checked_on = models.DateField("検査日")
    privacy = models.CharField("値の表示", max_length=10, choices=Privacy, default=Privacy.ROWS)
    actor_kind = models.CharField("依頼者の種別", max_length=20)
    actor_id = models.BigIntegerField("依頼者の番号")
    ordered_at = models.DateTimeField("依頼日時")
    job = models.ForeignKey(Job, models.PROTECT, db_constraint=False, related_name="+", verbose_name="一括処理")
    exit_status = models.PositiveSmallIntegerField("終了状態", null=True)
    counts = models.JSONField("件数", null=True)
    input_sha256 = models.CharField("入力の要約値", max_length=64, null=True)  # noqa: DJ001  (NULL: not judged)
    judged_at = models.DateTimeField("検査日時", null=True)

    class Meta(OfMunicipality.Meta):
        verbose_name = "適合検査"
        verbose_name_plural = "適合検査"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT", "UPDATE")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="inspections_inspection_job_in_town", field="job"),
            FilledOnce(name="inspections_inspection_judged_once"),
            models.UniqueConstraint(
                fields=["municipality", "number"],
                name="inspections_inspection_number",
                violation_error_message="同時に別の検査が依頼されました。もう一度依頼してください。",
            ),
            models.UniqueConstraint(fields=["municipality", "job"], name="inspections_inspection_one_job"),
            models.CheckConstraint(
                name="inspections_inspection_one_source",
                condition=Q(key__isnull=False, folder="") | (Q(key=None) & ~Q(folder="")),
                violation_error_message="ファイルを選ぶか、受渡しフォルダーを選ぶか、どちらか一方にしてください。",
            ),
            models.CheckConstraint(
                name="inspections_inspection_never_raw",
                condition=Q(privacy__in=["counts", "rows", "masked"]),
                violation_error_message="値をそのまま示す検査は、この画面では依頼できません。別の表示を選んでください。",
            ),
            models.CheckConstraint(name="inspections_inspection_all_or_nothing", condition=_OPEN | _JUDGED),
        ]

    @property
    def is_judged(self) -> bool:
        """Whether the checker has ended and its reports are here (検査済みか)."""
        return self.judged_at is not None


class InspectionReport(OfMunicipality):
    """One report of an inspection, byte for byte as the command writes it (検査報告).

    ``format`` is one of ``conformance.reports.FORMATS``; ``language`` ja or en, always ja where both stand in the
    file anyway.
    """

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, db_constraint=False, related_name="reports", verbose_name="適合検査"
    )
    format = models.CharField("形式", max_length=10)
    language = models.CharField("言語", max_length=2)
    content = models.BinaryField("内容")

    class Meta(OfMunicipality.Meta):
        verbose_name = "検査報告"
        verbose_name_plural = "検査報告"
        constraints = [
            Wall(name="%(app_label)s_%(class)s_wall", rights=("SELECT", "INSERT")),
            *OfMunicipality.Meta.constraints[1:],
            Across(name="inspections_report_inspection_in_town", field="inspection"),
            AppendOnly(name="inspections_report_grows"),
            models.UniqueConstraint(
                fields=["municipality", "inspection", "format", "language"],
                name="inspections_report_once",
                violation_error_message="この検査の報告はすでに作成されています。画面を更新して確認してください。",
            ),
        ]
