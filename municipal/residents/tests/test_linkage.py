"""Requests to the national network go out, answers come in, numbers with them (住基ネットとの受渡しの試験)."""

import csv
import stat
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from conftest import TOWN
from municipal.addressees.operations import protect
from municipal.core import clock
from municipal.core.actors import System
from municipal.core.refusals import Refused
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.numbers.models import NetworkRequest, RequestKind
from municipal.numbers.operations import holder_of
from municipal.numbers.operations.requests import answer, request, set_destination
from municipal.numbers.tests.test_numbers import number
from municipal.residents.linkage import (
    COMPARED,
    IN,
    Difference,
    compare,
    take_answers,
    take_renewals,
    write_requests,
)
from municipal.residents.models import Draft, ResidentRecord
from municipal.residents.operations import decide

from .acting import ACTS_ON, CHIEF, act, child, day, home_of, newcomer_said, people_of

NETWORK = System("juki-net")


def born() -> ResidentRecord:
    """A child in a family that has just moved in."""
    head = people_of(act("move_in", people=(newcomer_said(),)))[0]
    found = people_of(act("birth", people=(child(born_on=day(2026, 5, 11)),), joins=home_of(head).number))
    return found[-1]  # type: ignore[no-any-return]


def kinds(row: ResidentRecord) -> list[str]:
    return sorted(NetworkRequest.objects.filter(addressee=row.addressee_id).values_list("kind", flat=True))


def written(path: Path) -> list[dict[str, str]]:
    write_requests(NETWORK, path)
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def answered(path: Path, *rows: tuple[str, str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([IN, *rows])
    return path


def test_a_newborn_is_asked_a_number_for_by_itself_and_who_brings_one_is_not(town: int, may: None) -> None:
    baby = born()
    head = ResidentRecord.objects.filter(household=baby.household_id, relationship="世帯主").first()
    assert kinds(baby) == ["generate", "mailing"]
    assert head is not None
    assert kinds(head) == ["mailing"]
    from_abroad = people_of(
        act("move_in", people=(newcomer_said("乙野　次郎", serial=9),), came_from={"country": "米国"})
    )
    assert kinds(from_abroad[0]) == ["generate", "mailing"]


@pytest.mark.clause("resident-record/1.0#7.1.2.1/m2")
def test_the_number_that_comes_back_is_entered_to_be_decided(town: int, may: None, tmp_path: Path) -> None:
    baby = born()
    rows = written(tmp_path / "out.csv")
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600
    asked = next(row for row in rows if row["kind"] == "generate")
    assert asked["resident_code"] == baby.resident_code
    path = answered(tmp_path / "in.csv", (asked["reference"], "", number(5).value))
    assert [one.why for one in take_answers(NETWORK, path)] == [""]
    draft = Draft.objects.get(act="individual_number_entry")
    assert number(5).value not in str(draft.notice)
    decide(actor=CHIEF, draft=draft.pk)
    assert holder_of(number(5)) == baby.addressee


def test_what_was_sent_what_came_back_and_what_failed_is_seen(town: int, may: None, tmp_path: Path) -> None:
    baby = born()
    request(actor=System(), kind=RequestKind.LINK_CODE, addressee=baby.addressee_id)
    asked = {
        row["kind"]: row["reference"]
        for row in written(tmp_path / "o.csv")
        if row["addressee_number"] == baby.addressee.number
    }
    assert set(NetworkRequest.objects.values_list("state", flat=True)) == {"sent"}
    assert written(tmp_path / "again.csv") == []
    path = answered(tmp_path / "in.csv", (asked["link_code"], "", ""), (asked["generate"], "E0042", ""))
    list(take_answers(NETWORK, path))
    said = dict(NetworkRequest.objects.filter(addressee=baby.addressee_id).values_list("kind", "state"))
    assert said == {"link_code": "done", "generate": "failed", "mailing": "sent"}
    assert NetworkRequest.objects.get(kind="generate", addressee=baby.addressee_id).error == "E0042"


def test_a_change_is_asked_for_and_waits_once(town: int, may: None) -> None:
    baby = born()
    one, two = (request(actor=System(), kind=RequestKind.CHANGE, addressee=baby.addressee_id) for _ in range(2))
    assert one == two
    with pytest.raises(Refused):
        request(actor=System(), kind="anything", addressee=baby.addressee_id)


def test_a_bad_line_says_why_and_stops_no_other(town: int, may: None, tmp_path: Path) -> None:
    born()
    asked = next(row for row in written(tmp_path / "out.csv") if row["kind"] == "generate")["reference"]
    path = answered(
        tmp_path / "in.csv", ("x", "", ""), (str(uuid4()), "", ""), (asked, "", "123456789012"),
        (asked, "", number(5).value), (asked, "", number(5).value),
    )  # fmt: skip
    taken = list(take_answers(NETWORK, path))
    assert [bool(one.why) for one in taken] == [True, True, True, False, True]
    assert "123456789012" not in str(taken)
    assert Draft.objects.filter(act="individual_number_entry").count() == 1
    (tmp_path / "other.csv").write_text("a,b\n")
    with pytest.raises(Refused):
        list(take_answers(NETWORK, tmp_path / "other.csv"))


def test_an_answer_to_nothing_is_refused(town: int) -> None:
    with pytest.raises(Refused):
        answer(actor=NETWORK, reference=uuid4())


def test_the_command_writes_once_and_takes_in(committed_db: str, tmp_path: Path) -> None:
    with wall.within(TOWN), clock.stopped_at(ACTS_ON):
        born()
    said = StringIO()
    call_command("juki_net", "out", tmp_path / "out.csv", town=TOWN, stdout=said)
    with pytest.raises(CommandError):
        call_command("juki_net", "out", tmp_path / "out.csv", town=TOWN, stdout=said)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as lines:
        asked = next(row for row in csv.DictReader(lines) if row["kind"] == "generate")
    path = answered(tmp_path / "in.csv", (asked["reference"], "", number(5).value), ("x", "", ""))
    call_command("juki_net", "in", path, town=TOWN, stdout=said)
    assert "1 of 2 answers taken" in said.getvalue()
    assert number(5).value not in said.getvalue()


def test_the_screen_lists_requests_and_says_how_the_line_stands(committed_db: str, tmp_path: Path) -> None:
    with wall.within(TOWN), clock.stopped_at(ACTS_ON):
        baby = born()
        write_requests(NETWORK, tmp_path / "out.csv")
    clerk: Any = browser_of(somebody("residents.view", "residents.enter", "item.individual_number"))
    path = f"/residents/{baby.addressee.number}/numbers/request"
    assert clerk.post(path, {"kind": "link_code"}).status_code == 302
    assert clerk.post(path, {"kind": "nothing"}).status_code == 422
    stay = f"/residents/{baby.addressee.number}/numbers/destination"
    assert clerk.post(stay, {"postal_code": "9990002", "address": "病院内"}).status_code == 302
    assert clerk.post(stay, {"postal_code": "99", "address": "病院内"}).status_code == 422
    assert clerk.post(stay, {"address": "x" * 301}).status_code == 422
    assert "病院内" not in clerk.get(f"/residents/{baby.addressee.number}/numbers").content.decode()
    page = clerk.get("/numbers/requests", {"number": baby.addressee.number, "kind": "link_code"}).content.decode()
    assert "送信待ち" in page
    assert "最後の送信" in page
    assert "令和8年5月20日" in page
    assert clerk.get("/numbers/requests", {"state": "x"}).status_code == 422
    stranger: Any = browser_of(somebody("residents.view", "residents.enter", login_name="stranger"))
    assert stranger.get("/numbers/requests").status_code == 403
    assert stranger.post(path, {"kind": "link_code"}).status_code == 403


def identity_data(path: Path, *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("resident_code", *COMPARED), *rows])
    return path


def test_the_register_is_compared_with_the_networks_identity_data(town: int, may: None, tmp_path: Path) -> None:
    people = people_of(
        act("move_in", people=(newcomer_said(), newcomer_said("甲野　花子", serial=2, relationship="妻")))
    )
    home = "架空県架空市松町１番地"
    same = [(one.resident_code, one.name, one.sex, str(one.born_on), home) for one in people]
    assert list(compare(identity_data(tmp_path / "a.csv", *same))) == []
    other = (same[0][0], "甲野　次郎", "2", same[0][3], home)
    found = list(compare(identity_data(tmp_path / "b.csv", other, ("99900000002x", "x", "1", "", ""))))
    assert found == [
        Difference(people[0].addressee.number, ("name", "sex")),
        Difference("", ("resident_code",)),
        Difference(people[1].addressee.number, ("missing",)),
    ]
    with pytest.raises(Refused):
        list(compare(answered(tmp_path / "c.csv")))


def destinations(path: Path) -> dict[str, tuple[str, str, str]]:
    return {
        row["addressee_number"]: (row["postal_code"], row["destination"], row["by_hand"])
        for row in written(path)
        if row["kind"] == "mailing"
    }


@pytest.mark.clause("resident-record/1.0#7.1.1.4/m3")
def test_a_card_goes_home_or_to_the_place_of_stay_and_never_to_a_protected_door_by_itself(
    town: int, may: None, tmp_path: Path
) -> None:  # fmt: skip
    people = people_of(
        act("move_in", people=(newcomer_said(), newcomer_said("甲野　花子", serial=2, relationship="妻")))
    )
    one, two = (row.addressee for row in people)
    home = ("9990001", "架空県架空市松町１番地", "")
    assert destinations(tmp_path / "1.csv") == {one.number: home, two.number: home}
    set_destination(actor=System(), addressee=one.pk, postal_code="9990002", address="見本県見本市病院内")
    assert destinations(tmp_path / "2.csv") == {one.number: ("9990002", "見本県見本市病院内", "")}
    protect(actor=System(), addressee=two, starts_on=clock.today(), ends_on=None, is_own=True)
    for who in (one, two):
        request(actor=System(), kind=RequestKind.MAILING, addressee=who.pk)
    found = destinations(tmp_path / "3.csv")
    assert found[two.number] == ("", "", "1")
    assert found[one.number][1] == "見本県見本市病院内"
    set_destination(actor=System(), addressee=one.pk, postal_code="", address="")
    assert destinations(tmp_path / "4.csv")[one.number][1] != "見本県見本市病院内"
    with pytest.raises(Refused):
        set_destination(actor=System(), addressee=one.pk, postal_code="123", address="x")


def test_people_to_be_renewed_are_matched_and_their_destinations_go_back(
    town: int, may: None, tmp_path: Path
) -> None:  # fmt: skip
    row = people_of(act("move_in", people=(newcomer_said(),)))[0]
    written(tmp_path / "before.csv")
    path = tmp_path / "renewals.csv"
    path.write_text(f"resident_code\n{row.resident_code}\n99999999999\n", encoding="utf-8")
    assert [bool(one.why) for one in take_renewals(NETWORK, path)] == [False, True]
    assert list(destinations(tmp_path / "after.csv")) == [row.addressee.number]
    path.write_text("a\n", encoding="utf-8")
    with pytest.raises(Refused):
        list(take_renewals(NETWORK, path))
