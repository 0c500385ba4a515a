-- The log: append-only, gapless, totally ordered. Columns are named as the library names them.

CREATE TABLE log_head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL
) WITH (fillfactor = 10);

INSERT INTO log_head (position, recorded_at) VALUES (0, '-infinity');

CREATE TABLE log_events (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    notification_id bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    occurred_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    command_id uuid NOT NULL,
    -- How many events the command wrote, on its first row; 0 on the others.
    command_events integer NOT NULL,
    -- What the command asked, hashed: the same id with another digest is another command.
    command_digest bytea,
    topic text NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (originator_id, originator_version)
);

CREATE UNIQUE INDEX log_events_notification_id_idx ON log_events (notification_id);
CREATE UNIQUE INDEX log_events_event_id_idx ON log_events (event_id);
CREATE UNIQUE INDEX log_events_command_id_idx ON log_events (command_id) WHERE command_events > 0;
CREATE INDEX log_events_topic_idx ON log_events (topic, notification_id);

-- Where the bulk lane puts a slice before the log takes it in; nothing here is a record.
CREATE UNLOGGED TABLE log_intake (
    slice uuid NOT NULL,
    number integer NOT NULL,
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    event_id uuid NOT NULL,
    command_id uuid NOT NULL,
    command_events integer NOT NULL,
    command_digest bytea,
    topic text NOT NULL,
    state bytea NOT NULL
);

CREATE TABLE log_tracking (
    application_name text PRIMARY KEY,
    notification_id bigint NOT NULL
) WITH (fillfactor = 50);

CREATE FUNCTION log_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'A correction is a new event.';
END $$;

CREATE TRIGGER log_events_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON log_events
FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change();

CREATE TRIGGER log_head_stays
BEFORE DELETE OR TRUNCATE ON log_head
FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change();

CREATE FUNCTION log_refuse_return() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.position < OLD.position OR NEW.recorded_at < OLD.recorded_at THEN
        RAISE EXCEPTION 'the log head never goes back: % to %', OLD.position, NEW.position
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER log_head_advances
BEFORE UPDATE ON log_head
FOR EACH ROW EXECUTE FUNCTION log_refuse_return();

-- Appends a batch of commands in one transaction and says what became of each, in order.
--   sizes[c], command_ids[c], digests[c]: how many events command c has, and what names it
--   the other arrays: one element per event, the events of a command beside each other
-- Outcomes: stored | repeated (the command is in the log: its first result) | conflict (a stream
-- is not at the version the command expected) | mismatch (the id was used for another command).
-- The head row is locked in a statement of its own, so that every probe after it sees what the
-- previous writer committed.
CREATE FUNCTION log_append(
    sizes integer[], command_ids uuid[], digests bytea[],
    originator_ids uuid[], originator_versions bigint[], occurred_ats timestamptz[],
    event_ids uuid[], topics text[], states bytea[]
) RETURNS TABLE (
    outcome text, first_position bigint, last_position bigint,
    originator_id uuid, originator_version bigint, recorded_at timestamptz
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    head bigint;
    moment timestamptz;
    started_at bigint;
    present bigint;
    lo integer := 1;
    hi integer;
    earlier record;
    -- Assigning makes expanded arrays: an element is then fetched in constant time.
    all_topics text[] := topics;
    all_states bytea[] := states;
    all_digests bytea[] := digests;
BEGIN
    SELECT h.position, h.recorded_at INTO STRICT head, moment FROM log_head h FOR UPDATE;
    moment := greatest(clock_timestamp(), moment);
    started_at := head;
    FOR c IN 1 .. cardinality(sizes) LOOP
        hi := lo + sizes[c] - 1;
        outcome := 'stored';
        SELECT e.notification_id, e.command_events, e.command_digest, e.recorded_at
            INTO earlier
            FROM log_events e
            WHERE e.command_id = command_ids[c] AND e.command_events > 0;
        IF FOUND THEN
            outcome := CASE WHEN earlier.command_digest IS DISTINCT FROM all_digests[c]
                            THEN 'mismatch' ELSE 'repeated' END;
            first_position := earlier.notification_id;
            last_position := earlier.notification_id + earlier.command_events - 1;
            recorded_at := earlier.recorded_at;
            SELECT e.originator_id, e.originator_version
                INTO originator_id, originator_version
                FROM log_events e WHERE e.notification_id = last_position;
        ELSE
            FOR i IN lo .. hi LOOP
                IF i > lo AND originator_ids[i] = originator_ids[i - 1]
                        AND originator_versions[i] = originator_versions[i - 1] + 1 THEN
                    CONTINUE;
                END IF;
                SELECT max(e.originator_version) INTO present
                    FROM log_events e WHERE e.originator_id = originator_ids[i];
                IF (present IS NULL AND originator_versions[i] NOT IN (0, 1))
                        OR present <> originator_versions[i] - 1 THEN
                    outcome := 'conflict';
                    EXIT;
                END IF;
            END LOOP;
            IF outcome = 'stored' THEN
                first_position := head + 1;
                FOR i IN lo .. hi LOOP
                    head := head + 1;
                    INSERT INTO log_events VALUES (
                        originator_ids[i], originator_versions[i], head, moment, occurred_ats[i],
                        event_ids[i], command_ids[c],
                        CASE WHEN i = lo THEN sizes[c] ELSE 0 END,
                        CASE WHEN i = lo THEN all_digests[c] END,
                        all_topics[i], all_states[i]
                    );
                END LOOP;
                last_position := head;
                recorded_at := moment;
            ELSE
                first_position := NULL;
                last_position := NULL;
                recorded_at := NULL;
            END IF;
            originator_id := originator_ids[hi];
            originator_version := originator_versions[hi];
        END IF;
        RETURN NEXT;
        lo := hi + 1;
    END LOOP;
    IF head > started_at THEN
        UPDATE log_head SET position = head, recorded_at = moment;
        PERFORM pg_notify('log_events', head::text);
    END IF;
END $$;

-- Takes a slice of the bulk lane into the log: all of it or, with a named error, nothing.
CREATE FUNCTION log_take_in(taken uuid)
RETURNS TABLE (first_position bigint, last_position bigint, recorded_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    head bigint;
    moment timestamptz;
    amount bigint;
    bad record;
BEGIN
    SELECT h.position, h.recorded_at INTO STRICT head, moment FROM log_head h FOR UPDATE;
    moment := greatest(clock_timestamp(), moment);
    SELECT i.originator_id, i.lowest, s.present INTO bad
        FROM (SELECT originator_id, min(originator_version) AS lowest,
                     max(originator_version) - min(originator_version) + 1 AS expected,
                     count(*) AS here
                FROM log_intake WHERE slice = taken GROUP BY originator_id) i
        CROSS JOIN LATERAL (SELECT max(e.originator_version) AS present FROM log_events e
                             WHERE e.originator_id = i.originator_id) s
        WHERE i.expected <> i.here
           OR (s.present IS NULL AND i.lowest NOT IN (0, 1))
           OR s.present <> i.lowest - 1
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'stream % is at version %, not before %',
            bad.originator_id, bad.present, bad.lowest USING ERRCODE = 'unique_violation';
    END IF;
    INSERT INTO log_events
        SELECT originator_id, originator_version, head + row_number() OVER (ORDER BY number),
               moment, occurred_at, event_id, command_id, command_events, command_digest,
               topic, state
        FROM log_intake WHERE slice = taken ORDER BY number;
    GET DIAGNOSTICS amount = ROW_COUNT;
    DELETE FROM log_intake WHERE slice = taken;
    first_position := head + 1;
    last_position := head + amount;
    recorded_at := moment;
    IF amount > 0 THEN
        UPDATE log_head SET position = last_position, recorded_at = moment;
        PERFORM pg_notify('log_events', last_position::text);
    END IF;
    RETURN NEXT;
END $$;

-- The last position recorded at or before an instant: recorded_at grows with the position, so a
-- binary search over the positions is exact and needs no index on time.
CREATE FUNCTION log_position_at(instant timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    below bigint := 0;
    above bigint;
    middle bigint;
    seen timestamptz;
BEGIN
    SELECT position + 1 INTO above FROM log_head;
    WHILE above - below > 1 LOOP
        middle := (above + below) / 2;
        SELECT recorded_at INTO STRICT seen FROM log_events WHERE notification_id = middle;
        IF seen <= instant THEN
            below := middle;
        ELSE
            above := middle;
        END IF;
    END LOOP;
    RETURN below;
END $$;

REVOKE ALL ON FUNCTION log_append, log_take_in, log_position_at FROM PUBLIC;

-- What the projections own: everything in it can be dropped and rebuilt from the log.
CREATE SCHEMA views;
-- Where the next version of a view is built beside the one that serves.
CREATE SCHEMA views_next;

DO $$
DECLARE
    app text := current_setting('anjuan.app_role', true);
BEGIN
    IF app <> '' THEN
        EXECUTE format('ALTER SCHEMA views OWNER TO %I', app);
        EXECUTE format('ALTER SCHEMA views_next OWNER TO %I', app);
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', app);
        EXECUTE format('GRANT SELECT ON log_events, log_head, schema_version TO %I', app);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON log_tracking TO %I', app);
        EXECUTE format('GRANT INSERT ON log_intake TO %I', app);
        EXECUTE format(
            'GRANT EXECUTE ON FUNCTION log_append, log_take_in, log_position_at TO %I', app);
    END IF;
END $$;
