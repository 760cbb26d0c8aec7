"""How many people live here, month by month (人口の月報の画面)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from municipal.core.codes import table
from municipal.core.eras import wareki, wareki_month
from municipal.identity.access import needs
from municipal.residents import counts
from municipal.web.forms.statistics import CountedMonthForm


@needs("residents.view")
@require_safe
def months(request: HttpRequest) -> HttpResponse:
    """One month: who was there, came and went by reason, and is there; it holds nobody's data (人口の月報)."""
    form = CountedMonthForm(request.GET)
    is_wrong = not form.is_valid()
    first = form.first()
    found = counts.month(first.year, first.month)
    context = {
        "form": form, "month": wareki_month(found.first), "as_of": wareki(found.as_of), "households": found.households,
        "before": _row("", found.before), "stock": _row("", found.stock),
        "additions": _rows(found.additions), "removals": _rows(found.removals),
        "added": sum(one.total for one in found.additions), "removed": sum(one.total for one in found.removals),
    }  # fmt: skip
    return render(request, "counts/months.html", context, status=422 if is_wrong else 200)


def _rows(movements: Iterable[counts.Movement]) -> list[dict[str, Any]]:
    return [_row(_reason(movement.reason), movement.by_cell) for movement in movements]


def _row(name: str, by_cell: Counter[counts.Cell]) -> dict[str, Any]:
    """One line: Japanese men and women, foreign men and women, everybody. Who is neither counts in the last only."""
    cells = [by_cell[kind, sex] for kind in ("1", "2") for sex in ("1", "2")]
    return {"name": name, "cells": cells, "total": by_cell.total()}


def _reason(code: str) -> str:
    found = table("event_reason").get(code)
    if found is None:
        return code
    return found.name_en if get_language() == "en" else found.name_ja
