"""What copies tell of the remarks field, and what they keep to themselves (統合記載欄の記載の試験)."""

from typing import Any

import pytest

from municipal.addressees.operations import protect
from municipal.certificates.history import remarks_field
from municipal.certificates.operations import pdf_of
from municipal.core import clock
from municipal.residents import inquiry
from municipal.residents.operations import write_memo, write_remark
from municipal.residents.tests.acting import PLACE, act, day, member, newest

from .issuing import CLERK, EVERYTHING, issued, text_of

pytestmark = pytest.mark.django_db
V1 = "resident-record/1.0"
FROM_THE_REGISTER = {"event_on": day(2026, 5, 18), "basis": "family_register", "notifier_capacity": ""}


def field_of(row: Any, **said: Any) -> str:
    """A copy with its annex, as text in one line."""
    kind = said.pop("kind", "person_copy")
    made = issued(kind, row, **{"has_history": True, **said}).copies.get()
    return text_of(pdf_of(CLERK, made)).replace("\r", "").replace("\n", "")


@pytest.mark.clause(f"{V1}#1.1.14/m2", f"{V1}#1.1.14/m3", f"{V1}#1.1.15/m4")
def test_history_notes_and_remarks_are_printed_and_a_memo_never_is(home: list[Any]) -> None:
    act("move_within", people=tuple(map(member, home)), place={**PLACE, "lot": "８番地"}, event_on=day(2026, 5, 18))
    person = home[0].addressee_id
    write_remark(actor=CLERK, person=person, text="住居表示の実施による", serial=2)
    write_remark(actor=CLERK, person=person, text="通称住所　松町団地")
    write_memo(actor=CLERK, person=person, text="窓口で強い口調")
    said = field_of(home[0])
    places = [said.index(words) for words in ("１番地 → ", "住居表示の実施による", "通称住所　松町団地")]
    assert places == sorted(places)
    assert "強い口調" not in said
    # The field is asked for with the history; without it nothing of it stands on the copy.
    short = field_of(home[0], has_history=False)
    assert [words for words in ("住居表示", "団地", "強い口調") if words in short] == []


@pytest.mark.clause(f"{V1}#1.1.4/m5", f"{V1}#5.1/m2")
@pytest.mark.parametrize("name", ["special_adoption", "special_adoption_dissolution"])
def test_a_special_adoption_is_told_only_where_it_is_asked_for(home: list[Any], name: str) -> None:
    child = home[2]
    act(name, people=(member(child, domicile="架空県架空市松町７番地"),), **FROM_THE_REGISTER)
    person = child.addressee_id
    write_remark(actor=CLERK, person=person, text="審判の確定による", serial=2, item="domicile")
    write_remark(actor=CLERK, person=person, text="特別養子縁組の届書は別に保管")
    write_remark(actor=CLERK, person=person, text="ほかの備考")
    omits = EVERYTHING - {"family_register"}
    by_default = field_of(child, omits=omits)
    told = ("特別養子縁組", "→ 架空県架空市松町７番地", "審判の確定")
    assert [words for words in told if words in by_default] == []
    assert "ほかの備考" in by_default
    asked_for = field_of(child, omits=omits, has_special_history=True)
    assert [words for words in told if words not in asked_for] == []


@pytest.mark.clause(f"{V1}#1.1.4/m5")
def test_a_note_makes_a_row_special_and_taking_such_an_act_back_does_not_tell_it(home: list[Any]) -> None:
    child = home[2]
    act("register_correction", people=(member(child, domicile="架空県架空市松町６番地"),), **FROM_THE_REGISTER)
    write_remark(actor=CLERK, person=child.addressee_id, text="特別養子縁組", serial=2)
    event = act(
        "special_adoption", people=(member(child, domicile="架空県架空市松町７番地"),),
        **FROM_THE_REGISTER | {"event_on": day(2026, 5, 19)},
    )  # fmt: skip
    act("cancellation", cancels=event.pk, event_on=day(2026, 5, 20), basis="ex_officio")
    assert newest(child).domicile == "架空県架空市松町６番地"
    said = field_of(child, omits=EVERYTHING - {"family_register"})
    assert "→" not in said
    assert "特別養子縁組" not in said
    assert "→" in field_of(child, omits=EVERYTHING - {"family_register"}, has_special_history=True)


@pytest.mark.clause(f"{V1}#1.1.4/m5")
def test_a_change_of_sex_is_told_only_where_it_is_asked_for(home: list[Any]) -> None:
    act("sex_change", people=(member(home[2], sex="2"),), **FROM_THE_REGISTER)
    assert "男 → 女" not in field_of(home[2])
    assert "男 → 女" in field_of(home[2], has_special_history=True)


@pytest.mark.clause(f"{V1}#5.1/m2")
def test_a_note_on_what_is_left_out_is_left_out_with_it(home: list[Any]) -> None:
    act("register_correction", people=(member(home[2], domicile="架空県架空市松町６番地"),), **FROM_THE_REGISTER)
    person = home[2].addressee_id
    write_remark(actor=CLERK, person=person, text="戸籍の表示の誤り", serial=2, item="domicile")
    write_remark(actor=CLERK, person=person, text="職権による", serial=2)
    assert [words for words in ("誤り", "職権による") if words in field_of(home[2])] == []
    full = field_of(home[2], omits=EVERYTHING - {"family_register"})
    assert "本籍：戸籍の表示の誤り" in full
    assert "職権による" in full


@pytest.mark.clause(f"{V1}#1.1.14/m4")
def test_the_copy_of_a_removed_record_has_its_own_items_and_its_remarks(home: list[Any]) -> None:
    act("death", people=(member(home[3]),), notifier_capacity="")
    write_remark(actor=CLERK, person=home[3].addressee_id, text="死亡地は確認済み", serial=2)
    said = field_of(home[3], kind="removed_copy")
    assert "死亡" in said
    write_remark(actor=CLERK, person=home[3].addressee_id, text="除票についての備考")
    assert "除票についての備考" in field_of(home[3], kind="removed_copy")


def test_what_somebody_wrote_may_say_a_protected_door_and_is_not_printed(home: list[Any]) -> None:
    write_remark(actor=CLERK, person=home[0].addressee_id, text="松町の病院にいる", serial=1)
    write_remark(actor=CLERK, person=home[0].addressee_id, text="松町の別宅にいる")
    rows = list(inquiry.history(home[0].addressee))

    def texts() -> list[str]:
        return [item.text for item in remarks_field(rows, frozenset(), has_special=True)]

    assert texts() == ["松町の病院にいる", "松町の別宅にいる"]
    protect(actor=CLERK, addressee=home[0].addressee, starts_on=clock.today(), ends_on=None, is_own=True)
    assert texts() == []


def test_a_long_remark_is_printed_to_its_end(home: list[Any]) -> None:
    write_remark(actor=CLERK, person=home[0].addressee_id, text="長い備考" * 120 + "終わり")
    made = issued("person_copy", home[0], has_history=True, confirmed=frozenset())
    said = text_of(pdf_of(CLERK, made.copies.get())).replace("\r", "").replace("\n", "")
    assert said.count("長い備考") >= 115
    assert "終わり" in said
