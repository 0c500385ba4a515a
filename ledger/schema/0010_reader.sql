-- Who reads rows for people is neither who writes them nor who owns them: row-level security holds
-- for him, and he can change nothing. Tables of the views carry their own policy.
DO $$
DECLARE
    app text := current_setting('anjuan.app_role', true);
    reader text := current_setting('anjuan.reader_role', true);
BEGIN
    IF reader <> '' AND app <> '' AND reader <> app THEN
        EXECUTE format('GRANT USAGE ON SCHEMA public, views TO %I', reader);
        EXECUTE format(
            'GRANT SELECT ON log_events, log_head, log_tracking, schema_version TO %I', reader);
        EXECUTE format('GRANT EXECUTE ON FUNCTION log_position_at TO %I', reader);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA views TO %I', reader);
        EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA views'
                       ' GRANT SELECT ON TABLES TO %I', app, reader);
        EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA views_next'
                       ' GRANT SELECT ON TABLES TO %I', app, reader);
    END IF;
END $$;
