"""What a certificate tells of what was: the remarks field and the aliases (統合記載欄・通称の履歴).

The field is the one of ``residents.remarks``, without what the certificate leaves out. Notes among staff (メモ) are in
neither (#1.1.15).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from municipal.addressees.models import LifeState
from municipal.addressees.outputs import names_of_group
from municipal.addressees.outputs import written as address_written
from municipal.core.clauses import implements
from municipal.core.eras import wareki
from municipal.residents.models import Remark, ResidentEvent, ResidentRecord
from municipal.residents.remarks import actual_heads, standing
from municipal.residents.rules.special import SPECIAL_ACTS, is_hidden_by_default
from municipal.residents.secrecy import secrets
from municipal.residents.shown import changed_fields, labels, written

from .contents import Item
from .rules.wording import filled

PRINTED = (
    "name", "former_family_name", "alias", "born_on", "sex", "relationship", "head_name", "domicile",
    "register_head", "nationality", "residence_status", "stay_expires_on",
)  # fmt: skip
_OMITTED_WITH = (
    ("relationship", "head"), ("head_", "head"), ("domicile", "family_register"), ("register_head", "family_register"),
    ("nationality", "nationality"), ("residence_status", "residence_status"), ("stay_expires_on", "stay_expires_on"),
    ("stay_", "stay_period"), ("article30_45", "article30_45"), ("residence_card", "residence_card_number"),
    ("alias", "alias_history"), ("resident_code", "resident_code"),
)  # fmt: skip
"""How the field of a record begins, and with what of a certificate it is left out; the first that fits counts."""
_ADDRESS = frozenset(names_of_group("address"))
_OF_A_ROW = 180
"""Characters that a row of the annex takes in its smallest letters; a longer text goes on in the next row."""


@implements(
    "resident-record/1.0#1.1.14/m2", "resident-record/1.0#1.1.14/m3", "resident-record/1.0#1.1.15/m4",
    "resident-record/1.0#1.1.4/m5",
)  # fmt: skip
def remarks_field(rows: Sequence[ResidentRecord], omits: Collection[str], *, has_special: bool) -> Iterator[Item]:
    """What changed and when since the record was made or made anew, the notes on it, remarks (統合記載欄; CERT-04).

    ``rows``: a person's history from the first row on. Of a resident whose move-out is only announced, the announcement
    is not told (#5.1/m8). What has a special ground is told only where it is asked for. Whatever is said of an item
    that is left out is left out too.
    """
    for item in _said(rows, omits, has_special=has_special):
        text = item.text.replace("\n", "　")
        for start in range(0, len(text), _OF_A_ROW):
            yield replace(item, text=text[start : start + _OF_A_ROW])


def _said(rows: Sequence[ResidentRecord], omits: Collection[str], *, has_special: bool) -> Iterator[Item]:
    last = rows[-1]
    is_resident = last.status == LifeState.RESIDENT
    since = next(place for place, row in enumerate(rows) if row.revision == last.revision)
    notes = standing(last.addressee)
    before: ResidentRecord | None = None
    for row in rows[since:]:
        own = [one for one in notes if one.record_id == row.pk]
        is_announced = is_resident and before is not None and before.move_out_planned_on != row.move_out_planned_on
        if not is_announced and (has_special or not _is_special(before, row, own)):
            yield from _of_row(before, row, own, omits)
        before = row
    yield from _remarks(last, notes, omits, has_special=has_special)


def _is_special(before: ResidentRecord | None, row: ResidentRecord, notes: Sequence[Remark]) -> bool:
    """Whether a row has a special ground, or takes back an act that had one."""
    cancels: ResidentEvent | None = row.event.cancels if row.event else None
    act = cancels.act if cancels else row.event.act if row.event else ""
    is_of_sex = before is not None and before.sex != row.sex
    return is_of_sex or act in SPECIAL_ACTS or is_hidden_by_default(act, [row.remarks, *(one.text for one in notes)])


def _of_row(
    before: ResidentRecord | None, row: ResidentRecord, notes: Sequence[Remark], omits: Collection[str]
) -> Iterator[Item]:
    said = _changed(before, row, omits) if before is not None else ""
    label = f"{written('event_on', row.event_on, kind=row.kind)}　{written('reason', row.reason, kind=row.kind)}"
    if said:
        yield Item("history", label.strip("　"), said)
    if _may_give_away(row):
        return
    if row.remarks and (said or before is None):
        yield Item("note", "留意事項", row.remarks)
    for note in notes:
        # A note on the whole row goes with its line; one on an item with that item.
        if (said or before is None) if not note.item else _omitted_with(note.item) not in omits:
            item = labels().get(note.item, note.item)
            yield Item("note", "留意事項", f"{item}：{note.text}" if item else note.text)


@implements("resident-record/1.0#1.1.14/m3")
def _remarks(
    row: ResidentRecord, notes: Sequence[Remark], omits: Collection[str], *, has_special: bool
) -> Iterator[Item]:  # fmt: skip
    free = [one.text for one in notes if one.sort == Remark.Sort.REMARK]
    for text in [] if _may_give_away(row) else free:
        if has_special or not is_hidden_by_default("", [text]):
            yield Item("remark", "備考", text)
    for text in [] if "head" in omits else actual_heads(row):
        yield Item("remark", "備考", text)


def _may_give_away(row: ResidentRecord) -> bool:
    """Whether free text about this person could say where a protected person lives (支援措置)."""
    return "remarks" in secrets().fields_of(row.addressee_id, vars(row))


def _omitted_with(field: str) -> str:
    if field in _ADDRESS:
        return "address"
    return next((group for start, group in _OMITTED_WITH if field.startswith(start)), field)


def _changed(before: ResidentRecord, after: ResidentRecord, omits: Collection[str]) -> str:
    fields = set(changed_fields(before, after))
    said = [
        f"{labels()[name]}: {filled(_text(before, name))} → {filled(_text(after, name))}"
        for name in PRINTED
        if name in fields and _omitted_with(name) not in omits
    ]
    old, new = address_written(vars(before), "address"), address_written(vars(after), "address")
    if old != new and "address" not in omits:
        said.insert(0, f"住所: {old} → {new}")
    return "、".join(said)


def _text(row: ResidentRecord, name: str) -> str:
    return written(name, getattr(row, name), kind=row.kind)


def aliases(rows: Sequence[ResidentRecord]) -> Iterator[Item]:
    """Every alias with the day and the municipality of its entry and its deletion (通称の履歴)."""
    told: set[tuple[str, object, object]] = set()
    for row in rows:
        if row.alias_entered_on and ("記載", row.alias_entered_on, row.alias) not in told:
            told.add(("記載", row.alias_entered_on, row.alias))
            yield Item("alias", f"記載　{wareki(row.alias_entered_on)}", f"{row.alias}　{row.alias_entered_at}")
        if row.alias_deleted_on and ("削除", row.alias_deleted_on, "") not in told:
            told.add(("削除", row.alias_deleted_on, ""))
            yield Item("alias", f"削除　{wareki(row.alias_deleted_on)}", row.alias_deleted_at or "")
