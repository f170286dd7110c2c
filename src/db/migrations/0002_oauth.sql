-- OAuth in full, links sent by mail, second factors, mail on its way out, an audit of tokens.

-- Clients of no organization serve all of them: the built-in one, those of the operator, and those
-- that registered themselves (RFC 7591). So org_id may be null from here on, which takes a new
-- table.
CREATE TABLE oauth_clients_0002 (
    id                    BIGINT  NOT NULL PRIMARY KEY,
    org_id                TEXT,             -- null: of no organization, for members of any
    origin                TEXT    NOT NULL  -- who made it
        CHECK (origin IN ('built-in', 'operator', 'administrator', 'registration')),
    name                  TEXT    NOT NULL,
    secret_digest         TEXT,             -- null: a public client (RFC 6749 section 2.1)
    secret_created_at     BIGINT,
    old_secret_digest     TEXT,             -- still good until old_secret_until
    old_secret_until      BIGINT,
    grants                TEXT    NOT NULL, -- blank-separated
    redirect_uris         TEXT    NOT NULL, -- JSON list
    scopes                TEXT    NOT NULL DEFAULT '*', -- blank-separated; the most it may get
    require_client_header INTEGER NOT NULL CHECK (require_client_header IN (0, 1)),
    created_by            BIGINT,
    created_at            BIGINT  NOT NULL,
    last_used_at          BIGINT
);
INSERT INTO oauth_clients_0002 (id, org_id, origin, name, secret_digest, secret_created_at, grants,
                                redirect_uris, require_client_header, created_by, created_at,
                                last_used_at)
    SELECT id, org_id, 'administrator', name, secret_digest, created_at, grants, redirect_uris,
           require_client_header, created_by, created_at, last_used_at
      FROM oauth_clients;
DROP TABLE oauth_clients;
ALTER TABLE oauth_clients_0002 RENAME TO oauth_clients;
CREATE INDEX oauth_clients_by_org ON oauth_clients (org_id, id);

-- The command line signs in with this one. Ids below 1001 are built in.
INSERT INTO oauth_clients (id, origin, name, grants, redirect_uris, require_client_header,
                           created_at)
    VALUES (2, 'built-in', 'Pawl command line',
            'urn:ietf:params:oauth:grant-type:device_code authorization_code refresh_token',
            '["http://127.0.0.1/","http://localhost/","http://[::1]/"]', 0, 0);

-- Kinds of tokens are now also: authorized (somebody consented, or approved a device), mcp (the
-- same, by the MCP routes), exchanged (made of an mcp one).
ALTER TABLE tokens ADD COLUMN family TEXT;         -- of the consent that it came from
ALTER TABLE tokens ADD COLUMN resource TEXT;       -- the audience that was asked for (RFC 8707)
ALTER TABLE tokens ADD COLUMN addresses TEXT;      -- it may be used from; null: from any
ALTER TABLE tokens ADD COLUMN warned_at BIGINT;    -- when its owner was last told of its end
ALTER TABLE tokens ADD COLUMN expired_seen INTEGER NOT NULL DEFAULT 0
    CHECK (expired_seen IN (0, 1));                -- its expiry is in the log
ALTER TABLE tokens ADD COLUMN refused_at BIGINT;   -- when it was first refused after its end
CREATE INDEX tokens_by_family ON tokens (family);
CREATE INDEX tokens_by_end ON tokens (expires_at) WHERE expired_seen = 0;
-- A key that signed is kept as long as a token of it lives.
CREATE INDEX tokens_by_key ON tokens (kid, expires_at) WHERE revoked_at IS NULL;
CREATE INDEX tokens_to_warn ON tokens (expires_at)
    WHERE kind = 'named' AND revoked_at IS NULL AND expired_seen = 0;

-- The row of a personal token that has ended stays for a while like any other's, so that its later
-- use can be told.
DROP INDEX tokens_one_personal;
CREATE UNIQUE INDEX tokens_one_personal ON tokens (user_id)
    WHERE kind = 'personal' AND revoked_at IS NULL;

-- The activity feed by person.
CREATE INDEX events_by_actor ON events (org_id, actor_id, seq);

-- How often a token was used on a day (days since 1970, UTC).
CREATE TABLE token_calls (
    token_id TEXT   NOT NULL,
    day      BIGINT NOT NULL,
    calls    BIGINT NOT NULL,
    PRIMARY KEY (token_id, day)
);

ALTER TABLE refresh_tokens ADD COLUMN kind TEXT NOT NULL DEFAULT 'password'; -- of its tokens
ALTER TABLE refresh_tokens ADD COLUMN org_id TEXT;
ALTER TABLE refresh_tokens ADD COLUMN resource TEXT;
CREATE INDEX refresh_tokens_by_token ON refresh_tokens (token_id) WHERE used_at IS NULL;

-- Who allowed which application what, in which organization.
CREATE TABLE consents (
    client_id  BIGINT NOT NULL,
    org_id     TEXT   NOT NULL,
    user_id    BIGINT NOT NULL,
    scopes     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (client_id, org_id, user_id)
);
CREATE INDEX consents_by_user ON consents (user_id);

-- Authorization codes (RFC 6749 section 4.1). Used ones stay until they would have expired and
-- longer, so that a second use is seen and ends what the first one gave.
CREATE TABLE authorization_codes (
    digest         TEXT   NOT NULL PRIMARY KEY,
    kind           TEXT   NOT NULL, -- of the tokens that it gives: authorized or mcp
    client_id      BIGINT NOT NULL,
    user_id        BIGINT NOT NULL,
    org_id         TEXT   NOT NULL,
    redirect_uri   TEXT,            -- as the request said it; null: it did not
    scopes         TEXT   NOT NULL,
    code_challenge TEXT,            -- S256 (RFC 7636); null: none
    resource       TEXT,
    family         TEXT   NOT NULL,
    created_at     BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL,
    used_at        BIGINT
);
CREATE INDEX authorization_codes_by_end ON authorization_codes (expires_at);

-- Devices that wait for their user to approve them elsewhere (RFC 8628).
CREATE TABLE device_codes (
    digest           TEXT   NOT NULL PRIMARY KEY, -- of the device code
    user_code_digest TEXT   NOT NULL UNIQUE,      -- of the code that people type
    client_id        BIGINT NOT NULL,
    scopes           TEXT   NOT NULL,             -- asked for; granted once allowed
    state            TEXT   NOT NULL CHECK (state IN ('waiting', 'allowed', 'denied', 'used')),
    user_id          BIGINT,                      -- who answered
    org_id           TEXT,
    family           TEXT   NOT NULL,
    interval_seconds BIGINT NOT NULL,
    polled_at        BIGINT,
    created_at       BIGINT NOT NULL,
    expires_at       BIGINT NOT NULL
);
CREATE INDEX device_codes_by_end ON device_codes (expires_at);

-- Links that were mailed: verify (an address), email (a new address), reset (a password), invite.
-- The digest is of the secret in the link. Used and withdrawn ones stay a while, to be explained.
CREATE TABLE links (
    digest       TEXT   NOT NULL PRIMARY KEY,
    purpose      TEXT   NOT NULL CHECK (purpose IN ('verify', 'email', 'reset', 'invite')),
    user_id      BIGINT NOT NULL,
    org_id       TEXT,            -- invite: into this organization
    email        TEXT   NOT NULL, -- the address that it was sent to
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    used_at      BIGINT,
    withdrawn_at BIGINT
);
CREATE INDEX links_by_user ON links (user_id, purpose);
CREATE INDEX links_by_end ON links (expires_at);

-- Second factors (RFC 6238). The secret is needed to check codes, so it is sealed with a key that
-- is not in the store.
CREATE TABLE second_factors (
    user_id      BIGINT NOT NULL PRIMARY KEY,
    sealed       TEXT   NOT NULL,
    last_step    BIGINT NOT NULL DEFAULT 0, -- of the last code that was taken; none is taken twice
    created_at   BIGINT NOT NULL,
    confirmed_at BIGINT                     -- null: not in force yet
);
CREATE TABLE recovery_codes (
    user_id BIGINT NOT NULL,
    digest  TEXT   NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (user_id, digest)
);

-- One row: tells whether the sealing key of a node is the one that sealed what the store holds.
CREATE TABLE sealing_keys (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    fingerprint TEXT    NOT NULL
);

-- Mail on its way out. What it says is sealed, since it may hold links, and forgotten once sent.
CREATE TABLE mails (
    id          TEXT   NOT NULL PRIMARY KEY,
    org_id      TEXT,            -- whose administrators see it; null: the operator alone
    user_id     BIGINT,          -- whom it is to; null: nobody with an account
    kind        TEXT   NOT NULL,
    recipient   TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    sealed      TEXT,
    state       TEXT   NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'expired')),
    attempts    BIGINT NOT NULL DEFAULT 0,
    next_at     BIGINT NOT NULL, -- not before; while it is being sent: the end of the lease
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL, -- of no use after this
    sent_at     BIGINT,
    last_error  TEXT
);
CREATE INDEX mails_waiting ON mails (next_at) WHERE state = 'waiting';
CREATE INDEX mails_by_org ON mails (org_id, id);
CREATE INDEX mails_by_age ON mails (created_at);

-- What an organization demands of named tokens (days they may live; 0: any number), and whether
-- signing out leaves the personal token alone.
ALTER TABLE organizations ADD COLUMN token_max_days BIGINT NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD COLUMN keep_personal_token INTEGER NOT NULL DEFAULT 0
    CHECK (keep_personal_token IN (0, 1));

-- down
ALTER TABLE organizations DROP COLUMN keep_personal_token;
ALTER TABLE organizations DROP COLUMN token_max_days;
DROP TABLE mails;
DROP TABLE sealing_keys;
DROP TABLE recovery_codes;
DROP TABLE second_factors;
DROP TABLE links;
DROP TABLE device_codes;
DROP TABLE authorization_codes;
DROP TABLE consents;
DELETE FROM refresh_tokens WHERE kind <> 'password' OR scopes LIKE '%mcp.%';
DROP INDEX refresh_tokens_by_token;
ALTER TABLE refresh_tokens DROP COLUMN resource;
ALTER TABLE refresh_tokens DROP COLUMN org_id;
ALTER TABLE refresh_tokens DROP COLUMN kind;
DROP TABLE token_calls;
DROP INDEX events_by_actor;
-- Tokens and clients that are held to something which version 1 does not know end, lest they may
-- more than they were made for.
DELETE FROM tokens WHERE kind IN ('authorized', 'mcp', 'exchanged')
                      OR addresses IS NOT NULL OR scopes LIKE '%mcp.%'
                      OR (kind = 'personal' AND revoked_at IS NOT NULL);
DROP INDEX tokens_one_personal;
CREATE UNIQUE INDEX tokens_one_personal ON tokens (user_id) WHERE kind = 'personal';
DROP INDEX tokens_to_warn;
DROP INDEX tokens_by_key;
DROP INDEX tokens_by_end;
DROP INDEX tokens_by_family;
ALTER TABLE tokens DROP COLUMN refused_at;
ALTER TABLE tokens DROP COLUMN expired_seen;
ALTER TABLE tokens DROP COLUMN warned_at;
ALTER TABLE tokens DROP COLUMN addresses;
ALTER TABLE tokens DROP COLUMN resource;
ALTER TABLE tokens DROP COLUMN family;
CREATE TABLE oauth_clients_0001 (
    id                    BIGINT  NOT NULL PRIMARY KEY,
    org_id                TEXT    NOT NULL,
    name                  TEXT    NOT NULL,
    secret_digest         TEXT,
    grants                TEXT    NOT NULL,
    redirect_uris         TEXT    NOT NULL,
    require_client_header INTEGER NOT NULL CHECK (require_client_header IN (0, 1)),
    created_by            BIGINT,
    created_at            BIGINT  NOT NULL,
    last_used_at          BIGINT
);
INSERT INTO oauth_clients_0001 (id, org_id, name, secret_digest, grants, redirect_uris,
                                require_client_header, created_by, created_at, last_used_at)
    SELECT id, org_id, name, secret_digest, grants, redirect_uris, require_client_header,
           created_by, created_at, last_used_at
      FROM oauth_clients WHERE org_id IS NOT NULL AND scopes = '*';
DROP TABLE oauth_clients;
ALTER TABLE oauth_clients_0001 RENAME TO oauth_clients;
CREATE INDEX oauth_clients_by_org ON oauth_clients (org_id, id);
