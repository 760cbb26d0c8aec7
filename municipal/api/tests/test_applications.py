"""Applications by machine: for whom they are meant, and nobody's address (申請APIの試験)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.operations import protect
from municipal.applications.operations import attach, begin, save, submit
from municipal.applications.tests.acting import CLERK, WASTE, stepped
from municipal.applications.tests.filling import picture
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.actors import System
from municipal.intake.making import filled
from municipal.municipalities import wall
from municipal.residents.tests.people import newcomer

from .applied import (
    ANSWERS,
    DECIDE,
    NOON,
    REFUGE,
    SUBMIT,
    VIEW,
    WORK,
    YOU,
    a_waste_case,
    entry,
    needs_files,
    online,
)
from .machines import Machine

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def clerk(db: None) -> Machine:
    return Machine("clerk", VIEW, WORK, ANSWERS, SUBMIT)


class TestCatalogue:
    """What can be applied for."""

    def test_every_procedure_is_listed_and_each_form_is_a_schema(self, clerk: Machine) -> None:
        rows = clerk.get("procedures").json()["results"]
        assert len(rows) > 100
        found = clerk.get(f"procedures/{WASTE}").json()
        assert found["schema"]["$schema"].endswith("2020-12/schema")
        assert [one["name"] for one in found["applicant"]] == ["name", "phone"]
        elsewhere = next(one["id"] for one in rows if not one["is_online"])
        assert clerk.get(f"procedures/{elsewhere}").json()["schema"] is None

    @pytest.mark.parametrize("code", ["no-such", "x" * 200, "%00", "ap_1"])
    def test_what_nobody_offers_is_not_there(self, clerk: Machine, code: str) -> None:
        assert clerk.get(f"procedures/{code}").status_code == 404


class TestReading:
    """Lists, detail, what was answered, files."""

    def test_a_list_names_nobody(self, clerk: Machine) -> None:
        case = a_waste_case()
        answer = clerk.get("applications")
        (row,) = answer.json()["results"]
        assert (row["id"], row["version"], row["state"], row["status"]) == (f"ap_{case.pk}", 1, "submitted", "received")
        assert "甲野" not in answer.content.decode()

    def test_pages_hold_each_application_once_and_filters_narrow(self, clerk: Machine) -> None:
        cases = [a_waste_case() for _ in range(5)]
        with wall.within(TOWN):
            stepped(cases[2], "accept")
        found, cursor = list[str](), ""
        while True:
            page = clerk.get(f"applications?limit=2{cursor}").json()
            found += [one["id"] for one in page["results"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        assert found == [f"ap_{one.pk}" for one in cases]
        for query, count in (("state=form_check", 1), ("state=done", 0), (f"procedure={WASTE}", 5), ("procedure=x", 0),
                             ("channel=national", 0)):  # fmt: skip
            assert len(clerk.get(f"applications?{query}").json()["results"]) == count, query
        for query in ("state=x", "channel=x", "cursor=x", "limit=0", "limit=101", "name=x", "procedure=" + "x" * 61):
            assert clerk.get(f"applications?{query}").status_code in (400, 422), query

    def test_the_detail_holds_no_answers_unless_they_are_asked_for_and_may_be_read(self, clerk: Machine) -> None:
        case = a_waste_case()
        plain = clerk.get(f"applications/ap_{case.pk}")
        assert "content" not in plain.json()
        assert "甲野" not in plain.content.decode()
        assert (plain["ETag"], [one["action"] for one in plain.json()["steps"]]) == ('"1"', ["accept"])
        whole = clerk.get(f"applications/ap_{case.pk}?expand=answers,events").json()
        assert whole["content"]["applicant"]["name"] == "甲野　太郎"
        assert [one["action"] for one in whole["events"]] == ["submit"]
        less = Machine("less", VIEW)
        refused = less.get(f"applications/ap_{case.pk}?expand=answers")
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        assert less.get(f"applications/ap_{case.pk}?expand=events").status_code == 200
        assert clerk.get(f"applications/ap_{case.pk}?expand=x").status_code == 422

    def test_whoever_is_read_of_is_noted(self, clerk: Machine) -> None:
        case = a_waste_case()
        clerk.get(f"applications/ap_{case.pk}?expand=answers")
        with wall.within(TOWN):
            noted = Entry.objects.filter(act="applications.read_api").latest("seq")
        assert noted.code == case.number
        assert noted.fields == ["application", "answers"]

    def test_a_file_is_of_its_application_and_of_no_other(self, clerk: Machine) -> None:
        case, other = a_waste_case(), a_waste_case()
        with wall.within(TOWN):
            file = attach(actor=CLERK, to=case, field="x", name="甲野の写真.png", content=picture())
        (said,) = clerk.get(f"applications/ap_{case.pk}").json()["files"]
        assert (said["ref"], said["kind"]) == (str(file.ref), "PNG")
        assert "甲野" not in str(said)
        answer = clerk.get(f"applications/ap_{case.pk}/files/{file.ref}")
        assert (answer.content, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
            picture(), "image/png", "nosniff",
        )  # fmt: skip
        assert clerk.get(f"applications/ap_{other.pk}/files/{file.ref}").status_code == 404
        assert Machine("less", VIEW, WORK).get(f"applications/ap_{case.pk}/files/{file.ref}").status_code == 403

    @pytest.mark.parametrize("said", ["ap_0", "ap_x", "1", "ch_1", "ap_" + "9" * 30, "ap_-1", "ap_1%00", "ap_１"])
    def test_what_is_no_id_is_not_there(self, clerk: Machine, said: str) -> None:
        assert clerk.get(f"applications/{said}").status_code == 404

    def test_another_town_and_whoever_has_no_token_sees_nothing(self, clerk: Machine) -> None:
        case = a_waste_case()
        with wall.within(TOWN):
            file = attach(actor=CLERK, to=case, field="x", name="x.png", content=picture())
        stranger = Machine("stranger", VIEW, WORK, DECIDE, ANSWERS, SUBMIT, town=OTHER_TOWN)
        assert stranger.get("applications").json()["results"] == []
        for path in (f"applications/ap_{case.pk}", f"applications/ap_{case.pk}?expand=answers",
                     f"applications/ap_{case.pk}/files/{file.ref}"):  # fmt: skip
            assert stranger.get(path).status_code == 404
        step = stranger.post(f"applications/ap_{case.pk}/steps", {"version": 1, "action": "accept"})
        assert step.status_code == 404
        for path in ("applications", f"applications/ap_{case.pk}", "procedures"):
            assert Client().get(f"/api/v1/{path}").status_code == 401

    def test_the_address_of_a_protected_person_is_in_no_byte(self, clerk: Machine) -> None:
        with wall.within(TOWN):
            row = newcomer(valid_from=clock.today(), address_building=REFUGE)
            protect(actor=System(), addressee=row.addressee, starts_on=clock.today(), ends_on=None, is_own=True)
            code = next(
                one.id for one in online() if any(each.type == "address" for each in one.asks) and not needs_files(one)
            )
            said = filled(entry(code))
            for one in entry(code).asks:
                if one.type == "address" and one.name in said.answers:
                    said.answers[one.name] = REFUGE
            begun = begin(actor=CLERK, procedure=code, language="ja", about=row.addressee, channel="paper")
            where: dict[str, Any] = {"draft": begun.draft.public, "token": begun.token}
            who = {**YOU, "born_on": "1985-04-01", "address": REFUGE}
            save(actor=CLERK, page="check", applicant=who, answers=said.answers, people=said.people, **where)
            case = submit(actor=CLERK, **where)
            assert REFUGE in str(case.answers)
        whole = clerk.get(f"applications/ap_{case.pk}?expand=answers,events")
        assert whole.json()["content"]["address_withheld"] is True
        listed = clerk.get("applications")
        assert listed.json()["results"][0]["about"] == row.addressee.number
        for answer in (whole, listed):
            assert REFUGE.encode() not in answer.content
            assert "松町".encode() not in answer.content
