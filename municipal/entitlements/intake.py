"""Reading a file in which a town's own assessment says who is entitled to how much (認定・支給額のファイルの読取り).

The columns stand in ``docs/entitlements.md``. Every line is one, or is refused by name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_noop as _

from municipal.addressees.models import Addressee
from municipal.core.refusals import Refused
from municipal.payments.files import BadLine, Cells, is_day, lines

from .kinds import main_of
from .models import MOST_YEN, Entitlement, Per, State, days

COLUMNS = ("case", "person", "about", "kind", "from", "until", "per", "yen", "reason")
MOST_LINES = 5_000
TOO_MANY = _("1つのファイルは5,000行までです。分けて取り込んでください。")
NO_KIND = _("この種類の受給資格はありません。")
NO_PERSON = _("この宛名番号の方は登録されていません。")
NO_KEY = _("受付番号か受給者の宛名番号を入れてください。")
NO_CASE = _("この受付番号の認定は見つかりません。")
SEVERAL = _("当てはまる認定が複数あります。対象者の宛名番号を入れてください。")
BAD_DAY = _("日付は 2026-11-30 の形で入れてください。")
NO_FROM = _("新しい認定には、始まりの日が必要です。")
BACKWARDS = _("終わりの日は、始まりの日以後にしてください。")
BAD_YEN = _("金額は0円から99,999,999円までの数字です。")
BAD_PER = _("額の単位は month か once です。")
HALF = _("額と単位は、両方とも入れるか、両方とも空けてください。")
TAKEN = _("同じ種類の受給資格がすでにあります。")
TWICE = _("同じ受給資格の行が、このファイルにもう一つあります。")
BAD_REASON = _("理由は300文字までです。")


@dataclass(frozen=True)
class Line:
    """One line that can be taken in: what is changed, or newly granted where ``number`` is empty (取り込む行)."""

    line: int
    number: str
    person: Addressee
    about: Addressee
    kind: str
    first: date
    last: date | None
    per: str
    yen: int | None
    reason: str


def read(data: bytes) -> list[Line | BadLine]:
    """Every line in its order (行の読取り). Raises Refused for a file that is none, is empty or has too many lines."""
    found, seen = list[Line | BadLine](), set[tuple[int, str, str]]()
    for one in lines(data, COLUMNS):
        if len(found) >= MOST_LINES:
            raise Refused(TOO_MANY, field="file", code="too_large")
        read_line = one if isinstance(one, BadLine) else _read(*one)
        if isinstance(read_line, Line):
            key = (read_line.about.pk, read_line.kind, read_line.number or str(read_line.first))
            if key in seen:
                read_line = BadLine(read_line.line, "person", TWICE)
            seen.add(key)
        found.append(read_line)
    if not found:
        raise Refused("ファイルに行がありません。内容を確かめてください。", field="file", code="invalid")
    return found


def _read(at: int, said: Cells) -> Line | BadLine:
    fault = next(_faults(said), None)
    if fault is not None:
        return BadLine(at, *fault)
    try:
        return _meant(at, said)
    except Refused as refused:
        return BadLine(at, refused.field, refused.sentence)


def _faults(said: Cells) -> Iterator[tuple[str, str]]:
    """What is wrong with a line before anybody is looked for: its column and why."""
    yield from ((name, BAD_DAY) for name in ("from", "until") if said[name] and not is_day(said[name]))
    if said["yen"] and not (re.fullmatch(r"\d{1,8}", said["yen"], re.ASCII) and int(said["yen"]) <= MOST_YEN):
        yield "yen", BAD_YEN
    if said["per"] and said["per"] not in (Per.MONTH, Per.ONCE):
        yield "per", BAD_PER
    if bool(said["yen"]) != bool(said["per"]):
        yield "yen", HALF
    if main_of(said["kind"]) is None:
        yield "kind", NO_KIND
    if not (said["case"] or said["person"]):
        yield "person", NO_KEY
    if len(said["reason"]) > 300 or not (said["reason"].isprintable() and "\0" not in "".join(said.values())):
        yield "reason", BAD_REASON
    if is_day(said["from"]) and is_day(said["until"]) and said["until"] < said["from"]:
        yield "until", BACKWARDS


def _meant(at: int, said: Cells) -> Line:
    held = _held(said)
    first, last = _day(said["from"]), _day(said["until"])
    yen = int(said["yen"]) if said["yen"] else None
    if held is not None:
        first, last = first or held.starts_on, last or held.ends_on
        if first is None or (last is not None and last < first):
            raise Refused(BACKWARDS, field="until", code="backwards")
        return Line(at, held.number, held.person, held.about, held.kind, first, last, said["per"], yen, said["reason"])
    if first is None:
        raise Refused(NO_FROM, field="from", code="required")
    person = _addressee(said["person"], "person")
    about = _addressee(said["about"], "about") if said["about"] else person
    _refuse_taken(said["kind"], about, first, last)
    return Line(at, "", person, about, said["kind"], first, last, said["per"], yen, said["reason"])


def _held(said: Cells) -> Entitlement | None:
    """The entitlement that a line is about; None where it grants a new one."""
    rows = Entitlement.objects.filter(kind=said["kind"], recorded__endswith__isnull=True).exclude(state=State.REFUSED)
    rows = rows.filter(decided_in=said["case"]) if said["case"] else rows.filter(person__number=said["person"])
    if said["about"] or not said["case"]:
        rows = rows.filter(about__number=said["about"] or said["person"])
    if not said["case"]:
        rows = rows.filter(state=State.GRANTED)
    found = list(rows.select_related("person", "about").order_by("-pk")[:2])
    if len(found) > 1 and (said["case"] or found[0].lasts):
        raise Refused(SEVERAL, field="about", code="several")
    if said["case"] and not found:
        raise Refused(NO_CASE, field="case", code="no_case")
    return found[0] if found and (said["case"] or found[0].lasts) else None


def _addressee(number: str, field: str) -> Addressee:
    found = Addressee.objects.filter(number=number).first()
    if found is None:
        raise Refused(NO_PERSON, field=field, code="no_person")
    return found


def _refuse_taken(kind: str, about: Addressee, first: date, last: date | None) -> None:
    main = main_of(kind)
    if main is None or not main.lasts:
        return
    held = Entitlement.objects.filter(
        kind=kind, about=about, lasts=True, valid__overlap=days(first, last), recorded__endswith__isnull=True
    )
    if held.exclude(state=State.REFUSED).exists():
        raise Refused(TAKEN, field="about", code="taken")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
