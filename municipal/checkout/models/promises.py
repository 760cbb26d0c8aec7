"""What the database promises of payments online (オンライン納付の約束)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models

from municipal.municipalities.constraints import Promise


class OnlyRises(Promise):
    """The state only rises in its line, what was filled in stays, no row is removed (状態の前進).

    ``line``: the states, the lowest first. Needs the trigger function ``kijun_only_rises`` of ``checkout/migrations``.
    """

    def __init__(self, *, name: str, line: Sequence[str]) -> None:
        super().__init__(name=name)
        self.line = tuple(line)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "line": self.line}

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        table, states = f'"{model._meta.db_table}"', ", ".join(f"'{state}'" for state in self.line)
        yield (
            f'CREATE TRIGGER "{self.name}_u" BEFORE UPDATE ON {table} FOR EACH ROW '
            f"EXECUTE FUNCTION kijun_only_rises({states})"
        )
        yield (
            f'CREATE TRIGGER "{self.name}_d" BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION kijun_only_grows()'
        )

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        for act in "ud":
            yield f'DROP TRIGGER IF EXISTS "{self.name}_{act}" ON "{model._meta.db_table}"'
