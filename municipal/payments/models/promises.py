"""What the database promises of the books (元帳の約束).

The trigger functions stand in ``payments/migrations/0001``; each names the promise it found broken, so that the
sentence of the constraint reaches the clerk.
"""

from collections.abc import Iterator

from django.db import models

from municipal.municipalities.constraints import Promise


class NotInAClosedPeriod(Promise):
    """No posting is booked on a day of a period that was closed (締めた期間への記帳の禁止).

    Needs the trigger function ``kijun_books_are_open`` of ``payments/migrations/0001``.
    """

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        yield (
            f'CREATE TRIGGER "{self.name}" BEFORE INSERT ON "{model._meta.db_table}" FOR EACH ROW '
            "EXECUTE FUNCTION kijun_books_are_open()"
        )

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        yield f'DROP TRIGGER IF EXISTS "{self.name}" ON "{model._meta.db_table}"'


class LaterThanTheLast(Promise):
    """Periods are closed in order, while nobody is booking (締めの順序).

    Needs the trigger function ``kijun_closes_in_order`` of ``payments/migrations/0001``.
    """

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        yield (
            f'CREATE TRIGGER "{self.name}" BEFORE INSERT ON "{model._meta.db_table}" FOR EACH ROW '
            "EXECUTE FUNCTION kijun_closes_in_order()"
        )

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        yield f'DROP TRIGGER IF EXISTS "{self.name}" ON "{model._meta.db_table}"'


class NothingBelowZero(Promise):
    """No charge is paid beyond what is owed of it, no over-payment used twice (過入金の防止).

    Needs the trigger function ``kijun_nothing_below_zero`` of ``payments/migrations/0001``, which locks the charges
    concerned before it adds up, so that two clerks at once are told one after the other.
    """

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        yield (
            f'CREATE TRIGGER "{self.name}" AFTER INSERT ON "{model._meta.db_table}" REFERENCING NEW TABLE AS added '
            "FOR EACH STATEMENT EXECUTE FUNCTION kijun_nothing_below_zero()"
        )

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        yield f'DROP TRIGGER IF EXISTS "{self.name}" ON "{model._meta.db_table}"'


class OfAnOpenYear(Promise):
    """No posting is of a fiscal year whose books are closed (閉鎖した年度への記帳の禁止).

    Needs the trigger function ``kijun_year_is_open`` of ``payments/migrations``; asked once a statement.
    """

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        yield (
            f'CREATE TRIGGER "{self.name}" AFTER INSERT ON "{model._meta.db_table}" REFERENCING NEW TABLE AS added '
            "FOR EACH STATEMENT EXECUTE FUNCTION kijun_year_is_open()"
        )

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        yield f'DROP TRIGGER IF EXISTS "{self.name}" ON "{model._meta.db_table}"'


class YearsInOrder(Promise):
    """Fiscal years are closed in order, while nobody is booking (出納閉鎖の順序).

    Needs the trigger function ``kijun_years_close_in_order`` of ``payments/migrations``.
    """

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        yield (
            f'CREATE TRIGGER "{self.name}" BEFORE INSERT ON "{model._meta.db_table}" FOR EACH ROW '
            "EXECUTE FUNCTION kijun_years_close_in_order()"
        )

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        yield f'DROP TRIGGER IF EXISTS "{self.name}" ON "{model._meta.db_table}"'
