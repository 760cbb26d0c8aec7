"""The page of the three principles, and Once Only over the whole catalogue (三原則の指標の試験; ワンスオンリー)."""

import csv
import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from conftest import TOWN
from municipal.applications import prefill
from municipal.applications.prefill import NO_BASIS, filled
from municipal.applications.prefill.paths import ELSEWHERE, NAMED, SOURCES
from municipal.applications.rules.applicant import EVIDENCE, asked_of_applicant, papers
from municipal.procedures.catalogue import Entry, entry_of, shipped
from municipal.procedures.forms import schema_of
from municipal.procedures.principles import counts, figures
from municipal.web.forms.applying import PageForm
from municipal.web.forms.held import HeldForm

HERE = f"/procedures/{TOWN}"
ONLINE = [entry for entry in shipped() if entry.is_online]
ids = pytest.mark.parametrize("entry", ONLINE, ids=lambda entry: entry.id)


def asked_by_the_form(entry: Entry) -> set[str]:
    """Names of the questions that the pages really ask, whoever applies, with a card and without."""
    found: set[str] = set()
    for fields in (entry.asks, asked_of_applicant(entry, is_known=True), papers(entry)):
        form = PageForm(fields, "ja", {field.name: 1 for field in fields})
        found |= {name.partition("__")[0] for name in form.fields} | {one.question.name for one in form.sections}
    return found


@ids
def test_what_is_held_is_not_asked(entry: Entry) -> None:
    """Once Only: asked and held are disjoint, in the catalogue, the schema and the form that is shown."""
    held = {one.name for one in entry.holds}
    for asked in ({one.name for one in entry.asks}, set(schema_of(entry)["properties"]), asked_by_the_form(entry)):
        assert asked & held == set()


@ids
def test_what_is_held_without_a_recorded_law_is_asked(entry: Entry) -> None:
    content = json.loads(json.dumps(entry.content))
    for one in content["holds"]:
        one["basis"]["law"] = ""
    items = filled(entry_of(content), None)
    assert set(items) == {one.name for one in entry.holds} - {"receiving_account"}
    assert {one["status"] for one in items.values()} <= {NO_BASIS}
    form = HeldForm(items, {name: name for name in items}, {})
    assert not items or not form.is_valid()
    assert {f"text__{name}" for name in items} == set(form.errors)


@ids
def test_a_document_that_the_municipality_can_obtain_is_not_requested(entry: Entry) -> None:
    wanted = {one.name.removeprefix(EVIDENCE) for one in papers(entry)}
    assert wanted == {one.id for one in entry.evidence if not one.is_dropped}
    assert not wanted & {one.id for one in entry.evidence if one.obtained in ("register", "card", "linkage")}


def test_every_path_of_the_catalogue_is_read_here_or_said_to_be_kept_elsewhere() -> None:
    wanted = {f"{held.source}:{held.path}" for entry in shipped() for held in entry.holds}
    unknown = {one for one in wanted if not prefill.way_of(*one.split(":"))}
    assert unknown == set()
    # Nothing is listed that no entry asks for any more.
    assert {*SOURCES, *NAMED, *ELSEWHERE} - wanted == set()


def test_the_figures_of_the_drafted_procedures_and_of_the_whole_catalogue() -> None:
    found = figures(shipped())
    assert found["drafted"]["counted"] == {"asked": 90, "held": 70, "dropped": 63, "remaining": 32}
    whole = counts(shipped())
    print(f"whole catalogue: {whole}; looked up: {prefill.ways(shipped())}")  # noqa: T201
    assert whole["dropped"] > whole["remaining"]
    assert sum(prefill.ways(shipped()).values()) == whole["held"]


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_page_command_and_file_say_the_same(client: Client, committed_db: str) -> None:
    out = io.StringIO()
    call_command("principles", town=TOWN, format="json", stdout=out)
    once = json.loads(out.getvalue())["once_only"]
    page = text_of(client.get(f"{HERE}/principles"))
    for name in ("asked", "held", "dropped", "remaining"):
        assert f"<dd>{once[name]}</dd>" in page, name
    file = client.get(f"{HERE}/principles.csv")
    assert file["Content-Type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    said = {(one["principle"], one["figure"], one["event"]): one["value"] for one in lines}
    assert said["once_only", "dropped", ""] == str(once["dropped"])
    assert len(said) == len(lines)
    moving = next(one for one in once["documents_of_events"] if one["event"] == "moving")
    assert said["once_only", "dropped", "moving"] == str(moving["dropped"])


def test_the_page_speaks_four_languages_and_draws_one_chart(client: Client, committed_db: str) -> None:
    for language, title in (("ja", "引越し"), ("ja-easy", "引っこし"), ("en", "Moving"), ("ko", "이사")):
        page = text_of(client.get(f"{HERE}/principles?lang={language}"))
        assert page.count('<svg class="k-chart"') == 1, language
        assert title in page, language
    assert client.get("/procedures/999999/principles.csv").status_code == 404
