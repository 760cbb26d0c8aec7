"""A town whose protected people carry a marker wherever an address could be (目印を付けた町)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from municipal.addressees.fields import ABROAD_PARTS, glyphs_of
from municipal.addressees.models import Perpetrator, SupportMeasure
from municipal.addressees.operations import apply_for_measure, name_perpetrator, protect, suppress
from municipal.certificates.tests.issuing import issued, ready
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.dates import RegisterDate
from municipal.entitlements.tests.acting import granted
from municipal.extracts.models import ExtractRun
from municipal.extracts.operations import run_query
from municipal.extracts.queries import Column, Query
from municipal.extracts.sources import sources
from municipal.residents.acts import unconfirmed
from municipal.residents.models import Draft, ResidentEvent, ResidentRecord
from municipal.residents.notices import Notice
from municipal.residents.operations import enter, preview, write_memo, write_remark
from municipal.residents.shown import WITHHELD_FIELDS
from municipal.residents.tests import people
from municipal.residents.tests.acting import PLACE, member

from .marked_mail import write_to
from .marked_money import owe
from .marked_slips import printed

MARK = "鼬鼾"
"""Two characters that stand nowhere else: whoever finds them has found where somebody lives."""
PERPETRATOR = "乙田　加害"
"""A name that stands on the page of the details and nowhere else."""
CLERK = System(actor_kind="staff", actor_id=1)
SINCE = date(2025, 4, 1)


@dataclass
class Marked:
    """What was made: numbers and ids by which routes are filled (目印を付けた人と番号)."""

    numbers: list[str] = field(default_factory=list)
    households: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    drafts: list[int] = field(default_factory=list)
    events: list[int] = field(default_factory=list)
    certificates: list[int] = field(default_factory=list)
    copies: list[int] = field(default_factory=list)
    perpetrators: list[int] = field(default_factory=list)
    suppressions: list[int] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)
    slip_runs: list[int] = field(default_factory=list)
    slips: list[str] = field(default_factory=list)
    charges: list[int] = field(default_factory=list)
    demands: list[int] = field(default_factory=list)
    refunds: list[int] = field(default_factory=list)
    payers: list[str] = field(default_factory=list)
    recipients: list[int] = field(default_factory=list)
    assessments: list[int] = field(default_factory=list)
    entitlements: list[str] = field(default_factory=list)
    own_address: str = ""


def marked_items(index: int, turn: str = "") -> dict[str, Any]:
    """Every field that is withheld, filled with the marker as long as it may be."""
    found: dict[str, Any] = {}
    for item in ResidentRecord._meta.fields:
        most = glyphs_of(item)
        if item.attname in WITHHELD_FIELDS and most is not None and not item.attname.endswith(ABROAD_PARTS):
            found[item.attname] = f"{MARK}{turn}{index}"[:most]
    return found | {"planned_destination_abroad": f"{MARK}{index}"}


def _life(index: int) -> ResidentRecord:
    """Somebody who moved in and moved within the town, marked at every place; with what others wrote about them."""
    said: dict[str, Any] = {"name": f"目印　{index}", "name_kana": f"メジルシ　{index}", "resident_code": "99900000002"}
    row = people.newcomer(valid_from=SINCE, **marked_items(index), **said)
    return people.enter(row, date(2026, 1, 10), **marked_items(index, "乙"), reason="move_within")


def found(staff: Any, count: int) -> Marked:
    """``count`` marked people of every state, inside the open municipality; ``staff`` runs the extracts."""
    made = Marked()
    ready()
    rows = [_life(index) for index in range(count)]
    for index, row in enumerate(rows):
        _write_about(row, index, made)
    _leave_and_die(rows)
    _former_member(rows[0], made)
    _entry(rows[1], made)
    _extracts(staff, made)
    made.charges, made.demands, made.refunds = owe([row.addressee for row in rows[:4]])
    made.slip_runs, made.slips = printed([row.addressee for row in rows])
    made.payers, made.recipients, made.assessments = write_to([row.addressee for row in rows[:3]], MARK)
    made.entitlements += [granted(row.addressee, reason=f"目印　{at}").number for at, row in enumerate(rows)]
    made.numbers += [row.addressee.number for row in rows]
    made.households += [row.household.number for row in rows[:2]]
    made.events += list(ResidentEvent.objects.order_by("-pk").values_list("pk", flat=True)[:3])
    return made


def _write_about(row: ResidentRecord, index: int, made: Marked) -> None:
    person = row.addressee
    if index < 3:
        # Issued before anybody asked for protection: the copy of it must not get out later.
        sheet = issued("person_copy", row)
        made.certificates.append(sheet.pk)
        made.copies += list(sheet.copies.values_list("pk", flat=True))
    write_remark(actor=CLERK, person=person.pk, text=f"{MARK}{index}")
    write_memo(actor=CLERK, person=person.pk, text=f"{MARK}{index}")
    if index % 2:
        protect(actor=CLERK, addressee=person, starts_on=SINCE, ends_on=date(2025, 5, 1), is_own=True)
        return
    said = {
        "kind": "violence", "applied_on": clock.today(), "contact_phone": f"{MARK}{index}",
        "contact_mobile": f"{MARK}{index}", "contact_mail": f"{MARK}{index}", "note": f"{MARK}{index}",
    }  # fmt: skip
    number = apply_for_measure(actor=CLERK, applicant=person, said=said).number
    named = name_perpetrator(actor=CLERK, number=number, name=PERPETRATOR, address=f"{MARK}", other=f"{MARK}")
    made.cases.append(number)
    made.perpetrators.append(named.pk)
    held = suppress(actor=CLERK, addressee=person, process="issue", level="alert", reason="確認中", starts_on=SINCE)
    made.suppressions.append(held.pk)


def _leave_and_die(rows: list[ResidentRecord]) -> None:
    """One left town, one died: what is withheld of them is withheld still."""
    people.enter(
        rows[2], date(2026, 2, 1), status="2", reason="move_out", removal_reason="move_out",
        removed_on=RegisterDate(2026, 2, 1), move_out_planned_on=date(2026, 2, 1),
        move_out_notified_on=date(2026, 1, 20),
    )  # fmt: skip
    people.enter(
        rows[3], date(2026, 2, 1), status="3", reason="death", removal_reason="death",
        removed_on=RegisterDate(2026, 2, 1),
    )  # fmt: skip


def _former_member(row: ResidentRecord, made: Marked) -> None:
    """Lived with a protected person, moved to a place of their own: that place is theirs, the other is not."""
    place = {name: value for name, value in marked_items(0, "乙").items() if name.startswith("address_")}
    once = people.newcomer(
        valid_from=date(2026, 1, 11), household=row.household, is_head=False, name="元同居　人", relationship="同居人",
        **{name: value for name, value in place.items() if not name.startswith(("address_before", "address_within"))},
    )  # fmt: skip
    home = people.newcomer(valid_from=SINCE, name="別世帯　主").household
    made.own_address = "竹町９９番地"
    people.enter(
        once, date(2026, 3, 1), household_id=home.pk, reason="move_within", address_city="架空市", address_block="竹町",
        address_lot="９９番地", address_building="", address_postal_code="", address_prefecture="架空県",
        address_municipality_code="", address_block_code="",
        address_within_before_city=place["address_city"], address_within_before_block=place["address_block"],
        address_within_before_lot=place["address_lot"], address_within_before_building=place["address_building"],
    )  # fmt: skip
    made.numbers.append(once.addressee.number)


def _entry(row: ResidentRecord, made: Marked) -> None:
    """A provisional entry by which a protected person moves to another marked place."""
    said = Notice(
        act="move_within", event_on=RegisterDate.exact(date(2026, 11, 2)), notified_on=clock.today(),
        people=(member(row),), place=PLACE | {"block": f"{MARK}町", "lot": MARK, "building": MARK},
        notifier_capacity="self",
    )  # fmt: skip
    said = said.confirming(*(alert.code for alert in unconfirmed(preview(said), said)))
    made.drafts.append(enter(actor=CLERK, notice=said).pk)
    assert MARK in str(Draft.objects.get(pk=made.drafts[0]).notice)


def _extracts(staff: Any, made: Marked) -> None:
    """Runs over every source with every column that is withheld, in parts."""
    for code, source in sources().items():
        hidden = [Column(f"[{name}]") for name, item in source.items.items() if item.is_withheld]
        for start in range(0, len(hidden), 15):
            run = run_query(actor=staff, query=Query(code, tuple(hidden[start : start + 15])), purpose="survey")
            made.runs.append(run.pk)
    assert ExtractRun.objects.exists()
    assert SupportMeasure.objects.exists()
    assert Perpetrator.objects.exists()
