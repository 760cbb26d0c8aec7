"""Handing over, approving, taking in and linking on the screens (引渡しと受入れの画面の試験)."""

import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conftest import TOWN
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.residents.models import Draft, ResidentRecord
from municipal.transfer.models import Handover, Intake, LinkageSettings, ServiceState
from municipal.transfer.tests.test_slips import family_of_two

pytestmark = pytest.mark.django_db
SAID = {"recipient": "見本システム株式会社", "purpose": "システムの更新"}
VENDOR = Path(__file__).parents[2] / "transfer" / "tests" / "vendor"


def hand_over_clerk(name: str = "one") -> Any:
    return browser_of(somebody("transfer.hand_over", login_name=name))


def test_the_same_order_sent_twice_is_one_hand_over() -> None:
    client, said = hand_over_clerk(), {**SAID, "token": str(uuid4())}
    for _ in range(2):
        answer = client.post(reverse("transfer:order"), said, follow=True)
        assert answer.status_code == 200
    with wall.within(TOWN):
        assert Handover.objects.count() == Job.objects.count() == 1
    assert "見本システム株式会社" in client.get(reverse("transfer:overview")).content.decode()


def test_one_orders_and_another_approves() -> None:
    client = hand_over_clerk()
    page = client.post(reverse("transfer:order"), {**SAID, "is_whole": "on"}, follow=True).content.decode()
    assert "依頼した本人は承認できません" in page
    address = reverse("transfer:decision", args=[1])
    assert client.post(address, {"decision": "approve"}).status_code == 403
    chief = browser_of(somebody("transfer.approve", login_name="two"))
    assert "承認する" in chief.get(reverse("transfer:handover", args=[1])).content.decode()
    assert chief.post(address, {"decision": "perhaps"}).status_code == 422
    assert chief.post(address, {"decision": "approve"}).status_code == 302
    assert chief.post(address, {"decision": "reject"}).status_code in (409, 422)
    with wall.within(TOWN):
        assert Handover.objects.get().proposal.is_approved is True  # type: ignore[union-attr]
        assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [({"recipient": ""}, "recipient"), ({"purpose": " "}, "purpose"), ({"since": "きのう"}, "since"),
     ({"since": "2999-01-01"}, "since"), ({"recipient": "x" * 101}, "recipient"), ({"token": "x"}, "token")],
)  # fmt: skip
def test_bad_input_is_told_beside_its_field(said: dict[str, str], field: str) -> None:
    answer = hand_over_clerk().post(reverse("transfer:order"), SAID | said)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    with wall.within(TOWN):
        assert not Handover.objects.exists()


@pytest.mark.parametrize(
    "name", ["overview", "order", "take_in", "linkage", "services", "slips", "handover", "decision", "intake", "faults"]
)
def test_without_the_permission_there_is_no_page(name: str) -> None:
    address = reverse(f"transfer:{name}", args=[1] if name in {"handover", "decision", "intake", "faults"} else [])
    client = browser_of(somebody("residents.search"))
    assert client.get(address).status_code in (403, 405)
    assert client.post(address, SAID).status_code in (403, 405)


@pytest.mark.parametrize(("name", "permission"), [("handover", "transfer.hand_over"), ("intake", "transfer.take_in"),
                                                  ("faults", "transfer.take_in")])  # fmt: skip
def test_what_is_not_there_is_not_found(name: str, permission: str) -> None:
    client = browser_of(somebody(permission))
    assert client.get(reverse(f"transfer:{name}", args=[4711])).status_code == 404
    assert client.get(reverse(f"transfer:{name}", args=[4711]) + "?page=x").status_code == 404


def test_an_intake_is_ordered_once_and_its_faults_are_shown_and_taken_along(settings: Any, tmp_path: Path) -> None:
    settings.KIJUN_HANDOVER_FOLDER, settings.KIJUN_TRANSFER = str(tmp_path / "in"), tmp_path / "work"
    folder = tmp_path / "in" / f"{TOWN:06d}" / "旧システム"
    shutil.copytree(VENDOR, folder)
    text = (folder / "RIREKI.TXT").read_bytes().decode("cp932")
    (folder / "RIREKI.TXT").write_bytes(text.replace("世帯主", "孫", 1).encode("cp932"))
    client = browser_of(somebody("transfer.take_in"))
    said = {"folder": "旧システム", "is_dry_run": "on", "token": str(uuid4())}
    for _ in range(2):
        assert client.post(reverse("transfer:take_in"), said).status_code == 302
    with wall.within(TOWN):
        job = Job.objects.get()
    jobs.run(TOWN, job.pk)
    with wall.within(TOWN):
        made = Intake.objects.get()
        assert (made.state, made.is_dry_run) == (Intake.State.REFUSED, True)
    page = client.get(reverse("transfer:intake", args=[made.number])).content.decode()
    assert "RIREKI.TXT" in page
    assert "続柄表記" in page
    taken = client.get(reverse("transfer:faults", args=[made.number]))
    assert taken["Content-Type"].startswith("text/csv")
    assert "RIREKI.TXT,2,続柄表記" in taken.content.decode("utf-8-sig")
    assert client.post(reverse("transfer:take_in"), {"folder": "../etc"}).status_code == 422


def test_the_timing_of_the_linkage_is_chosen_here() -> None:
    client = hand_over_clerk()
    assert client.post(reverse("transfer:linkage"), {"timing": "interval", "minutes": "11"}).status_code == 422
    assert client.post(reverse("transfer:linkage"), {"timing": "never", "minutes": "5"}).status_code == 422
    assert client.post(reverse("transfer:linkage"), {"timing": "interval", "minutes": "10"}).status_code == 302
    with wall.within(TOWN):
        assert LinkageSettings.objects.get().minutes == 10


def upload(content: bytes, **said: str) -> dict[str, Any]:
    return {"upload": SimpleUploadedFile("a.csv", content), **said}


@pytest.mark.clause("resident-record/1.0#10.8/m1")
def test_a_csv_of_notices_becomes_provisional_entries_once() -> None:
    client, token = browser_of(somebody("residents.enter")), str(uuid4())
    for _ in range(2):
        answer = client.post(reverse("transfer:slips"), upload(family_of_two(), kind="notices", token=token))
        assert "仮登録" in answer.content.decode()
    with wall.within(TOWN):
        assert Draft.objects.count() == 1
        assert not ResidentRecord.objects.exists()
    assert client.post(reverse("transfer:slips"), upload(b"", kind="notices")).status_code == 422
    assert client.post(reverse("transfer:slips"), upload(b"\xff\x00", kind="notices")).status_code == 422
    assert client.post(reverse("transfer:slips"), upload(b"a\n1", kind="x")).status_code == 422


@pytest.mark.clause("resident-record/1.0#7.2.2/m1")
def test_what_other_services_say_stands_on_the_page_of_the_person(two_towns_person: str) -> None:
    number = two_towns_person
    client = browser_of(somebody("transfer.take_in", "residents.view"))
    before = client.get(reverse("transfer:of_person", args=[number])).content.decode()
    assert "他業務からの受信はまだありません" in before
    content = f"宛名番号,国保資格有無,年金資格種別,被保険者証番号\n{number},1,第1号,秘123\n".encode()
    page = client.post(reverse("transfer:services"), upload(content)).content.decode()
    assert "被保険者証番号" in page
    after = client.get(reverse("transfer:of_person", args=[number])).content.decode()
    assert "第1号" in after
    assert "秘123" not in page + after
    with wall.within(TOWN):
        assert ServiceState.objects.count() == 1
    assert client.get(reverse("transfer:of_person", args=["999"])).status_code == 404


@pytest.fixture
def two_towns_person(may_20: None) -> str:
    from municipal.residents.tests.acting import act, family, people_of

    with wall.within(TOWN):
        return str(people_of(act("move_in", people=family()))[0].addressee.number)


@pytest.fixture
def may_20() -> Any:
    from municipal.core import clock
    from municipal.residents.tests.acting import ACTS_ON

    with clock.stopped_at(ACTS_ON):
        yield
