"""Numbers on two times, whose they are, and what the database itself refuses (個人番号の記録の試験)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from psycopg.types.range import Range

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.addressees.operations import ADDRESSEE_NUMBERS, give_number
from municipal.audit.models import Entry, Kind
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.numbers import INDIVIDUAL_NUMBER
from municipal.core.refusals import Refused
from municipal.identity.models import Staff
from municipal.identity.tests.people import somebody
from municipal.municipalities import wall
from municipal.numbers.models import Cause, IndividualNumber
from municipal.numbers.operations import enter_number, find, holder_of, restore, retract, show
from municipal.numbers.operations.entering import opened
from municipal.numbers.purposes import PURPOSES
from municipal.numbers.sealing import MASK, Digits, as_token, from_token, seal, unseal

ENTERED = datetime(2026, 5, 20, 10, tzinfo=clock.TOKYO)


def number(serial: int) -> Digits:
    """A number that nobody has: made, not real."""
    return Digits(INDIVIDUAL_NUMBER.of(f"{serial:011}"))


def person() -> Addressee:
    return Addressee.objects.create(number=give_number(ADDRESSEE_NUMBERS), kind="resident")


def entered(one: Addressee, digits: Digits, cause: str = Cause.DESIGNATION, on: date = date(2026, 5, 11)) -> Any:
    return enter_number(actor=System(), addressee=one.pk, digits=digits, valid_from=on, cause=cause)


def believed(one: Addressee) -> list[tuple[str, date, date | None]]:
    """What is known now: which number on which days."""
    rows = IndividualNumber.objects.filter(addressee=one, recorded__endswith__isnull=True).order_by("valid")
    return [(opened(row).value, row.valid.lower, row.valid.upper) for row in rows]


@pytest.mark.clause("resident-record/1.0#4.4/m1", "resident-record/1.0#7.1.2.1/m2")
def test_a_number_is_designated_changed_and_corrected_and_every_belief_stays(town: int) -> None:
    one = person()
    entered(one, number(1))
    entered(one, number(2), Cause.ON_REQUEST, date(2026, 6, 1))
    assert believed(one) == [
        (number(1).value, date(2026, 5, 11), date(2026, 6, 1)),
        (number(2).value, date(2026, 6, 1), None),
    ]
    entered(one, number(3), Cause.CORRECTION, date(2026, 7, 1))
    # A correction: the second number was never right, on none of its days.
    assert believed(one) == [
        (number(1).value, date(2026, 5, 11), date(2026, 6, 1)),
        (number(3).value, date(2026, 6, 1), None),
    ]
    assert IndividualNumber.objects.filter(addressee=one).count() == 4


@pytest.mark.parametrize(
    ("first", "then", "code"),
    [
        (None, Cause.ON_REQUEST, "no_number"),
        (None, Cause.EX_OFFICIO, "no_number"),
        (None, Cause.CORRECTION, "no_number"),
        (Cause.DESIGNATION, Cause.DESIGNATION, "has_number"),
        (Cause.CARRIED, Cause.DESIGNATION, "has_number"),
    ],
)
def test_each_kind_of_act_meets_only_the_state_it_is_for(
    town: int, first: str | None, then: str, code: str
) -> None:  # fmt: skip
    one = person()
    if first:
        entered(one, number(1), first)
    with pytest.raises(Refused) as refused:
        entered(one, number(2), then)
    assert refused.value.code == code


def test_the_same_number_again_is_no_change(town: int) -> None:
    one = person()
    entered(one, number(1))
    with pytest.raises(Refused) as refused:
        entered(one, number(1), Cause.ON_REQUEST)
    assert refused.value.code == "same_number"


def test_a_number_of_somebody_else_is_refused_and_never_said(town: int) -> None:
    one, other = person(), person()
    entered(one, number(1))
    with pytest.raises(Refused) as refused:
        entered(other, number(1))
    assert refused.value.code == "one_person_of_each_number"
    assert number(1).value not in str(refused.value)


def test_a_number_given_up_years_ago_is_still_nobody_elses(town: int) -> None:
    one, other = person(), person()
    entered(one, number(1), on=date(2020, 1, 1))
    entered(one, number(2), Cause.ON_REQUEST, date(2021, 1, 1))
    with pytest.raises(Refused):
        entered(other, number(1))


def test_two_who_were_taken_for_each_other_are_put_right(town: int) -> None:
    one, other = person(), person()
    entered(one, number(2))
    entered(other, number(1))
    retract(actor=System(), addressee=one.pk)
    entered(other, number(2), Cause.CORRECTION)
    entered(one, number(1))
    assert (holder_of(number(1)), holder_of(number(2))) == (one, other)


def test_retracting_where_nothing_stands_is_refused(town: int) -> None:
    with pytest.raises(Refused) as refused:
        retract(actor=System(), addressee=person().pk)
    assert refused.value.code == "no_number"


def test_the_database_itself_refuses_a_second_person_and_a_second_number(town: int) -> None:
    one, other = person(), person()
    row = entered(one, number(1))
    copied = {name: getattr(row, name) for name in ("key_id", "nonce", "ciphertext", "blind_index", "cause", "valid")}
    since = Range(clock.now(), None)
    for owner in (other, one):
        with pytest.raises(IntegrityError), transaction.atomic():
            IndividualNumber.objects.create(addressee=owner, recorded=since, **copied)


def test_the_database_lets_nothing_be_changed_but_the_seal(town: int) -> None:
    row = entered(person(), number(1))
    rows = IndividualNumber.objects.filter(pk=row.pk)
    for change in ({"cause": "correction"}, {"nonce": b"other"}, {"blind_index": "0"}, {"event": 7}):
        with pytest.raises(DatabaseError, match="only closed or sealed anew"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    assert rows.update(key_id="other", nonce=b"n") == 1


def test_a_row_copied_to_another_person_or_another_town_does_not_open(town: int) -> None:
    one = person()
    row = entered(one, number(1))
    with pytest.raises(Refused) as refused:
        unseal(row.key_id, row.nonce, row.ciphertext, str(one.pk + 1))
    assert refused.value.code == "seal_broken"
    sealed = seal(number(1), "7")
    assert unseal(sealed.key_id, sealed.nonce, sealed.ciphertext, "7") == number(1)


def test_a_number_has_another_index_and_another_seal_in_every_town(db: None) -> None:
    with wall.within(TOWN):
        here, token = seal(number(1), "7"), as_token(number(1))
        assert from_token(token) == number(1)
    with wall.within(OTHER_TOWN):
        there = seal(number(1), "7")
        with pytest.raises(Refused):
            unseal(here.key_id, here.nonce, here.ciphertext, "7")
        with pytest.raises(Refused) as refused:
            from_token(token)
    assert refused.value.code == "invalid"
    assert here.blind_index != there.blind_index


@pytest.mark.parametrize("text", ["", "sealed", "sealed:", "sealed::", "sealed:training:AAAA", "sealed:x:é", "x:y:z"])
def test_a_token_that_is_none_is_refused_in_one_sentence(town: int, text: str) -> None:
    with pytest.raises(Refused) as refused:
        from_token(text)
    assert refused.value.code == "invalid"


@pytest.mark.parametrize("text", ["123456789012", "12345678901", "１２３４５６７８９０１８", "", "12345678901x"])
def test_what_is_no_number_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(Refused) as refused:
        Digits(text)
    assert text == "" or text not in str(refused.value)


def test_nothing_that_prints_a_number_prints_it(town: int) -> None:
    digits = number(1)
    row = entered(person(), digits)
    said = [str(digits), repr(digits), f"{digits}", f"{digits!r}", str(row), repr(row), str([digits]), repr({"a": row})]
    assert [text for text in said if digits.value in text] == []
    assert str(row) == MASK


def clerk(*permissions: str) -> Staff:
    return somebody(*permissions)


@pytest.mark.parametrize("purpose", sorted(PURPOSES))
@pytest.mark.clause("resident-record/1.0#10.4/m1")
def test_a_number_is_shown_for_the_purposes_that_show_and_the_disclosure_is_recorded(db: None, purpose: str) -> None:
    staff = clerk("item.individual_number")
    with wall.within(TOWN):
        one = person()
        entered(one, number(1))
        if not PURPOSES[purpose].shows:
            with pytest.raises(Refused):
                show(actor=staff, addressee=one.pk, purpose=purpose)
            return
        assert show(actor=staff, addressee=one.pk, purpose=purpose) == number(1)
    with wall.within(TOWN):
        entry = Entry.objects.get(act="numbers.show")
    assert (entry.kind, entry.subjects, entry.fields) == (Kind.DISCLOSURE, [one.pk], ["individual_number"])
    assert entry.purpose == purpose


@pytest.mark.parametrize("purpose", ["", "税の滞納者の照合", "residents.view", "number.entry ", None])
def test_for_any_other_purpose_nothing_is_shown_or_found(db: None, purpose: Any) -> None:
    staff = clerk("item.individual_number")
    with wall.within(TOWN):
        one = person()
        entered(one, number(1))
        for act in (
            lambda: show(actor=staff, addressee=one.pk, purpose=purpose),
            lambda: find(actor=staff, digits=number(1), purpose=purpose),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.code == "purpose"


@pytest.mark.clause("resident-record/1.0#10.4/m1")
@pytest.mark.parametrize("held", [(), ("residents.view", "item.resident_code", "item.family_register")])
def test_without_the_permission_of_the_item_nobody_is_shown_a_number(db: None, held: tuple[str, ...]) -> None:
    staff = clerk(*held)
    with wall.within(TOWN):
        one = person()
        entered(one, number(1))
        for who in (staff, System()):
            with pytest.raises(Refused) as refused:
                show(actor=who, addressee=one.pk, purpose="number.entry")
            assert refused.value.code == "forbidden"


def test_who_is_found_by_number_counts_as_seen(db: None) -> None:
    staff = clerk("item.individual_number")
    with wall.within(TOWN):
        one = person()
        entered(one, number(1))
        assert find(actor=staff, digits=number(1), purpose="number.return") == one
        assert find(actor=staff, digits=number(2), purpose="number.return") is None
    with wall.within(TOWN):
        assert list(Entry.objects.filter(act="numbers.find").order_by("seq").values_list("subjects", flat=True)) == [
            [one.pk],
            [],
        ]


def test_a_cancelled_act_gives_the_number_before_it_back(town: int) -> None:
    one = person()
    entered(one, number(1))
    with clock.stopped_at(clock.now() + timedelta(hours=1)):
        enter_number(
            actor=System(), addressee=one.pk, digits=number(2), valid_from=date(2026, 6, 1), cause=Cause.ON_REQUEST,
            event=5,
        )  # fmt: skip
    restore(actor=System(), events=[5], by=6)
    assert believed(one) == [(number(1).value, date(2026, 5, 11), None)]
    restore(actor=System(), events=[5], by=7)
    assert believed(one) == [(number(1).value, date(2026, 5, 11), None)]
