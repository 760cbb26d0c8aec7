"""What playing random acts found, each as the shortest story that shows it (模型で見付かった誤りの試験)."""

from datetime import date, timedelta

import pytest

from municipal.core import clock
from municipal.core.refusals import Refused
from municipal.residents import inquiry
from municipal.residents.operations import remove_announced
from municipal.residents.tests.acting import (
    ACTS_ON,
    CHIEF,
    act,
    child,
    day,
    family,
    home_of,
    member,
    newcomer_said,
    newest,
    people_of,
)

pytestmark = pytest.mark.django_db
LATER = ACTS_ON + timedelta(days=30)


def test_the_last_one_left_is_head_only_from_when_that_one_came(town: int, may: None) -> None:
    head = people_of(act("move_in", people=(newcomer_said(),), event_on=day(2026, 5, 1)))[0]
    late = people_of(act("move_in", people=(child(),), joins=home_of(head).number, event_on=day(2026, 5, 18)))[0]
    act("move_out", people=(member(head),), event_on=day(2026, 5, 10))
    assert newest(late).relationship == "世帯主"
    assert inquiry.as_of(late.addressee, valid_on=date(2026, 5, 15), known_at=ACTS_ON + timedelta(days=1)) is None


def test_a_heads_new_name_does_not_make_a_member_of_who_came_later(town: int, may: None) -> None:
    head = people_of(act("move_in", people=(newcomer_said(),), event_on=day(2026, 5, 1)))[0]
    late = people_of(act("move_in", people=(child(),), joins=home_of(head).number, event_on=day(2026, 5, 18)))[0]
    act("correction_ex_officio", people=(member(head, name="乙川　太郎"),), event_on=day(2026, 5, 10))
    assert newest(late).head_name == "乙川　太郎"
    assert inquiry.as_of(late.addressee, valid_on=date(2026, 5, 15), known_at=ACTS_ON + timedelta(days=1)) is None


def test_a_cancelled_move_out_with_its_removal_leaves_the_move_in_free_to_be_cancelled(town: int) -> None:
    with clock.stopped_at(ACTS_ON):
        came = act("move_in", people=(newcomer_said(),))
        left = act("move_out", people=(member(people_of(came)[0]),), event_on=day(2026, 6, 1))
    with clock.stopped_at(LATER):
        remove_announced(actor=CHIEF)
        act("cancellation", cancels=left.pk, event_on=day(2026, 6, 19))
        act("cancellation", cancels=came.pk, event_on=day(2026, 6, 19))
        assert newest(people_of(came)[0]).status == "9"


def test_what_was_corrected_after_an_announcement_is_cancelled_after_the_removal_and_before_it(town: int) -> None:
    with clock.stopped_at(ACTS_ON):
        person = people_of(act("move_in", people=(newcomer_said(),)))[0]
        left = act("move_out", people=(member(person),), event_on=day(2026, 6, 1))
        corrected = act("correction_ex_officio", people=(member(person, name="乙川　太郎"),), event_on=day(2026, 5, 20))
    with clock.stopped_at(LATER):
        (removal,) = remove_announced(actor=CHIEF)
        for event in (left, corrected):
            with pytest.raises(Refused) as refused:
                act("cancellation", cancels=event.pk, event_on=day(2026, 6, 19))
            assert refused.value.code == "rested_on"
        for event in (removal, corrected, left):
            act("cancellation", cancels=event.pk, event_on=day(2026, 6, 19))
        assert (newest(person).status, newest(person).name) == ("1", "甲野　太郎")
        assert newest(person).move_out_planned_on is None


def test_a_correction_between_leaving_and_the_arrival_notice_is_not_lost_by_a_cancellation(
    town: int, may: None
) -> None:
    person = people_of(act("move_in", people=(newcomer_said(),)))[0]
    left = act("move_out", people=(member(person),), event_on=day(2026, 5, 15))
    act("correction_of_error", people=(member(person, name="乙川　太郎"),))
    act("arrival_notice", people=(member(person),), event_on=day(2026, 5, 16))
    with pytest.raises(Refused) as refused:
        act("cancellation", cancels=left.pk)
    assert refused.value.code == "rested_on"


def test_nobody_becomes_head_who_leaves_on_the_same_day(town: int) -> None:
    with clock.stopped_at(ACTS_ON):
        people = people_of(act("move_in", people=family()[:2]))
        act("move_out", people=tuple(member(one) for one in people), event_on=day(2026, 6, 1))
        act("correction_ex_officio", people=(member(people[1], name="甲野　華子"),), event_on=day(2026, 5, 20))
    with clock.stopped_at(LATER):
        remove_announced(actor=CHIEF)
    assert [newest(one).relationship for one in people] == ["世帯主", "妻"]
    assert newest(people[1]).reason == "move_out"


def test_the_code_of_a_cancelled_entry_may_be_entered_again_but_once(town: int, may: None) -> None:
    first = act("move_in", people=(newcomer_said(),))
    act("cancellation", cancels=first.pk)
    act("move_in", people=(newcomer_said(),))
    with pytest.raises(Refused) as refused:
        act("move_in", people=(newcomer_said(),))
    assert refused.value.code == "already_registered"
