"""A promise of the table of numbers: facts stay, and only their seal is ever renewed (封緘のつけ替え)."""

from collections.abc import Iterator

from django.db import models

from municipal.municipalities.constraints import Promise


class OnlyResealed(Promise):
    """A row is closed once, or sealed anew with another key; nothing else of it changes, none is removed (封緘の更新).

    Needs the trigger function ``kijun_only_reseals`` of ``numbers/migrations/0001``.
    """

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        table = f'"{model._meta.db_table}"'
        act, refuse = "EXECUTE FUNCTION kijun_only_reseals()", "EXECUTE FUNCTION kijun_only_grows()"
        yield f'CREATE TRIGGER "{self.name}_u" BEFORE UPDATE ON {table} FOR EACH ROW {act}'
        yield f'CREATE TRIGGER "{self.name}_d" BEFORE DELETE ON {table} FOR EACH ROW {refuse}'
        yield f'CREATE TRIGGER "{self.name}_t" BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}'

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        for act in "udt":
            yield f'DROP TRIGGER IF EXISTS "{self.name}_{act}" ON "{model._meta.db_table}"'
