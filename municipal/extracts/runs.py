"""A run and what it gives: the one place that knows the three kinds (抽出の実行と結果)."""

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext_noop as _

from municipal.addressees.outputs import Purpose, prints_addresses
from municipal.core.refusals import Refused
from municipal.identity.models import Staff, permissions_of
from municipal.residents.inquiry import withheld

from . import inspection_copies, queries, running, sampling
from .answers import Answer, Label, Row
from .cells import writer_for
from .models import ExtractRun
from .running import Line

PURPOSES = {
    "own_work": _("所管事務の処理"),
    "statistics": _("統計・計画"),
    "mailing": _("通知・案内の送付"),
    "survey": _("調査・世論調査"),
    "inspection": _("閲覧（住民基本台帳法第11条・第11条の2）"),
    "audit": _("監査・点検"),
    "data_care": _("データの点検・修正"),
}
"""What an extract is made for; goes into the audit as its code (抽出の目的)."""
PERMISSIONS = {
    ExtractRun.Kind.QUERY: "extracts.run",
    ExtractRun.Kind.SAMPLE: "extracts.sample",
    ExtractRun.Kind.COPY: "extracts.inspection_copy",
}
"""Which permission each kind of run needs."""


def permissions_for(owner: Staff, kind: str) -> frozenset[str]:
    """What the owner may see now. Raises Refused where the permission for this kind of run is gone (権限の確認)."""
    held = permissions_of(owner)
    if PERMISSIONS[ExtractRun.Kind(kind)] not in held:
        raise Refused("この抽出を行う権限がありません。", code="forbidden")
    return held


def ready_of(run: ExtractRun) -> queries.Ready:
    """The question of a run, translated anew for its owner as things stand now (抽出条件の翻訳)."""
    held = permissions_for(run.owner, run.kind)
    return queries.ready(queries.read(run.asked), permissions=held, hidden=withheld())


@prints_addresses("extracts.file", Purpose.EXPORT)
def answer_of(run: ExtractRun, *, is_spoken: bool) -> Answer:
    """The whole result of a run (抽出結果). Raises Refused for what its owner may not ask any more."""
    permissions_for(run.owner, run.kind)
    if run.kind == ExtractRun.Kind.SAMPLE:
        return sampling.answer(sampling.read(run.asked), hidden=withheld(), is_spoken=is_spoken)
    if run.kind == ExtractRun.Kind.COPY:
        return inspection_copies.answer(inspection_copies.read(run.asked), hidden=withheld())
    ready = ready_of(run)
    return Answer(
        "抽出結果", headings_of(ready), _rows(ready, running.everything(ready), is_spoken=is_spoken), ready.fields
    )


def headings_of(ready: queries.Ready) -> tuple[str, ...]:
    """The headings; behind every list of people, whether their address is withheld (見出し)."""
    return (*ready.headings, *([running.WITHHELD_HEADING] if _says_withheld(ready) else []))


def _says_withheld(ready: queries.Ready) -> bool:
    return bool(ready.source.subject) and not ready.query.is_figures


def cells_of(ready: queries.Ready, line: Line, *, is_spoken: bool, hidden: Collection[int]) -> tuple[str, ...]:
    """The cells of one line as they are written (セル)."""
    write = writer_for(is_spoken=is_spoken)
    cells = tuple(write(value, item) for value, item in zip(line.values, ready.raw, strict=True))
    if not _says_withheld(ready):
        return cells
    return (*cells, str(int(any(whom in hidden for whom in line.subjects))))


def _rows(ready: queries.Ready, lines: Iterator[Line], *, is_spoken: bool) -> Iterator[Row]:
    hidden = withheld()
    for line in lines:
        yield Row(cells_of(ready, line, is_spoken=is_spoken, hidden=hidden), line.subjects)


def labels_of(run: ExtractRun, *, start: int = 0, size: int | None = None) -> tuple[Iterator[Label], int]:
    """The labels of everybody whom a run found, and how many people it found (宛名シール).

    Raises Refused where the run's rows hold no address to write to.
    """
    permissions_for(run.owner, run.kind)
    hidden = withheld()
    if run.kind == ExtractRun.Kind.SAMPLE:
        people: Any = sampling.drawn(sampling.read(run.asked), hidden=hidden)
    else:
        ready = ready_of(run) if run.kind == ExtractRun.Kind.QUERY else None
        if ready is None or not ready.source.has_labels or ready.query.is_figures:
            raise Refused("宛名シールは、現在の住民の一覧か無作為抽出から作れます。", field="format", code="no_labels")
        people = ready.rows
    count = people.count()
    wanted = people if size is None else people[start : start + size]
    return sampling.labels(wanted, hidden=hidden), count
