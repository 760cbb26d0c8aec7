"""Applications by machine: for whom they are meant, step by step, and nobody's address (申請APIの試験)."""

import base64
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.addressees.operations import protect
from municipal.applications.following import MOVED
from municipal.applications.models import Case
from municipal.applications.operations import attach, begin, save, submit
from municipal.applications.tests.acting import CLERK, WASTE, a_case, stepped
from municipal.applications.tests.filling import picture
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.core.actors import System
from municipal.intake.making import filled
from municipal.municipalities import wall
from municipal.office.models import KeptAnswer
from municipal.office.outbox import deliver_next
from municipal.payments.announcements import TELLABLE, body_of
from municipal.payments.models import WebhookEndpoint
from municipal.payments.operations import register_endpoint
from municipal.payments.operations.endpoints import take_up
from municipal.procedures.catalogue import Entry as Procedure
from municipal.procedures.catalogue import by_id, shipped
from municipal.residents.tests.people import newcomer

from .machines import Machine

NOON = datetime(2026, 11, 29, 12, tzinfo=clock.TOKYO)
VIEW, WORK, DECIDE = "applications.view", "applications.work", "applications.decide"
ANSWERS, SUBMIT = "applications.answers", "applications.submit"
YOU = {"name": "甲野　太郎", "phone": "000-0000-0000"}
REFUGE = "ハナミズキ荘八八号"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def clerk(db: None) -> Machine:
    return Machine("clerk", VIEW, WORK, ANSWERS, SUBMIT)


def entry(code: str = WASTE) -> Procedure:
    """As the program ships it: the town has no version of its own."""
    return by_id(shipped())[code]


def a_waste_case() -> Case:
    with wall.within(TOWN):
        return a_case(WASTE, filled(entry()).answers)


def order(**changes: Any) -> dict[str, Any]:
    said = filled(entry()).answers
    return {"procedure": WASTE, "channel": "paper", "applicant": YOU, "answers": said} | changes


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
                one.id for one in _online() if any(each.type == "address" for each in one.asks) and not _files(one)
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


def _online() -> list[Procedure]:
    return [one for one in shipped() if one.is_online]


def _files(one: Procedure) -> bool:
    return any(each.type == "file" and each.is_required for each in one.asks)


class TestHandingIn:
    """What another system hands in is one case, whole or not at all."""

    def test_a_paper_application_becomes_a_case_once(self, clerk: Machine) -> None:
        first, again = clerk.post("applications", order(), key="k"), clerk.post("applications", order(), key="k")
        assert (first.status_code, again.status_code) == (201, 201), first.content.decode()
        assert first.json()["id"] == again.json()["id"]
        assert first["Location"] == f"/api/v1/applications/{first.json()['id']}"
        # The code opens the case for whoever has it: it is shown once and lies in nothing that is kept.
        assert len(first.json()["code"]) == 14
        assert "code" not in again.json()
        with wall.within(TOWN):
            case = Case.objects.get()
            assert (case.channel, case.applicant["name"]) == ("paper", "甲野　太郎")
            assert first.json()["code"] not in str(KeptAnswer.objects.values_list("answer", flat=True))

    def test_files_come_along_in_base64(self, clerk: Machine) -> None:
        code = next(one.id for one in _online() if any(each.type == "file" for each in one.asks))
        said = filled(entry(code))
        files = [
            {"field": name, "name": "写真.png", "content": base64.b64encode(content).decode()}
            for name, content in said.files
        ]
        who = {**YOU, "born_on": "1990-01-01", "address": "架空県架空市見本町1"}
        answer = clerk.post(
            "applications", order(procedure=code, applicant=who, answers=said.answers, people=said.people, files=files)
        )
        assert answer.status_code == 201, answer.content.decode()
        assert len(clerk.get(f"applications/{answer.json()['id']}").json()["files"]) == len(files) > 0

    @pytest.mark.parametrize(
        "changes",
        [
            {"procedure": "no-such"}, {"procedure": ""}, {"procedure": 1}, {"channel": "online"},
            {"channel": "national"}, {"channel": None}, {"language": "fr"}, {"about": "999999999999"},
            {"about": ""}, {"about": 1},
            {"applicant": {}}, {"applicant": []}, {"applicant": {"name": "x", "secret": "y"}},
            {"applicant": {"name": "a\u0000b"}}, {"applicant": {"name": "\u202ex"}}, {"answers": {}},
            {"answers": {"no-such": 1}}, {"answers": []}, {"people": {"p": {}}}, {"people": {"../": {"name": "x"}}},
            {"files": 1}, {"files": [1]}, {"files": [{"field": "x"}]},
            {"files": [{"field": "no-such", "name": "x", "content": ""}]}, {"note": "x"},
        ],
    )  # fmt: skip
    def test_bad_input_is_refused_and_leaves_nothing(self, clerk: Machine, changes: dict[str, Any]) -> None:
        answer = clerk.post("applications", order(**changes))
        assert answer.status_code in (400, 422), answer.content.decode()
        with wall.within(TOWN):
            assert not Case.objects.exists()

    def test_the_right_to_read_is_none_to_hand_in(self, clerk: Machine) -> None:
        assert Machine("less", VIEW, WORK, ANSWERS).post("applications", order()).status_code == 403
        assert clerk.post("applications", order(), key="").status_code == 400


class TestSteps:
    """The steps of the table, by the version that was seen."""

    def test_a_step_is_taken_once_and_only_by_who_saw_the_last_one(self, clerk: Machine) -> None:
        path = f"applications/ap_{a_waste_case().pk}/steps"
        done = clerk.post(path, {"version": 1, "action": "accept"}, key="k")
        assert (done.status_code, done.json()["state"], done.json()["version"]) == (200, "form_check", 2)
        assert clerk.post(path, {"version": 1, "action": "accept"}, key="k").json() == done.json()
        late = clerk.post(path, {"version": 1, "action": "accept"})
        assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")

    def test_if_match_says_the_same_as_the_version(self, clerk: Machine) -> None:
        path = f"/api/v1/applications/ap_{a_waste_case().pk}/steps"
        for said, status in (('"2"', 412), ("*", 412), ('"1"', 200)):
            headers = {"If-Match": said, "Idempotency-Key": said}
            body = {"version": 1, "action": "accept"}
            answer = clerk.client.post(path, body, content_type="application/json", headers=headers)
            assert answer.status_code == status, said

    @pytest.mark.parametrize(
        "body",
        [
            {"action": "accept"}, {"version": 0, "action": "accept"}, {"version": True, "action": "accept"},
            {"version": 1}, {"version": 1, "action": "x"}, {"version": 1, "action": "approve"},
            {"version": 1, "action": "accept", "reason": 1}, {"version": 1, "action": "accept", "reason": "x" * 1001},
            {"version": 1, "action": "accept", "fields": "x"}, {"version": 1, "action": "accept", "correct_by": "x"},
            {"version": 1, "action": "accept", "correct_by": 7}, {"version": 1, "action": "accept", "note": "x"},
        ],
    )  # fmt: skip
    def test_bad_input_moves_nothing(self, clerk: Machine, body: dict[str, Any]) -> None:
        case = a_waste_case()
        answer = clerk.post(f"applications/ap_{case.pk}/steps", body)
        assert answer.status_code in (400, 403, 409, 422), answer.content.decode()
        with wall.within(TOWN):
            assert Case.objects.get().state == "submitted"

    def test_a_decision_needs_its_own_permission(self, clerk: Machine) -> None:
        case = a_waste_case()
        with wall.within(TOWN):
            stepped(case, "accept", "pass_form")
        path, body = f"applications/ap_{case.pk}/steps", {"version": 3, "action": "reject", "reason": "対象外"}
        assert clerk.post(path, body).json()["code"] == "forbidden"
        assert Machine("chief", DECIDE).post(path, body).json()["state"] == "rejected"


class TestEvents:
    """Other systems are told that something moved, and nothing of anybody."""

    def test_the_topic_can_be_wanted_like_those_of_money(self, clerk: Machine) -> None:
        assert MOVED in TELLABLE
        told = Machine("boss", "payments.settings").post(
            "webhook-endpoints", {"url": "https://other.example.jp/hooks", "events": [MOVED]}
        )
        assert told.status_code == 201, told.content.decode()

    def test_a_message_holds_ids_only_and_says_which_is_newer(self, clerk: Machine) -> None:
        with wall.within(TOWN):
            endpoint = register_endpoint(actor=CLERK, url="https://other.example.jp/hooks", events=[MOVED])
        case = a_waste_case()
        with wall.within(TOWN):
            stepped(case, "accept")
            while deliver_next():
                pass
            bodies = [body_of(one.event) for one in endpoint.calls.select_related("event").order_by("pk")]
            message = take_up()
            assert WebhookEndpoint.objects.get().calls.count() == 2
        assert bodies == [
            {
                "type": MOVED, "timestamp": "2026-11-29T12:00:00+09:00",
                "data": {"application": f"ap_{case.pk}", "version": number},
            }
            for number in (1, 2)
        ]  # fmt: skip
        assert message is not None
        assert message.headers["webhook-signature"].startswith("v1,")
        assert "甲野" not in message.body.decode()
