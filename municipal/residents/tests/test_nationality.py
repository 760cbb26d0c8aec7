"""Becoming Japanese and ceasing to be: what is carried over, what goes (帰化・国籍取得・国籍喪失の試験)."""

from datetime import date
from typing import Any

import pytest

from municipal.core.refusals import Refused
from municipal.residents.counts import month
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.acting import act, child, day, member, newcomer_said, newest, people_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("may")]
V1 = "resident-record/1.0"
CARRIED = (
    "address_city", "address_block", "address_lot", "address_building", "born_on", "sex", "relationship",
    "resident_code",
    "address_set_on", "address_before_city", "address_before_abroad", "addressee_id", "household_id", "member_order",
)  # fmt: skip
FOREIGN: dict[str, Any] = {
    "kind": "2", "name": "EXAMPLE ALICE", "roman_name": "EXAMPLE ALICE", "alias": "例示　愛", "nationality": "例示国",
    "alias_entered_at": "見本市", "alias_entered_on": date(2020, 1, 5), "article30_45_class": "mid_long_term",
    "residence_status": "permanent_resident", "residence_card_number": "AB12345678CD", "domicile": "",
    "register_head": "", "became_foreign_resident_on": day(2012, 7, 9),
    "registered_under_former_law_on": day(2009, 4, 1),
}  # fmt: skip
JAPANESE: dict[str, Any] = {
    "name": "例示　愛", "family_name": "例示", "given_name": "愛", "domicile": "架空県架空市松町１番地",
    "register_head": "例示　愛",
}  # fmt: skip
LOST = {"name": "KONO TARO", "roman_name": "KONO TARO", "nationality": "例示国"}


def foreigner(**items: Any) -> Any:
    return people_of(act("move_in", people=(newcomer_said(**FOREIGN | items),)))[0]


def naturalised(row: Any, name: str = "naturalisation", **items: Any) -> Any:
    return act(name, people=(member(row, **JAPANESE | items),), event_on=day(2026, 5, 18), basis="family_register")


@pytest.mark.clause(
    f"{V1}#4.5.3/m1", f"{V1}#4.5.3/m2", f"{V1}#4.5.3/m3", f"{V1}#4.5.3/m4", f"{V1}#4.5.4/m1", f"{V1}#4.5.4/m2",
    f"{V1}#4.5.4/m3", f"{V1}#4.5.4/m4",
)  # fmt: skip
@pytest.mark.parametrize("name", ["naturalisation", "nationality_acquired"])
def test_a_foreign_resident_becomes_japanese_under_the_same_number(town: int, name: str) -> None:
    was = foreigner()
    gone, came = ResidentRecord.objects.filter(event=naturalised(was, name)).order_by("serial")
    assert (gone.status, gone.kind, gone.reason, gone.removal_reason) == (
        "9", "2", "deletion_by_naturalisation", "deletion_by_naturalisation",
    )  # fmt: skip
    assert (came.status, came.kind, came.reason, came.entry_reason) == (
        "1", "1", "entry_by_naturalisation", "entry_by_naturalisation",
    )  # fmt: skip
    assert [getattr(came, item) for item in CARRIED] == [getattr(was, item) for item in CARRIED]
    assert came.became_resident_on == was.became_foreign_resident_on == day(2012, 7, 9)
    assert (gone.roman_name, gone.alias, gone.nationality) == ("EXAMPLE ALICE", "例示　愛", "例示国")
    assert (came.roman_name, came.alias, came.alias_entered_on, came.nationality, came.residence_card_number) == (
        "", "", None, "", "",
    )  # fmt: skip
    assert (came.became_foreign_resident_on, came.registered_under_former_law_on, came.removal_reason) == (
        None,
        None,
        "",
    )
    assert (came.name, came.head_name, came.register_head) == ("例示　愛", "例示　愛", "例示　愛")


@pytest.mark.clause(f"{V1}#4.5.5/m1", f"{V1}#4.5.5/m2", f"{V1}#4.5.5/m3", f"{V1}#4.5.5/m4", f"{V1}#4.5.5/n1")
@pytest.mark.parametrize(("lived_since", "since"), [(day(2026, 5, 11), day(2026, 5, 18)), (day(2026, 5, 19), None)])
def test_a_japanese_resident_becomes_a_foreign_one(town: int, lived_since: Any, since: Any) -> None:
    was = people_of(act("move_in", people=(newcomer_said(),), event_on=lived_since))[0]
    said = (member(was, **LOST),)
    if since is None:
        with pytest.raises(Refused) as refused:
            act("nationality_lost", people=said, event_on=day(2026, 5, 18), basis="family_register")
        assert refused.value.code == "later_act_recorded"
        return
    event = act("nationality_lost", people=said, event_on=day(2026, 5, 18), basis="family_register")
    gone, came = ResidentRecord.objects.filter(event=event).order_by("serial")
    assert (gone.kind, gone.removal_reason, gone.status) == ("1", "deletion_by_loss_of_nationality", "9")
    assert (came.kind, came.reason, came.article30_45_class) == (
        "2", "entry_by_loss_of_nationality", "transitional_nationality_loss",
    )  # fmt: skip
    assert [getattr(came, item) for item in CARRIED] == [getattr(was, item) for item in CARRIED]
    assert (came.became_foreign_resident_on, came.became_resident_on) == (since, None)
    assert (came.domicile, came.register_head, came.registered_under_former_law_on) == ("", "", None)
    assert (came.name, came.head_name) == ("KONO TARO", "KONO TARO")


@pytest.mark.clause(f"{V1}#4.5.5/n1")
def test_a_day_under_the_former_law_is_refused_after_a_loss_of_nationality(town: int) -> None:
    was = people_of(act("move_in", people=(newcomer_said(),)))[0]
    said = (member(was, **LOST, registered_under_former_law_on=day(1990, 4, 1)),)
    with pytest.raises(Refused) as refused:
        act("nationality_lost", people=said, event_on=day(2026, 5, 18), basis="family_register")
    assert refused.value.code == "not_under_former_law"


def test_members_follow_the_new_name_of_their_head(town: int) -> None:
    head, other = people_of(act("move_in", people=(newcomer_said(**FOREIGN), child())))
    naturalised(head)
    assert newest(other).head_name == "例示　愛"
    assert newest(other).reason == "correction_ex_officio"


def test_a_cancelled_naturalisation_leaves_a_foreign_resident(town: int) -> None:
    was = foreigner()
    event = naturalised(was)
    act("cancellation", cancels=event.pk, event_on=day(2026, 5, 20), basis="ex_officio")
    again = newest(was)
    assert (again.kind, again.status, again.reason) == ("2", "1", "cancellation_correcting")
    assert (again.name, again.alias, again.residence_card_number) == ("EXAMPLE ALICE", "例示　愛", "AB12345678CD")
    assert again.removal_reason == ""


def test_an_announced_move_out_still_stands_after_a_naturalisation(town: int) -> None:
    was = foreigner()
    act("move_out", people=(member(was),), place={"city": "見本市"}, event_on=day(2026, 6, 10))
    with pytest.raises(Refused):
        naturalised(was)
    act("naturalisation", people=(member(was, **JAPANESE),), event_on=day(2026, 5, 20), basis="family_register")
    assert newest(was).move_out_planned_on.isoformat() == "2026-06-10"
    assert newest(was).planned_destination_city == "見本市"


def test_one_who_changes_kind_is_counted_out_of_the_one_and_into_the_other(town: int) -> None:
    naturalised(foreigner())
    counted = month(2026, 5)
    assert counted.is_balanced
    assert {one.reason: one.total for one in counted.additions} == {"move_in": 1, "entry_by_naturalisation": 1}
    assert {one.reason: one.total for one in counted.removals} == {"deletion_by_naturalisation": 1}


@pytest.mark.parametrize(
    ("items", "basis", "code"),
    [
        ({"name": ""}, "family_register", "missing"), ({"domicile": ""}, "family_register", "missing"),
        ({"register_head": ""}, "family_register", "missing"), ({"relationship": "妻"}, "family_register", "others"),
        ({}, "notice", "wrong_basis"), ({"kind": "2"}, "family_register", "others"),
    ],
)  # fmt: skip
def test_a_naturalisation_without_its_items_is_refused(town: int, items: Any, basis: str, code: str) -> None:
    was = foreigner()
    with pytest.raises(Refused) as refused:
        act("naturalisation", people=(member(was, **JAPANESE | items),), event_on=day(2026, 5, 18), basis=basis)
    assert refused.value.code == code


def test_only_the_other_kind_changes(town: int) -> None:
    japanese = people_of(act("move_in", people=(newcomer_said(),)))[0]
    with pytest.raises(Refused) as refused:
        naturalised(japanese)
    assert refused.value.code == "wrong_kind"
    with pytest.raises(Refused) as refused:
        foreign = foreigner(resident_code=newcomer_said(serial=7).items["resident_code"])
        act("nationality_lost", people=(member(foreign, **LOST),), event_on=day(2026, 5, 18), basis="family_register")
    assert refused.value.code == "wrong_kind"
