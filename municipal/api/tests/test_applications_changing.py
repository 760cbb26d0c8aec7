"""Handing in and moving applications by machine; who is told of it (申請APIの変更の試験)."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from conftest import TOWN
from municipal.applications.following import MOVED
from municipal.applications.models import Case
from municipal.applications.tests.acting import CLERK, stepped
from municipal.core import clock
from municipal.intake.making import filled
from municipal.municipalities import wall
from municipal.office.models import KeptAnswer
from municipal.office.outbox import deliver_next
from municipal.payments.announcements import TELLABLE, body_of
from municipal.payments.models import WebhookEndpoint
from municipal.payments.operations import register_endpoint
from municipal.payments.operations.endpoints import take_up

from .applied import (
    ANSWERS,
    DECIDE,
    NOON,
    SUBMIT,
    VIEW,
    WORK,
    YOU,
    a_waste_case,
    entry,
    online,
    order,
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
        code = next(one.id for one in online() if any(each.type == "file" for each in one.asks))
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
