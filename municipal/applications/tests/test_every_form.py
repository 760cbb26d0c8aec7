"""Every procedure that is offered online can be filled in to its end (全手続の通しの試験)."""

import pytest
from django.test import Client

from conftest import TOWN
from municipal.applications.models import Case, Draft
from municipal.municipalities import wall
from municipal.procedures.catalogue import shipped

from .filling import handed_in, walked

ONLINE = [entry.id for entry in shipped() if entry.is_online]


@pytest.fixture
def client(committed_db: str) -> Client:
    return Client(raise_request_exception=True)


@pytest.mark.walk
@pytest.mark.parametrize("code", ONLINE)
def test_every_online_procedure_is_filled_in_and_submitted(client: Client, code: str) -> None:
    check = walked(client, code)
    page = client.get(check)
    assert page.context["is_complete"], [row["name"] for row in page.context["rows"] if row["is_wrong"]]
    assert client.get(handed_in(client, check)).status_code == 200
    with wall.within(TOWN):
        assert list(Case.objects.values_list("procedure", flat=True)) == [code]
        assert Draft.objects.filter(case=None).count() == 0
        assert all(not one.answers for one in Draft.objects.all())
