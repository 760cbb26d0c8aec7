"""Some money to ask about, and reading a list to its end (公金APIの試験の道具)."""

from datetime import datetime
from typing import Any

from conftest import TOWN
from municipal.core import clock
from municipal.municipalities import wall
from municipal.payments.models import Charge
from municipal.payments.tests.booking import charged, collected

from .machines import Machine

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)


def some_charges(**said: Any) -> list[Charge]:
    with wall.within(TOWN):
        return charged(**said)


def overpaid() -> str:
    """A charge that was paid 5,000 yen too much; its id for the API."""
    with wall.within(TOWN):
        charge = charged()[0]
        collected(charge, 25_900, "notice:1", over=5_000)
    return f"ch_{charge.pk}"


def everything(machine: Machine, path: str, **said: str) -> list[dict[str, Any]]:
    """Every row of a list, page by page."""
    rows, cursor = [], ""
    while True:
        query = "&".join(f"{name}={value}" for name, value in {**said, "cursor": cursor}.items() if value)
        answer = machine.get(f"{path}?limit=2&{query}")
        assert answer.status_code == 200, answer.content.decode()
        page = answer.json()
        rows += page["results"]
        if not page["next"] or not page.get("has_more", True):
            return rows
        cursor = page["next"]
