"""The queue of provisional entries: deciding, returning, amending, and who sees nothing of it (仮登録一覧の試験)."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import AS_OF, TOWN
from fixtures.town import build
from fixtures.town import town as made_up_town
from fixtures.town.cast import PROTECTED_MARKER
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.numbers import number_of
from municipal.identity.models import Staff
from municipal.municipalities import wall
from municipal.residents.models import Draft
from municipal.residents.operations import change_settings

from .entering import CAME, decided, entered, family, fields, moved_in, newcomer, newest, opened, sent, signed_in, text

NOW = datetime(2026, 11, 25, 10, tzinfo=clock.TOKYO)
PEOPLE = {person.cast: person for person in build(made_up_town(str(TOWN)), 120, 1, AS_OF) if person.cast}


def number(key: str) -> str:
    return number_of(PEOPLE[key].serial, 10)


@pytest.fixture
def clerk(two_towns: str) -> Iterator[Client]:
    with clock.stopped_at(NOW):
        yield signed_in("counter")


@pytest.fixture
def chief(clerk: Client) -> Client:
    return signed_in("chief")


def arriving(clerk: Client, given: str) -> int:
    """The entry of one person who moves in."""
    typed = {**newcomer(0, given, "世帯主", "S60.4.1"), **CAME}
    return entered(clerk, clerk.get("/entries/move_in"), **typed)


@pytest.mark.clause("resident-record/1.0#4.0.8/m3", "resident-record/1.0#4.0.8/m4")
def test_the_list_shows_whom_what_when_and_who(clerk: Client, chief: Client) -> None:
    arriving(clerk, "太郎")
    said = text(chief.get("/drafts"))
    for expected in ("転入 太郎", "転入 1", "令和8年11月2日", "窓口 一葉", "令和8年11月25日 10:00", "審査待ち"):
        assert expected in said.replace("　", " ")
    assert "仮登録はありません" in text(chief.get("/drafts?act=death")) or "条件" in text(
        chief.get("/drafts?act=death")
    )
    assert chief.get("/drafts?by=nobody:x").status_code == 422
    with wall.within(TOWN):
        actor = Draft.objects.get().entered_by_id
        Staff.objects.filter(pk=actor).update(department="市民課")
    assert "太郎" in text(chief.get(f"/drafts?by=staff:{actor}&act=move_in"))
    # By the place where it was entered, too; another place has nothing.
    assert "太郎" in text(chief.get("/drafts", {"by": "department:市民課"}))
    assert chief.get("/drafts", {"by": "department:税務課"}).status_code == 422


def test_a_return_needs_a_reason_and_the_entry_can_be_amended(clerk: Client, chief: Client) -> None:
    draft = arriving(clerk, "太郎")
    bare = chief.post(f"/drafts/{draft}/return", {"version": 1, "because": " "})
    assert bare.status_code == 422
    assert 'href="#id_because"' in bare.content.decode()
    assert chief.post(f"/drafts/{draft}/return", {"version": 1, "because": "続柄の確認"}).status_code == 302
    page = clerk.get(f"/drafts/{draft}")
    assert "続柄の確認" in text(page)
    assert chief.post(f"/drafts/{draft}/decide", {"version": 2}).status_code == 409
    shown = clerk.get(page.context["draft"]["amend_url"])
    assert fields(shown)["people-0-given_name"] == ["太郎"]
    assert fields(shown)["place-block"] == ["松町"]
    assert entered(clerk, shown, **{"people-0-given_name": "次郎"}) == draft
    assert len(decided(chief, draft)) == 1
    assert clerk.get("/residents?q=転入次郎").context["people"][0]["name"] == "転入　次郎"
    assert "本登録済み" in text(clerk.get(f"/drafts/{draft}"))


def test_an_entry_amended_meanwhile_is_not_decided_unseen(clerk: Client, chief: Client) -> None:
    draft = arriving(clerk, "太郎")
    shown = clerk.get(clerk.get(f"/drafts/{draft}").context["draft"]["amend_url"])
    entered(clerk, shown, **{"people-0-given_name": "次郎"})
    answer = chief.post(f"/drafts/{draft}/decide", {"version": 1})
    assert answer.status_code == 409
    assert "書き換えられました" in text(answer)


def test_withdrawing_leaves_nothing(clerk: Client, chief: Client) -> None:
    draft = arriving(clerk, "太郎")
    for _ in range(2):
        assert clerk.post(f"/drafts/{draft}/withdraw", {"version": 1}).status_code == 302
    assert "取り下げられました" in text(clerk.get(f"/drafts/{draft}"))
    assert chief.get("/drafts").context["rows"] == []


def test_who_entered_does_not_decide_unless_the_town_allows_it(chief: Client) -> None:
    draft = arriving(chief, "太郎")
    assert "別の職員が決定してください" in text(chief.get(f"/drafts/{draft}"))
    assert chief.post(f"/drafts/{draft}/decide", {"version": 1}).status_code in (403, 409)
    with wall.within(TOWN):
        change_settings(actor=System(), may_decide_own=True, lease_minutes=20)
    assert len(decided(chief, draft)) == 1


def test_a_decision_pressed_twice_decides_once(clerk: Client, chief: Client) -> None:
    draft = arriving(clerk, "太郎")
    for _ in range(2):
        assert chief.post(f"/drafts/{draft}/decide", {"version": 1}).status_code == 302


@pytest.mark.clause("resident-record/1.0#4.0.8/m4")
def test_several_are_decided_at_once_and_the_refused_say_why(clerk: Client, chief: Client) -> None:
    first, second, third = (arriving(clerk, given) for given in ("太郎", "次郎", "三郎"))
    answer = chief.post("/drafts/decide", {"draft": [f"{first}:1", f"{second}:9", f"{third}:1", "x", "9:x"]})
    said = text(answer)
    assert "2件を本登録しました" in said
    assert "書き換えられました" in said
    with wall.within(TOWN):
        states = dict(Draft.objects.values_list("pk", "state"))
        refusals = Entry.objects.filter(kind="refusal").count()
    assert states == {first: "decided", second: "waiting", third: "decided"}
    assert refusals >= 1
    assert chief.post("/drafts/decide").status_code == 422


def test_an_entry_is_nowhere_before_its_decision(clerk: Client, chief: Client) -> None:
    numbers = moved_in(clerk, chief)
    entered(clerk, opened(clerk, "death", person=numbers[1]), event_on="R8.11.20")
    arriving(clerk, "四郎")
    tax = signed_in("tax")
    for path in (f"/residents/{numbers[1]}", f"/residents/{numbers[1]}/history", f"/residents/{numbers[1]}/household"):
        said = text(tax.get(path))
        assert not any(word in said for word in ("仮登録", "死亡", "入力中")), path
    assert tax.get("/residents", {"q": "転入四郎"}).context["people"] == []
    assert newest(numbers[1]).status == "1"
    seen = text(clerk.get(f"/residents/{numbers[0]}"))
    assert "死亡が仮登録中です" in seen
    assert "異動を入力する" not in seen
    assert clerk.post("/entries/start", {"act": "death", "person": numbers[0]}).status_code == 409


def test_a_protected_address_is_on_no_page_of_an_entry(clerk: Client, chief: Client) -> None:
    mother = number("protected_mother")
    pages = [clerk.get(f"/residents/{mother}"), clerk.get(f"/residents/{mother}/household")]
    for act, typed in (
        ("correction_ex_officio", {"fix-0-item": "name_kana", "fix-0-value": "テスト"}),
        ("move_within", {"place-block": "梅町"}),
        ("move_out", {"place-city": "見本市", "place-block": "本通"}),
        ("birth", {"people-0-given_name": "子", "people-0-sex": "1", "people-0-relationship": "子"}),
        ("death", {}),
    ):
        shown = opened(clerk, act, person=mother)
        checked = sent(clerk, shown, "check", event_on="R8.11.24", **typed)
        assert checked.status_code == 200, text(checked)
        draft = entered(clerk, shown, event_on="R8.11.24", **typed)
        detail = chief.get(f"/drafts/{draft}")
        amending = clerk.get(detail.context["draft"]["amend_url"])
        pages += [shown, checked, detail, amending, chief.get("/drafts")]
        assert "支援措置" in text(detail)
        assert fields(amending).get("place-block", [""]) == [""]
        clerk.post(f"/drafts/{draft}/withdraw", {"version": 1})
    assert [page.request["PATH_INFO"] for page in pages if PROTECTED_MARKER in page.content.decode()] == []


def test_whoever_is_shown_in_an_entry_is_disclosed(clerk: Client, chief: Client) -> None:
    numbers = moved_in(clerk, chief)
    draft = entered(clerk, opened(clerk, "death", person=numbers[1]), event_on="R8.11.20")
    chief.get(f"/drafts/{draft}")
    chief.get("/drafts")
    with wall.within(TOWN):
        screens = set(Entry.objects.filter(kind="disclosure").values_list("screen", flat=True))
    assert {"entries:form", "drafts:detail", "drafts:list"} <= screens


def test_the_list_asks_the_database_a_bounded_number_of_times(clerk: Client, chief: Client) -> None:
    for given in ("太郎", "次郎"):
        arriving(clerk, given)
    with CaptureQueriesContext(connection) as few:
        chief.get("/drafts")
    for given in ("三郎", "四郎", "五郎"):
        arriving(clerk, given)
    with CaptureQueriesContext(connection) as many:
        chief.get("/drafts")
    assert len(many) == len(few)


def test_an_entry_that_can_no_longer_stand_says_so(clerk: Client, chief: Client) -> None:
    shown, said = family(clerk)
    first = entered(clerk, shown, **said)
    codes = {name: values[0] for name, values in fields(shown).items() if name.endswith("resident_code")}
    again, said = family(clerk)
    second = entered(clerk, again, **{**said, **codes})
    decided(chief, first)
    assert "すでに住民として記録されています" in text(chief.get(f"/drafts/{second}"))
