"""The settings of the register on the screen (台帳の設定の画面の試験)."""

import pytest
from django.urls import reverse

from conftest import TOWN
from municipal.identity.tests.people import browser_of, somebody
from municipal.municipalities import wall
from municipal.residents.operations import settings

pytestmark = pytest.mark.django_db


def test_the_administrator_lets_clerks_decide_their_own_entries() -> None:
    client = browser_of(somebody("register.settings"))
    assert client.get(reverse("register:settings")).status_code == 200
    answer = client.post(reverse("register:settings"), {"may_decide_own": "on", "lease_minutes": "30"}, follow=True)
    assert "台帳の設定を変更しました。" in answer.content.decode()
    with wall.within(TOWN):
        assert (settings().may_decide_own, settings().lease_minutes) == (True, 30)


@pytest.mark.parametrize("typed", ["", "0", "241", "ten"])
def test_minutes_that_are_none_are_refused_beside_the_field(typed: str) -> None:
    answer = browser_of(somebody("register.settings")).post(reverse("register:settings"), {"lease_minutes": typed})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["lease_minutes"]


@pytest.mark.parametrize("permissions", [(), ("staff.manage", "residents.enter")])
def test_without_the_permission_there_is_no_page(permissions: tuple[str, ...]) -> None:
    client = browser_of(somebody(*permissions))
    assert client.post(reverse("register:settings"), {"lease_minutes": "30"}).status_code == 403
    assert reverse("register:settings") not in client.get(reverse("home")).content.decode()
