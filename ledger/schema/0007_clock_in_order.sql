-- The tolerance is asked for only when the clock is behind the last record, which it nearly never
-- is: the look at it took half the time of a small append. What is refused stays as it was.
CREATE OR REPLACE FUNCTION log_refuse_clock() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.recorded_at > clock_timestamp() THEN
        IF OLD.recorded_at > clock_timestamp() + log_clock_tolerance() THEN
            RAISE EXCEPTION 'the clock says %, the last record is of %',
                clock_timestamp(), OLD.recorded_at
                USING ERRCODE = 'ANCLK',
                      HINT = 'Set the clock right; see "A wrong clock" in docs/operations.md.';
        END IF;
    END IF;
    RETURN NEW;
END $$;
