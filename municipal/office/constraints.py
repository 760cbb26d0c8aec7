"""A promise of the office's tables: what was left open is filled in once (一度だけの記入)."""

from collections.abc import Iterator

from django.db import models

from municipal.municipalities.constraints import Promise


class FilledOnce(Promise):
    """Empty columns of a row may be filled, once; what stands there is never changed, no row removed (一度だけの記入).

    Needs the trigger function ``kijun_only_fills`` of ``office/migrations/0001``.
    """

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        table = f'"{model._meta.db_table}"'
        yield (
            f'CREATE TRIGGER "{self.name}_u" BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION kijun_only_fills()'
        )
        yield (
            f'CREATE TRIGGER "{self.name}_d" BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION kijun_only_grows()'
        )

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        for act in "ud":
            yield f'DROP TRIGGER IF EXISTS "{self.name}_{act}" ON "{model._meta.db_table}"'
