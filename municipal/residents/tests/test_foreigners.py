"""First entries of foreign residents, and what the immigration agency tells (外国人住民の異動の試験)."""

from datetime import date
from typing import Any

import pytest

from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.acting import ELSEWHERE, act, code, day, member, newcomer_said, newest, people_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("may")]
V1 = "resident-record/1.0"
STAY: dict[str, Any] = {
    "name": "EXAMPLE ALICE", "roman_name": "EXAMPLE ALICE", "nationality": "例示国", "domicile": "",
    "register_head": "",
    "article30_45_class": "mid_long_term", "residence_status": "engineer_humanities_international", "stay_years": 3,
    "residence_card_number": "AB12345678CD", "stay_expires_on": date(2028, 4, 1),
}  # fmt: skip
SPECIAL = {
    "article30_45_class": "special_permanent", "residence_status": "", "stay_years": None, "stay_expires_on": None,
}  # fmt: skip


def refusal_of(name: str, **said: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(name, **said)
    return refused.value.code


def comes(name: str = "article30_46", came_from: Any = None, **items: Any) -> Any:
    from municipal.residents.tests.acting import PLACE

    said = newcomer_said(**STAY | items)
    return people_of(act(name, people=(said,), place=PLACE, came_from=came_from or {}))[0]


@pytest.mark.clause(f"{V1}#4.5.1/m1", f"{V1}#4.5.1/m2", f"{V1}#4.5.2/m1", f"{V1}#4.5.2/m2")
@pytest.mark.parametrize(("name", "article"), [("article30_46", "46"), ("article30_47", "47")])
def test_a_first_entry_needs_no_address_before(town: int, name: str, article: str) -> None:
    row = comes(name)
    assert (row.kind, row.reason, row.entry_reason) == ("2", "move_in_from_abroad", "move_in_from_abroad")
    assert (row.address_before_city, row.address_before_abroad, row.address_before_country) == ("", "", "")
    assert (row.became_foreign_resident_on, row.became_resident_on) == (day(2026, 5, 11), None)
    assert row.address_set_on == day(2026, 5, 11)
    assert row.article30_46_47_class == article
    assert (row.stay_years, row.stay_expires_on) == (3, date(2028, 4, 1))


@pytest.mark.clause(f"{V1}#4.5.1/m1")
def test_where_somebody_was_abroad_may_still_be_said(town: int) -> None:
    row = comes(came_from={"country": "例示国", "abroad": "EXAMPLE STREET 1"})
    assert (row.address_before_country, row.address_before_abroad) == ("例示国", "EXAMPLE STREET 1")


@pytest.mark.clause(f"{V1}#4.5.2/m1")
def test_whoever_lived_here_before_the_status_keeps_the_day_the_address_was_set(town: int) -> None:
    row = comes("article30_47", address_set_on=day(2026, 3, 1))
    assert (row.address_set_on, row.became_foreign_resident_on) == (day(2026, 3, 1), day(2026, 5, 11))


@pytest.mark.clause(f"{V1}#1.1.2/m3", f"{V1}#4.5.1/m1")
@pytest.mark.parametrize(
    ("items", "refused"),
    [
        ({"article30_45_class": ""}, "wrong_class"), ({"article30_45_class": "transitional_birth"}, "wrong_class"),
        ({"article30_45_class": "transitional_nationality_loss"}, "wrong_class"),
        ({"residence_card_number": ""}, "missing"), ({"residence_status": ""}, "missing"),
        ({"stay_expires_on": None}, "missing"),
        ({"residence_status": "permanent_resident", "stay_expires_on": None, "stay_years": None}, None),
        (SPECIAL, None), ({**SPECIAL, "residence_status": "student"}, "of_another_class"),
        ({**SPECIAL, "stay_expires_on": date(2030, 1, 1)}, "of_another_class"),
        ({**SPECIAL, "article30_45_class": "temporary_refuge", "residence_card_number": ""}, "missing"),
        (
            {**SPECIAL, "article30_45_class": "temporary_refuge", "residence_card_number": "",
             "landing_period": "180日"},
            None,
        ),
        (
            {**SPECIAL, "article30_45_class": "provisional_stay", "residence_card_number": "",
             "provisional_stay_period": "6月"}, None,
        ),
        ({"landing_period": "180日"}, "of_another_class"),
    ],
)  # fmt: skip
def test_each_class_has_its_items_and_no_other(town: int, items: dict[str, Any], refused: str | None) -> None:
    if refused is None:
        assert comes(**items).article30_45_class == (STAY | items)["article30_45_class"]
    else:
        said = (newcomer_said(**STAY | items),)
        assert refusal_of("article30_46", people=said, place={"city": "架空市", "block": "松町"}) == refused


@pytest.mark.clause(f"{V1}#4.5.6/m1")
def test_a_new_period_of_stay_is_entered_as_the_agency_tells_it(town: int) -> None:
    row = comes()
    said = {"residence_card_number": "CD87654321EF", "stay_years": 5, "stay_expires_on": date(2031, 5, 15)}
    act("immigration_correction", people=(member(row, **said),), event_on=day(2026, 5, 15), basis="immigration")
    now = newest(row)
    assert (now.reason, now.stay_years, now.stay_expires_on) == ("correction_ex_officio", 5, date(2031, 5, 15))
    assert (now.residence_card_number, now.residence_status) == ("CD87654321EF", "engineer_humanities_international")
    assert (now.notice_on, now.event.basis) == (date(2026, 5, 20), "immigration")
    assert ResidentRecord.objects.get(pk=row.pk).stay_expires_on == date(2028, 4, 1)


@pytest.mark.clause(f"{V1}#4.5.6/m1")
def test_whoever_lost_the_residence_status_is_removed(town: int) -> None:
    row = comes()
    act("immigration_removal", people=(member(row),), event_on=day(2026, 5, 15), basis="immigration")
    now = newest(row)
    assert (now.status, now.reason, now.removal_reason) == ("9", "deletion_ex_officio", "deletion_ex_officio")
    assert now.removed_on == day(2026, 5, 15)
    assert now.article30_45_class == "mid_long_term"


@pytest.mark.parametrize(
    ("name", "items", "basis", "code"),
    [
        ("immigration_correction", {"stay_years": 5}, "ex_officio", "wrong_basis"),
        ("immigration_removal", {}, "notice", "wrong_basis"),
        ("immigration_correction", {"address_lot": "９番地"}, "immigration", "item_not_allowed"),
        ("immigration_correction", {"relationship": "子"}, "immigration", "item_not_allowed"),
        ("immigration_correction", {"stay_expires_on": None}, "immigration", "missing"),
        ("immigration_correction", {"landing_period": "6月"}, "immigration", "of_another_class"),
        ("immigration_correction", {"stay_years": 3}, "immigration", "nothing_new"),
    ],
)
def test_the_agency_tells_only_what_it_may(town: int, name: str, items: Any, basis: str, code: str) -> None:
    row = comes()
    assert refusal_of(name, people=(member(row, **items),), event_on=day(2026, 5, 15), basis=basis) == code


def test_the_agency_tells_nothing_of_japanese_residents(town: int) -> None:
    row = people_of(act("move_in", people=(newcomer_said(),)))[0]
    for name in ("immigration_correction", "immigration_removal"):
        assert refusal_of(name, people=(member(row, name="別名"),), basis="immigration") == "wrong_kind"


def test_a_place_is_notified_once_by_whoever_has_a_card(town: int) -> None:
    row = comes()
    said: Any = {"people": (member(row),), "event_on": day(2026, 5, 18)}
    act("place_notification", **said)
    assert newest(row).is_place_notified
    assert refusal_of("place_notification", **said) == "already_notified"
    japanese = people_of(act("move_in", people=(newcomer_said(serial=9),)))[0]
    assert refusal_of("place_notification", people=(member(japanese),)) == "wrong_kind"


def test_a_second_move_puts_the_place_notification_back(town: int) -> None:
    row = comes(is_place_notified=True)
    there = {"city": "架空市", "block": "竹町", "lot": "８番地"}
    act("move_within", people=(member(row),), place=there, event_on=day(2026, 5, 18))
    assert not newest(row).is_place_notified
    act("place_notification", people=(member(row),), event_on=day(2026, 5, 19))
    assert newest(row).is_place_notified


def test_a_returner_by_card_number_is_told(town: int) -> None:
    row = comes()
    act("move_out", people=(member(row),), place=ELSEWHERE, event_on=day(2026, 5, 15))
    said = newcomer_said(**STAY | {"resident_code": code(77)})
    assert (
        refusal_of("article30_46", people=(said,), place={"city": "架空市", "block": "松町"}) == "returning_by_number"
    )
