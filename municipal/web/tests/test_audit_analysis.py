"""Seven kinds of log and five lists, as pages and as files (記録の分析の画面の試験)."""

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.models import Addressee
from municipal.audit.analysis import ANALYSES, LOGS, MANY_TIMES
from municipal.audit.models import Entry, Kind, Origin
from municipal.audit.operations import disclose, log_apart, record
from municipal.core import clock
from municipal.core.actors import System
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall

from .entering import text

NIGHT = datetime(2026, 11, 4, 23, 30, tzinfo=clock.TOKYO)
HOLIDAY = datetime(2026, 11, 3, 10, 0, tzinfo=clock.TOKYO)
DAY = datetime(2026, 11, 4, 10, 0, tzinfo=clock.TOKYO)
CLERK, OTHER = System(actor_kind="staff", actor_id=1), System(actor_kind="staff", actor_id=2)
NOVEMBER = {"first": "R8.11.1", "last": "R8.11.30"}


@pytest.fixture
def auditor(two_towns: str) -> Client:
    return browser_of(somebody("audit.view", login_name="watcher"))


def noted(moment: datetime, actor: System = CLERK, *, town: int = TOWN, **said: Any) -> None:
    with clock.stopped_at(moment), wall.within(town):
        record(actor=actor, **{"act": "residents.enter", **said})


def looked_up(moment: datetime, subjects: list[int], times: int = 1, screen: str = "residents:search") -> None:
    with clock.stopped_at(moment), wall.within(TOWN):
        for _ in range(times):
            disclose(actor=OTHER, subjects=subjects, fields=["name"], screen=screen, act="disclose")


def rows(client: Client, kind: str, **said: str) -> list[list[str]]:
    answer = client.get("/audit/analysis", {"kind": kind, **NOVEMBER, **said, "file": "1"})
    assert answer.status_code == 200, text(answer)
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


@pytest.mark.clause("resident-record/1.0#10.2/m3")
def test_nights_and_holidays_are_listed_and_working_hours_are_not(auditor: Client) -> None:
    for moment in (NIGHT, HOLIDAY, DAY, NIGHT.replace(hour=4, day=5), NIGHT.replace(hour=5, minute=0, day=5)):
        noted(moment)
    noted(NIGHT, System())
    found = rows(auditor, "night")
    assert [row[1] for row in found] == ["令和8年11月4日 23:30", "令和8年11月3日 10:00", "令和8年11月5日 04:30"]


@pytest.mark.clause("resident-record/1.0#10.2/m3")
def test_failures_and_sign_ins_are_counted_per_account(auditor: Client) -> None:
    for moment in (DAY, NIGHT):
        noted(moment, act="identity.sign_in", kind=Kind.SIGN_IN)
    noted(DAY, OTHER, act="identity.sign_in", kind=Kind.SIGN_IN)
    noted(DAY, act="identity.sign_in", kind=Kind.FAILED_SIGN_IN, code="wrong_credentials")
    assert [row[11] for row in rows(auditor, "failures")] == ["wrong_credentials"]
    assert [row[1] for row in rows(auditor, "accounts")] == ["2", "1"]


@pytest.mark.clause("resident-record/1.0#10.2/m3")
def test_searches_in_bulk_are_found_by_people_and_by_times(auditor: Client) -> None:
    looked_up(DAY, list(range(1, 10)))
    assert rows(auditor, "bulk") == []
    looked_up(DAY.replace(hour=11), list(range(1, 51)), times=4)
    looked_up(DAY.replace(hour=13), [1], times=MANY_TIMES)
    looked_up(DAY.replace(hour=15), list(range(1, 51)), times=4, screen="residents:person")
    assert sorted(row[1:3] for row in rows(auditor, "bulk")) == [["4", "200"], [str(MANY_TIMES), str(MANY_TIMES)]]


@pytest.mark.clause("resident-record/1.0#10.2/m3")
def test_who_looked_one_person_up_is_listed_by_the_addressee_number(auditor: Client) -> None:
    with wall.within(TOWN):
        one, other = Addressee.objects.order_by("pk")[:2]
    looked_up(DAY, [one.pk])
    looked_up(DAY, [other.pk])
    found = [row for row in rows(auditor, "person", number=one.number) if row[1] == "令和8年11月4日 10:00"]
    assert [row[7] for row in found] == [one.number]
    assert rows(auditor, "person", number="999") == []


@pytest.mark.clause("resident-record/1.0#10.2/m2")
def test_each_of_the_seven_kinds_holds_what_belongs_to_it(auditor: Client) -> None:
    noted(DAY, act="residents.decide")
    noted(DAY, act="identity.sign_in", kind=Kind.SIGN_IN)
    noted(DAY, act="identity.refuse", kind=Kind.REFUSAL)
    noted(DAY, act="identity.use_token", kind=Kind.FAILED_SIGN_IN)
    noted(DAY, act="certificates.issue")
    noted(DAY, act="residents.change_settings")
    noted(DAY, act="identity.grant")
    noted(DAY, act="system.error", kind=Kind.ERROR, code="ZeroDivisionError")
    held = {code: [row[4] for row in rows(auditor, f"log-{code}")] for code in LOGS}
    assert held["error"] == ["エラー"]
    # The accounts of the town were given their permissions too: that is the setting of somebody's rights.
    assert held["settings"].count("residents.change_settings") == 1
    assert "権限の付与" in held["settings"]
    assert not {"本登録", "サインイン", "拒否", "エラー"} & set(held["settings"])
    assert "certificates.issue" in held["print"]
    assert "本登録" not in held["print"]
    assert len(held["event"]) == 1
    assert len(held["authentication"]) == 2
    assert len(held["communication"]) == 1
    assert "本登録" in held["operation"]
    assert "residents.change_settings" not in held["operation"]


@pytest.mark.clause("resident-record/1.0#10.2/m1")
def test_an_entry_says_who_when_where_on_which_screen_about_whom_and_whether_a_number_was_seen(
    two_towns: str, auditor: Client
) -> None:  # fmt: skip
    clerk = browser_of(somebody("residents.search", "residents.view", "item.individual_number"))
    with wall.within(TOWN):
        one = Addressee.objects.filter(kind="resident").order_by("pk")[0]
    assert clerk.get(f"/residents/{one.number}", REMOTE_ADDR="192.0.2.7").status_code == 200
    clerk.post(
        "/numbers/find", {"individual_number": "123456789018", "purpose": "number.return"}, REMOTE_ADDR="192.0.2.8"
    )
    today = {"first": clock.today().isoformat(), "last": clock.today().isoformat()}
    found = {row[5]: row for row in rows(auditor, "log-operation", **today)}
    assert found["住民の記録"][2].startswith("clerk ")
    assert (found["住民の記録"][3], found["住民の記録"][7]) == ("192.0.2.7", one.number)
    assert (found["個人番号でさがす"][3], found["個人番号でさがす"][9]) == ("192.0.2.8", "あり")
    assert found["住民の記録"][9] == ""


def test_a_fault_of_ours_is_logged_by_its_kind_and_nothing_it_says(
    two_towns: str, auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    from municipal.residents import inquiry

    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("甲野　花子")

    clerk = browser_of(somebody("residents.search", "residents.view"))
    with wall.within(TOWN):
        number = Addressee.objects.order_by("pk")[0].number
    monkeypatch.setattr(inquiry, "person", fails)
    assert clerk.get(f"/residents/{number}").status_code == 500
    with wall.within(TOWN):
        entry = Entry.objects.get(kind=Kind.ERROR)
    assert (entry.act, entry.code, entry.subjects, entry.screen) == (
        "system.error", "ZeroDivisionError", [], "residents:person",
    )  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "nothing"}, {"kind": "night", "first": ""}, {"kind": "night", "first": "x"}, {"kind": "person"},
        {"kind": "night", "first": "R8.12.1"}, {"kind": "night", "first": "R1.5.1"}, {"kind": "night\0"},
    ],
)  # fmt: skip
def test_bad_conditions_are_refused_with_a_sentence(auditor: Client, said: dict[str, str]) -> None:
    assert auditor.get("/audit/analysis", {**NOVEMBER, **said}).status_code == 422


def test_the_page_shows_every_list_and_reading_one_is_recorded(auditor: Client) -> None:
    noted(NIGHT, act="residents.enter")
    for kind in [*ANALYSES, *(f"log-{code}" for code in LOGS)]:
        answer = auditor.get("/audit/analysis", {"kind": kind, **NOVEMBER, "number": "1"})
        assert answer.status_code == 200
    assert auditor.get("/audit/analysis").status_code == 200
    with wall.within(TOWN):
        assert Entry.objects.filter(act="audit.analyse").count() == len(ANALYSES) + len(LOGS)
    stranger = browser_of(somebody("residents.view", login_name="stranger"))
    assert stranger.get("/audit/analysis").status_code == 403


def test_another_towns_records_are_in_no_list_and_formulas_are_only_text(two_towns: str, auditor: Client) -> None:
    noted(NIGHT, town=OTHER_TOWN, purpose="=1+1")
    assert rows(auditor, "night") == []
    noted(NIGHT, purpose="=1+1")
    assert "'=1+1" in {row[10] for row in rows(auditor, "night")}


def test_a_refusal_has_its_terminal_too_and_terminals_are_never_changed(two_towns: str) -> None:
    from django.db import DatabaseError, transaction

    clerk = browser_of(somebody("residents.view"))
    assert clerk.get("/audit/analysis", REMOTE_ADDR="192.0.2.9").status_code == 403
    log_apart(municipality=TOWN, actor=CLERK, act="identity.refuse")
    with wall.within(TOWN):
        refused = Entry.objects.filter(kind=Kind.REFUSAL).order_by("seq")[0]
        assert refused.request_id is not None
        assert Origin.objects.get(request_id=refused.request_id).terminal == "192.0.2.9"
        with pytest.raises(DatabaseError), transaction.atomic():
            Origin.objects.update(terminal="192.0.2.1")
