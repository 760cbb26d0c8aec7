"""What must hold before a request is served: the wall, the locale, no demo secret (起動前の点検)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

# Tables of no municipality, each for a reason that a reviewer has read.
OPEN_TABLES = {
    "django_migrations": "what the schema is, nothing of a person",
    "municipalities_municipality": "the list of towns itself: read to open the wall",
}


THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]"}


@register(Tags.security)
def no_demo_secret_in_earnest(**kwargs: Any) -> list[CheckMessage]:
    """The demo's secret is public: it serves this machine only (秘密鍵の確認)."""
    if settings.SECRET_KEY != settings.DEMO_SECRET or THIS_MACHINE.issuperset(settings.ALLOWED_HOSTS):
        return []
    told = "KIJUN_SECRET_KEY is the public demo secret while KIJUN_HOSTS lets others in: set your own."
    return [Error(told, id="kijun.E001")]


@register(Tags.database)
def database_is_fit(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Everything that is asked of the application's own connection."""
    found: list[CheckMessage] = []
    if "default" in (databases or ()):
        for check in (
            _postgresql_is_new_enough,
            _trigrams_know_japanese,
            _role_is_behind_the_wall,
            _tables_are_walled,
        ):
            found.extend(check())
    return found


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _postgresql_is_new_enough() -> Iterable[CheckMessage]:
    version = int(_rows("SHOW server_version_num")[0][0])
    if version < 150000:
        yield Error("Kijun runs on PostgreSQL 15 or newer only.", id="kijun.E002")


def _trigrams_know_japanese() -> Iterable[CheckMessage]:
    """With LC_CTYPE=C the trigram module sees no letters in Japanese, and searches silently find nobody."""
    try:
        trigrams = _rows("SELECT cardinality(show_trgm('ヤマダ'))")[0][0]
    except Exception:
        trigrams = 0
    if not trigrams:
        yield Error(
            "Trigram search finds no Japanese here: make the database with -E UTF8 --locale=C.UTF-8 and pg_trgm.",
            id="kijun.E003",
        )


def _role_is_behind_the_wall() -> Iterable[CheckMessage]:
    role, is_super, may_bypass = _rows(
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )[0]
    if is_super or may_bypass:
        yield Error(
            f"The application connects as {role}, for whom there is no wall between municipalities.",
            id="kijun.E004",
        )
    owned = _rows(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relowner = current_user::regrole LIMIT 1"
    )
    if owned:
        yield Error(f"The application connects as {role}, who owns tables and could lift the wall.", id="kijun.E005")


def _tables_are_walled() -> Iterable[CheckMessage]:
    rows = _rows("""
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
        AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                 AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
    """)
    for (table,) in rows:
        if table not in OPEN_TABLES:
            yield Error(f"Table {table} has no wall between municipalities.", id="kijun.E006")
