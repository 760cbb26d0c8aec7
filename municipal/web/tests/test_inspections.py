"""Judging files through the screens (適合検査の画面の試験)."""

import io
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from conftest import OTHER_TOWN, TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.identity.tests.people import browser_of, somebody
from municipal.inspections.models import Inspection, InspectionReport
from municipal.inspections.tests.conftest import handover, kept
from municipal.inspections.tests.files import BAD, BETTER, upload
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job

from .inspecting import inspector, judged, listed, ordered, send, shown

__all__ = ["handover", "inspector", "kept"]
pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=clock.TOKYO)


def test_from_the_form_to_the_result(inspector: Client) -> None:
    number = ordered(inspector)
    waiting = inspector.get(f"/inspections/{number}")
    assert "順番を待っています" in waiting.content.decode()
    assert waiting["Refresh"] == "3"
    with wall.within(TOWN):
        jobs.run(TOWN, Inspection.objects.get(number=number).job_id)
    answer = inspector.get(f"/inspections/{number}")
    page = answer.content.decode()
    assert "Refresh" not in answer
    with wall.within(TOWN):
        report = json.loads(bytes(InspectionReport.objects.get(format="json").content))
    assert report["headline"]["ja"] in page
    assert "residents.csv" in page
    assert report["files"][0]["sha256"] in page
    assert "検査　五葉" in shown(inspector, "")


def test_a_running_inspection_says_since_when_and_a_failed_one_says_so(inspector: Client) -> None:
    number = ordered(inspector)
    with wall.within(TOWN):
        Job.objects.update(state="running", started_at=NOON)
    assert "令和8年11月23日 12:00 から検査しています。" in shown(inspector, f"/{number}")
    with wall.within(TOWN):
        Job.objects.update(state="failed", finished_at=clock.now())
    answer = inspector.get(f"/inspections/{number}")
    assert "検査を終えられませんでした" in answer.content.decode()
    assert "Refresh" not in answer


def test_the_same_form_sent_twice_is_one_inspection(inspector: Client) -> None:
    token = str(inspector.get("/inspections/new").context["form"]["token"].value())
    first, second = (ordered(inspector, token=token) for _ in range(2))
    assert first == second
    assert ordered(inspector, upload(content=BETTER), token=token) != first
    assert ordered(inspector, token=token, privacy="counts") != first
    with wall.within(TOWN):
        assert Inspection.objects.count() == 3
        assert Entry.objects.filter(act="inspections.order").count() == 3


def test_a_hand_over_folder_is_chosen_from_what_is_there(inspector: Client, handover: Path) -> None:
    assert "folder" in inspector.get("/inspections/new").context["form"].fields or not list(handover.iterdir())
    (handover / "2026-11").mkdir()
    (handover / "2026-11" / "residents.csv").write_bytes(BAD)
    assert "2026-11" in shown(inspector, "/new")
    answer = inspector.post("/inspections/new", {"folder": "2026-11", "privacy": "rows"})
    assert answer.status_code == 302
    for folder in ("../..", "/etc", "2026-12", "2026-11/.."):
        assert inspector.post("/inspections/new", {"folder": folder, "privacy": "rows"}).status_code == 422
    assert send(inspector, upload(), folder="2026-11").status_code == 422


@pytest.mark.parametrize(
    "said",
    [{"pack": "nothing@1"}, {"pack": "resident-record@1.0"}, {"privacy": "raw"}, {"as_of": "R8.2.30"}, {"token": "x"}],
)
def test_what_cannot_be_ordered_is_refused_beside_its_field(inspector: Client, said: dict[str, str]) -> None:
    answer = send(inspector, upload(), **said)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(said)
    with wall.within(TOWN):
        assert not Inspection.objects.exists()


def test_nothing_chosen_is_said(inspector: Client) -> None:
    answer = inspector.post("/inspections/new", {"privacy": "rows"})
    assert answer.status_code == 422
    assert "検査するファイルを選んでください。" in answer.content.decode()


def test_too_much_and_too_many_are_stopped_with_a_sentence(settings: Any, kept: Path) -> None:
    settings.KIJUN_UPLOAD_MEGABYTES = 1
    client = browser_of(somebody("inspect_files"), enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown(client, "/new"))
    assert token
    for files, said in (
        ([upload(content=b"x" * 2_000_000)], "合計1 MBまで"),
        ([upload(f"{number}.csv") for number in range(101)], "100個まで"),
    ):
        answer = client.post("/inspections/new", {"csrfmiddlewaretoken": token[1], "uploads": files, "privacy": "rows"})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert list(answer.context["form"].errors) == ["uploads"]
        assert answer.context["form"]["privacy"].value() == "rows"
    assert not kept.exists()


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("residents.csv", "w") as member:
            for _ in range(300):
                member.write(b"0" * 1_000_000)
        archive.writestr("../../outside.csv", b"a,b\n1,2\n")
    return made.getvalue()


@pytest.mark.walk
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("heading.csv", "宛名番号,氏名\n".encode()),
        ("bomb.zip", None),
        ("broken.zip", b"PK\x03\x04"),
        ("program.exe", b"MZ\x90\x00" + bytes(200)),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("nul.csv", b"a,b\n\0,\0\n"),
        ("../../etc/passwd", BAD),
    ],
)
def test_bad_input_is_a_finding_and_no_error(inspector: Client, name: str, content: bytes | None) -> None:
    number = judged(inspector, upload(name, bomb() if content is None else content))
    assert inspector.get(f"/inspections/{number}").context["inspection"]["state"] == "done"
    assert listed(inspector, number, outcome="failed") != []


def test_the_inspection_of_another_town_is_not_there(inspector: Client) -> None:
    number = judged(inspector)
    stranger = browser_of(somebody("inspect_files", town=OTHER_TOWN))
    code = listed(inspector, number)[0]["code"]
    for tail in ("", f"/rules/{code}", "/requirements", "/compare", "/reports/json/ja"):
        assert stranger.get(f"/inspections/{number}{tail}").status_code == 404
    assert stranger.get("/inspections").context["rows"] == []


@pytest.mark.parametrize(
    "path", ["", "/new", "/1", "/1/rules/A-1", "/1/requirements", "/1/compare", "/1/reports/json/ja"]
)
def test_without_the_permission_there_is_no_page_and_no_way_to_it(path: str) -> None:
    client = browser_of(somebody("staff.view"))
    assert client.get(f"/inspections{path}").status_code == 403
    assert "/inspections" not in client.get("/").content.decode()


def test_only_the_order_may_be_posted(inspector: Client) -> None:
    number = judged(inspector)
    for path in ("", f"/{number}", f"/{number}/requirements", f"/{number}/compare", f"/{number}/reports/json/ja"):
        assert inspector.post(f"/inspections{path}").status_code == 405


def test_what_was_looked_at_stands_in_the_audit(inspector: Client) -> None:
    number = judged(inspector)
    seen = [inspector.get(f"/inspections{path}") for path in ("", f"/{number}")]
    assert [answer.status_code for answer in seen] == [200, 200]
    with wall.within(TOWN):
        found = Entry.objects.filter(act__startswith="inspections.").order_by("seq")
        acts = list(found.values_list("act", "code"))
    numbered = [(f"inspections.{act}", str(number)) for act in ("order", "judge")]
    assert acts == [*numbered, ("inspections.list", ""), ("inspections.view", str(number))]
