"""Who meets several conditions, now or ever; never a list of a population (複数条件による検索)."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.eras import era_by_sign, gregorian_year, plain
from municipal.core.refusals import Refused
from municipal.residents import inquiry
from municipal.residents.models import Household, Period, ResidentRecord, Script

from . import addresses
from .conditions import Conditions, refuse_unfit
from .names import TOO_MANY, people_named
from .one_box import LIMIT, Hits

_YEAR = re.compile(
    "(?P<era>[MTSHRmtshr]|明治|大正|昭和|平成|令和)?(?P<year>元|[0-9]{1,4})(?:[年./-](?P<month>[0-9]{1,2})?月?)?"
)


@implements("resident-record/1.0#2.1.3/m8")
def born(typed: str) -> Q:
    """The condition of a birth day, month or year, in whichever calendar it is typed (生年月日の条件).

    Raises Refused for text that is none of them.
    """
    found = _YEAR.fullmatch(plain(typed))
    if found is None:
        day = _register_day(typed)
        return Q(born_on__in=[day, *(f"{day[:10]}@{letter}" for letter in "MTSH")])
    era = era_by_sign((found["era"] or "").upper())
    if era is None and (found["year"] == "元" or len(found["year"]) != 4):
        raise Refused(
            "生年月日を読み取れません。「S60」「昭和60年4月」「1985」のように入れてください。",
            field="born",
            code="invalid",
        )
    year = f"{gregorian_year(era, found['year']):04}"
    first = f"{year}-{int(found['month']):02}" if found["month"] else year
    return Q(born_on__gte=first, born_on__lt=f"{first}~")


def _register_day(typed: str) -> str:
    try:
        return str(RegisterDate.entered(typed))
    except Refused as refused:
        refused.field, refused.code = "born", "invalid"
        raise


def _exact(column: str) -> Callable[[Any], Q]:
    return lambda value: Q(**{column: value})


def _address(typed: str) -> Q:
    found = addresses.at(typed)
    if found is None:
        raise Refused(
            "住所を読み取れません。町字の名前を2文字以上入れてください。", field="address", code="address_unread"
        )
    return found


def _lot(typed: str) -> Q:
    found = addresses.lot_typed(typed)
    if found is None:
        raise Refused("番地は数字で入れてください。", field="lot", code="lot_unread")
    return found


def _address_code(code: str) -> Q:
    found = addresses.of_code(code)
    if found is None:
        raise Refused("この住所コードは住所辞書にありません。", field="address_code", code="no_block")
    return found


@implements("resident-record/1.0#2.1.3/m6")
def _blank(names: tuple[str, ...]) -> Q:
    found = Q()
    for name in names:
        is_text = ResidentRecord._meta.get_field(name).empty_strings_allowed
        found &= Q(**({name: ""} if is_text else {f"{name}__isnull": True}))
    return found


OF_A_RECORD: Mapping[str, Callable[[Any], Q]] = {
    "born": born,
    "sex": _exact("sex"),
    "relationship": _exact("relationship"),
    "address": _address,
    "address_code": _address_code,
    "lot": _lot,
    "building": addresses.in_building,
    "ward_code": _exact("ward_code"),
    "removal_reason": _exact("removal_reason"),
    "resident_code": _exact("resident_code"),
    "card_number": _exact("residence_card_number"),
    "blank": _blank,
    "number": _exact("addressee__number"),
    "household": lambda number: Q(household__in=Household.objects.filter(number=plain(number))),
    "status": lambda status: ~Q(status="1") if status == "removed" else Q(status=status),
}
"""Which rows of the register meet each condition; names are compared by their search keys."""
OF_NOW = frozenset({"status", "removal_reason", "blank"})
"""Conditions of the record as it stands: that somebody once lived here is true of everybody."""


@implements(
    "resident-record/1.0#2.1.3/m1", "resident-record/1.0#2.1.3/m2", "resident-record/1.0#2.1.3/m4",
    "resident-record/1.0#2.1.3/m5", "resident-record/1.0#2.1.3/m9", "resident-record/1.0#1.3.3/m12",
)  # fmt: skip
def find_by(asked: Conditions) -> Hits:
    """Whoever meets every condition, former names and addresses included, in the order of numbers (検索).

    Raises Refused for conditions that mean nobody, that cannot be read, or that more than LIMIT people meet: then none
    is given, and the sentence says how to narrow the search. Nobody is found by a protected address.
    """
    refuse_unfit(asked)
    said = asked.said()
    ids = _named(asked)
    if ids is not None and not ids:
        return Hits(())
    past = {name: one for name, one in OF_A_RECORD.items() if name in said and name not in OF_NOW}
    rows = _rows(asked, Q(addressee__in=ids) if ids is not None else Q())
    for name, condition in past.items():
        rows = rows.filter(condition(said[name]))
    found = set(rows.order_by().values_list("addressee", flat=True).distinct()) if past or asked.on else ids
    found = _standing(found, {name: said[name] for name in said if name in OF_NOW})
    if asked.asks_for_an_address:
        found -= inquiry.withheld()
    if len(found) > LIMIT:
        raise Refused(TOO_MANY, field="name", code="too_many_hits", most=LIMIT)
    return _in_order(found, asked)


def _named(asked: Conditions) -> set[int] | None:
    """Whom the names mean; None where no name is a condition."""
    found: set[int] | None = None
    for typed, script, field in ((asked.name, Script.NAME, "name"), (asked.kana, Script.KANA, "kana")):
        if typed:
            some = people_named(typed, script, match=asked.match, part=asked.part, field=field)
            found = some if found is None else found & some
    return found


def _rows(asked: Conditions, people: Q) -> QuerySet[ResidentRecord]:
    """The rows in which the conditions are looked for: all, those that hold now, or those that held on a day."""
    rows = ResidentRecord.objects.filter(people)
    if not asked.on and asked.times != "now":
        return rows
    known = Period.objects.filter(recorded__endswith__isnull=True)
    held = known.filter(valid__contains=_day(asked.on)) if asked.on else known.filter(valid__endswith__isnull=True)
    return rows.filter(pk__in=held.values("record"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("入力された値を読み取れません。形を確かめてください。", field="on", code="invalid") from None


def _standing(found: set[int] | None, said: Mapping[str, Any]) -> set[int]:
    """Those of ``found`` (None for everybody) whose record as it stands meets the rest."""
    if not said:
        return found or set()
    newest = Period.objects.filter(recorded__endswith__isnull=True, valid__endswith__isnull=True).values("record")
    rows = ResidentRecord.objects.filter(pk__in=newest)
    if found is not None:
        rows = rows.filter(addressee__in=found)
    for name, value in said.items():
        rows = rows.filter(OF_A_RECORD[name](value))
    return set(rows.values_list("addressee", flat=True))


def _in_order(found: set[int], asked: Conditions) -> Hits:
    rows = ResidentRecord.objects.filter(addressee__in=found).order_by("addressee__number")
    people = tuple(dict.fromkeys(rows.values_list("addressee", flat=True)))
    return Hits(people, by_former_name=frozenset(_by_former_name(people, asked)))


def _by_former_name(people: tuple[int, ...], asked: Conditions) -> set[int]:
    """Who no longer has the name that was typed."""
    if not (asked.name or asked.kana):
        return set()
    from municipal.core.characters import kana_key, name_key
    from municipal.residents.models import SearchKey

    typed = name_key(asked.name) if asked.name else kana_key(asked.kana)
    script = Script.NAME if asked.name else Script.KANA
    keys = SearchKey.objects.filter(addressee__in=people, script=script, is_current=True)
    now = {one for one, key in keys.values_list("addressee", "key") if typed in key}
    return set() if "*" in typed or "?" in typed else set(people) - now
