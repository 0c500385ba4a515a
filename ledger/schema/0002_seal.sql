-- The seal: a Merkle tree over the log's entries, its tiles as C2SP tlog-tiles lays them out, and
-- signed checkpoints of it. Nothing here makes the log safe by itself: what makes a change visible
-- is the key, which is not in the database, and the checkpoints that have left it.

-- What tells this log from every other; it is in every entry and in the origin of checkpoints.
CREATE TABLE seal_log (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    log_id uuid NOT NULL DEFAULT gen_random_uuid()
);

INSERT INTO seal_log DEFAULT VALUES;

-- The hash function, fixed by the first seal.
CREATE TABLE seal_suite (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    suite text NOT NULL CHECK (suite IN ('sha256', 'sm3'))
);

-- `hashes`: up to 256 of 32 bytes. Level 0: leaf hashes; above: one for each full tile below.
CREATE TABLE seal_tiles (
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
    number bigint NOT NULL CHECK (number >= 0),
    hashes bytea NOT NULL
        CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
    PRIMARY KEY (level, number)
);
ALTER TABLE seal_tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- `note`: the signed note as it was published. Two have the same size where the key was changed.
CREATE TABLE seal_checkpoints (
    number bigint PRIMARY KEY CHECK (number > 0),
    size bigint NOT NULL CHECK (size > 0),
    note text NOT NULL,
    signed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Public keys, oldest first; each signs from the checkpoint `since` on.
CREATE TABLE seal_keys (
    number integer PRIMARY KEY CHECK (number > 0),
    verifier_key text NOT NULL UNIQUE,
    since bigint NOT NULL
);

CREATE FUNCTION seal_grow_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR (NEW.level, NEW.number) IS DISTINCT FROM (OLD.level, OLD.number)
            OR octet_length(NEW.hashes) <= octet_length(OLD.hashes)
            OR substr(NEW.hashes, 1, octet_length(OLD.hashes)) <> OLD.hashes THEN
        RAISE EXCEPTION 'a tile only grows: % of tile % of level % is refused',
            TG_OP, OLD.number, OLD.level USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER seal_tiles_grow_only BEFORE UPDATE OR DELETE ON seal_tiles
FOR EACH ROW EXECUTE FUNCTION seal_grow_only();
ALTER TABLE seal_tiles ENABLE ALWAYS TRIGGER seal_tiles_grow_only;

CREATE TRIGGER seal_tiles_stay BEFORE TRUNCATE ON seal_tiles
FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change();
ALTER TABLE seal_tiles ENABLE ALWAYS TRIGGER seal_tiles_stay;

DO $$
DECLARE
    app text := current_setting('anjuan.app_role', true);
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['seal_log', 'seal_suite', 'seal_checkpoints', 'seal_keys'] LOOP
        EXECUTE format(
            'CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change()', kept || '_final', kept);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER %I', kept, kept || '_final');
    END LOOP;
    IF app <> '' THEN
        EXECUTE format('GRANT SELECT ON seal_log TO %I', app);
        EXECUTE format(
            'GRANT SELECT, INSERT ON seal_suite, seal_tiles, seal_checkpoints, seal_keys TO %I', app);
        EXECUTE format('GRANT UPDATE (hashes) ON seal_tiles TO %I', app);
    END IF;
END $$;
