"""Former surname and alias: entered, changed, deleted, carried over on return (旧氏・通称の試験)."""

from datetime import date
from typing import Any

import pytest

from municipal.core.refusals import Refused
from municipal.residents.models import ResidentRecord
from municipal.residents.tests.acting import PLACE, act, day, member, newcomer_said, newest, people_of
from municipal.residents.tests.test_foreigners import STAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("may")]
V1 = "resident-record/1.0"
ABROAD = {"country": "例示国", "abroad": "EXAMPLE STREET 1"}


def japanese(**items: Any) -> Any:
    return people_of(act("move_in", people=(newcomer_said(**items),)))[0]


def foreigner(**items: Any) -> Any:
    return people_of(act("article30_46", people=(newcomer_said(**STAY | items),), place=PLACE))[0]


def asked(row: Any, act_name: str, on: int = 18, basis: str = "", **items: Any) -> Any:
    ground = basis or ("request" if act_name.startswith("former") else "application")
    act(act_name, people=(member(row, **items),), event_on=day(2026, 5, on), basis=ground)
    return newest(row)


@pytest.mark.clause(f"{V1}#1.1.7/m1")
def test_a_former_surname_is_entered_changed_and_deleted_and_the_history_keeps_it(town: int) -> None:
    row = japanese()
    now = asked(row, "former_surname_entry", former_family_name="乙野", former_family_kana="オツノ")
    assert (now.reason, now.former_family_name, now.former_family_kana) == ("former_surname_entry", "乙野", "オツノ")
    assert (now.requested_on, now.notified_on) == (date(2026, 5, 20), None)
    now = asked(row, "former_surname_change", former_family_name="丙野")
    assert (now.reason, now.former_family_name, now.former_family_kana) == ("former_surname_change", "丙野", "")
    now = asked(row, "former_surname_deletion")
    assert (now.reason, now.former_family_name) == ("former_surname_deletion", "")
    rows = ResidentRecord.objects.filter(addressee=row.addressee).order_by("serial")
    assert [one.former_family_name for one in rows] == ["", "乙野", "丙野", ""]
    assert {one.name for one in rows} == {"甲野　太郎"}


@pytest.mark.clause(f"{V1}#1.1.7/m2", f"{V1}#1.1.2/m2")
def test_an_alias_is_entered_and_deleted_with_day_and_municipality(town: int) -> None:
    row = foreigner()
    now = asked(row, "alias_entry", 12, alias="例示　愛", alias_kana="レイジ　アイ")
    assert (now.reason, now.alias, now.alias_entered_on) == ("alias_entry", "例示　愛", date(2026, 5, 12))
    assert (now.alias_entered_at, now.alias_entered_at_code) == ("架空市", "990019")
    assert now.applied_on == date(2026, 5, 20)
    now = asked(row, "alias_deletion", 18)
    assert (now.reason, now.alias, now.alias_kana) == ("alias_deletion", "", "")
    assert (now.alias_deleted_on, now.alias_deleted_at, now.alias_deleted_at_code) == (
        date(2026, 5, 18), "架空市", "990019",
    )  # fmt: skip
    assert now.alias_entered_on == date(2026, 5, 12)
    now = asked(row, "alias_entry", 19, alias="見本　愛")
    assert (now.alias, now.alias_entered_on, now.alias_deleted_on) == ("見本　愛", date(2026, 5, 19), None)
    rows = ResidentRecord.objects.filter(addressee=row.addressee).order_by("serial")
    assert [one.alias for one in rows] == ["", "例示　愛", "", "見本　愛"]


@pytest.mark.parametrize(
    ("kind", "name", "items", "basis", "code"),
    [
        ("1", "former_surname_entry", {}, "request", "missing"),
        ("1", "former_surname_entry", {"former_family_name": "　"}, "request", "missing"),
        ("1", "former_surname_entry", {"former_family_name": "乙野", "name": "別名"}, "request", "others"),
        ("1", "former_surname_entry", {"former_family_name": "乙野"}, "notice", "wrong_basis"),
        ("1", "former_surname_change", {"former_family_name": "乙野"}, "request", "has_none"),
        ("1", "former_surname_deletion", {}, "request", "has_none"),
        ("1", "alias_entry", {"alias": "例示"}, "application", "wrong_kind"),
        ("2", "former_surname_entry", {"former_family_name": "乙野"}, "request", "wrong_kind"),
        ("2", "alias_entry", {}, "application", "missing"),
        ("2", "alias_entry", {"alias": "例示", "alias_entered_at": "別市"}, "application", "others"),
        ("2", "alias_entry", {"alias": "例示"}, "request", "wrong_basis"),
        ("2", "alias_deletion", {}, "application", "has_none"),
    ],
)
def test_what_does_not_fit_is_refused(town: int, kind: str, name: str, items: Any, basis: str, code: str) -> None:
    row = japanese() if kind == "1" else foreigner()
    with pytest.raises(Refused) as refused:
        asked(row, name, basis=basis, **items)
    assert refused.value.code == code


def test_a_second_one_is_refused_while_one_stands(town: int) -> None:
    row = japanese()
    asked(row, "former_surname_entry", former_family_name="乙野")
    wanted: Any = (("former_surname_entry", {"former_family_name": "丙野"}),
                        ("former_surname_change", {"former_family_name": "乙野"}))  # fmt: skip
    for name, items in wanted:
        with pytest.raises(Refused) as refused:
            asked(row, name, **items)
        assert refused.value.code == {"former_surname_entry": "has_one", "former_surname_change": "nothing_new"}[name]


@pytest.mark.clause(f"{V1}#1.1.7/m3", f"{V1}#4.1.1.2/m3")
@pytest.mark.parametrize("kind", ["1", "2"])
def test_whoever_comes_back_from_abroad_has_the_former_surname_or_alias_again(town: int, kind: str) -> None:
    row = japanese(former_family_name="乙野") if kind == "1" else foreigner()
    if kind == "2":
        asked(row, "alias_entry", 12, alias="例示　愛")
    act("move_out", people=(member(row),), place=ABROAD, event_on=day(2026, 5, 14))
    stay = {} if kind == "1" else {"residence_card_number": "EF11112222GH"}
    back = {"relationship": "世帯主", **stay}
    act("move_in", people=(member(row, **back),), came_from=ABROAD, event_on=day(2026, 5, 18))
    now = newest(row)
    assert (now.status, now.reason, now.former_family_name, now.alias) == (
        "1", "move_in_from_abroad", "乙野" if kind == "1" else "", "例示　愛" if kind == "2" else "",
    )  # fmt: skip
    assert now.alias_entered_at == ("架空市" if kind == "2" else "")


@pytest.mark.clause(f"{V1}#1.1.7/m3")
def test_what_was_carried_over_can_be_left_out(town: int) -> None:
    row = japanese(former_family_name="乙野")
    act("move_out", people=(member(row),), place=ABROAD, event_on=day(2026, 5, 14))
    back = {"relationship": "世帯主", "former_family_name": ""}
    act("move_in", people=(member(row, **back),), came_from=ABROAD, event_on=day(2026, 5, 18))
    assert newest(row).former_family_name == ""
