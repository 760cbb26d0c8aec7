"""Files of assessments: tried, charged when somebody says so, once (賦課データの取込みの画面の試験)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import TOWN
from municipal.addressees.models import Addressee
from municipal.core import clock
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.office import jobs
from municipal.office.models import Job
from municipal.payments.balances import books
from municipal.payments.models import Assessment, Charge, ReceivedFile
from municipal.payments.tests.booking import charged, payer
from municipal.payments.tests.test_assessments import file_of, line

from .test_money import text

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def client() -> Client:
    with wall.within(TOWN):
        payer()
    return browser_of(somebody("payments.view", "payments.assess"))


def count() -> int:
    with wall.within(TOWN):
        return Assessment.objects.count()


def handed_in(client: Client, data: bytes, name: str = "2026.csv") -> Any:
    return client.post("/money/assessments/files", {"file": SimpleUploadedFile(name, data, "text/csv")})


def run_waiting() -> None:
    with wall.within(TOWN):
        waiting = list(Job.objects.filter(state="waiting").values_list("pk", flat=True))
    for job in waiting:
        jobs.run(TOWN, job)


def test_a_file_is_tried_first_and_charged_when_somebody_says_so_once(client: Client) -> None:
    data = file_of(line(), line(reference="2", total_yen="50"), line(reference="3", fee="905"))
    kept = handed_in(client, data)
    assert kept.status_code == 302
    page = client.get(kept["Location"])
    assert page["Refresh"] == "3"
    assert "試行しています" in text(page)
    run_waiting()
    page = client.get(kept["Location"])
    assert "Refresh" not in page
    assert "誤りはありません 3件、246,962円です" in text(page)
    assert "国民健康保険料 2 123,506" in text(page)
    assert count() == 0
    ordered = client.post(kept["Location"], {"key": "k1"})
    assert ordered.status_code == 302
    assert client.post(kept["Location"], {"key": "k1"}).status_code == 302
    assert "調定しています" in text(client.get(kept["Location"]))
    run_waiting()
    assert "3件、246,962円を調定しました" in text(client.get(kept["Location"]))
    assert count() == 3
    # The same file again: the same page, and nothing is tried or charged anew.
    assert handed_in(client, data)["Location"] == kept["Location"]
    assert client.post(kept["Location"], {"key": "k2"}).status_code == 409
    with wall.within(TOWN):
        assert Job.objects.count() == 2
        assert ReceivedFile.objects.count() == 1
        assert books().broken() == []


def test_a_file_with_bad_lines_charges_nothing_and_names_each(client: Client) -> None:
    data = file_of(line(), line(reference="2", payer="9"), line(reference="3", total_yen="x"))
    kept = handed_in(client, data)["Location"]
    run_waiting()
    page = text(client.get(kept))
    assert "2行に誤りがあるため、何も調定していません" in page
    assert "3 payer この宛名番号の方は登録されていません" in page
    assert "4 total_yen" in page
    assert "件を調定する" not in page
    errors = client.get(f"{kept}/errors.csv").content.decode("utf-8-sig").splitlines()
    assert [one.partition(",")[0] for one in errors] == ["行番号", "3", "4"]
    assert client.post(kept, {"key": "k1"}).status_code == 409
    assert count() == 0


def test_lines_that_are_registered_already_are_named_by_the_trial(client: Client) -> None:
    with wall.within(TOWN):
        charged(owner=Addressee.objects.get(), fee="901", reference="1")
    kept = handed_in(client, file_of(line()))["Location"]
    run_waiting()
    assert "2 reference この通知書番号の賦課はすでに登録されています" in text(client.get(kept))


def test_what_was_registered_between_trial_and_intake_refuses_the_whole_file(client: Client) -> None:
    kept = handed_in(client, file_of(line(), line(reference="2")))["Location"]
    run_waiting()
    assert client.post(kept, {"key": "k1"}).status_code == 302
    with wall.within(TOWN):
        charged(owner=Addressee.objects.get(), fee="901", reference="2")
    run_waiting()
    assert "1行に誤りがあるため" in text(client.get(kept))
    assert count() == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"a,b\n", "項目名"),
        (file_of(), "賦課の行がありません"),
        (file_of(line())[:-1], "途中で切れています"),
        (b"", "CSVファイルを選んで"),
    ],
)
def test_a_file_that_is_none_is_refused_at_once(client: Client, data: bytes, sentence: str) -> None:
    answer = handed_in(client, data)
    assert answer.status_code == 422
    assert sentence in text(answer)
    with wall.within(TOWN):
        assert not Job.objects.exists()
        assert not ReceivedFile.objects.exists()


def test_a_trial_that_was_killed_goes_on_and_names_no_line_twice(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("municipal.payments.assessments.AT_ONCE", 2)
    lines = [line(reference=str(number), payer="9" if number % 2 else "1") for number in range(1, 7)]
    handed_in(client, file_of(*lines))
    with wall.within(TOWN):
        job = Job.objects.get()
    real, steps = jobs._step, iter(range(2))

    def dies(*args: Any) -> int | None:
        if next(steps, None) is None:
            raise MemoryError
        return real(*args)

    monkeypatch.setattr(jobs, "_step", dies)
    jobs.run(TOWN, job.pk)
    monkeypatch.setattr(jobs, "_step", real)
    jobs.run(TOWN, job.pk)
    with wall.within(TOWN):
        job.refresh_from_db()
        assert (job.state, job.done, job.total) == ("done", 6, 6)
        assert list(job.error_rows.order_by("row").values_list("row", flat=True)) == [2, 4, 6]
        assert job.position["count"] == 3
        assert not Charge.objects.exists()


def test_after_a_thousand_bad_lines_nobody_reads_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("municipal.payments.assessments.MOST_ERRORS", 3)
    handed_in(client, file_of(*(line(reference=str(number), payer="9") for number in range(1, 10))))
    run_waiting()
    with wall.within(TOWN):
        assert Job.objects.get().errors == 3
