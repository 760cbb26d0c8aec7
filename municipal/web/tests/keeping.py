"""What the tests of places, runs and days share (場所・一括処理の画面の試験の道具)."""

import re
from datetime import datetime
from typing import Any

from django.test import Client

from municipal.core import clock
from municipal.identity.tests.people import browser_of, somebody
from municipal.web.tests.entering import CAME, newcomer

NOW = datetime(2026, 11, 20, 10, tzinfo=clock.TOKYO)


def staff(*permissions: str, login: str = "keeper", **said: Any) -> Client:
    return browser_of(somebody(*permissions, login_name=login, **said))


def key_in(answer: Any) -> str:
    found = re.search(r'name="key" value="(\w+)"', answer.content.decode())
    return found[1] if found else ""


def typed() -> dict[str, str]:
    return newcomer(0, "太郎", "世帯主", "S60.4.1") | CAME
