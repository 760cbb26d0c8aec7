"""Walking through the screens of judging files (適合検査の画面の試験の足場)."""

import re
from typing import Any

import pytest
from django.test import Client

from conftest import TOWN
from municipal.identity.tests.people import browser_of, somebody
from municipal.inspections.models import Inspection
from municipal.inspections.tests.files import upload
from municipal.municipalities import wall
from municipal.office import jobs


@pytest.fixture
def inspector() -> Client:
    return browser_of(somebody("inspect_files", name="検査　五葉"))


def send(client: Client, *files: Any, **said: str) -> Any:
    return client.post("/inspections/new", {"uploads": list(files), "privacy": "rows", **said})


def ordered(client: Client, *files: Any, **said: str) -> int:
    answer = send(client, *(files or (upload(),)), **said)
    assert answer.status_code == 302, re.findall(r"k-field__error.*", answer.content.decode())
    return int(answer["Location"].rpartition("/")[2])


def judged(client: Client, *files: Any, **said: str) -> int:
    number = ordered(client, *files, **said)
    with wall.within(TOWN):
        job = Inspection.objects.get(number=number).job_id
    jobs.run(TOWN, job)
    return number


def shown(client: Client, path: str, **query: str) -> str:
    answer = client.get(f"/inspections{path}", query)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def listed(client: Client, number: int, **query: str) -> list[dict[str, Any]]:
    return list(client.get(f"/inspections/{number}", query).context["rules"])
