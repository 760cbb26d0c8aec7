"""Promises of the database that ``makemigrations`` sees like any other constraint (データベースの約束).

``Wall``: row-level security, forced, and what the application may do. ``Across``: a foreign key that cannot point
into another municipality. ``AppendOnly``: rows are added, at most closed, never changed or removed. ``OnlyMoves``: a
state changes only as a list says.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models
from django.db.models import BaseConstraint

from municipal.core.refusals import Refused

APP, OWNER = "kijun_app", "kijun_owner"


class Promise(BaseConstraint):
    """A constraint written as SQL statements; PostgreSQL enforces it, Python does not repeat it (約束)."""

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        raise NotImplementedError

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        raise NotImplementedError

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """At table creation: after the table is there, nothing inside its definition."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        return "; ".join(self.statements(model))

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        return "; ".join(self.undoing(model))

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to ask before saving: PostgreSQL answers."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)


def _table(model: type[models.Model]) -> str:
    return f'"{model._meta.db_table}"'


class Wall(Promise):
    """A row is seen and written only inside its municipality, by the owner too (行レベルセキュリティ).

    ``rights``: what the application's role may do at all, as SQL words.
    """

    def __init__(self, *, name: str, rights: Sequence[str] = ("SELECT", "INSERT", "UPDATE", "DELETE")) -> None:
        super().__init__(name=name)
        self.rights = tuple(rights)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "rights": self.rights}

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        table, inside = _table(model), "municipality_id = kijun_current_municipality()"
        # Before the wall stands: adding a foreign key reads the table, for no municipality in particular.
        yield (
            f'ALTER TABLE {table} ADD CONSTRAINT "{self.name}_fk" FOREIGN KEY (municipality_id) '
            "REFERENCES municipalities_municipality (id)"
        )
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        yield f'CREATE POLICY "{self.name}" ON {table} TO {APP}, {OWNER} USING ({inside}) WITH CHECK ({inside})'
        yield f"GRANT {', '.join(self.rights)} ON {table} TO {APP}"
        # Bulk loading takes its ids beforehand, to point from one table to the other.
        if isinstance(model._meta.pk, models.AutoField | models.BigAutoField):
            yield f'GRANT USAGE ON SEQUENCE "{model._meta.db_table}_id_seq" TO {APP}'

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        yield f"REVOKE ALL ON {_table(model)} FROM {APP}"
        yield f'DROP POLICY IF EXISTS "{self.name}" ON {_table(model)}'
        yield f'ALTER TABLE {_table(model)} DROP CONSTRAINT IF EXISTS "{self.name}_fk"'


class Shared(Promise):
    """A table of no municipality, open to the application as far as ``rights`` say (共通の表).

    Every one of them stands, with its reason, in the reviewed list ``checks.OPEN_TABLES``.
    """

    def __init__(self, *, name: str, rights: Sequence[str]) -> None:
        super().__init__(name=name)
        self.rights = tuple(rights)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "rights": self.rights}

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        yield f"GRANT {', '.join(self.rights)} ON {_table(model)} TO {APP}"

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        yield f"REVOKE ALL ON {_table(model)} FROM {APP}"


class Across(Promise):
    """A foreign key together with the municipality, so that no row points into another town (複合外部キー).

    ``field`` is a ForeignKey with ``db_constraint=False``; its target holds UNIQUE (municipality, id). ``is_deferred``:
    looked at only at the end of a transaction, as one key of a circle of tables must be, or none could be restored.
    """

    def __init__(self, *, name: str, field: str, is_deferred: bool = False) -> None:
        super().__init__(name=name)
        self.field, self.is_deferred = field, is_deferred

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field} | ({"is_deferred": True} if self.is_deferred else {})

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        key: Any = model._meta.get_field(self.field)
        tables = {_table(model), _table(key.related_model)}
        # To check the rows that are there, the owner must see those of every town for a moment.
        for table in tables:
            yield f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"
        yield (
            f'ALTER TABLE {_table(model)} ADD CONSTRAINT "{self.name}" FOREIGN KEY (municipality_id, "{key.column}") '
            f"REFERENCES {_table(key.related_model)} (municipality_id, id)"
            f"{' DEFERRABLE INITIALLY DEFERRED' if self.is_deferred else ''}"
        )
        for table in tables:
            yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        yield f'ALTER TABLE {_table(model)} DROP CONSTRAINT IF EXISTS "{self.name}"'


class AppendOnly(Promise):
    """Rows only come; none is changed, removed or truncated, by whatever role (追記のみ).

    ``closes``: the name of a range column whose open end may be closed once; nothing else may change.
    """

    def __init__(self, *, name: str, closes: str = "") -> None:
        super().__init__(name=name)
        self.closes = closes

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "closes": self.closes}

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        table, refuse = _table(model), "EXECUTE FUNCTION kijun_only_grows()"
        change = f"EXECUTE FUNCTION kijun_only_closes('{self.closes}')" if self.closes else refuse
        yield f'CREATE TRIGGER "{self.name}_u" BEFORE UPDATE ON {table} FOR EACH ROW {change}'
        yield f'CREATE TRIGGER "{self.name}_d" BEFORE DELETE ON {table} FOR EACH ROW {refuse}'
        yield f'CREATE TRIGGER "{self.name}_t" BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}'

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        for act in "udt":
            yield f'DROP TRIGGER IF EXISTS "{self.name}_{act}" ON {_table(model)}'


class OnlyMoves(Promise):
    """The column ``state`` changes only by ``moves``, written ``from:to``; no row is removed (状態の遷移).

    ``free``: columns that may change again; whatever else stands in a row is filled in once. Needs the trigger function
    ``kijun_only_moves`` of this room's migrations.
    """

    def __init__(self, *, name: str, moves: Sequence[str], free: Sequence[str] = ()) -> None:
        super().__init__(name=name)
        self.moves, self.free = tuple(moves), tuple(free)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "moves": self.moves, "free": self.free}

    def statements(self, model: type[models.Model]) -> Iterator[str]:
        said = ", ".join(f"'{one}'" for one in (",".join(("state", *self.free)), *self.moves))
        yield (
            f'CREATE TRIGGER "{self.name}_u" BEFORE UPDATE ON {_table(model)} FOR EACH ROW '
            f"EXECUTE FUNCTION kijun_only_moves({said})"
        )
        yield (
            f'CREATE TRIGGER "{self.name}_d" BEFORE DELETE ON {_table(model)} FOR EACH ROW '
            "EXECUTE FUNCTION kijun_only_grows()"
        )

    def undoing(self, model: type[models.Model]) -> Iterator[str]:
        for act in "ud":
            yield f'DROP TRIGGER IF EXISTS "{self.name}_{act}" ON {_table(model)}'


def refusal_of(error: IntegrityError) -> Refused | None:
    """The refusal that belongs to a violated constraint: its own sentence (制約違反の説明).

    None where the constraint has no sentence: then it is a fault of ours, not of the user's.
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            said = constraint.violation_error_message
            if constraint.name == name and said not in (None, constraint.default_violation_error_message):
                return Refused(str(said), code=str(name))
    return None
