"""The other way round: everything that the system offers, with the clause that asks for it (標準外の一覧).

The standard is a white list. Permissions name their clause; a route is asked for by the clause of its permission. What
no permission guards, and every command and file, stands in ``surface.csv`` with its clause, or as outside the
standard (標準外) with a reason. What is outside and open to staff is switched off by its permission.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver

from municipal.addressees.outputs import Purpose, outputs
from municipal.conformance.packs import find
from municipal.identity.access import access_of
from municipal.identity.permissions import BEYOND, PERMISSIONS
from municipal.residents.models import ResidentRecord

from .rows import load_everything

LISTED = Path(__file__).parent / "surface.csv"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ITEMS = "resident-record-data"


@dataclass(frozen=True)
class Surface:
    """One thing that is offered: its kind, its name, the clause or 標準外, and why (提供物)."""

    kind: str
    name: str
    clause: str
    reason_ja: str = ""
    reason_en: str = ""


def routes() -> Iterator[tuple[str, frozenset[str]]]:
    """Every named route with the permissions that open it; none where only signing in, or nothing, is asked (経路)."""

    def walk(resolver: Any, prefix: str) -> Iterator[tuple[str, frozenset[str]]]:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                yield from walk(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)
            elif isinstance(one, URLPattern):
                asked = [access for method in METHODS if (access := access_of(one.callback, method))]
                codes = {code for access in asked for code in (access.permission, *access.others) if code}
                yield f"{prefix}{one.name}", frozenset(codes)

    return walk(get_resolver(), "")


def columns() -> Iterator[tuple[str, bool]]:
    """Every item of a resident record, and whether the published list of items names it (項目)."""
    known = {name for item in find(ITEMS).items for name in (item.name_ja, *item.aliases)}
    own = {"id", "municipality_id", "event_id"}
    for field in ResidentRecord._meta.fields:
        if field.attname not in own:
            yield str(field.verbose_name), str(field.verbose_name) in known


def commands() -> list[str]:
    """Every command of ours (管理コマンド)."""
    return sorted(name for name, app in get_commands().items() if str(app).startswith("municipal."))


def reports() -> list[str]:
    """Everything that leaves on paper or in a file; screens and API are routes (帳票とファイル)."""
    return sorted(name for name, purpose in outputs.items() if purpose not in {Purpose.SCREEN, Purpose.API})


def listed(path: Path = LISTED) -> dict[tuple[str, str], Surface]:
    """What ``surface.csv`` says, by kind and name (一覧の読込み)."""
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["kind"], row["name"]): Surface(**row) for row in csv.DictReader(file)}


def offered() -> list[Surface]:
    """Everything that is offered; the clause is empty where nobody has said one (提供物の一覧)."""
    load_everything()
    said = listed()

    def found(kind: str, name: str, clause: str = "") -> Surface:
        return said.get((kind, name)) or Surface(kind, name, clause)

    surfaces = [Surface("permission", one.code, one.clause) for one in PERMISSIONS.values()]
    surfaces += [found("route", name, _clause_of(codes)) for name, codes in routes()]
    surfaces += [found("column", name, ITEMS if is_known else "") for name, is_known in columns()]
    surfaces += [found("report", name) for name in reports()]
    surfaces += [found("command", name) for name in commands()]
    return surfaces


def _clause_of(codes: frozenset[str]) -> str:
    """The clause of the permissions that open a route; 標準外 where all of them are outside the standard."""
    clauses = sorted({PERMISSIONS[code].clause for code in codes})
    within = [clause for clause in clauses if clause != BEYOND]
    return " ".join(within) or (BEYOND if clauses else "")
