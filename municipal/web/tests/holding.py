"""An applicant's browser: signing in with a simulated card, step by step (試験用のサインイン)."""

import re
from typing import Any
from uuid import uuid4

from django.test import Client

from conftest import TOWN
from municipal.applicants.models import Card
from municipal.applicants.tests.holding import PIN

ME = f"/me/{TOWN}"


def at_the_provider(browser: Client) -> str:
    """The address of the page with the card."""
    return str(browser.get(f"{ME}/start")["Location"])


def answered(browser: Client, card: Card, page: str = "", pin: str = PIN) -> Any:
    """What the provider says to a PIN."""
    return browser.post(page or at_the_provider(browser), {"number": card.number, "pin": pin})


def signed_in(browser: Client, card: Card) -> Any:
    """The page to which the applicant comes back."""
    return browser.get(answered(browser, card)["Location"], follow=True)


def code_on(page: Any) -> str:
    """The delegation code that a page shows."""
    found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page.content.decode())
    return found[0] if found else ""


def delegated(browser: Client, key: str = "", **said: Any) -> Any:
    usual = {"kind": "family", "until": "2026-12-31", "key": key or uuid4().hex}
    return browser.post(f"{ME}/delegations", usual | said)


def accepted(browser: Client, code: str) -> Any:
    return browser.post(f"{ME}/delegations/accept", {"code": code, "key": uuid4().hex})
