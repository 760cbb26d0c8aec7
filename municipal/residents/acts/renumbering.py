"""A place gets another name or number, and nobody moves: addresses say the new one (住所一括変更の案; #9.7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from municipal.core.clauses import implements
from municipal.core.dates import RegisterDate
from municipal.core.refusals import Refused
from municipal.residents.models import Basis, Period, ResidentRecord

from .plan import Change, Plan
from .standing import RESIDENT

ACT = "address_renumbering"
REASON = "minor_correction"
"""The reason in the register and for the basic resident register network (#9.7/m4)."""
COMPARED = ("block", "lot", "building")
NEW_PLACE = ("block", "lot", "building", "postal_code", "block_code")


@dataclass(frozen=True)
class Renaming:
    """What a place was called, and what it is called from a day on (変更前と変更後).

    ``before`` and ``after`` are parts of an address; for a domicile the one part ``domicile``.
    """

    before: Mapping[str, str]
    after: Mapping[str, str]
    effective_on: date


@implements("resident-record/1.0#9.7/m4")
def renumbered(living: Sequence[Period], said: Renaming, items: Mapping[str, str]) -> Plan:
    """New rows for everybody of a household, ``living`` as ``living_at`` finds them, from the day on (住所の変更).

    Nobody has moved: 住所を定めた年月日 and the address before stay. Raises Refused for a household in which nobody
    lives, whose address is not the one of ``said.before``, in which somebody has announced to leave, or of whom
    something later is recorded.
    """
    if not living:
        raise Refused("この世帯番号の世帯に、現在の住民はいません。", field="household", code="no_such_household")
    for one in living:
        _refuse_other_address(one.record, said.before)
        _refuse_leaving(one.record)
    plan = Plan(basis=Basis.EX_OFFICIO.value)
    plan.touch(living[0].record.household)
    place = {f"address_{part}": said.after[part] for part in NEW_PLACE if part in said.after}
    plan.changes = [_change(one, {**place, **items}, said.effective_on) for one in living]
    return plan


@implements("resident-record/1.0#9.7/m4")
def domicile_renamed(standing: Sequence[Period], said: Renaming) -> Plan:
    """A new row with the new name of the domicile for one resident, as ``standing_of`` finds them (本籍の変更).

    Raises Refused as ``renumbered`` does.
    """
    if not standing:
        raise Refused(
            "この宛名番号の住民は見つかりません。番号を確かめてください。", field="people", code="no_such_person"
        )
    (one,) = standing
    if one.record.status != RESIDENT:
        raise Refused("この方は現在の住民ではありません。", field="addressee", code="not_a_resident")
    if one.record.domicile != said.before["domicile"]:
        raise Refused(
            "台帳の本籍が、変更前の本籍と違います。抽出のあとに異動がなかったか確かめてください。",
            field="before",
            code="differs",
        )
    _refuse_leaving(one.record)
    plan = Plan(basis=Basis.EX_OFFICIO.value)
    plan.changes = [_change(one, {"domicile": said.after["domicile"]}, said.effective_on)]
    return plan


def _change(one: Period, items: dict[str, Any], day: date) -> Change:
    if one.valid.lower > day:
        raise Refused(
            "実施日のあとの異動が記録されています。この方は個別に修正してください。", field="effective_on", code="later"
        )
    said = {"reason": REASON, "event_on": RegisterDate.exact(day)}
    return Change(one.record, {**said, **items}, one.record.household, day)


def _refuse_other_address(record: ResidentRecord, before: Mapping[str, str]) -> None:
    if any(getattr(record, f"address_{part}") != before.get(part, "") for part in COMPARED):
        raise Refused(
            "台帳の住所が、変更前の住所と違います。抽出のあとに異動がなかったか確かめてください。",
            field="before",
            code="differs",
        )


def _refuse_leaving(record: ResidentRecord) -> None:
    if record.move_out_planned_on is not None:
        raise Refused(
            "転出を予定している方がいます。一括変更から除きました。", field="effective_on", code="about_to_leave"
        )
