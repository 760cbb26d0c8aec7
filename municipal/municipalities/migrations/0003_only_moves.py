"""The trigger function behind the promise ``OnlyMoves``."""

from django.db import migrations

FUNCTION = """
-- First argument: the columns that may change, separated by commas. The others: the moves, as from:to.
CREATE FUNCTION kijun_only_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := string_to_array(TG_ARGV[0], ',');
    column_name text;
BEGIN
    IF NEW.state <> OLD.state AND array_position(TG_ARGV, OLD.state || ':' || NEW.state) IS NULL THEN
        RAISE EXCEPTION '% does not follow %', NEW.state, OLD.state
            USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
    END IF;
    FOR column_name IN SELECT key FROM jsonb_each_text(to_jsonb(OLD))
                       WHERE NOT key = ANY (free) AND coalesce(value, '') <> ''
                       AND value IS DISTINCT FROM to_jsonb(NEW) ->> key LOOP
        RAISE EXCEPTION '% is filled in already', column_name
            USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
    END LOOP;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("municipalities", "0002_municipality")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION kijun_only_moves()")]
