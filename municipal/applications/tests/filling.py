"""Somebody fills a form in: values made up for whatever a page asks (試験用の記入)."""

from io import BytesIO
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from conftest import TOWN
from municipal.applicants.models import Card
from municipal.applicants.tests.holding import SIGNATURE_PIN, given_card
from municipal.procedures.catalogue import shipped
from municipal.web.forms.applying import PageForm
from municipal.web.forms.days import DayField
from municipal.web.tests.holding import signed_in
from municipal.web.views.me import COOKIE

HERE = f"/apply/{TOWN}"
WELL_KNOWN = {"bank": "0001", "branch": "001", "number": "1234567"}


def picture(size: int = 8) -> bytes:
    file = BytesIO()
    Image.new("RGB", (size, size), "white").save(file, "PNG")
    return file.getvalue()


def value_of(name: str, field: forms.Field) -> Any:
    last = name.rpartition("__")[2]
    if last in WELL_KNOWN:
        return WELL_KNOWN[last]
    if isinstance(field, DayField):
        return "R8.11.23"
    if isinstance(field, forms.MultipleChoiceField):
        return [key for key, _label in list(field.choices)]  # type: ignore[arg-type]
    if isinstance(field, forms.ChoiceField):
        return next(iter(field.choices))[0]  # type: ignore[arg-type]
    return "1" if isinstance(field, forms.IntegerField) else "甲野　太郎"


def filled(form: PageForm) -> dict[str, Any]:
    """What a browser would send of this page, every field filled, every required file attached."""
    said: dict[str, Any] = {name: value_of(name, field) for name, field in form.fields.items()}
    for section in getattr(form, "sections", ()):
        for name, _label in section.files:
            said[name] = SimpleUploadedFile("写真.png", picture())
    return said | {"act": "next"}


def carded(client: Client, card: Card | None = None, **items: Any) -> Card:
    """Sign a browser in with a card, a new one unless it is given."""
    held = card or given_card(**items)
    signed_in(client, held)
    client.card = held  # type: ignore[attr-defined]
    return held


def begun(client: Client, code: str, language: str = "ja", about: str = "") -> str:
    """The first page of a new draft; whoever needs a card for it and is not signed in gets one."""
    level = next(entry.assurance for entry in shipped() if entry.id == code)
    if level != "none" and COOKIE not in client.cookies:
        carded(client)
    return str(client.post(f"{HERE}/{code}?lang={language}", {"about": about} if about else {})["Location"])


def walked(client: Client, code: str, language: str = "ja", about: str = "") -> str:
    """Every page filled until the check page; its address."""
    page = begun(client, code, language, about)
    for _ in range(60):
        if "/check" in page:
            return page
        shown = client.get(page)
        assert shown.status_code == 200, page
        sent = client.post(page, filled(shown.context["form"]))
        assert sent.status_code == 302, (page, shown.context["form"].fields, sent.context["form"].errors)
        page = str(sent["Location"])
    raise AssertionError(f"{code} never ends")


def pinned(client: Client, sign: str, **said: str) -> Any:
    """What the page of the signature answers to the card of this browser."""
    return client.post(sign, {"number": client.card.number, "pin": SIGNATURE_PIN} | said)  # type: ignore[attr-defined]


def handed_in(client: Client, check: str) -> str:
    """The address of the receipt, signed for where the procedure asks for it."""
    onward = str(client.post(check)["Location"])
    return str(pinned(client, onward)["Location"]) if "/sign?" in onward else onward


def submitted(client: Client, code: str, about: str = "") -> dict[str, str]:
    """A case: its number and the code that opens it."""
    receipt = client.get(handed_in(client, walked(client, code, about=about)))
    return {"number": receipt.context["number"], "code": receipt.context["code"]}
