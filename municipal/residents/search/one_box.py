"""The one search box: who is meant (検索窓; resident-record/1.0#2.1).

It identifies a person and lists no population: at most 50 people are given, and whether there were more.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from municipal.addressees.models import Addressee
from municipal.core.characters import (
    is_kana,
    kana_key,
    kana_reading,
    kind_of_query,
    name_key,
    refuse_company_symbols,
    refuse_unstorable,
)
from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.eras import plain
from municipal.core.refusals import Refused
from municipal.residents.models import Household, ResidentRecord, Script

from .names import WILD, is_wild, people_named

LIMIT = 50
LONGEST_QUERY = 100


@dataclass(frozen=True)
class Hits:
    """Ids of addressees in the order to show them, whether more were found, and who by a former name only."""

    addressees: tuple[int, ...]
    is_cut: bool = False
    by_former_name: frozenset[int] = frozenset()


@implements("resident-record/1.0#2.1.2/m1", "resident-record/1.0#2.1.2/m2", "resident-record/1.0#2.1.3/m8")
def find(query: str, *, may_use_resident_code: bool = False) -> Hits:
    """Whom ``query`` means: a name, kana, an era date of 7 digits, a date of 8 digits, or a number.

    Raises Refused for an empty query or one that no register could hold. The resident-record code is compared only
    for somebody who may see it.
    """
    refuse_unstorable(query, LONGEST_QUERY, "q")
    refuse_company_symbols(query, "q")
    if not query.strip():
        raise Refused("氏名・フリガナ・生年月日・番号のいずれかを入力してください。", field="q", code="empty")
    kind = kind_of_query(query)
    if is_wild(query):
        return _by_wildcards(query)
    if kind in ("era_date", "date"):
        return _by_birth(query)
    if kind == "number":
        return _by_number(plain(query).strip(), may_use_resident_code=may_use_resident_code)
    return _by_name(query, Script.KANA if kind == "kana" else Script.NAME)


def _by_wildcards(query: str) -> Hits:
    script = Script.KANA if is_kana(WILD.sub("", query)) else Script.NAME
    found = people_named(query, script, match="part", part="any", field="q")
    in_order = Addressee.objects.filter(pk__in=found).order_by("number").values_list("pk", flat=True)
    return _cut(in_order)


def _by_name(query: str, script: Script) -> Hits:
    is_kana = script == Script.KANA
    key, sound = (kana_key(query), kana_reading(query)) if is_kana else (name_key(query), "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kijun_search_names(%s, %s, %s, %s)", [script.value, key, sound, LIMIT + 1])
        rows = cursor.fetchall()
    current: dict[int, bool] = {}
    for addressee, by_current_name in rows:
        current[addressee] = current.get(addressee, False) or by_current_name
    return _cut(current, frozenset(found for found, is_current in current.items() if not is_current))


def _by_birth(query: str) -> Hits:
    born_on = str(RegisterDate.entered(query))
    # The same day may be written in the era that ended on it.
    ways = [born_on, *(f"{born_on[:10]}@{letter}" for letter in "MTSH")]
    rows = ResidentRecord.objects.filter(born_on__in=ways).order_by("addressee__number")
    return _cut(rows.values_list("addressee", flat=True)[: (LIMIT + 1) * 5])


def _by_number(digits: str, *, may_use_resident_code: bool) -> Hits:
    found = list(Addressee.objects.filter(number=digits).values_list("pk", flat=True))
    households = Household.objects.filter(number=digits)
    found += (
        ResidentRecord.objects.filter(household__in=households)
        .order_by("member_order")
        .values_list("addressee", flat=True)
    )
    if may_use_resident_code and len(digits) == 11:
        found += ResidentRecord.objects.filter(resident_code=digits).values_list("addressee", flat=True)
    return _cut(found)


def _cut(addressees: Iterable[int], by_former_name: frozenset[int] = frozenset()) -> Hits:
    people = tuple(dict.fromkeys(addressees))
    return Hits(people[:LIMIT], len(people) > LIMIT, by_former_name)
