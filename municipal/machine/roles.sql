-- The three roles of Kijun (役割). Run once per cluster, by a superuser; running it again changes nothing.
--   kijun_owner   migrates: owns the tables, is no superuser and is itself behind the wall (FORCE ROW LEVEL SECURITY)
--   kijun_app     serves: owns nothing, sees one municipality per transaction
--   kijun_search  never logs in: owns the one reviewed search function and reads search keys only
DO $roles$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kijun_owner') THEN
        CREATE ROLE kijun_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE CREATEDB;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kijun_app') THEN
        CREATE ROLE kijun_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kijun_search') THEN
        CREATE ROLE kijun_search NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
    END IF;
END
$roles$;
-- The owner hands the search function over to kijun_search, for which it must be able to act as that role.
GRANT kijun_search TO kijun_owner;
