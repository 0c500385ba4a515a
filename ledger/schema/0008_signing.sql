-- Signing in: what people prove themselves with. None of it is in the log, which never forgets: a
-- password that was changed, a phone that was lost must go. Which accounts there are, and which
-- posts they have, is in the log, and in the log alone.

-- `hash`: argon2id. `once_sha256`: a one-time password, drawn by us, so that SHA-256 will do.
CREATE TABLE signing_passwords (
    account text PRIMARY KEY,
    hash text CHECK (hash LIKE '$argon2id$%'),
    made_at timestamptz NOT NULL DEFAULT now(),
    must_change boolean NOT NULL,
    once_sha256 bytea CHECK (octet_length(once_sha256) = 32),
    once_until timestamptz,
    CHECK ((once_sha256 IS NULL) = (once_until IS NULL))
);

-- `sealed`: the secret of TOTP under a key of the home. `last_step`: a code opens once.
CREATE TABLE signing_second_factors (
    account text PRIMARY KEY,
    sealed bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    confirmed_at timestamptz,
    last_step bigint NOT NULL DEFAULT 0
);

CREATE TABLE signing_recovery_codes (
    account text NOT NULL,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    used_at timestamptz,
    PRIMARY KEY (account, sha256)
);

-- The post stands here once it is chosen; whether it is still held, the log says at each request.
CREATE TABLE signing_sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    sha256 bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
    account text NOT NULL,
    role text,
    unit text,
    adviser text,
    instead_of text,
    emergency boolean NOT NULL DEFAULT false,
    by_once boolean NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz NOT NULL,
    revoked_at timestamptz,
    address text NOT NULL,
    program text NOT NULL,
    CHECK ((role IS NULL) = (unit IS NULL))
);
CREATE INDEX signing_sessions_of ON signing_sessions (account, address);

-- A browser that an account has signed in from before.
CREATE TABLE signing_devices (
    sha256 bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
    account text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX signing_devices_of ON signing_devices (account);

-- `scopes`: names of commands and permissions; NULL: all that the post may.
CREATE TABLE signing_tokens (
    id text PRIMARY KEY,
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    account text NOT NULL,
    role text NOT NULL,
    unit text NOT NULL,
    adviser text,
    scopes text[],
    made_at timestamptz NOT NULL DEFAULT now(),
    made_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX signing_tokens_of ON signing_tokens (account);

-- Leaky buckets: one for whatever tries to sign in, so that a storm makes no rows.
CREATE TABLE signing_budgets (
    key bytea PRIMARY KEY,
    spent double precision NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX signing_budgets_at ON signing_budgets (at);

CREATE TABLE signing_audit (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    what text NOT NULL,
    account text NOT NULL,
    by text NOT NULL,
    address text NOT NULL,
    detail text
);
CREATE INDEX signing_audit_of ON signing_audit (account, number);

-- Takes one from the budget of `wanted`; NULL where it had one, else the seconds until it has.
CREATE FUNCTION signing_take(wanted bytea, burst double precision, every_s double precision)
RETURNS double precision
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    left_over double precision;
BEGIN
    INSERT INTO signing_budgets AS b (key, spent, at) VALUES (wanted, 1, clock_timestamp())
    ON CONFLICT (key) DO UPDATE
        SET spent = 1 + greatest(
                0, b.spent - extract(epoch FROM clock_timestamp() - b.at) / every_s),
            at = clock_timestamp()
        WHERE 1 + greatest(
                0, b.spent - extract(epoch FROM clock_timestamp() - b.at) / every_s) <= burst;
    IF FOUND THEN
        RETURN NULL;
    END IF;
    SELECT 1 + b.spent - extract(epoch FROM clock_timestamp() - b.at) / every_s - burst
      INTO left_over FROM signing_budgets b WHERE b.key = wanted;
    RETURN greatest(0, coalesce(left_over, 0)) * every_s;
END $$;

CREATE TRIGGER signing_audit_final BEFORE UPDATE OR DELETE OR TRUNCATE ON signing_audit
FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change();
ALTER TABLE signing_audit ENABLE ALWAYS TRIGGER signing_audit_final;

REVOKE ALL ON FUNCTION signing_take FROM PUBLIC;

DO $$
DECLARE
    app text := current_setting('anjuan.app_role', true);
BEGIN
    IF app <> '' THEN
        EXECUTE format('GRANT SELECT, INSERT ON signing_passwords, signing_second_factors,'
            ' signing_recovery_codes, signing_sessions, signing_devices, signing_tokens,'
            ' signing_budgets, signing_audit TO %I', app);
        EXECUTE format('GRANT UPDATE (hash, made_at, must_change, once_sha256, once_until)'
            ' ON signing_passwords TO %I', app);
        EXECUTE format('GRANT UPDATE (sealed, made_at, confirmed_at, last_step), DELETE'
            ' ON signing_second_factors TO %I', app);
        EXECUTE format('GRANT UPDATE (used_at), DELETE ON signing_recovery_codes TO %I', app);
        EXECUTE format('GRANT UPDATE (sha256, role, unit, adviser, instead_of, emergency, by_once,'
            ' last_used_at, revoked_at) ON signing_sessions TO %I', app);
        EXECUTE format('GRANT UPDATE (last_used_at), DELETE ON signing_devices TO %I', app);
        EXECUTE format('GRANT UPDATE (last_used_at, revoked_at) ON signing_tokens TO %I', app);
        EXECUTE format('GRANT UPDATE (spent, at), DELETE ON signing_budgets TO %I', app);
        EXECUTE format('GRANT EXECUTE ON FUNCTION signing_take TO %I', app);
    END IF;
END $$;
