"""The form of the house: rooms, lengths, names, walls (構造の試験; docs/decisions/0001 onward)."""

import ast
import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from municipal.audit.operations import operations
from municipal.municipalities.constraints import Across, Wall
from municipal.municipalities.models import OfMunicipality

ROOT = Path(__file__).parents[2]
ROOMS = (
    "core", "machine", "municipalities", "audit", "office", "inspections", "identity", "addressees", "numbers",
    "places", "residents", "payments", "procedures", "banking", "checkout",
    "certificates", "applicants", "entitlements", "evidence", "transfer", "statistics", "extracts", "batches",
    "applications", "intake", "web", "api", "tracing",
)  # fmt: skip
OURS = [model for model in apps.get_models() if model.__module__.startswith("municipal.")]
JAPANESE = re.compile("[぀-ヿ一-鿿]")

# Named after the one concept they hold, beside the names every app has (decision 0004).
COMMON = {"models", "rules", "operations", "exports", "admin", "apps", "migrations", "tests", "management", "tasks"}
CONCEPTS = {
    "municipalities": {"wall", "constraints", "bulk", "checks", "sentences"},
    "audit": {"analysis", "anchors", "reading", "verification", "writing"},
    "office": {"answers", "constraints", "jobs", "outbox"},
    "inspections": {"inputs", "jobs", "reading"},
    "identity": {"access", "answers", "context", "demo", "middleware", "permissions"},
    "addressees": {"demo", "fields", "finding", "mailing", "measures", "outputs", "suppression"},
    "numbers": {"constraints", "jobs", "keyring", "purposes", "rotation", "sealing"},
    "places": {"demo", "finding"},
    "certificates": {"contents", "demo", "fonts", "gathering", "history", "kinds", "paper", "signing", "writing"},
    "transfer": {
        "backups",
        "checks",
        "deriving",
        "faults",
        "intake_runs",
        "jobs",
        "manifest",
        "mapping",
        "package",
        "packages",
        "parts",
        "queries",
        "receivers",
        "receiving",
        "restoring",
        "slips",
        "sources",
        "staging",
        "taking_in",
        "values",
    },
    "statistics": {
        "ages",
        "charts",
        "flows",
        "foreigners",
        "national",
        "publishing",
        "small_cells",
        "stocks",
        "years",
    },
    "extracts": {
        "answers",
        "beside",
        "cells",
        "demo",
        "inspection_copies",
        "items",
        "jobs",
        "language",
        "paper",
        "queries",
        "running",
        "runs",
        "sampling",
        "sources",
        "wards",
        "wizard",
        "writing",
    },
    "checkout": {"methods", "provider", "receipts", "signatures", "simulator", "standing"},
    "applications": {
        "bundling", "channels", "counter", "demo", "disclosed", "following", "forgetting", "keeping", "keys", "linked",
        "my_data", "outcomes", "paper", "prefill", "receivers", "standing", "telling", "telling_applicants",
    },
    "intake": {
        "archive", "conversion", "credentials", "making", "payload", "portal", "receivers", "simulator", "transports",
        "words",
    },
    "batches": {"drawing", "jobs", "kinds"},
    "banking": {"debits", "demo", "refunds", "zengin"},
    "payments": {
        "announcements", "arrears", "arrivals", "assessments", "balances", "checklist", "checks", "codes",
        "credits", "dashboard", "demo", "faces", "fees", "files", "intake", "jobs", "matching", "moves",
        "ordering", "otherwise", "outcomes", "overdue", "paid_back", "paper", "printing", "queues", "receivers",
        "reconciliation", "settlement_table", "webhooks", "years",
    },
    "procedures": {
        "catalogue", "deadlines", "forms", "guide", "offered", "principles", "search", "shapes",
    },
    "entitlements": {"intake", "kinds", "paper", "receivers", "register"},
    "applicants": {"authority", "facts", "issuer", "receivers", "relying"},
    "evidence": {"answering", "exchanges", "kinds", "server", "simulator"},
    "tracing": {"markers", "reports", "rows", "surface"},
    "residents": {
        "acts",
        "agency",
        "counts",
        "demo",
        "inquiry",
        "investigations",
        "jobs",
        "keys",
        "lateness",
        "letters",
        "linkage",
        "loading",
        "mailing",
        "neighbours",
        "notices",
        "playing",
        "received",
        "remarks",
        "search",
        "secrecy",
        "shown",
        "stays",
        "stored",
        "suppression",
        "times",
    },
}  # fmt: skip


def sources() -> Iterator[Path]:
    for folder in ("municipal", "fixtures", "benchmarks"):
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)
    yield from (ROOT / "conftest.py", ROOT / "manage.py")


def lines_of(node: ast.AST) -> int:
    return (getattr(node, "end_lineno", 0) or 0) - getattr(node, "lineno", 0) + 1


def test_no_file_is_longer_than_300_lines() -> None:
    assert [path for path in sources() if len(path.read_text(encoding="utf-8").splitlines()) > 300] == []


def test_no_function_is_longer_than_40_lines() -> None:
    found = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines_of(node) > 40:
                found.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert found == []


def test_no_template_is_longer_than_120_lines() -> None:
    templates = (ROOT / "municipal").rglob("templates/**/*.html")
    assert [path for path in templates if len(path.read_text(encoding="utf-8").splitlines()) > 120] == []


def test_every_module_says_in_one_line_what_it_is_and_its_japanese_term() -> None:
    found = []
    for path in sources():
        if "tests" in path.parts or not path.read_text(encoding="utf-8").strip():
            continue
        first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")[0]
        if not JAPANESE.search(first):
            found.append(str(path.relative_to(ROOT)))
    assert found == []


@pytest.mark.parametrize("word", ["utils", "helpers", "mixins", "managers", "signals", "services"])
def test_no_file_has_a_name_that_says_nothing(word: str) -> None:
    assert [path for path in sources() if path.stem == word or path.parent.name == word] == []


@pytest.mark.parametrize("room", sorted(CONCEPTS))
def test_a_room_holds_the_common_names_and_its_own_concepts(room: str) -> None:
    found = {path.stem for path in (ROOT / "municipal" / room).iterdir() if path.suffix == ".py" or path.is_dir()}
    assert found - COMMON - {"__init__", "__pycache__"} == CONCEPTS[room]


def test_foreign_keys_point_down_or_stay_in_the_room() -> None:
    """import-linter cannot see a reference that is a string."""
    found = []
    for model in OURS:
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and isinstance(field.related_model, type):
                here, there = model._meta.app_label, field.related_model._meta.app_label
                if ROOMS.index(there) > ROOMS.index(here):
                    found.append(f"{model.__name__}.{field.name}")
    assert found == []


def test_every_table_of_a_municipality_stands_behind_the_wall() -> None:
    walled = [model for model in OURS if any(isinstance(found, Wall) for found in model._meta.constraints)]
    belonging = [model for model in OURS if any(field.name == "municipality" for field in model._meta.fields)]
    assert walled == belonging
    assert {model.__name__ for model in OURS} - {model.__name__ for model in belonging} == {"Municipality"}


def test_no_foreign_key_can_point_into_another_town() -> None:
    found = []
    for model in OURS:
        guarded = {constraint.field for constraint in model._meta.constraints if isinstance(constraint, Across)}
        for field in model._meta.fields:
            points_inside = isinstance(field, models.ForeignKey) and issubclass(field.related_model, OfMunicipality)
            if points_inside and (field.name not in guarded or field.db_constraint):  # type: ignore[attr-defined]
                found.append(f"{model.__name__}.{field.name}")
    assert found == []


def test_every_model_and_field_that_a_person_reads_has_a_japanese_name() -> None:
    quiet = {"id", "municipality", "hash"}
    found = []
    for model in OURS:
        if not JAPANESE.search(str(model._meta.verbose_name)):
            found.append(model.__name__)
        for field in model._meta.fields:
            if field.name not in quiet and not field.primary_key and not JAPANESE.search(str(field.verbose_name)):
                found.append(f"{model.__name__}.{field.name}")
    assert found == []


def test_every_public_operation_is_audited() -> None:
    """An operation is found by its first parameter: whoever acts."""
    written = []
    for path in (ROOT / "municipal").rglob("*.py"):
        is_operation = path.stem == "operations" or path.parent.name == "operations"
        if not is_operation or "audit" in path.parts:
            continue
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                first = [argument.arg for argument in node.args.kwonlyargs][:1]
                if first == ["actor"]:
                    written.append(node.name)
    audited = {getattr(function, "__qualname__", "") for function in operations.values()}
    # ``note`` is what other operations of the room call to record themselves.
    assert [name for name in written if name not in audited | {"note"}] == []


PLAYS = {"municipal/residents/playing.py", "municipal/payments/demo.py", "municipal/applications/demo.py"}
"""What a made-up town went through is done on the days on which it happened."""


def test_only_tests_and_the_town_generator_may_stop_the_clock() -> None:
    found = []
    for path in sources():
        is_allowed = "tests" in path.parts or path.parts[len(ROOT.parts)] in {"fixtures", "benchmarks"}
        is_allowed |= path.relative_to(ROOT).as_posix() in PLAYS
        if "stopped_at" in path.read_text(encoding="utf-8") and not is_allowed and path.stem != "clock":
            found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_today_comes_from_the_one_clock() -> None:
    asked = re.compile(r"\b(datetime\.now|date\.today|timezone\.now|localdate|time\.time)\(")
    found = []
    for path in sources():
        is_asked = "tests" not in path.parts and path.stem != "clock" and path.parts[len(ROOT.parts)] == "municipal"
        if is_asked and asked.search(path.read_text(encoding="utf-8")):
            found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_nothing_in_the_project_names_a_machine_or_an_address_of_an_index() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    forbidden = [
        part + rest for part, rest in (("pypi", ".org"), ("python", "hosted.org"), ("/wor", "k/"), ("..", "/shared"))
    ]
    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in {".woff2", ".png", ".ico"} or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{name}: {word}" for word in forbidden if word in text]
    assert found == []
