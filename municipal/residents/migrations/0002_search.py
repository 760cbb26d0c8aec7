"""The one reviewed function that looks over the wall, and only at search keys (検索関数).

Row-level security keeps LIKE away from the indexes, because LIKE is not leak-proof: name search would read every
key of the municipality, every time. This function belongs to a role that cannot log in, that may read search keys
and nothing else, and asks for the municipality of the transaction itself; it gives back numbers of people, which
the caller can read only through the wall.
"""

from django.db import migrations

FUNCTION = r"""
GRANT SELECT ON residents_searchkey TO kijun_search;
CREATE POLICY search_reads_keys ON residents_searchkey FOR SELECT TO kijun_search USING (true);

CREATE FUNCTION kijun_search_names(wanted_script text, needle text, sound text, at_most integer)
RETURNS TABLE (addressee_id bigint, by_current_name boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public
-- A generic plan cannot know that the pattern begins with letters, and would read every key.
SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
    town integer := public.kijun_current_municipality();
    pattern text := replace(replace(replace(needle, '\', '\\'), '%', '\%'), '_', '\_');
    candidates integer := at_most * 4;
    found_rows integer;
BEGIN
    IF needle = '' THEN
        RETURN;
    END IF;
    -- First whoever's name begins so, and of those whoever's name also sounds so.
    RETURN QUERY
        SELECT f.addressee_id, bool_or(f.is_current)
        FROM (SELECT k.addressee_id, k.is_current, k.key, starts_with(k.reading, sound) AS sounds_so
              FROM public.residents_searchkey k
              WHERE k.municipality_id = town AND k.script = wanted_script AND k.key LIKE pattern || '%'
              ORDER BY k.key USING ~<~ LIMIT candidates) f
        GROUP BY f.addressee_id ORDER BY bool_or(f.sounds_so) DESC, min(f.key), f.addressee_id LIMIT at_most;
    GET DIAGNOSTICS found_rows = ROW_COUNT;
    IF found_rows >= at_most THEN
        RETURN;
    END IF;
    -- Then whoever has it elsewhere in the name.
    RETURN QUERY
        SELECT f.addressee_id, bool_or(f.is_current)
        FROM (SELECT k.addressee_id, k.is_current, k.key, position(sound IN k.reading) > 0 AS sounds_so
              FROM public.residents_searchkey k
              WHERE k.municipality_id = town AND k.script = wanted_script AND k.is_whole
                AND k.key LIKE '%_' || pattern || '%'
                -- Too short for a trigram: by its characters.
                AND (length(needle) > 2 OR string_to_array(k.key::text, NULL) @> string_to_array(needle, NULL))
              ORDER BY k.key USING ~<~ LIMIT candidates) f
        GROUP BY f.addressee_id ORDER BY bool_or(f.sounds_so) DESC, min(f.key), f.addressee_id LIMIT at_most;
END $$;

REVOKE ALL ON FUNCTION kijun_search_names(text, text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kijun_search_names(text, text, text, integer) TO kijun_app;
GRANT CREATE ON SCHEMA public TO kijun_search;
ALTER FUNCTION kijun_search_names(text, text, text, integer) OWNER TO kijun_search;
REVOKE CREATE ON SCHEMA public FROM kijun_search;
"""


class Migration(migrations.Migration):
    dependencies = [("residents", "0001_residents")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION kijun_search_names(text, text, text, integer)")]
