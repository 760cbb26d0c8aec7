"""Tables and charts of population; nobody's data stands in them (統計の画面)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from municipal.core import clock
from municipal.core.codes import table
from municipal.core.eras import wareki, wareki_month
from municipal.core.refusals import Refused
from municipal.identity.access import StaffRequest, needs
from municipal.residents.counts import Month, month
from municipal.statistics import ages, charts, foreigners, publishing
from municipal.statistics.national import ADDITIONS, REMOVALS, Segment
from municipal.statistics.operations import begin_counting, first_month, refuse_before_the_beginning
from municipal.statistics.stocks import FOREIGN, JAPANESE, MIXED, Cell, Stock, areas_of, stock
from municipal.statistics.years import Year, months_of, year
from municipal.web.forms.refusing import show_and_log
from municipal.web.forms.statistics import CountedMonthForm, PeopleForm, YearForm

from .downloads import download

LAST = 100
MEN, WOMEN = "1", "2"


@needs("statistics.view")
@require_safe
def years(request: HttpRequest) -> HttpResponse:
    """A year: the national table, month by month, and two charts (年報)."""
    asked, form = cast(StaffRequest, request), YearForm(request.GET)
    is_wrong, found = not form.is_valid(), None
    try:
        found = year(form.chosen()[0], begins=form.chosen()[1])
    except Refused as refused:
        show_and_log(asked, form, refused)
        is_wrong = True
    context = {"form": form, "found": _year(found) if found else None}
    return render(request, "statistics/years.html", context, status=422 if is_wrong else 200)


def _year(found: Year) -> dict[str, Any]:
    points = [
        charts.Point(f"{one.first.month}月", _moved(one.additions), _moved(one.removals), one.stock.total())
        for one in found.months
    ]
    return {
        "first": wareki_month(found.first),
        "as_of": wareki(found.months[-1].as_of),
        "is_whole": found.is_whole,
        "additions": ADDITIONS,
        "removals": REMOVALS,
        "segments": [_segment(name, one) for name, one in found.table.items()],
        "months": [
            {
                "name": wareki_month(one.first),
                "added": point.added,
                "removed": point.removed,
                "change": point.added - point.removed,
                "total": point.total,
                "households": one.households,
            }
            for one, point in zip(found.months, points, strict=True)
        ],
        "moves_within": found.moves_within,
        "households": found.stock.households,
        "population_chart": _drawn(charts.population(points, title=gettext("月末の人口"))),
        "changes_chart": _drawn(
            charts.changes(
                points, title=gettext("月ごとの増減"), added=gettext("増えた人"), removed=gettext("減った人")
            )
        ),
    }


def _drawn(svg: str) -> str:
    return mark_safe(svg)  # noqa: S308  (drawn by our own module, every text escaped)


def _moved(movements: Iterable[Any]) -> int:
    return sum(one.total for one in movements)


def _segment(name: str, one: Segment) -> dict[str, Any]:
    return {
        "name": name, "before": one.before, "additions": list(one.additions.values()), "added": one.added,
        "removals": list(one.removals.values()), "removed": one.removed, "change": one.change,
        "natural": one.natural, "social": one.social, "after": one.after,
    }  # fmt: skip


@needs("statistics.view")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """A day: age, sex, kind, town areas, sizes of households (年齢別・町字別・世帯人員別)."""
    here = areas_of(stock(clock.today()).people)
    form = PeopleForm(request.GET, areas=here)
    is_wrong = not form.is_valid()
    day, area = form.chosen()
    found = stock(day)
    context = {
        "form": form, "day": wareki(day), "area": area, **_ages(found, area), "areas": _areas(found),
        "homes": _homes(found, area),
    }  # fmt: skip
    return render(request, "statistics/people.html", context, status=422 if is_wrong else 200)


def _ages(found: Stock, area: str) -> dict[str, Any]:
    def counted(sex: str, kinds: Iterable[str]) -> Counter[Any]:
        by_age: Counter[Any] = Counter()
        for cell, count in found.people.items():
            if cell.sex == sex and cell.kind in kinds and area in ("", cell.area):
                by_age[cell.age] += count
        return by_age

    columns = [counted(sex, kinds) for kinds in ("1", "2") for sex in (MEN, WOMEN)]
    both = [columns[0] + columns[2], columns[1] + columns[3]]
    everybody: Counter[Any] = both[0] + both[1]
    classes = [ages.in_classes(one, last=LAST) for one in columns]
    firsts = [*ages.classes(LAST), None]
    rows = [_age_row(first, classes) for first in firsts]
    bars = [
        charts.Bar(row["name"], row["cells"][0] + row["cells"][2], row["cells"][1] + row["cells"][3])
        for row in rows
        if row["name"] != ages.UNKNOWN
    ]
    return {
        "rows": rows, "total": [one.total() for one in columns], "all": everybody.total(),
        "generations": [
            {"name": name, "count": count, "share": f"{count / everybody.total():.1%}" if everybody else "－"}
            for name, count in ages.in_generations(everybody).items()
        ],
        "pyramid": _drawn(
            charts.pyramid(bars, title=gettext("人口ピラミッド"), men=gettext("男"), women=gettext("女"))
        ),
    }  # fmt: skip


def _age_row(first: int | None, classes: list[Counter[int | None]]) -> dict[str, Any]:
    cells = [one[first] for one in classes]
    return {"name": ages.name_of(first, last=LAST), "cells": cells, "total": sum(cells)}


def _areas(found: Stock) -> list[dict[str, Any]]:
    """Every town area; whoever is placed nowhere stands in a line of their own."""

    def count(area: str | None, *, sex: str = "", kind: str = "") -> int:
        def is_in(cell: Cell) -> bool:
            return cell.area == area and sex in ("", cell.sex) and kind in ("", cell.kind)

        return sum(number for cell, number in found.people.items() if is_in(cell))

    homes: Counter[str | None] = Counter()
    for home, number in found.homes.items():
        homes[home.area] += number
    areas: list[str | None] = [*areas_of(found.people)]
    if count(None) or homes[None]:
        areas.append(None)
    return [
        {"name": area or gettext("（町字を示さない方）"), "total": count(area), "men": count(area, sex=MEN),
         "women": count(area, sex=WOMEN), "foreign": count(area, kind=FOREIGN), "homes": homes[area]}
        for area in areas
    ]  # fmt: skip


def _homes(found: Stock, area: str) -> dict[str, Any]:
    sizes: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    for home, count in found.homes.items():
        if area in ("", home.area):
            sizes[min(home.members, 7)] += count
            kinds[home.kinds] += count
    names = {
        JAPANESE: gettext("日本人のみの世帯"),
        FOREIGN: gettext("外国人のみの世帯"),
        MIXED: gettext("複数国籍の世帯"),
    }
    return {
        "sizes": [
            {"name": gettext("7人以上") if size == 7 else gettext("%(size)d人") % {"size": size}, "count": sizes[size]}
            for size in range(1, 8)
        ],
        "kinds": [{"name": name, "count": kinds[kind]} for kind, name in names.items()], "total": sizes.total(),
    }  # fmt: skip


@needs("statistics.view")
@require_safe
def foreign_residents(request: HttpRequest) -> HttpResponse:
    """Foreign residents by nationality and status, and the notices of a year (外国人住民・中長期在留者の届出)."""
    form = YearForm(request.GET)
    is_wrong = not form.is_valid()
    number, begins = form.chosen()
    days = [*months_of(date(number, begins, 1))]
    last = min(clock.today(), (days[-1].replace(day=28)).replace(day=_last_of(days[-1])))
    found = stock(max(last, days[0]) if last >= days[0] else clock.today())
    notices = foreigners.notices(days[0], last)
    context = {
        "form": form, "day": wareki(found.day), "first": wareki(days[0]), "last": wareki(last),
        "nationalities": _by(found, lambda stay: stay.nationality or gettext("（記載なし）")),
        "statuses": _by(found, lambda stay: _code_name("status_of_residence", stay.status)),
        "articles": _by(found, lambda stay: _code_name("article30_45", stay.article)),
        "notices": [
            {"name": gettext(line), "cells": [notices[article, code] for article in foreigners.CLASSES]}
            for code, line in foreigners.NOTICES.items()
        ],
    }  # fmt: skip
    return render(request, "statistics/foreigners.html", context, status=422 if is_wrong else 200)


def _last_of(first: date) -> int:
    from calendar import monthrange

    return monthrange(first.year, first.month)[1]


def _by(found: Stock, key: Any) -> list[dict[str, Any]]:
    counts: dict[str, Counter[str]] = {}
    for stay, count in found.foreigners.items():
        counts.setdefault(key(stay), Counter())[stay.sex] += count
    rows = [{"name": name, "men": one[MEN], "women": one[WOMEN], "total": one.total()} for name, one in counts.items()]
    return sorted(rows, key=lambda row: (-row["total"], row["name"]))


def _code_name(name: str, code: str) -> str:
    found = table(name).get(code)
    if found is None:
        return code or gettext("（記載なし）")
    return found.name_en if get_language() == "en" else found.name_ja


@needs("statistics.view")
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """The files to publish of a month, and from which month on is counted (公開用データ)."""
    asked, is_sent = cast(StaffRequest, request), request.method == "POST"
    form = CountedMonthForm(request.POST if is_sent else request.GET)
    may_set = "register.settings" in asked.permissions
    if is_sent:
        if not may_set:
            raise Refused("集計の開始月を決めるには、台帳の設定の権限が必要です。", code="forbidden")
        begin_counting(actor=asked.staff, first_month=form.first())
        messages.success(request, gettext("集計の開始月を設定しました。"))
        return redirect("statistics:files")
    is_wrong, first, beginning = not form.is_valid(), form.first(), first_month()
    context = {
        "form": form, "month": wareki_month(first), "key": f"{first:%Y-%m}", "may_set": may_set,
        "beginning": wareki_month(beginning) if beginning else "",
        "files": [] if is_wrong else [one.name for one in _published(first)],
    }  # fmt: skip
    return render(request, "statistics/files.html", context, status=422 if is_wrong else 200)


def _published(first: date) -> list[publishing.Published]:
    counted: Month = month(first.year, first.month)
    return list(publishing.everything(stock(counted.as_of), [counted]))


@needs("statistics.view")
@require_safe
def file(request: HttpRequest, month: str, name: str) -> HttpResponse:
    """One file to publish (公開用データの取出し)."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise Http404 from error
    refuse_before_the_beginning(first)
    found: Mapping[str, bytes] = {one.name: one.content for one in _published(first)}
    if name not in found:
        raise Http404
    return download(found[name], name)
