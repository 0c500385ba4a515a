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
    state bytea NOT NULL,
    PRIMARY KEY (slice, number)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50000);

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

-- Also where a session calls itself a replica.
ALTER TABLE log_events ENABLE ALWAYS TRIGGER log_events_append_only;
ALTER TABLE log_head ENABLE ALWAYS TRIGGER log_head_stays;

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

ALTER TABLE log_head ENABLE ALWAYS TRIGGER log_head_advances;

-- Appends a batch of commands in one transaction and says what became of each, in order.
--   sizes[c], command_ids[c], digests[c]: how many events command c has, and what names it
--   the other arrays: one element per event, the events of a command beside each other
-- Outcomes, and what the other columns then say:
--   stored    its positions, its last event's stream and version, the time
--   repeated  the command is in the log: the same of its first result
--   mismatch  the id is in the log with another digest: the same of that other command
--   conflict  a stream is not at the version before the event: that stream and its version
-- Errors refuse the whole batch.
-- The head row is locked in a statement of its own, so that every probe after it sees what the
-- previous writer committed. Probes are scalar, and never sequential: a plan made while the table
-- was small lives on in the session.
CREATE FUNCTION log_append(
    sizes integer[], command_ids uuid[], digests bytea[],
    originator_ids uuid[], originator_versions bigint[], occurred_ats timestamptz[],
    event_ids uuid[], topics text[], states bytea[]
) RETURNS TABLE (
    outcome text, first_position bigint, last_position bigint,
    originator_id uuid, originator_version bigint, recorded_at timestamptz
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    head bigint;
    moment timestamptz;
    started_at bigint;
    present bigint;
    lo integer := 1;
    hi integer;
    earlier record;
    -- What is accepted waits to be inserted together: one INSERT costs a fraction of many.
    events integer[] := '{}';
    commands integer[] := '{}';
    amounts integer[] := '{}';
    waiting_commands uuid[] := '{}';
    waiting_streams uuid[] := '{}';
    -- Assigning makes expanded arrays: an element is then fetched in constant time.
    all_topics text[] := topics;
    all_states bytea[] := states;
    all_digests bytea[] := digests;
BEGIN
    IF 1 > ANY (sizes)
            OR (SELECT coalesce(sum(s), 0) FROM unnest(sizes) s) <> cardinality(originator_ids) THEN
        RAISE EXCEPTION 'the sizes do not divide the events among the commands'
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT h.position, h.recorded_at INTO STRICT head, moment FROM log_head h FOR UPDATE;
    -- Never the same time twice, even if the clock goes back: a past instant is one position.
    moment := greatest(clock_timestamp(), moment + interval '1 microsecond');
    started_at := head;
    FOR c IN 1 .. cardinality(sizes) + 1 LOOP
        hi := lo + sizes[c] - 1;
        IF c > cardinality(sizes) OR command_ids[c] = ANY (waiting_commands)
                OR originator_ids[lo:hi] && waiting_streams THEN
            INSERT INTO log_events
                SELECT originator_ids[w.i], originator_versions[w.i],
                       head - cardinality(events) + w.n, moment, occurred_ats[w.i], event_ids[w.i],
                       command_ids[w.c], w.amount, CASE WHEN w.amount > 0 THEN all_digests[w.c] END,
                       all_topics[w.i], all_states[w.i]
                FROM unnest(events, commands, amounts) WITH ORDINALITY AS w(i, c, amount, n);
            EXIT WHEN c > cardinality(sizes);
            events := '{}';
            commands := '{}';
            amounts := '{}';
            waiting_commands := '{}';
            waiting_streams := '{}';
        END IF;
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
            outcome := 'stored';
            FOR i IN lo .. hi LOOP
                IF i > lo AND originator_ids[i] = originator_ids[i - 1]
                        AND originator_versions[i] = originator_versions[i - 1] + 1 THEN
                    CONTINUE;
                END IF;
                SELECT max(e.originator_version) INTO present
                    FROM log_events e WHERE e.originator_id = originator_ids[i];
                IF i > lo THEN
                    present := greatest(present, (
                        SELECT max(own.v)
                        FROM unnest(originator_ids[lo:i-1], originator_versions[lo:i-1]) own(o, v)
                        WHERE own.o = originator_ids[i]));
                END IF;
                IF (present IS NULL AND originator_versions[i] NOT IN (0, 1))
                        OR present <> originator_versions[i] - 1 THEN
                    outcome := 'conflict';
                    originator_id := originator_ids[i];
                    originator_version := coalesce(present, 0);
                    first_position := NULL;
                    last_position := NULL;
                    recorded_at := NULL;
                    EXIT;
                END IF;
            END LOOP;
            IF outcome = 'stored' THEN
                first_position := head + 1;
                FOR i IN lo .. hi LOOP
                    events := events || i;
                    commands := commands || c;
                    amounts := amounts || CASE WHEN i = lo THEN sizes[c] ELSE 0 END;
                    waiting_streams := waiting_streams || originator_ids[i];
                END LOOP;
                waiting_commands := waiting_commands || command_ids[c];
                head := head + sizes[c];
                last_position := head;
                recorded_at := moment;
                originator_id := originator_ids[hi];
                originator_version := originator_versions[hi];
            END IF;
        END IF;
        RETURN NEXT;
        lo := hi + 1;
    END LOOP;
    IF head > started_at THEN
        UPDATE log_head SET position = head, recorded_at = moment;
        PERFORM pg_notify('log_events', head::text);
    END IF;
END $$;

-- Takes a slice of the bulk lane into the log: all of it or, with an error, nothing.
--   unique_violation         a stream has moved on, or a command or event is in the log already
--   invalid_parameter_value  a command is not whole, or its events are not beside each other
--   no_data_found            there is no such slice
CREATE FUNCTION log_take_in(taken uuid)
RETURNS TABLE (first_position bigint, last_position bigint, recorded_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
    head bigint;
    moment timestamptz;
    amount bigint;
    bad record;
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
    SELECT h.position, h.recorded_at INTO STRICT head, moment FROM log_head h FOR UPDATE;
    moment := greatest(clock_timestamp(), moment + interval '1 microsecond');
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
               moment, occurred_at, event_id, command_id, command_events, command_digest,
               topic, state
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

-- The last position recorded at or before an instant: recorded_at grows with the position, so a
-- binary search over the positions is exact and needs no index on time.
CREATE FUNCTION log_position_at(instant timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = public, pg_temp SET enable_seqscan = off
AS $$
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
