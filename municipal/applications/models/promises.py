"""What the database promises of cases (申請の約束)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models

from municipal.municipalities.constraints import Promise


class OnlySteps(Promise):
    """A case changes its state only as the table of steps says; no case is removed (状態の遷移).

    ``moves``: ``workflow:from:to``. What was asked and who applied stay. Needs the trigger function
    ``kijun_only_steps`` of this room's first migration.
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
