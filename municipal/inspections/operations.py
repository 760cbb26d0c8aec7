"""Having files judged, and taking the result (適合検査の操作)."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from uuid import uuid4

from django.db import connections
from django.db.models import Max, QuerySet

from municipal.audit.operations import operation, record
from municipal.conformance import reports
from municipal.conformance.engine import Asked, check
from municipal.conformance.packs import Pack, find, shipped
from municipal.conformance.reports.view import view
from municipal.conformance.results import Report
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.office.operations import order_job

from . import inputs
from .models import Inspection, InspectionReport

JUDGE = "inspections.judge"
"""The job kind that judges (検査の一括処理)."""

WRITTEN = tuple(
    (format, language)
    for format in reports.FORMATS
    for language in (("ja", "en") if format in ("text", "html") else ("ja",))
)
"""Every report that is kept: format and language; the other formats carry both languages (保存する報告)."""


def choosable() -> dict[str, Pack]:
    """The packs that files can be judged against: those that describe tables (選べる仕様パック)."""
    return {name: pack for name, pack in shipped().items() if pack.tables}


@operation("inspections.order")
def order_inspection(
    *, actor: Actor, files: Sequence[inputs.Incoming] = (), folder: str = "", pack: str = "",
    as_of: date | None = None, privacy: str = Inspection.Privacy.ROWS,
) -> Inspection:  # fmt: skip
    """Have uploaded files, or a hand-over folder, judged by a worker after the commit (適合検査の依頼).

    ``as_of``: the day the data stand at, today if None. Raises Refused for what cannot be judged.
    """
    _check_choices(files, folder, pack, privacy)
    town, today = wall.current(), clock.today()
    key = None if folder else uuid4()
    names = inputs.keep(town, key, files) if key else []
    try:
        job = order_job(actor=actor, kind=JUDGE)
        made = Inspection.objects.create(
            number=_next_number(), key=key, names=names, folder=folder, pack=pack, as_of=as_of or today,
            checked_on=today, privacy=privacy, actor_kind=actor.actor_kind, actor_id=actor.actor_id,
            ordered_at=clock.now(), job=job,
        )  # fmt: skip
    except BaseException:
        if key:
            inputs.discard(town, key)
        raise
    record(actor=actor, code=str(made.number))
    return made


def _check_choices(files: Sequence[inputs.Incoming], folder: str, pack: str, privacy: str) -> None:
    if files and folder:
        raise Refused(
            "ファイルを選ぶか、受渡しフォルダーを選ぶか、どちらか一方にしてください。",
            field="folder",
            code="two_sources",
        )
    if folder and folder not in inputs.handed_over(wall.current()):
        raise Refused(
            "この受渡しフォルダーは見つかりません。画面を開き直して選んでください。", field="folder", code="no_folder"
        )
    if pack and pack not in choosable():
        raise Refused("この仕様パックは選べません。一覧から選んでください。", field="pack", code="no_pack")
    if privacy not in Inspection.Privacy.values:
        raise Refused(
            "値をそのまま示す検査は、この画面では依頼できません。別の表示を選んでください。",
            field="privacy", code="never_raw",
        )  # fmt: skip


def _next_number() -> int:
    """The town's next number; a lock until the commit keeps two orders from taking the same one."""
    with connections[wall.opening().using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('inspections.number'), %s)", [wall.current()])
    return int(Inspection.objects.aggregate(last=Max("number"))["last"] or 0) + 1


@operation("inspections.judge")
def judge_inspection(*, actor: Actor, inspection: Inspection) -> Inspection:
    """Judge what was ordered and keep every report, as the command would have written it (適合検査の実行).

    Raises FileNotFoundError where the files are gone, UnreadablePack for a pack that is not shipped any more.
    """
    report = check(
        Asked(
            paths=inputs.paths_of(inspection),
            as_of=inspection.as_of,
            today=inspection.checked_on,
            packs=(find(inspection.pack),) if inspection.pack else (),
            privacy=inspection.privacy,
        )
    )
    for format, language in WRITTEN:
        # One by one: a report can have many megabytes.
        content = reports.write(report, format, language)
        InspectionReport.objects.create(inspection=inspection, format=format, language=language, content=content)
    tally = view(report).tally
    inspection.exit_status, inspection.judged_at = int(report.exit), clock.now()
    inspection.counts = {**tally.outcomes, "findings": tally.findings, "decisive": tally.decisive}
    inspection.input_sha256 = _digest(report)
    inspection.save(update_fields=["exit_status", "judged_at", "counts", "input_sha256"])
    record(actor=actor, code=str(inspection.number))
    return inspection


def _digest(report: Report) -> str:
    said = "".join(f"{file.sha256}  {file.name}\n" for file in report.files)
    return sha256(said.encode("utf-8", "backslashreplace")).hexdigest()


@operation("inspections.list")
def list_inspections(*, actor: Actor) -> QuerySet[Inspection]:
    """Every inspection of the town, newest first; that they were listed is recorded (適合検査の一覧)."""
    record(actor=actor)
    return Inspection.objects.select_related("job").order_by("-number")


@operation("inspections.view")
def view_result(*, actor: Actor, inspection: Inspection) -> bytes:
    """The JSON report from which screens show the result; that it was shown is recorded (検査結果の閲覧)."""
    record(actor=actor, code=str(inspection.number))
    return bytes(InspectionReport.objects.get(inspection=inspection, format="json").content)


@operation("inspections.download")
def take_report(*, actor: Actor, report: InspectionReport) -> bytes:
    """The bytes of one report, to be taken along; recorded with its format (検査報告の取出し)."""
    record(actor=actor, code=f"{report.inspection.number} {report.format} {report.language}")
    return bytes(report.content)
