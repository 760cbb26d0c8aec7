"""Notices of other authorities: read line by line, matched with our people, listed until taken in (受信した通知).

The message formats of the national networks are not public, so a file has headings of our own; each line becomes a
notice that a clerk checks, corrects and enters like any other.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from municipal.addressees.models import Addressee
from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.eras import parse_day
from municipal.core.refusals import Refused

from .acts.foreigners import TOLD_BY_THE_AGENCY
from .models import Basis, Kind, Received, ReceivedKind, ResidentEvent, ResidentRecord
from .notices import ITEMS, Notice, Said, item_value

MOST_LINES, LONGEST = 5_000, 300
GARBLED = ("\ufffd", "〓")
DAYS = {"noticed_on": "通知年月日"}
PLACE = {"prefecture": "都道府県", "city": "市区町村", "block": "町字", "lot": "番地", "building": "方書"}
STAY_ITEMS = tuple(sorted(TOLD_BY_THE_AGENCY - {"name", "born_on", "sex", "remarks", "residence_card_number"}))
NEW_CARD = "new_residence_card_number"


def _labels(names: tuple[str, ...]) -> dict[str, str]:
    return {name: str(ITEMS[name].verbose_name) for name in names}


WHO = {"name": "氏名", "born_on": "生年月日"}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    ReceivedKind.ARRIVAL: {
        **DAYS, "sender": "通知元", "resident_code": "住民票コード", **WHO, "event_on": "転入年月日", **PLACE,
    },
    ReceivedKind.IMMIGRATION: {
        **DAYS, "residence_card_number": "在留カード等番号", **WHO, "event_on": "異動年月日", "removal": "消除",
        NEW_CARD: "新しい在留カード等番号", **_labels(STAY_ITEMS),
    },
    ReceivedKind.MOVE_OUT: {
        **DAYS, "sender": "通知元", "resident_code": "住民票コード", **WHO,
        **_labels(("name_kana", "sex", "relationship", "domicile", "register_head")),
        "planned_on": "転出予定年月日", **PLACE,
    },
}  # fmt: skip
"""By kind: our name of a column, and its heading in the file."""
KEYS = {ReceivedKind.ARRIVAL: "resident_code", ReceivedKind.MOVE_OUT: "resident_code",
        ReceivedKind.IMMIGRATION: "residence_card_number"}  # fmt: skip
ACTS = {ReceivedKind.ARRIVAL: "arrival_notice", ReceivedKind.MOVE_OUT: "move_in_by_card"}


@dataclass(frozen=True)
class Line:
    """One line as read: whom it is about, what it says, why it cannot be taken as it is (受信した一行)."""

    key: str
    noticed_on: date
    sender: str
    said: Mapping[str, str]
    problem: str = ""


@implements("resident-record/1.0#4.1.3.1.2/m3")
def lines(kind: str, text: str) -> list[Line]:
    """The newest line about each person in a file (受信ファイルの読取り).

    Raises Refused for a file without its headings, with too many lines, or with a line that names nobody or no day.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = [heading for heading in COLUMNS[kind].values() if heading not in (reader.fieldnames or ())]
    if missing:
        raise Refused("ファイルに列「%(name)s」がありません。", field="file", code="no_column", name="、".join(missing))
    newest: dict[str, Line] = {}
    for number, row in enumerate(reader, 2):
        if number > MOST_LINES + 1:
            raise Refused("一つのファイルは%(most)d行までです。", field="file", code="too_long", most=MOST_LINES)
        found = _line(kind, row, number)
        known = newest.get(found.key)
        if known is None or known.noticed_on <= found.noticed_on:
            newest[found.key] = found
    return list(newest.values())


def _line(kind: str, row: Mapping[str, str | None], number: int) -> Line:
    said = {name: (row.get(heading) or "").strip() for name, heading in COLUMNS[kind].items()}
    key = said[KEYS[ReceivedKind(kind)]][:LONGEST]
    try:
        noticed_on = parse_day(said.pop("noticed_on"))
    except Refused:
        noticed_on = None
    if not key or noticed_on is None:
        raise Refused(
            "%(line)d行目に、通知年月日か対象者の番号がありません。", field="file", code="no_subject", line=number
        )
    shown = {name: text.replace("\x00", "")[:LONGEST] for name, text in said.items() if text}
    return Line(key[:100], noticed_on, shown.pop("sender", "")[:60], shown, _problem(kind, said))


@implements("resident-record/1.0#4.1.3.1.2/m2")
def _problem(kind: str, said: Mapping[str, str]) -> str:
    """Why a line cannot be taken as it is: letters that did not arrive, a value too long or unreadable (取込エラー)."""
    for name, text in said.items():
        label = COLUMNS[kind].get(name, name)
        if any(sign in text for sign in GARBLED) or "\x00" in text:
            return f"{label}: 文字化け"
        try:
            if text and name in ITEMS:
                _value(name, text)
            elif name in ("event_on", "planned_on") and text:
                parse_day(text)
        except Refused:
            return f"{label}: 読取り不可"
        if len(text) > LONGEST:
            return f"{label}: 桁あふれ"
    return ""


def _value(name: str, text: str) -> Any:
    kind = type(ITEMS[name]).__name__
    if kind == "RegisterDateField":
        return RegisterDate.entered(text)
    return parse_day(text) if kind == "DateField" else item_value(name, text)


def match(kind: str, line: Line) -> Addressee | None:
    """Whom of our people a line is about, by the number it names; None for nobody (対象者の特定)."""
    name = KEYS[ReceivedKind(kind)]
    rows = ResidentRecord.objects.filter(**{name: line.key}).select_related("addressee").order_by("-serial")
    found = rows.first()
    return found.addressee if found else None


@implements("resident-record/1.0#4.5.6/m4", "resident-record/1.0#4.1.3.1.2/m5")
def waiting(kind: str = "") -> QuerySet[Received]:
    """Every line that nobody has taken in yet, whatever its day, those with a problem first (未取込の一覧)."""
    taken = ResidentEvent.objects.filter(answers=OuterRef("pk"), cancellations=None)
    found = Received.objects.filter(closed_because="").filter(~Exists(taken)).select_related("addressee")
    found = found.filter(kind=kind) if kind else found
    return found.order_by("-problem", "noticed_on", "pk")


@implements("resident-record/1.0#4.1.1.3/m1", "resident-record/1.0#4.1.1.2/m5")
def notice_of(row: Received) -> Notice:
    """What a line says, as the notice that a clerk checks and corrects (通知に基づく届書の案).

    Of somebody who comes back, what the other municipality says goes before our removed record, but for the name.
    """
    said = row.said
    number = row.addressee.number if row.addressee else ""
    items = {name: _readable(name, text) for name, text in said.items() if name in ITEMS and name not in PLACE}
    items = {name: value for name, value in items.items() if value not in (None, "")}
    place = {part: said[part] for part in PLACE if said.get(part)}
    found = Notice(
        act=ACTS.get(ReceivedKind(row.kind), ""), notified_on=row.noticed_on, basis=Basis.MUNICIPALITY.value,
        event_on=_day(said.get("event_on", "")), answers=row.pk,
    )  # fmt: skip
    if row.kind == ReceivedKind.ARRIVAL:
        return replace(found, people=(Said(number),), place=place)
    if row.kind == ReceivedKind.MOVE_OUT:
        planned = _day(said.get("planned_on", ""))
        own = {
            name: value for name, value in items.items() if not (number and name in ("name", "name_kana", "born_on"))
        }
        own |= {} if number else {"kind": Kind.JAPANESE.value}
        return replace(
            found, notified_on=None, basis=Basis.NOTICE.value, people=(Said(number, own),), came_from=place,
            planned_on=planned.date if planned else None,
        )  # fmt: skip
    is_removal = said.get("removal") in ("1", "有")
    told = {name: value for name, value in items.items() if name in STAY_ITEMS}
    told |= {"residence_card_number": said[NEW_CARD]} if said.get(NEW_CARD) else {}
    return replace(
        found, act="immigration_removal" if is_removal else "immigration_correction",
        basis=Basis.IMMIGRATION.value, people=(Said(number, {} if is_removal else told),),
    )  # fmt: skip


def _readable(name: str, text: str) -> Any:
    try:
        return _value(name, text)
    except Refused:
        return None


def _day(text: str) -> RegisterDate | None:
    try:
        return RegisterDate.entered(text) if text else None
    except Refused:
        return None


def refuse_unless_waiting(notice: Notice) -> None:
    """Raise Refused where the notice takes in a line that is none, is taken in or closed, or is about another act."""
    if notice.answers is None:
        return
    row = waiting().filter(pk=notice.answers).first()
    if row is None:
        raise Refused(
            "この通知は、すでに取り込まれたか、処理を要しないものとされています。一覧を更新してください。",
            field="answers", code="not_waiting",
        )  # fmt: skip
    acts = {"immigration_correction", "immigration_removal"} if row.kind == ReceivedKind.IMMIGRATION else set()
    if notice.act not in acts | {ACTS.get(ReceivedKind(row.kind), "")}:
        raise Refused("この通知は、この異動では取り込めません。", field="answers", code="other_act")
