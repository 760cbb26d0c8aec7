"""What people filled in, as CSV: notices of change, move-out certificates, applications, faces of cards (届書等のCSV).

However the lines became CSV: typed, read from paper, sent by another system. A notice becomes a provisional entry
that a clerk decides like any other; an application or a card leads to the person it names.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from municipal.addressees.models import Addressee
from municipal.core.characters import name_key
from municipal.core.dates import RegisterDate
from municipal.core.eras import parse_day
from municipal.core.refusals import Refused
from municipal.residents.acts import acts
from municipal.residents.inquiry import latest
from municipal.residents.notices import ITEMS, Notice, Said, item_value

NOTICES, MOVE_OUTS, APPLICATIONS, CARDS = "notices", "move_out_certificates", "applications", "cards"
KINDS = {
    NOTICES: "住民異動届", MOVE_OUTS: "転出証明書", APPLICATIONS: "証明書の交付申請書", CARDS: "個人番号カードの券面",
}  # fmt: skip
"""What the lines are of (データの種類)."""

MOST_LINES = 2_000
PLACE = {"都道府県": "prefecture", "市区郡町村名": "city", "町字": "block", "番地号表記": "lot", "方書": "building"}
NEW, FORMER = "新住所", "前住所"
OF_ACT = {"届出番号", "異動の種類", "異動日", "届出日", "届出人", "届出人の資格", "宛名番号", "世帯番号"}
SECRET = "個人番号"  # noqa: S105  (the heading of an item)


@dataclass
class Line:
    """One line: its row as a spreadsheet counts, and its cells by heading (行)."""

    row: int
    cells: Mapping[str, str]

    def get(self, heading: str) -> str:
        """A cell without blanks around it (値)."""
        return (self.cells.get(heading) or "").strip()


@dataclass
class Result:
    """What became of one slip: the entry or the people it led to, or why it was not taken (結果)."""

    row: int
    draft: int | None = None
    numbers: list[str] = field(default_factory=list)
    problem: str = ""


def text_of(content: bytes) -> str:
    """The text of an uploaded file in UTF-8 or CP932 (文字の読取り). Raises Refused for what is no text."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
        break
    raise Refused("ファイルの文字を読み取れません。UTF-8のCSVで保存してください。", field="upload", code="encoding")


def lines(content: bytes) -> list[Line]:
    """The lines of a CSV in UTF-8 or CP932 (CSVの読取り). Raises Refused for what is none."""
    reader = csv.DictReader(io.StringIO(text_of(content), newline=""), restkey="")
    try:
        found = [Line(row, cells) for row, cells in enumerate(reader, 2)]
    except csv.Error as error:
        raise Refused("CSVとして読み取れません。保存し直してください。", field="upload", code="csv") from error
    if not found:
        raise Refused("データの行がありません。", field="upload", code="empty")
    if len(found) > MOST_LINES:
        raise Refused("行が多すぎます。ファイルを分けてください。", field="upload", code="too_many")
    return found


def slips(kind: str, found: list[Line]) -> Iterator[tuple[Line, Notice | Refused]]:
    """Notices, line by line or, with the same 届出番号, several people on one; with their first line (届書の読取り)."""
    for _, some in groupby(found, key=lambda line: line.get("届出番号") or f"row {line.row}"):
        people = list(some)
        try:
            yield people[0], _notice(kind, people)
        except Refused as refused:
            yield people[0], refused


def _notice(kind: str, people: list[Line]) -> Notice:
    first = people[0]
    name = "move_in" if kind == MOVE_OUTS else _act(first.get("異動の種類"))
    return Notice(
        act=name,
        event_on=RegisterDate.entered(first.get("異動日")) if first.get("異動日") else None,
        notified_on=parse_day(first.get("届出日")) if first.get("届出日") else None,
        notifier_name=first.get("届出人"),
        notifier_capacity=first.get("届出人の資格"),
        people=tuple(_said(line) for line in people),
        joins=first.get("世帯番号"),
        place=_place(first, NEW),
        came_from=_place(first, FORMER),
    )


def _act(said: str) -> str:
    """An act by its name or its label."""
    for act in acts.values():
        if said in (act.name, act.label):
            return act.name
    raise Refused("この異動の種類はありません。一覧から選んでください。", field="act", code="no_such_act")


def _place(line: Line, prefix: str) -> dict[str, str]:
    return {part: line.get(f"{prefix}_{label}") for label, part in PLACE.items() if line.get(f"{prefix}_{label}")}


def _said(line: Line) -> Said:
    """A person: items by their names; whatever else stands in the line would be lost in silence, so it is refused."""
    labels = {str(item.verbose_name): name for name, item in ITEMS.items()}
    items: dict[str, Any] = {}
    for heading in line.cells:
        if heading in OF_ACT or str(heading).startswith((f"{NEW}_", f"{FORMER}_")) or not line.get(heading):
            continue
        if heading not in labels:
            raise Refused(
                "届書に知らない項目「%(name)s」があります。", field="notice", code="bad_request", name=heading[:40]
            )
        value = line.get(heading)
        is_date = labels[heading].endswith("_on") and labels[heading] == "born_on"
        items[labels[heading]] = RegisterDate.entered(value) if is_date else item_value(labels[heading], value)
    return Said(line.get("宛名番号"), items)


def people_of(line: Line) -> list[str]:
    """The addressee numbers of whom an application or a card names: by number, or by name and birth date (対象者).

    A name is compared as search does. What is written of the individual number is not looked at here: it has a room
    and a purpose of its own.
    """
    if number := line.get("宛名番号"):
        return list(Addressee.objects.filter(number=number, kind="resident").values_list("number", flat=True))
    born, name = line.get("生年月日"), line.get("氏名")
    if not born or not name:
        raise Refused("氏名と生年月日、または宛名番号が必要です。", field="upload", code="who")
    wanted = name_key(name)
    rows = latest().filter(born_on=str(RegisterDate.entered(born))).values_list("addressee__number", "name", "alias")
    return [number for number, name, alias in rows if wanted in (name_key(name), name_key(alias or "") or None)]
