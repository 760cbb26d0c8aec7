"""A backup becomes towns again: into empty ones only, all or nothing, the audit verified (復元)."""

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections, models
from psycopg import sql

from municipal.audit.anchors import AnchorBroken, anchors
from municipal.audit.verification import ANCHOR, REASONS, Verdict, verify
from municipal.core.refusals import Refused
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from .backups import Manifest, columns_of, migrations, order_of, read_manifest, tables

OWNER = "owner"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Restored:
    """What came back of one town: rows, and whether its audit is sound; ``lost``: entries anchored later (復元結果)."""

    town: int
    rows: int
    verdict: Verdict
    lost: int


def restore(folder: Path) -> list[Restored]:
    """Bring every town of a backup back, as the role that owns the tables (復元).

    Raises Refused before anything is written: for a damaged backup, another schema than this program's, and a town in
    which anything stands. Raises Refused, everything undone, where rows are missing or the audit is not sound. Entries
    that were anchored after the backup was taken are lost, and counted, not refused.
    """
    made = read_manifest(folder)
    _refuse_another_schema(made)
    for town in made.towns:
        _refuse_unless_empty(int(town["id"]))
    found = []
    for town in made.towns:
        found.append(_restore_town(folder, made, town))
    return found


def _refuse_another_schema(made: Manifest) -> None:
    if made.migrations != migrations():
        raise Refused(
            "バックアップを取ったときとプログラムの版が違います。同じ版で復元してから、更新してください。",
            code="schema",
        )


def _refuse_unless_empty(town: int) -> None:
    if not Municipality.objects.using(OWNER).filter(pk=town).exists():
        return
    with wall.within(town, using=OWNER):
        for model in tables():
            if model._default_manager.using(OWNER).exists():
                raise Refused(
                    "この自治体にはすでにデータがあります（%(town)s、%(table)s）。空の台帳にだけ復元できます。",
                    code="not_empty",
                    town=f"{town:06d}",
                    table=str(model._meta.verbose_name),
                )


def _restore_town(folder: Path, made: Manifest, town: dict[str, Any]) -> Restored:
    code = int(town["id"])
    Municipality.objects.using(OWNER).get_or_create(pk=code, defaults={k: v for k, v in town.items() if k != "id"})
    parts = {part.table: part for part in made.parts if part.town == code}
    rows = 0
    with wall.within(code, using=OWNER):
        for model in tables():
            part = parts.get(model._meta.db_table)
            if part is None or part.columns != columns_of(model):
                raise Refused("バックアップの表が、この版の表と違います。", code="schema")
            loaded = _load(folder / part.name, model)
            if loaded != part.rows:
                raise Refused(
                    "行が足りません（%(table)s）。復元を取りやめました。", code="rows", table=model._meta.db_table
                )
            rows += loaded
            _go_on_counting(model)
        connections[OWNER].check_constraints()
        verdict = verify(code, using=OWNER)
        lost = _anchored_later(code, verdict)
        if not verdict.is_sound and not lost:
            raise Refused(
                "監査記録が正しくありません（%(reason)s）。復元を取りやめました。", code="audit",
                reason=REASONS[verdict.reason].partition(" / ")[0],
            )  # fmt: skip
    return Restored(code, rows, verdict, lost)


def _anchored_later(town: int, verdict: Verdict) -> int:
    """How many entries were anchored after the backup's last one; 0 where that is not what is wrong."""
    if verdict.reason != ANCHOR or verdict.first_bad_seq != verdict.rows + 1:
        return 0
    try:
        return max(anchor.seq for anchor in anchors(town)) - verdict.rows
    except AnchorBroken:
        return 0


def _load(path: Path, model: type[models.Model]) -> int:
    """The rows of one file, through a temporary table: PostgreSQL refuses COPY into a table behind the wall."""
    table, names = model._meta.db_table, sql.SQL(", ").join(map(sql.Identifier, columns_of(model)))
    staging, target = sql.Identifier(f"restoring_{table}"[:63]), sql.Identifier(table)
    order = sql.SQL(", ").join(map(sql.Identifier, order_of(model)))
    with connections[OWNER].cursor() as wrapped:
        cursor = wrapped.cursor
        make = "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA"
        cursor.execute(sql.SQL(make).format(staging, names, target))
        with gzip.open(path, "rb") as file, cursor.copy(sql.SQL("COPY {} FROM STDIN").format(staging)) as copy:
            while block := file.read(BLOCK):
                copy.write(block)
        cursor.execute(
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} ORDER BY {}").format(target, names, names, staging, order)
        )
        loaded: int = cursor.rowcount
        cursor.execute(sql.SQL("DROP TABLE {}").format(staging))
        return loaded


def _go_on_counting(model: type[models.Model]) -> None:
    """The next id comes after all that were given; ids of other towns count on the same sequence."""
    if not isinstance(model._meta.pk, models.AutoField | models.BigAutoField):
        return
    table = model._meta.db_table
    highest = model._default_manager.using(OWNER).order_by("-pk").values_list("pk", flat=True).first()
    if highest is not None:
        with connections[OWNER].cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), greatest(%s, coalesce("
                "(SELECT last_value FROM pg_sequences WHERE schemaname = 'public' AND sequencename = %s), 1)))",
                [table, highest, f"{table}_id_seq"],
            )
