"""Somebody fills a form in: values made up for whatever a page asks (試験用の記入)."""

from io import BytesIO
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from conftest import TOWN
from municipal.web.forms.applying import PageForm
from municipal.web.forms.days import DayField

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
    for section in form.sections:
        for name, _label in section.files:
            said[name] = SimpleUploadedFile("写真.png", picture())
    return said | {"act": "next"}


def begun(client: Client, code: str, language: str = "ja") -> str:
    """The first page of a new draft."""
    return str(client.post(f"{HERE}/{code}?lang={language}")["Location"])


def walked(client: Client, code: str, language: str = "ja") -> str:
    """Every page filled until the check page; its address."""
    page = begun(client, code, language)
    for _ in range(60):
        if "/check" in page:
            return page
        shown = client.get(page)
        assert shown.status_code == 200, page
        sent = client.post(page, filled(shown.context["form"]))
        assert sent.status_code == 302, (page, shown.context["form"].fields, sent.context["form"].errors)
        page = str(sent["Location"])
    raise AssertionError(f"{code} never ends")


def submitted(client: Client, code: str) -> dict[str, str]:
    """A case: its number and the code that opens it."""
    receipt = client.get(client.post(walked(client, code))["Location"])
    return {"number": receipt.context["number"], "code": receipt.context["code"]}
