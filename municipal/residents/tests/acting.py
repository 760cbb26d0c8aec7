"""Playing acts in one line each, from entry to decision (試験用の異動)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from municipal.core import clock
from municipal.core.actors import System
from municipal.core.dates import RegisterDate
from municipal.core.numbers import INDIVIDUAL_NUMBER, RESIDENT_RECORD_CODE
from municipal.numbers.sealing import Digits, as_token
from municipal.residents import notices
from municipal.residents.acts import unconfirmed
from municipal.residents.models import Household, ResidentEvent, ResidentRecord
from municipal.residents.notices import Notice, Said
from municipal.residents.operations import decide, enter, preview

ACTS_ON = datetime(2026, 5, 20, 10, tzinfo=clock.TOKYO)
EVENT_ON = RegisterDate(2026, 5, 11)
CLERK, CHIEF = System(actor_kind="staff", actor_id=1), System(actor_kind="staff", actor_id=2)
PLACE = {
    "municipality_code": "990019", "prefecture": "架空県", "city": "架空市", "block": "松町", "lot": "１番地",
    "postal_code": "9990001",
}  # fmt: skip
ELSEWHERE = {"prefecture": "見本県", "city": "見本市", "block": "本通", "lot": "２番地", "postal_code": "0000401"}


def code(serial: int) -> str:
    """A resident-record code that nobody has."""
    return RESIDENT_RECORD_CODE.of(f"999{serial:07}")


def newcomer_said(name: str = "甲野　太郎", *, serial: int = 1, **items: Any) -> Said:
    """What a notice says of somebody who comes for the first time."""
    said = {
        "name": name, "name_kana": "コウノ　タロウ", "sex": "1", "born_on": RegisterDate(1985, 4, 1),
        "relationship": "世帯主", "resident_code": code(serial), "domicile": "見本県見本市本通２番地",
        "register_head": "甲野　太郎",
    }  # fmt: skip
    return Said("", said | items)


def family() -> tuple[Said, ...]:
    """A couple and two children."""
    return (
        newcomer_said(),
        newcomer_said("甲野　花子", serial=2, sex="2", relationship="妻", born_on=RegisterDate(1986, 2, 3)),
        child("甲野　一郎", serial=3, born_on=RegisterDate(2015, 6, 7)),
        child("甲野　二子", serial=4, sex="2", born_on=RegisterDate(2018, 8, 9)),
    )


def child(name: str = "甲野　三郎", *, serial: int = 5, **items: Any) -> Said:
    return newcomer_said(name, serial=serial, **{"relationship": "子"} | items)


def number(serial: int) -> Digits:
    """An individual number of its own for each ``serial``."""
    return Digits(INDIVIDUAL_NUMBER.of(f"{serial:011}"))


def numbered(said: Said, digits: Digits) -> Said:
    """``said`` with an individual number, sealed as a notice carries it."""
    return replace(said, individual_number=as_token(digits))


def notice(name: str, **said: Any) -> Notice:
    """A notice of ``name`` on EVENT_ON, told today, with ``said`` in the place of what it usually says."""
    usual: dict[str, Any] = {"event_on": EVENT_ON, "notified_on": clock.today(), "notifier_capacity": "self"}
    if name in ("move_in", "move_in_by_card") and "joins" not in said:
        usual["place"] = PLACE
    if name in ("move_in", "move_in_by_card"):
        usual["came_from"] = ELSEWHERE
    return Notice(act=name, **usual | said)


def entered(name: str, *, confirm: bool = True, **said: Any) -> Any:
    """The provisional entry of an act, alerts confirmed."""
    wanted = notice(name, **said)
    if confirm:
        wanted = wanted.confirming(*(alert.code for alert in unconfirmed(preview(wanted), wanted)))
    # As from outside: whatever a notice says survives its way through JSON.
    assert notices.read(notices.as_json(wanted)) == wanted
    return enter(actor=CLERK, notice=wanted)


def act(name: str, **said: Any) -> ResidentEvent:
    """An act entered by one clerk and decided by another."""
    return decide(actor=CHIEF, draft=entered(name, **said).pk)


def people_of(event: ResidentEvent) -> list[Any]:
    """The rows of an act in the order of the household."""
    rows = ResidentRecord.objects.filter(event=event).select_related("addressee", "household")
    return list(rows.order_by("member_order", "serial"))


def member(row: ResidentRecord, **items: Any) -> Said:
    """Somebody whom the register holds, as a notice names them."""
    return Said(row.addressee.number, items)


def home_of(row: ResidentRecord) -> Household:
    found: Household = newest(row).household
    return found


def newest(row: ResidentRecord) -> Any:
    """The record of that person as it stands."""
    rows = ResidentRecord.objects.filter(addressee=row.addressee_id).select_related("addressee", "household", "event")
    return rows.order_by("-serial")[0]


def day(year: int, month: int, of_month: int) -> RegisterDate:
    return RegisterDate.exact(date(year, month, of_month))
