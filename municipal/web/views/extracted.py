"""Runs, their answers and files as pages show them (抽出結果の表示)."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from municipal.core import clock
from municipal.core.eras import wareki
from municipal.extracts import operations, queries, running, runs
from municipal.extracts.cells import spoken
from municipal.extracts.items import Item, Kind
from municipal.extracts.language.functions import Function
from municipal.extracts.models import ExtractFile, ExtractRun, SavedQuery
from municipal.extracts.sources import source_of
from municipal.identity.models import Staff
from municipal.office.models import Job
from municipal.residents.inquiry import withheld

from .people import moment

KINDS = {Kind.TEXT: _("文字"), Kind.NUMBER: _("数"), Kind.DAY: _("日付"), Kind.YES: _("有無")}


def run(found: ExtractRun) -> dict[str, Any]:
    """A run in a list and on top of its page."""
    is_query = found.kind == ExtractRun.Kind.QUERY
    source = source_of(found.asked["source"]) if is_query else None
    return {
        "number": found.number, "kind": gettext(str(ExtractRun.Kind(found.kind).label)), "is_query": is_query,
        "source": source.code if source else "", "source_name": gettext(source.name) if source else "",
        "where": found.asked.get("where", "") if is_query else "", "seed": found.asked.get("seed", ""),
        "purpose": gettext(runs.PURPOSES[found.purpose]), "note": found.note, "asked_at": moment(found.asked_at),
        "has_labels": found.kind == ExtractRun.Kind.SAMPLE
        or (source is not None and source.has_labels and not found.asked["measure"]),
    }  # fmt: skip


def saved(found: SavedQuery, staff: int) -> dict[str, Any]:
    """A kept question in the list."""
    return {
        "id": found.pk, "name": found.name, "source": found.query["source"],
        "source_name": gettext(source_of(found.query["source"]).name), "owner": found.owner.name,
        "is_own": found.owner_id == staff, "is_shared": found.is_shared, "where": found.query["where"],
        "saved_on": wareki(found.saved_at.astimezone(clock.TOKYO).date()),
    }  # fmt: skip


def files(found: ExtractRun) -> list[dict[str, Any]]:
    """The files of a run, the newest first, and how far each is."""
    rows = found.files.select_related("job").order_by("-pk")
    return [
        {
            "id": one.pk, "format": gettext(str(ExtractFile.Format(one.format).label)), "state": _state(one),
            "is_there": one.written_at is not None and not one.failure and one.removed_at is None,
            "rows": one.rows, "left_out": one.left_out, "size": f"{max(1, one.size // 1000):,} kB",
            "ordered_at": moment(one.ordered_at),
        }
        for one in rows
    ]  # fmt: skip


def _state(one: ExtractFile) -> str:
    if one.removed_at is not None:
        return gettext("保存期間が過ぎました")
    if one.failure:
        return one.failure
    if one.written_at is not None:
        return gettext("作成済み")
    return gettext("作成できませんでした") if one.job.state == Job.State.FAILED else gettext("作成中")


def answer(staff: Staff, found: ExtractRun, place: int, size: int) -> dict[str, Any]:
    """The headings and rows of one page; figures with two sides as a cross table."""
    start = (place - 1) * size
    if found.kind != ExtractRun.Kind.QUERY:
        drawn, count, rows = operations.show_drawn(actor=staff, run=found, start=start, size=size)
        return {
            "headings": drawn.headings,
            "rows": [{"cells": row.cells} for row in rows],
            "count": count,
            "is_figures": False,
        }
    question = queries.read(found.asked)
    if question.across and question.groups:
        return _crossed(staff, found)
    ready, count, lines = operations.show(actor=staff, run=found, start=start, size=size)
    hidden = withheld()
    rows_shown = [
        {
            "cells": runs.cells_of(ready, line, is_spoken=True, hidden=hidden)[: len(ready.headings)],
            "badges": ["protected"] if not hidden.isdisjoint(line.subjects) and ready.source.subject else [],
        }
        for line in lines
    ]  # fmt: skip
    return {
        "headings": [gettext(one) for one in ready.headings], "rows": rows_shown, "count": count,
        "is_figures": question.is_figures,
    }  # fmt: skip


MOST_ACROSS = 2_000


def _crossed(staff: Staff, found: ExtractRun) -> dict[str, Any]:
    ready, _count, lines = operations.show(actor=staff, run=found, start=0, size=MOST_ACROSS)
    cross = running.crossed(ready, lines)
    *sides, across, _measure = ready.raw

    def said(value: Any, item: Item | None) -> str:
        return spoken(value, item) or gettext("（空欄）")

    rows = [
        [
            *(said(value, item) for value, item in zip(down, sides, strict=True)),
            *(spoken(cross.cells.get((down, one), 0), None) for one in cross.acrosses),
        ]
        for down in cross.downs
    ]
    shown = [{"cells": row} for row in rows]
    headings = [*ready.headings[:-2], *(said(one, across) for one in cross.acrosses)]
    return {"headings": headings, "rows": shown, "count": min(len(rows), 50), "is_figures": True}


def item(one: Item) -> dict[str, Any]:
    """An item in the guide to expressions."""
    return {
        "name": one.name, "kind": gettext(KINDS[one.kind]), "length": one.length or "", "codes": one.codes,
        "is_only_counted": one.is_only_counted,
    }  # fmt: skip


def function(name: str, one: Function) -> dict[str, Any]:
    """A function in the guide to expressions."""
    takes = ", ".join(gettext(KINDS[kind]) if kind else gettext("値") for kind in one.takes)
    return {"name": f"{name}({takes}{', …' if one.repeats else ''})", "explanation": gettext(one.explanation)}
