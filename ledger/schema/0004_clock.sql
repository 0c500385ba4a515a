-- A clock that was ahead once would be the log's clock until it is caught up: every later event
-- would be recorded microseconds after the wrong one. More than a tolerance behind the last record,
-- the log takes nothing in, until somebody has looked. The trigger is one for both ways in.
CREATE FUNCTION log_clock_tolerance() RETURNS interval
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT make_interval(secs => coalesce(
        nullif(current_setting('anjuan.clock_tolerance_s', true), '')::double precision, 300))
$$;

CREATE FUNCTION log_refuse_clock() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.recorded_at > clock_timestamp() + log_clock_tolerance() THEN
        RAISE EXCEPTION 'the clock says %, the last record is of %', clock_timestamp(), OLD.recorded_at
            USING ERRCODE = 'ANCLK',
                  HINT = 'Set the clock right; see "A wrong clock" in docs/operations.md.';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER log_head_clock BEFORE UPDATE ON log_head
FOR EACH ROW EXECUTE FUNCTION log_refuse_clock();
ALTER TABLE log_head ENABLE ALWAYS TRIGGER log_head_clock;

REVOKE ALL ON FUNCTION log_clock_tolerance, log_refuse_clock FROM PUBLIC;

DO $$
DECLARE
    app text := current_setting('anjuan.app_role', true);
BEGIN
    IF app <> '' THEN
        EXECUTE format('GRANT EXECUTE ON FUNCTION log_clock_tolerance TO %I', app);
    END IF;
END $$;
