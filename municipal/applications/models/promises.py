"""What the database promises of cases (申請の約束)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models

from municipal.municipalities.constraints import AppendOnly, Promise


class OnlySteps(Promise):
    """A case changes its state only as the table of steps says; no case is removed (状態の遷移).

    ``moves``: ``workflow:from:to``. What was asked and who applied stay; nothing of a case that is over changes, but
    that it is forgotten as a whole, once. Needs the trigger function ``kijun_only_steps`` of this room's migrations.
    """

    def __init__(self, *, name: str, moves: Sequence[str]) -> None:
        super().__init__(name=name)
        self.moves = tuple(moves)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "moves": self.moves}

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        table, moves = f'"{model._meta.db_table}"', ", ".join(f"'{move}'" for move in self.moves)
        yield (
            f'CREATE TRIGGER "{self.name}_u" BEFORE UPDATE ON {table} FOR EACH ROW '
            f"EXECUTE FUNCTION kijun_only_steps({moves})"
        )
        yield (
            f'CREATE TRIGGER "{self.name}_d" BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION kijun_only_grows()'
        )

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        for act in "ud":
            yield f'DROP TRIGGER IF EXISTS "{self.name}_{act}" ON "{model._meta.db_table}"'


class RowsGo(AppendOnly):
    """Rows are never changed, and go only together with what is forgotten of their case (申請とともに消える行).

    Needs the trigger function ``kijun_goes_when_forgotten`` of this room's migrations.
    """

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        yield from _with(self, model, d="kijun_goes_when_forgotten()")


class StaysUntilForgotten(Promise):
    """Rows are removed only of a case that is forgotten (申請が残る間は消えない行). Needs the same function."""

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        yield (
            f'CREATE TRIGGER "{self.name}" BEFORE DELETE ON "{model._meta.db_table}" FOR EACH ROW '
            "EXECUTE FUNCTION kijun_goes_when_forgotten()"
        )

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        yield f'DROP TRIGGER IF EXISTS "{self.name}" ON "{model._meta.db_table}"'


class OnlyForgets(AppendOnly):
    """Rows only come; of a forgotten case the columns ``empties`` may be emptied, and nothing else (経過の匿名化).

    Needs the trigger function ``kijun_only_forgets`` of this room's migrations.
    """

    def __init__(self, *, name: str, empties: Sequence[str]) -> None:
        super().__init__(name=name)
        self.empties = tuple(empties)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {name: said for name, said in kwargs.items() if name != "closes"} | {"empties": self.empties}

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        columns = ", ".join(f"'{one}'" for one in self.empties)
        yield from _with(self, model, u=f"kijun_only_forgets({columns})")


def _with(promise: AppendOnly, model: type[models.Model], **acts: str) -> Iterator[str]:
    """The triggers of ``AppendOnly`` with other functions for some acts."""
    for act, words in (
        ("u", "UPDATE ON {} FOR EACH ROW"), ("d", "DELETE ON {} FOR EACH ROW"),
        ("t", "TRUNCATE ON {} FOR EACH STATEMENT"),
    ):  # fmt: skip
        on = words.format(f'"{model._meta.db_table}"')
        function = acts.get(act, "kijun_only_grows()")
        yield f'CREATE TRIGGER "{promise.name}_{act}" BEFORE {on} EXECUTE FUNCTION {function}'
