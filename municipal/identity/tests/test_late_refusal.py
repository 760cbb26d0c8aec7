"""What a constraint refuses outside an operation, or at the commit (制約による断りの試験)."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from conftest import TOWN
from municipal.audit.models import Entry
from municipal.core import clock
from municipal.identity.access import signed_in
from municipal.identity.models import Session, Staff
from municipal.municipalities import wall
from municipal.urls import handler403, handler404, handler500
from municipal.urls import urlpatterns as real

from .people import browser_of, somebody

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@signed_in()
def twice(request: HttpRequest) -> HttpResponse:
    Staff.objects.create(login_name="new", name="新")
    Staff.objects.create(login_name="clerk", name="同")
    return HttpResponse("both")


@signed_in()
def senseless(request: HttpRequest) -> HttpResponse:
    past = clock.now() - timedelta(days=1)
    Session.objects.create(staff=request.staff, secret_hash="x", expires_at=past)  # type: ignore[attr-defined]
    return HttpResponse("begun")


urlpatterns = [*real, path("twice", twice), path("api/twice", twice), path("senseless", senseless)]


@pytest.fixture
def client() -> Client:
    return browser_of(somebody())


def test_a_constraint_with_a_sentence_is_a_refusal_that_undoes_everything(client: Client) -> None:
    answer = client.get("/twice")
    assert answer.status_code == 409
    assert "このサインイン名はすでに使われています。" in answer.content.decode()
    with wall.within(TOWN):
        assert list(Staff.objects.values_list("login_name", flat=True)) == ["clerk"]


def test_machines_get_the_name_of_the_constraint(client: Client) -> None:
    assert client.get("/api/twice").json()["code"] == "staff_login_name_is_unique"


def test_it_is_logged_like_any_refusal(client: Client) -> None:
    client.get("/twice")
    with wall.within(TOWN):
        assert list(Entry.objects.filter(kind="refusal").values_list("code", flat=True)) == [
            "staff_login_name_is_unique"
        ]


def test_a_constraint_without_a_sentence_is_a_fault_of_ours(client: Client, settings: Any) -> None:
    settings.DEBUG = False
    answer = client.get("/senseless")
    assert answer.status_code == 500
    assert "session_is_whole" not in answer.content.decode()
