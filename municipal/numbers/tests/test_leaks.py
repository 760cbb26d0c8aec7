"""A marked number goes through everything and is looked for everywhere: never in the clear (漏えいの試験)."""

import base64
import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from conftest import TOWN
from municipal.core.numbers import INDIVIDUAL_NUMBER
from municipal.municipalities import wall
from municipal.numbers.sealing import Digits
from municipal.residents.models import ResidentRecord
from municipal.web.tests.entering import decided, moved_in, newest, signed_in, text

MARKED, SECOND = (Digits(INDIVIDUAL_NUMBER.of(body)) for body in ("73164829513", "26047913582"))
ACT = {"event_on": "R8.11.5", "basis": "ex_officio"}


class Heard(logging.Handler):
    """Everything that any logger says, the SQL included."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record) + repr(record.args) + repr(getattr(record, "params", "")))


@pytest.fixture
def heard() -> Iterator[Heard]:
    ear, root = Heard(), logging.getLogger()
    level, sql = root.level, logging.getLogger("django.db.backends")
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    sql.setLevel(logging.DEBUG)
    yield ear
    root.removeHandler(ear)
    root.setLevel(level)
    sql.setLevel(logging.NOTSET)


def forms() -> list[str]:
    """What the numbers would look like: plain, grouped, full-width, in base64 and in hexadecimal."""
    found = []
    for digits in (MARKED.value, SECOND.value):
        wide = digits.translate({ord(str(one)): ord("０") + one for one in range(10)})
        grouped = [f"{digits[:4]}{mark}{digits[4:8]}{mark}{digits[8:]}" for mark in (" ", "-", "　")]
        plain = digits.encode()
        found += [digits, wide, *grouped, base64.b64encode(plain).decode().rstrip("="), plain.hex()]
    return found


def leaked(said: str) -> list[str]:
    return [form for form in forms() if form in said]


def database(name: str) -> str:
    """Every row of every table, as a superuser reads them."""
    settings = connections["owner"].settings_dict
    with psycopg.connect(
        dbname=name, user="kijun_superuser", host=settings["HOST"], connect_timeout=10
    ) as connection:  # fmt: skip
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        found = []
        for (table,) in tables:
            found += [str(row) for row in connection.execute(f'SELECT t::text FROM "{table}" t').fetchall()]
        return "\n".join(found)


def enter(clerk: Any, chief: Any, person: str, act: str, number: Digits, day: str) -> list[Any]:
    path = f"/residents/{person}/numbers/{act}"
    checked = clerk.post(path, {**ACT, "event_on": day, "individual_number": number.value, "do": "check"})
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', checked.content.decode()))
    hidden.pop("csrfmiddlewaretoken", None)
    done = clerk.post(path, {**hidden, "do": "enter"})
    draft = int(done["Location"].rsplit("/", 1)[1])
    pages = [checked, done, clerk.get(f"/drafts/{draft}"), chief.get("/drafts")]
    decided(chief, draft)
    return [*pages, clerk.get(f"/drafts/{draft}")]


@override_settings(DEBUG=True)
def test_a_marked_number_stands_in_no_page_log_export_or_row(two_towns: str, heard: Heard, tmp_path: Path) -> None:
    clerk, chief, auditor = (signed_in(login) for login in ("counter", "chief", "auditor"))
    person = moved_in(clerk, chief)[0]
    pages = enter(clerk, chief, person, "individual_number_entry", MARKED, "R8.11.5")
    pages += enter(clerk, chief, person, "individual_number_change", SECOND, "R8.11.6")
    for path in ("", "/history", "/household", "/disclosures", "/numbers"):
        pages += [client.get(f"/residents/{person}{path}") for client in (clerk, chief, auditor)]
    pages += [auditor.get("/audit"), clerk.get(f"/residents?q={person}"), clerk.post("/numbers/find", {})]
    # Wrong in every way that a clerk can be wrong: the refusals do not repeat it either.
    path = f"/residents/{person}/numbers/individual_number_entry"
    for bad in ({}, {"event_on": "x"}, {"do": "enter", "key": "\0"}, {"do": "enter"}):
        pages.append(clerk.post(path, {**ACT, "individual_number": MARKED.value, "do": "check", **bad}))
    pages.append(clerk.post("/numbers/find", {"individual_number": MARKED.value, "purpose": "x"}))
    pages.append(clerk.post("/numbers/find", {"individual_number": MARKED.value, "purpose": "number.return"}))
    shown = clerk.post(f"/residents/{person}/numbers/show", {"purpose": "number.entry"})
    assert SECOND.value in text(shown).replace(" ", ""), "the number is really there"
    assert [
        (page.request["PATH_INFO"], leaked(page.content.decode())) for page in pages if leaked(page.content.decode())
    ] == []
    assert leaked(repr([sorted(page.headers.items()) for page in [*pages, shown]])) == []
    said = io.StringIO()
    call_command("export_residents", town=TOWN, out=tmp_path / "out", stdout=said)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if leaked(path.read_bytes().decode("utf-8", "replace"))] == []
    assert leaked(said.getvalue()) == []
    assert leaked("\n".join(heard.said)) == []
    assert any("numbers_individualnumber" in line for line in heard.said), "the SQL was really heard"
    assert leaked(database(two_towns)) == []


def test_no_column_of_a_record_and_no_item_of_an_export_is_an_individual_number(two_towns: str) -> None:
    names = {str(field.verbose_name) for field in ResidentRecord._meta.fields}
    assert "個人番号" not in names
    with wall.within(TOWN):
        assert ResidentRecord.objects.exists()
    assert newest is not None
