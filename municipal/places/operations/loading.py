"""A dictionary that comes as a file: what is new is added, what changed is said anew, what is gone ends (辞書の取込み).

The columns follow the address base registry's list of blocks as far as this register needs them; its file may hold
more. Nothing is half taken: a row that cannot be read refuses the whole file with its line.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg.types.range import Range

from municipal.audit.operations import operation, record
from municipal.core import clock
from municipal.core.actors import Actor
from municipal.core.characters import kana_reading, refuse_unstorable
from municipal.core.clauses import implements
from municipal.core.refusals import Refused
from municipal.municipalities.bulk import load
from municipal.places.models import Block, Country, DictionaryUpdate, Master
from municipal.places.rules import municipality_code_of, refuse_unless_address_code

from .keeping import after_all_known

BLOCK_COLUMNS = {
    "code": "住所コード", "block_code": "町字id", "prefecture": "都道府県名", "prefecture_kana": "都道府県名_カナ",
    "city": "市区町村名", "city_kana": "市区町村名_カナ", "large": "大字・町名", "large_kana": "大字・町名_カナ",
    "small": "小字・丁目名", "small_kana": "小字・丁目名_カナ", "postal_code": "郵便番号",
    "is_numbered": "住居表示フラグ",
}  # fmt: skip
COUNTRY_COLUMNS = {"code": "国名コード", "name": "国名", "kana": "国名_カナ"}
BEGINNING = date(1868, 1, 25)
"""Since when an entry holds whose beginning the file does not know."""
LONGEST = 120


@dataclass(frozen=True)
class Taken:
    """How many entries a file added, changed and ended (取込みの結果)."""

    added: int
    changed: int
    ended: int


def _lines(content: bytes, columns: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line's number and its values by field name. Raises Refused for a file that is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("ファイルの文字コードがUTF-8ではありません。", field="file", code="not_utf8") from None
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in columns.values() if name not in (reader.fieldnames or ())]
    if missing:
        raise Refused("ファイルに列「%(name)s」がありません。", field="file", code="no_column", name=missing[0])
    try:
        for number, row in enumerate(reader, 2):
            yield number, {field: (row[name] or "").strip() for field, name in columns.items()}
    except csv.Error:
        raise Refused("ファイルをCSVとして読み取れません。", field="file", code="not_csv") from None


def _block(number: int, said: dict[str, str]) -> dict[str, Any]:
    try:
        code = said["code"]
        refuse_unless_address_code(code, municipality_code_of(code) if code[:5].isdigit() else "")
        for name, value in said.items():
            refuse_unstorable(value, LONGEST, name)
    except Refused as refused:
        raise Refused(
            "%(line)d行目: %(why)s", field="file", code="bad_line", line=number, why=str(refused)
        ) from refused
    kana = {name: kana_reading(value) for name, value in said.items() if name.endswith("_kana")}
    return {
        **said, **kana, "municipality_code": municipality_code_of(said["code"]),
        "is_numbered": said["is_numbered"] == "1",
    }  # fmt: skip


def _country(number: int, said: dict[str, str]) -> dict[str, Any]:
    if not (said["code"].isalnum() and len(said["code"]) <= 3 and said["name"]):
        raise Refused(
            "%(line)d行目: %(why)s", field="file", code="bad_line", line=number, why="国名コードか国名が読めません。"
        )
    refuse_unstorable(said["name"], 100, "file")
    return said


def _unique(rows: Sequence[tuple[int, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for number, row in rows:
        if row["code"] in found:
            raise Refused("%(line)d行目: 同じコードが二度あります。", field="file", code="code_twice", line=number)
        found[row["code"]] = row
    return found


def _take(model: type[Master], wanted: Mapping[str, dict[str, Any]], within: Any, as_of: date) -> Taken:
    """Bring the entries among ``within`` (a queryset of what is known) to what the file says from ``as_of`` on."""
    now = after_all_known(within)
    standing = {one.code: one for one in within.on(as_of).select_for_update()}
    names = list(next(iter(wanted.values()), {}))
    differing = [
        one for code, one in standing.items()
        if code not in wanted or any(getattr(one, name) != wanted[code][name] for name in names)
    ]  # fmt: skip
    ended = [one for one in differing if one.code not in wanted]
    changed = [one for one in differing if one.code in wanted]
    added = [code for code in wanted if code not in standing]
    for one in differing:
        one.recorded = Range(one.recorded.lower, now)
    model.objects.bulk_update(differing, ["recorded"], batch_size=500)
    lasting = [one for one in differing if one.valid.lower < as_of]
    model.objects.bulk_create(
        model(**_said(one) | {"valid": Range(one.valid.lower, as_of), "recorded": Range(now, None)}) for one in lasting
    )
    rows = [(wanted[code], BEGINNING) for code in added] + [(wanted[one.code], as_of) for one in changed]
    load(
        model, ("valid", "recorded", *names),
        ((Range(since, None), Range(now, None), *(row[name] for name in names)) for row, since in rows),
    )  # fmt: skip
    return Taken(len(added), len(changed), len(ended))


def _said(one: Master) -> dict[str, Any]:
    return {field.attname: getattr(one, field.attname) for field in one._meta.fields if field.attname != "id"}


def _note(actor: Actor, dictionary: str, source: str, as_of: date, taken: Taken) -> DictionaryUpdate:
    refuse_unstorable(source, 100, "source")
    made = DictionaryUpdate.objects.create(
        dictionary=dictionary, source=source, as_of=as_of, loaded_at=clock.now(), added=taken.added,
        changed=taken.changed, ended=taken.ended,
    )  # fmt: skip
    record(actor=actor, code=dictionary)
    return made


@implements("resident-record/1.0#1.3.3/m1", "resident-record/1.0#1.3.3/m5", "resident-record/1.0#1.3.3/m8")
@operation("places.load_blocks")
def load_blocks(*, actor: Actor, content: bytes, as_of: date, source: str) -> DictionaryUpdate:
    """Bring the address dictionary to what a file says (住所辞書の取込み); entries of cities not in the file stay.

    A name that is gone from a city of the file ends on ``as_of`` and stays as a former name. Raises Refused for a
    file with a line that cannot be taken.
    """
    wanted = _unique([(number, _block(number, said)) for number, said in _lines(content, BLOCK_COLUMNS)])
    if not wanted:
        raise Refused("ファイルに行がありません。", field="file", code="no_lines")
    cities = {row["municipality_code"] for row in wanted.values()}
    within = Block.objects.filter(municipality_code__in=cities)
    return _note(actor, "blocks", source, as_of, _take(Block, wanted, within, as_of))


@implements("resident-record/1.0#1.3.3/m2")
@operation("places.load_countries")
def load_countries(*, actor: Actor, content: bytes, as_of: date, source: str) -> DictionaryUpdate:
    """Bring the names of countries to what a file says (国名の取込み). Raises Refused as ``load_blocks`` does."""
    wanted = _unique([(number, _country(number, said)) for number, said in _lines(content, COUNTRY_COLUMNS)])
    if not wanted:
        raise Refused("ファイルに行がありません。", field="file", code="no_lines")
    return _note(actor, "countries", source, as_of, _take(Country, wanted, Country.objects.all(), as_of))
