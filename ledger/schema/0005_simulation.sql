-- A log that is founded as a simulation tells the story of an invented city: there, and only there,
-- the bulk lane takes the times of the story as `recorded_at`. Its first event says so, for ever:
-- no log can become one later, as the first position is written once, and none can cease to be one.

-- Rows that are there have been looked at by nobody for this: no program could write the topic.
ALTER TABLE log_events ADD CONSTRAINT log_events_founding CHECK (
    topic <> 'log.founded_as_simulation/1'
    OR (notification_id = 1 AND convert_from(state, 'UTF8')::jsonb ->> 'device'
                                IS NOT DISTINCT FROM 'simulation')
) NOT VALID;

ALTER TABLE log_intake ADD COLUMN recorded_at timestamptz;

-- As in 0001, and besides:
--   insufficient_privilege   times are told to a log that was not founded as a simulation
--   invalid_parameter_value  told times go back, lie in the future, or differ within a command; or
--                            some events of the slice have none
CREATE OR REPLACE FUNCTION log_take_in(taken uuid)
RETURNS TABLE (first_position bigint, last_position bigint, recorded_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    head bigint;
    before timestamptz;
    moment timestamptz;
    amount bigint;
    bad record;
    told record;
BEGIN
    -- What needs no lock comes before it: live writers wait for the rest.
    SELECT o.command_id INTO bad
        FROM (SELECT command_id, command_events, lag(command_id) OVER (ORDER BY number) AS previous,
                     row_number() OVER (PARTITION BY command_id ORDER BY number) AS nth,
                     count(*) OVER (PARTITION BY command_id) AS size
                FROM log_intake WHERE slice = taken) o
        WHERE o.command_events <> CASE WHEN o.nth = 1 THEN o.size ELSE 0 END
           OR (o.nth > 1 AND o.previous <> o.command_id)
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'command % is not whole', bad.command_id
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT count(o.recorded_at) AS times, count(*) AS events,
           min(o.recorded_at) AS first, max(o.recorded_at) AS last,
           coalesce(bool_or(o.recorded_at < o.previous
                            OR (o.command_events = 0 AND o.recorded_at <> o.previous)), false) AS odd
        INTO told
        FROM (SELECT recorded_at, command_events,
                     lag(recorded_at) OVER (ORDER BY number) AS previous
                FROM log_intake WHERE slice = taken) o;
    SELECT h.position, h.recorded_at INTO STRICT head, before FROM log_head h FOR UPDATE;
    moment := greatest(clock_timestamp(), before + interval '1 microsecond');
    IF told.times > 0 THEN
        -- Of the log, or of the slice that begins it.
        SELECT topic INTO STRICT bad
            FROM (SELECT topic, notification_id AS nth FROM log_events WHERE notification_id = 1
                  UNION ALL
                  SELECT topic, number + 2 FROM log_intake WHERE slice = taken) o
           ORDER BY nth LIMIT 1;
        IF bad.topic <> 'log.founded_as_simulation/1' THEN
            RAISE EXCEPTION 'only a log founded as a simulation is told when it was recorded'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF told.odd OR told.times <> told.events OR told.first <= before
                OR told.last > clock_timestamp() THEN
            RAISE EXCEPTION 'told times % to % do not go on from % up to now, one for each command',
                told.first, told.last, before
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        moment := told.last;
    END IF;
    SELECT i.originator_id, i.before, s.present INTO bad
        FROM (SELECT originator_id, min(before) AS before, min(before) <> max(before) AS broken
                FROM (SELECT originator_id,
                             originator_version - row_number() OVER (
                                 PARTITION BY originator_id ORDER BY number) AS before
                        FROM log_intake WHERE slice = taken) e
               GROUP BY originator_id) i
        CROSS JOIN LATERAL (SELECT max(e.originator_version) AS present FROM log_events e
                             WHERE e.originator_id = i.originator_id) s
        WHERE i.broken
           OR (s.present IS NULL AND i.before NOT IN (-1, 0))
           OR s.present <> i.before
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'stream % is at version %, the slice goes on from %',
            bad.originator_id, coalesce(bad.present, 0), bad.before
            USING ERRCODE = 'unique_violation';
    END IF;
    INSERT INTO log_events
        SELECT originator_id, originator_version, head + row_number() OVER (ORDER BY number),
               coalesce(recorded_at, moment), occurred_at, event_id, command_id, command_events,
               command_digest, topic, state
        FROM log_intake WHERE slice = taken ORDER BY number;
    GET DIAGNOSTICS amount = ROW_COUNT;
    IF amount = 0 THEN
        RAISE EXCEPTION 'there is no slice %', taken USING ERRCODE = 'no_data_found';
    END IF;
    DELETE FROM log_intake WHERE slice = taken;
    first_position := head + 1;
    last_position := head + amount;
    recorded_at := moment;
    UPDATE log_head SET position = last_position, recorded_at = moment;
    PERFORM pg_notify('log_events', last_position::text);
    RETURN NEXT;
END $$;
