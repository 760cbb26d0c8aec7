"""The remarks field: what history says by rule, the notes on it, free remarks (統合記載欄; #1.1.14).

Lines of the history (A) are made anew from the rows whenever they are asked for and stored nowhere, so they can never
disagree with them. Notes (B) follow the line of their row; remarks (C) stand behind; what only a removed record says
comes last. The forms of chapter 4 are not at hand: the wording is ours.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from municipal.addressees.models import Addressee
from municipal.addressees.outputs import names_of_group
from municipal.addressees.outputs import written as address_written
from municipal.core import clock
from municipal.core.clauses import implements

from .models import ActualHead, Remark, ResidentRecord
from .rules.special import is_hidden_by_default
from .secrecy import Secrets, secrets
from .shown import ADDRESS_GROUPS, labels, why_not_shown, written

HISTORY, NOTE, REMARK, REMOVED = "history", "note", "remark", "removed"
GROUPS = {
    "address": "住所", "address_before": "転入前住所", "planned_destination": "転出先住所（予定）",
    "confirmed_destination": "転出先住所（確定）",
}  # fmt: skip
ITEMS = (
    "name", "former_family_name", "alias", "born_on", "sex", "relationship", "head_name", "domicile", "register_head",
    "became_resident_on", "address_set_on", "nationality", "article30_45_class", "residence_status", "stay_expires_on",
)  # fmt: skip
"""Items of the record whose change a line of history tells; addresses come as a whole."""
OF_REMOVED = (
    "removal_reason", "removed_on", "planned_destination", "confirmed_destination", "removal_notified_on",
    "arrival_notice_on", "move_out_confirmed_on",
)  # fmt: skip
WITHOUT_VALUE = "（記載しない）"


@dataclass(frozen=True)
class Line:
    """One line of the remarks field (統合記載欄の行).

    ``serial``: the row of history of a line or note; ``remark``: the id of what somebody wrote; ``is_special``: left
    out of certificates unless asked for (#1.1.4).
    """

    sort: str
    text: str
    serial: int | None = None
    remark: int | None = None
    is_special: bool = False


@dataclass(frozen=True)
class Reader:
    """For whom the field is written: permissions, and what nobody is shown (読む人)."""

    permissions: Collection[str]
    secrets: Secrets

    def value(self, row: ResidentRecord, name: str) -> str:
        """An item or a whole address of ``row`` as it may be said; a word instead where it may not."""
        withheld = self.secrets.fields_of(row.addressee_id, vars(row))
        if name in ADDRESS_GROUPS:
            if f"{name}_lot" in withheld:
                return WITHOUT_VALUE
            return address_written(vars(row), name)
        if why_not_shown(name, permissions=self.permissions, withheld=withheld):
            return WITHOUT_VALUE
        return written(name, getattr(row, name), kind=row.kind)

    def free(self, row: ResidentRecord, text: str) -> str:
        """What somebody wrote about the person of ``row``; free text may say anything, so it goes with addresses."""
        return WITHOUT_VALUE if "remarks" in self.secrets.fields_of(row.addressee_id, vars(row)) else text


@implements(
    "resident-record/1.0#1.1.14/m1", "resident-record/1.0#1.1.14/m2", "resident-record/1.0#1.1.14/m3",
    "resident-record/1.0#1.1.15/m4",
)  # fmt: skip
def lines(
    rows: Sequence[ResidentRecord], *, permissions: Collection[str], with_special: bool = True
) -> list[Line]:  # fmt: skip
    """The whole field of one person from ``rows``, the history from its first row on (統合記載欄).

    ``with_special``: whether lines on special adoption or a change of sex are in it; certificates leave them out.
    """
    if not rows:
        return []
    reader, addressee = Reader(permissions, secrets()), rows[-1].addressee
    notes = standing(addressee)
    found: list[Line] = []
    for before, row in zip([None, *rows], rows, strict=False):
        own = [one for one in notes if one.record_id == row.pk]
        is_special = is_hidden_by_default(row.event.act if row.event else "", [row.remarks, *(one.text for one in own)])
        found += _of_row(before, row, own, reader, is_special=is_special)
    found += [
        Line(REMARK, reader.free(rows[-1], one.text), remark=one.pk) for one in notes if one.sort == Remark.Sort.REMARK
    ]
    found += [Line(REMARK, text) for text in actual_heads(rows[-1])]
    return [one for one in [*found, *of_removed(rows[-1], reader)] if with_special or not one.is_special]


def standing(addressee: Addressee) -> list[Remark]:
    """What somebody wrote about a person and nobody has replaced or taken away, the oldest first (有効な記載)."""
    later = Remark.objects.filter(replaces=OuterRef("pk"))
    own: QuerySet[Remark] = addressee.remarks.filter(is_struck=False).exclude(Exists(later))
    return list(own.select_related("record").order_by("pk"))


def _of_row(
    before: ResidentRecord | None, row: ResidentRecord, notes: Iterable[Remark], reader: Reader, *, is_special: bool
) -> Iterator[Line]:
    yield Line(HISTORY, history_line(before, row, reader), row.serial, is_special=is_special)
    if row.remarks and "remarks" not in reader.secrets.fields_of(row.addressee_id, vars(row)):
        yield Line(NOTE, row.remarks, row.serial, is_special=is_special)
    for one in notes:
        item = labels().get(one.item, one.item)
        said = reader.free(row, one.text)
        yield Line(NOTE, f"{item}：{said}" if item else said, row.serial, one.pk, is_special)


@implements("resident-record/1.0#1.1.14/m5", "resident-record/1.0#1.2.1/m1")
def history_line(before: ResidentRecord | None, row: ResidentRecord, reader: Reader) -> str:
    """What one row of history says: day, reason, and every item of the record that changed (異動履歴の文)."""
    day = written("event_on", row.event_on, kind=row.kind) or "日付の記録なし"
    head = f"{day}　{written('reason', row.reason, kind=row.kind)}"
    if before is None:
        return f"{head}　記載"
    changed = [_change(before, row, name, reader) for name in (*GROUPS, *ITEMS) if _differs(before, row, name)]
    return "　".join([head, *changed])


def _differs(before: ResidentRecord, row: ResidentRecord, name: str) -> bool:
    names = names_of_group(name) if name in GROUPS else [name]
    return any(getattr(before, one, None) != getattr(row, one, None) for one in names)


def _change(before: ResidentRecord, row: ResidentRecord, name: str, reader: Reader) -> str:
    label = GROUPS.get(name) or labels()[name]
    old, new = reader.value(before, name), reader.value(row, name)
    if WITHOUT_VALUE in (old, new):
        return f"{label}：{WITHOUT_VALUE}"
    return f"{label}：「{old}」から「{new}」" if old else f"{label}：「{new}」"


@implements("resident-record/1.0#1.1.14/m4", "resident-record/1.0#1.1.5/m11")
def of_removed(row: ResidentRecord, reader: Reader) -> Iterator[Line]:
    """What only a removed record says, if ``row`` is one (除票固有の記載事項)."""
    if row.status == "1":
        return
    for name in OF_REMOVED:
        value = reader.value(row, name)
        if value:
            label = GROUPS.get(name) or labels()[name]
            yield Line(REMOVED, f"{label}：{value}", row.serial)


@implements("resident-record/1.0#4.1.4.3/m1")
def actual_heads(row: ResidentRecord, day: date | None = None) -> list[str]:
    """The remark on whoever leads the person's household in fact without a record here (事実上の世帯主の備考)."""
    on = day or clock.today()
    found = ActualHead.objects.filter(household=row.household_id, since__lte=on)
    own: Any = [one for one in found.order_by("since") if one.until is None or one.until > on]
    return [f"事実上の世帯主：{one.name}（{one.get_standing_display()}）" for one in own]
