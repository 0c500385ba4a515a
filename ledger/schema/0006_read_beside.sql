-- A decision may look at streams that its command does not write to: whether the request that this one
-- duplicates is void, say. That they still stand as they were seen is checked when it is appended,
-- as for those that are written.

DROP FUNCTION log_append(
    integer[], uuid[], bytea[], uuid[], bigint[], timestamptz[], uuid[], text[], bytea[]);

-- As in 0001, and besides:
--   readers[r], read_ids[r], read_versions[r]: command readers[r] has seen that stream at that
--   version, 0 where nothing stood
--   conflict  is also said where such a stream has moved on: that stream and its version
CREATE FUNCTION log_append(
    sizes integer[], command_ids uuid[], digests bytea[],
    originator_ids uuid[], originator_versions bigint[], occurred_ats timestamptz[],
    event_ids uuid[], topics text[], states bytea[],
    readers integer[] DEFAULT '{}', read_ids uuid[] DEFAULT '{}', read_versions bigint[] DEFAULT '{}'
) RETURNS TABLE (
    outcome text, first_position bigint, last_position bigint,
    originator_id uuid, originator_version bigint, recorded_at timestamptz
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
SET jit = off
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
    moved record;
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
                OR originator_ids[lo:hi] && waiting_streams OR c = ANY (readers) THEN
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
            IF c = ANY (readers) THEN
                SELECT r.id, r.present INTO moved
                    FROM (SELECT u.id, u.seen, coalesce((
                                     SELECT max(e.originator_version) FROM log_events e
                                     WHERE e.originator_id = u.id), 0) AS present
                            FROM unnest(readers, read_ids, read_versions) u(command, id, seen)
                           WHERE u.command = c) r
                    WHERE r.present <> r.seen LIMIT 1;
                IF FOUND THEN
                    outcome := 'conflict';
                    originator_id := moved.id;
                    originator_version := moved.present;
                    first_position := NULL;
                    last_position := NULL;
                    recorded_at := NULL;
                    hi := lo - 1;
                END IF;
            END IF;
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
        lo := lo + sizes[c];
    END LOOP;
    IF head > started_at THEN
        UPDATE log_head SET position = head, recorded_at = moment;
        PERFORM pg_notify('log_events', head::text);
    END IF;
END $$;

REVOKE ALL ON FUNCTION log_append FROM PUBLIC;

DO $$
DECLARE
    app text := current_setting('anjuan.app_role', true);
BEGIN
    IF app <> '' THEN
        EXECUTE format('GRANT EXECUTE ON FUNCTION log_append TO %I', app);
    END IF;
END $$;
