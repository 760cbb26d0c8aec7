"""What the wall stands on: extensions, the question which municipality is open, and the trigger functions."""

from django.db import migrations

FUNCTIONS = """
-- Raised where no municipality is set, never or no longer; written apart so that the caller can be inlined.
CREATE FUNCTION kijun_no_municipality() RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
    RAISE EXCEPTION 'no municipality is set for this transaction' USING ERRCODE = 'KJ001';
END $$;

-- The municipality of this transaction. STABLE and plain SQL: inlined into every policy, usable by an index.
CREATE FUNCTION kijun_current_municipality() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('kijun.municipality', true), '')::integer, kijun_no_municipality())
$$;

CREATE FUNCTION kijun_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'KJ002';
END $$;

-- Lets one range column be closed, once: its lower end and every other column stay as they are.
CREATE FUNCTION kijun_only_closes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
    old_range text := old_row ->> TG_ARGV[0];
    new_range text := new_row ->> TG_ARGV[0];
BEGIN
    IF (old_row - TG_ARGV[0]) = (new_row - TG_ARGV[0])
       AND right(old_range, 2) = ',)' AND right(new_range, 2) <> ',)' AND new_range <> 'empty'
       AND left(new_range, length(old_range) - 1) = left(old_range, length(old_range) - 1) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are only ever closed', TG_TABLE_NAME USING ERRCODE = 'KJ002';
END $$;

GRANT SELECT ON django_migrations TO kijun_app;
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS btree_gist; CREATE EXTENSION IF NOT EXISTS pg_trgm;", ""),
        migrations.RunSQL(FUNCTIONS, ""),
    ]
