-- Signing in by OpenID Connect. `subject` is what the provider never gives to anybody else; which
-- account it stands for is settled when it first signs in.
CREATE TABLE signing_subjects (
    issuer text NOT NULL,
    subject text NOT NULL,
    account text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, subject),
    UNIQUE (issuer, account)
);

-- `issuer`: who said who it is; NULL: a password of ours opened it. `factor_by_issuer`: he says,
-- too, that he asked for a second factor.
ALTER TABLE signing_sessions
    ADD COLUMN issuer text,
    ADD COLUMN factor_by_issuer boolean NOT NULL DEFAULT false;

DO $$
DECLARE
    app text := current_setting('anjuan.app_role', true);
BEGIN
    IF app <> '' THEN
        EXECUTE format('GRANT SELECT, INSERT, DELETE ON signing_subjects TO %I', app);
    END IF;
END $$;
