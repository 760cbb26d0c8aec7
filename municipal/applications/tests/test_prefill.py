"""What is taken from registers, what is not, and for whose eyes (引用の試験; ワンスオンリー)."""

import json
from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from municipal.addressees.models import Process
from municipal.addressees.operations import suppress
from municipal.applications import prefill
from municipal.applications.prefill import HELD, LINKAGE, NO_BASIS, UNAVAILABLE, WITHHELD, Reader, earlier, filled
from municipal.applications.prefill.subjects import Subject
from municipal.core import clock
from municipal.entitlements.kinds import kinds
from municipal.entitlements.models import Entitlement, State
from municipal.payments.tests.booking import DUE, charged, collected
from municipal.procedures.catalogue import entry_of, shipped
from municipal.procedures.tests.sample import sample
from municipal.residents.models import Received, ReceivedKind, ResidentRecord
from municipal.residents.tests.people import enter

from .acting import stepped
from .prefilled import CLERK, SINCE, a_filled_draft, held, one_of, protected, resident, sent, shipped_entry

pytestmark = pytest.mark.usefixtures("town")
STREET = "松町"
READERS = list(Reader)


def text(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False)


@pytest.fixture
def her(town: int) -> ResidentRecord:
    return resident(has_care_insurance=True, care_insurance_from=date(2026, 5, 1))


def test_nothing_is_used_again_without_a_recorded_law_whoever_it_concerns(her: ResidentRecord) -> None:
    for about in (None, her.addressee):
        found = one_of("record.identity", about, law="")
        assert (found["status"], found["value"], found["lines"]) == (NO_BASIS, None, [])
        assert prefill.is_typed(found)
        assert prefill.must_be_typed(found)


def test_of_a_guest_nothing_is_read() -> None:
    assert filled(shipped_entry("move-within"), None) == {}
    assert not prefill.has_any(shipped_entry("move-within"), None)


def test_who_somebody_is_comes_with_source_day_and_law(her: ResidentRecord) -> None:
    found = one_of("record.identity", her.addressee)
    assert found["status"] == HELD
    assert found["lines"][:2] == ["甲野　花子", "コウノ　ハナコ"]
    assert found["value"] == {
        "name": "甲野　花子", "name_kana": "コウノ　ハナコ", "born_on": "1985-04-01", "sex": "2",
        "address": "架空県架空市松町１番地",
    }  # fmt: skip
    assert (found["source"], found["path"]) == ("register", "record.identity")
    assert found["as_of"] == clock.today().isoformat()
    assert found["basis"] == {"law": "住民基本台帳法", "article": "第24条", "status": "unverified"}
    assert found["is_confirmed"] is None


def test_the_record_that_is_true_on_the_day_is_read_and_not_a_later_one(her: ResidentRecord) -> None:
    enter(her, date(2099, 1, 1), name="乙野　花子")
    assert one_of("record.identity", her.addressee)["value"]["name"] == "甲野　花子"


def test_the_household_is_read_without_whoever_left_it(her: ResidentRecord) -> None:
    child = resident(household=her.household, is_head=False, name="甲野　一郎", relationship="子", member_order=2)
    found = one_of("household.members", her.addressee)
    assert [one["name"] for one in found["value"]] == ["甲野　花子", "甲野　一郎"]
    enter(child, date(2026, 6, 1), household_id=resident().household_id, relationship="同居人")
    assert [one["name"] for one in one_of("household.members", her.addressee)["value"]] == ["甲野　花子"]


def test_qualifications_are_said_with_their_days(her: ResidentRecord) -> None:
    assert one_of("care.insured", her.addressee)["lines"] == ["介護保険: 有（令和8年5月1日から）"]
    assert one_of("insurance.entitlement", her.addressee)["lines"] == ["国民健康保険: 無", "後期高齢者医療: 無"]


def test_that_there_is_nothing_is_an_answer_too(her: ResidentRecord) -> None:
    for path, source in (("payments.ledger", "payments"), ("case.pregnancy", "case"), ("record.moved_out", "register")):
        found = one_of(path, her.addressee, source=source)
        assert (found["status"], found["lines"]) == (HELD, []), path


def test_the_books_say_what_was_charged_and_paid_and_by_fee(her: ResidentRecord) -> None:
    charge = charged(owner=her.addressee, fee="905", total_yen=100_000, due_on=DUE)[0]
    collected(charge, 25_000, "a")
    found = one_of("payments.ledger", her.addressee, source="payments")
    assert found["value"][0]["outstanding"] == 75_000
    assert "未納 75,000円" in found["lines"][0]
    assert one_of("payments.vehicle_tax", her.addressee, source="payments")["lines"] == []
    with clock.stopped_at(clock.now().replace(year=2026, month=7, day=1)):
        assert one_of("payments.arrears", her.addressee, source="payments")["lines"] == []
    with clock.stopped_at(clock.now().replace(year=2026, month=9, day=1)):
        assert one_of("payments.arrears", her.addressee, source="payments")["value"][0]["outstanding"] == 25_000
    assert one_of("payments.payer", her.addressee, source="payments")["lines"] == [
        "令和8年度 固定資産税・都市計画税 通知書番号 0001"
    ]


def test_what_the_former_municipality_sent_is_read_where_it_is_here(her: ResidentRecord) -> None:
    Received.objects.create(
        kind=ReceivedKind.MOVE_OUT, key="99900000002", sender="模擬町", noticed_on=clock.today(),
        received_at=clock.now(), addressee=her.addressee,
        said={"name": "甲野　花子", "resident_code": "99900000002", "city": "模擬町", "block": "梅町"},
    )  # fmt: skip
    found = one_of("received.move_out", her.addressee, source="linkage")
    assert found["status"] == HELD
    assert "甲野　花子" in found["lines"]
    assert "99900000002" not in text(found)
    protected(her)
    assert one_of("received.move_out", her.addressee, source="linkage")["status"] == WITHHELD


def test_what_was_granted_is_read_as_long_as_it_lasts(her: ResidentRecord) -> None:
    Entitlement.objects.create(
        number="1", version=1, person=her.addressee, about=her.addressee, kind=kinds()["child-allowance"].kind,
        procedure="child-allowance", name="児童手当", lasts=True, state=State.GRANTED, decided_on=SINCE,
        cause="decided", valid=DateRange(date(2026, 5, 1), date(2027, 5, 1)),
        recorded=DateTimeTZRange(clock.now(), None),
    )  # fmt: skip
    found = one_of("entitlement.child_allowance", her.addressee)
    assert found["lines"] == ["児童手当（令和8年5月1日から）"]
    assert one_of("entitlement.child_rearing_allowance", her.addressee)["lines"] == []
    with clock.stopped_at(clock.now().replace(year=2028)):
        assert one_of("entitlement.child_allowance", her.addressee)["lines"] == []


def test_an_earlier_decision_about_the_same_person_is_named(her: ResidentRecord) -> None:
    draft, token = a_filled_draft("nursery-status", her.addressee, {"is_unchanged": True})
    case = sent(draft, token)
    asking = earlier.decided("nursery-status")
    assert asking(Subject(her.addressee)) is None
    stepped(case, "accept", "pass_form", "approve")
    found = asking(Subject(her.addressee))
    assert found is not None
    assert case.number in found.lines[0].text
    assert asking(Subject(resident(resident_code="99900000010").addressee)) is None


def test_nobody_looks_up_an_account_for_benefits_to_draw_from_it(her: ResidentRecord) -> None:
    assert set(filled(shipped_entry("direct-debit"), her.addressee)) == {"payer"}


def test_what_another_office_answers_is_neither_asked_nor_read(her: ResidentRecord) -> None:
    for path in ("tax.former_position", "pension.amount", "received.move_out"):
        found = one_of(path, her.addressee, source="linkage")
        assert (found["status"], prefill.is_typed(found)) == (LINKAGE, False), path


def test_a_register_that_no_room_keeps_may_be_typed_but_need_not(her: ResidentRecord) -> None:
    found = one_of("tax.position", her.addressee, is_notice=True)
    assert (found["status"], found["why"]) == (UNAVAILABLE, "not_kept")
    assert prefill.is_typed(found)
    assert not prefill.must_be_typed(found)


def test_who_is_named_in_an_answer_only_is_shown_to_nobody(her: ResidentRecord) -> None:
    for reader in READERS:
        found = one_of("record.died", her.addressee, reader)
        assert (found["status"], found["lines"], found["value"]) == (WITHHELD, [], None)


@pytest.mark.parametrize("reader", READERS)
def test_a_protected_address_is_filled_in_for_nobody(her: ResidentRecord, reader: Reader) -> None:
    resident(household=her.household, is_head=False, name="甲野　一郎", relationship="子", member_order=2)
    protected(her)
    for entry in shipped():
        found = filled(entry, her.addressee, reader)
        assert STREET not in text(found), entry.id
        if reader != Reader.STAFF:
            assert "一郎" not in text(found), entry.id
    assert one_of("record.address", her.addressee, reader)["status"] == WITHHELD


def test_who_lives_with_a_protected_person_gives_neither_address_nor_name_away(her: ResidentRecord) -> None:
    other = resident(household=her.household, is_head=False, name="甲野　一郎", relationship="夫", member_order=2)
    protected(her)
    assert one_of("household.members", other.addressee)["status"] == WITHHELD
    assert STREET not in text(one_of("record", other.addressee))


def test_a_delegate_cannot_tell_a_protected_person_from_any_other(her: ResidentRecord) -> None:
    other = resident(name="甲野　花子", has_care_insurance=True, care_insurance_from=date(2026, 5, 1))
    protected(her)
    for entry in shipped():
        one, another = (filled(entry, who.addressee, Reader.DELEGATE) for who in (her, other))
        for found in (*one.values(), *another.values()):
            found |= {"digest": "", "people": []}
        assert one == another, entry.id


def test_a_delegate_is_shown_who_and_what_but_not_where_and_with_whom(her: ResidentRecord) -> None:
    found = one_of("record.identity", her.addressee, Reader.DELEGATE)
    assert (found["lines"][0], found["value"], found["is_partial"]) == ("甲野　花子", None, True)
    assert STREET not in text(found)
    assert one_of("household.members", her.addressee, Reader.DELEGATE)["status"] == WITHHELD


def test_what_nobody_sees_is_compared_nevertheless(her: ResidentRecord) -> None:
    protected(her)
    before = one_of("record.identity", her.addressee)["digest"]
    assert one_of("record.identity", her.addressee, Reader.STAFF)["digest"] == before
    enter(her, date(2026, 6, 1), address_lot="２番地")
    assert one_of("record.identity", her.addressee)["digest"] != before


def test_becoming_protected_is_no_change_of_the_record_and_hides_what_was_read(her: ResidentRecord) -> None:
    before = one_of("record.identity", her.addressee)
    assert any(STREET in line for line in before["lines"])
    protected(her)
    assert one_of("record.identity", her.addressee)["digest"] == before["digest"]
    assert prefill.is_hidden(her.addressee_id)
    assert STREET not in text(prefill.lines_of(before, is_hidden=True))
    assert prefill.lines_of(before, is_hidden=False) == before["lines"]


def test_where_inquiries_are_stopped_nobody_is_shown_anything(her: ResidentRecord) -> None:
    suppress(
        actor=CLERK, process=Process.INQUIRY, level="error", addressee=her.addressee, reason="照会の停止",
        starts_on=SINCE,
    )  # fmt: skip
    for path in ("record.identity", "household.members", "care.insured"):
        assert one_of(path, her.addressee)["status"] == WITHHELD, path


def test_a_function_that_fails_makes_its_items_unavailable_and_no_others(
    her: ResidentRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours in one source: the rest of the page is there."""
    monkeypatch.setattr("municipal.applications.prefill.register.IDENTITY", ("no_such_item",))
    entry = entry_of(sample(holds=[
        held("record.identity", is_notice=True) | {"name": "a"}, held("care.insured") | {"name": "b"},
        held("payments.ledger", "payments") | {"name": "c"},
    ]))  # fmt: skip
    found = filled(entry, her.addressee)
    assert [one["status"] for one in found.values()] == [UNAVAILABLE, UNAVAILABLE, HELD]
    assert prefill.must_be_typed(found["a"])
    assert not prefill.must_be_typed(found["b"])
    assert prefill.open_items(found) == ["a"]
