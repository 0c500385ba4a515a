-- The read log: who saw which person or complaint, when, why and what of it in clear text. Append
-- only and gapless like the log; each row's hash covers the one before, so that `anjuan verify`
-- finds a row that was changed, taken out or put in.

CREATE TABLE read_head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    number bigint NOT NULL,
    read_at timestamptz NOT NULL,
    hash bytea NOT NULL
) WITH (fillfactor = 10);

INSERT INTO read_head (number, read_at, hash)
VALUES (0, '-infinity', sha256(convert_to('anjuan read log', 'UTF8')));

-- `entry`: all of it, as JSON; the columns before it are copies that are looked for.
CREATE TABLE read_log (
    number bigint PRIMARY KEY,
    read_at timestamptz NOT NULL,
    account text NOT NULL,
    unit text NOT NULL,
    division text,
    things text[] NOT NULL,
    entry bytea NOT NULL,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);
CREATE INDEX read_log_things_idx ON read_log USING gin (things);
CREATE INDEX read_log_account_idx ON read_log (account, number);
CREATE INDEX read_log_read_at_idx ON read_log (read_at);

-- Where the chain begins after the oldest rows were taken away, as the law lets.
CREATE TABLE read_start (
    number bigint PRIMARY KEY,
    hash bytea NOT NULL,
    pruned_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE FUNCTION read_append(entry bytea) RETURNS TABLE (number bigint, read_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    head record;
    moment timestamptz;
    link bytea;
    told jsonb := convert_from(entry, 'UTF8')::jsonb;
BEGIN
    SELECT h.number, h.read_at, h.hash INTO STRICT head FROM read_head h FOR UPDATE;
    moment := greatest(clock_timestamp(), head.read_at + interval '1 microsecond');
    link := sha256(head.hash || convert_to(
        (head.number + 1)::text || ' '
        || to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ', 'UTF8')
        || entry);
    INSERT INTO read_log VALUES (
        head.number + 1, moment, told ->> 'account', told ->> 'unit', told ->> 'division',
        ARRAY(SELECT jsonb_array_elements_text(told -> 'things')), entry, link);
    UPDATE read_head SET number = head.number + 1, read_at = moment, hash = link;
    RETURN QUERY SELECT head.number + 1, moment;
END $$;
REVOKE ALL ON FUNCTION read_append FROM PUBLIC;

CREATE FUNCTION read_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    -- 网络安全法 Art. 21(3): logs are kept for no less than six months.
    IF TG_OP = 'DELETE' AND OLD.read_at < clock_timestamp() - interval '6 months' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the read log is append-only: % of entry % is refused', TG_OP, OLD.number
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Entries older than six months go by `anjuan reads prune`.';
END $$;

CREATE TRIGGER read_log_append_only BEFORE UPDATE OR DELETE ON read_log
FOR EACH ROW EXECUTE FUNCTION read_refuse_change();
ALTER TABLE read_log ENABLE ALWAYS TRIGGER read_log_append_only;

-- Takes away what is older than the time and than so many months; says how many entries that were.
CREATE FUNCTION read_prune(before timestamptz, months integer) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    last record;
    pruned bigint;
BEGIN
    IF before > clock_timestamp() - make_interval(months => greatest(months, 6)) THEN
        RAISE EXCEPTION 'reads are kept for % months', greatest(months, 6)
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM 1 FROM read_head FOR UPDATE;
    SELECT r.number, r.hash INTO last FROM read_log r
     WHERE r.read_at < before ORDER BY r.number DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    INSERT INTO read_start (number, hash) VALUES (last.number, last.hash);
    DELETE FROM read_log r WHERE r.number <= last.number;
    GET DIAGNOSTICS pruned = ROW_COUNT;
    RETURN pruned;
END $$;
REVOKE ALL ON FUNCTION read_prune FROM PUBLIC;

DO $$
DECLARE
    app text := current_setting('anjuan.app_role', true);
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['read_log', 'read_head'] LOOP
        EXECUTE format(
            'CREATE TRIGGER %I BEFORE TRUNCATE ON %I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change()', kept || '_stays', kept);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', kept, kept || '_stays');
    END LOOP;
    CREATE TRIGGER read_start_final BEFORE UPDATE OR DELETE OR TRUNCATE ON read_start
    FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change();
    ALTER TABLE read_start ENABLE ALWAYS TRIGGER read_start_final;
    IF app <> '' THEN
        EXECUTE format('GRANT SELECT ON read_log, read_head, read_start TO %I', app);
        EXECUTE format('GRANT EXECUTE ON FUNCTION read_append TO %I', app);
    END IF;
END $$;
