"""Nothing is offered that no clause asks for, unless it is listed as outside the standard (標準外の試験)."""

from pathlib import Path

from municipal.core.clauses import CLAUSE
from municipal.identity.permissions import BEYOND
from municipal.tracing.surface import ITEMS, LISTED, commands, listed, offered, routes


def test_everything_that_is_offered_names_its_clause_or_stands_outside_the_standard() -> None:
    assert [(one.kind, one.name) for one in offered() if not one.clause] == []


def test_a_clause_is_a_clause() -> None:
    said = {clause for one in offered() for clause in one.clause.split()}
    assert [clause for clause in said if clause not in {BEYOND, ITEMS} and not CLAUSE.match(clause)] == []


def test_what_is_listed_is_offered_and_has_a_reason() -> None:
    there = {(one.kind, one.name) for one in offered()}
    assert sorted(set(listed()) - there) == []
    assert [key for key, one in listed().items() if not (one.reason_ja and one.reason_en)] == []


def test_the_list_is_in_order_and_names_nothing_twice() -> None:
    keys = [tuple(line.split(",")[:2]) for line in LISTED.read_text(encoding="utf-8").splitlines()[1:]]
    assert keys == sorted(set(keys))


def test_a_staff_route_outside_the_standard_is_switched_off_by_its_permission() -> None:
    """A route that is listed as outside needs no permission: only the door, which nobody can do without."""
    guarded = {name for name, codes in routes() if codes}
    assert [name for (kind, name), one in listed().items() if kind == "route" and name in guarded] == []


def test_commands_and_routes_are_really_walked() -> None:
    assert "export_residents" in commands()
    assert ("residents:person", frozenset({"residents.view"})) in set(routes())


def test_a_surface_without_a_clause_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "surface.csv"
    path.write_text("kind,name,clause,reason_ja,reason_en\ncommand,up,標準外,な,w\n", encoding="utf-8")
    assert listed(path)[("command", "up")].clause == BEYOND
