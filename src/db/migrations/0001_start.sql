-- Accounts, tokens, organizations, one-off tasks.
--
-- Times are milliseconds UTC. Flags are 0 or 1. JSON is text. Secrets are stored as digests.
-- Tables of an organization's own data begin every key with org_id and refer to nothing outside
-- the organization, so that the schema can be spread over nodes by organization one day.

-- Numbers handed out: 'user' (members and guests share it), 'client'.
CREATE TABLE counters (
    name  TEXT   NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

-- Keys that sign tokens. The private half is in the data directory, never here.
CREATE TABLE signing_keys (
    kid        TEXT   NOT NULL PRIMARY KEY,
    public_pem TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

-- One row: the last time that the store was seen to take a write (GET /health).
CREATE TABLE health (
    id         INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    written_at BIGINT  NOT NULL
);

-- ---------------------------------------------------------------- people

CREATE TABLE users (
    id                 BIGINT NOT NULL PRIMARY KEY,
    email              TEXT   NOT NULL,        -- as typed
    email_folded       TEXT   NOT NULL UNIQUE, -- what sign-in and search compare
    username           TEXT,
    first_name         TEXT   NOT NULL,
    last_name          TEXT   NOT NULL,
    name_folded        TEXT   NOT NULL,        -- "first last", folded, for search
    password_hash      TEXT,                   -- argon2id; null: cannot sign in by password
    profile_pic        TEXT,
    locale             TEXT   NOT NULL DEFAULT 'en',
    phone              TEXT,
    job_title          TEXT,
    job_description    TEXT,
    team               TEXT,
    timezone           TEXT   NOT NULL DEFAULT 'UTC',
    date_format        TEXT   NOT NULL DEFAULT 'mm/dd/yyyy',
    country_id         BIGINT,
    support_user       INTEGER NOT NULL DEFAULT 0 CHECK (support_user IN (0, 1)),
    email_verified_at  BIGINT,
    last_login_at      BIGINT,
    last_known_ip      TEXT,
    last_known_country TEXT,
    created_at         BIGINT NOT NULL,
    updated_at         BIGINT NOT NULL
);

-- Browser sessions. The cookie's value is random; its digest is the key.
CREATE TABLE sessions (
    digest       TEXT    NOT NULL PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    user_id      BIGINT  NOT NULL,
    remembered   INTEGER NOT NULL CHECK (remembered IN (0, 1)),
    address      TEXT,
    user_agent   TEXT,
    created_at   BIGINT  NOT NULL,
    last_seen_at BIGINT  NOT NULL,
    expires_at   BIGINT  NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

-- Failed sign-ins by account ('account:' and a digest of the folded address, whether or not it
-- exists) and by network address ('address:…').
CREATE TABLE login_failures (
    subject      TEXT   NOT NULL PRIMARY KEY,
    failures     BIGINT NOT NULL,
    last_at      BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);

-- Applications that authenticate for themselves (RFC 6749).
CREATE TABLE oauth_clients (
    id                    BIGINT  NOT NULL PRIMARY KEY,
    org_id                TEXT    NOT NULL,
    name                  TEXT    NOT NULL,
    secret_digest         TEXT,             -- null: a public client
    grants                TEXT    NOT NULL, -- blank-separated
    redirect_uris         TEXT    NOT NULL, -- JSON list
    require_client_header INTEGER NOT NULL CHECK (require_client_header IN (0, 1)),
    created_by            BIGINT,
    created_at            BIGINT  NOT NULL,
    last_used_at          BIGINT
);
CREATE INDEX oauth_clients_by_org ON oauth_clients (org_id, id);

-- Every access token. Signed ones are kept as their claims (id is the claim jti), opaque ones as
-- a digest. A personal token's row is removed when its owner signs out.
CREATE TABLE tokens (
    id               TEXT   NOT NULL PRIMARY KEY,
    kind             TEXT   NOT NULL, -- personal, named, application, minted, password
    user_id          BIGINT,          -- null: the application itself
    org_id           TEXT,            -- bound to this organization; null: all of the user's
    client_id        BIGINT,          -- null: the first-party client, 1 on the wire
    digest           TEXT UNIQUE,     -- of an opaque token
    prefix           TEXT,            -- its first characters, to recognize it by
    kid              TEXT,            -- the key that signed it
    name             TEXT,
    scopes           TEXT   NOT NULL, -- blank-separated; '*' is everything
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    expires_at       BIGINT,          -- null: until revoked
    revoked_at       BIGINT,
    last_used_at     BIGINT,          -- written now and then, not on each use
    last_used_ip     TEXT,
    last_used_client TEXT             -- what X-Tallyfy-Client said
);
CREATE INDEX tokens_by_user ON tokens (user_id, kind, created_at);
CREATE INDEX tokens_by_client ON tokens (client_id);
CREATE UNIQUE INDEX tokens_one_personal ON tokens (user_id) WHERE kind = 'personal';

-- Refresh tokens: random, used once; the rows of one sign-in share a family.
CREATE TABLE refresh_tokens (
    digest     TEXT   NOT NULL PRIMARY KEY,
    family     TEXT   NOT NULL,
    token_id   TEXT   NOT NULL, -- the access token issued with it
    user_id    BIGINT NOT NULL,
    client_id  BIGINT NOT NULL,
    scopes     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_by_client ON refresh_tokens (client_id);

-- ---------------------------------------------------------------- organizations

CREATE TABLE organizations (
    id                             TEXT   NOT NULL PRIMARY KEY,
    name                           TEXT   NOT NULL,
    slug                           TEXT   NOT NULL,
    description                    TEXT,
    industry                       TEXT,
    purpose                        TEXT,
    process_today                  TEXT,
    address1                       TEXT,
    address2                       TEXT,
    address3                       TEXT,
    city                           TEXT,
    state                          TEXT,
    zipcode                        TEXT,
    country                        TEXT,
    timezone                       TEXT   NOT NULL DEFAULT 'UTC',
    org_logo                       TEXT,
    welcome_title                  TEXT,
    welcome_description            TEXT,
    home_bg                        TEXT,
    global_css                     TEXT,
    homepage_snippet               TEXT,
    onboarding_snippet             TEXT,
    guest_onboarding_snippet       TEXT,
    light_role_error_snippet       TEXT,
    error_404_template             TEXT,
    onboarding_template_id         TEXT,
    settings                       TEXT   NOT NULL DEFAULT '{}',
    team_size                      TEXT   NOT NULL DEFAULT '[]',
    signup_survey                  TEXT,
    working_days                   TEXT   NOT NULL, -- {"Monday":true,…}
    default_deadline               TEXT   NOT NULL DEFAULT '{"type":"days","value":5}',
    cadence_days                   TEXT   NOT NULL DEFAULT '["Monday","Wednesday","Friday"]',
    guest_cadence_days             TEXT   NOT NULL DEFAULT '["Monday","Wednesday","Friday"]',
    auto_archive_processes_after   TEXT   NOT NULL DEFAULT '{"unit":"weeks","value":52}',
    deadline_setting               TEXT,
    webhook_date_field_format      TEXT   NOT NULL DEFAULT 'yyyy-MM-ddTHH:mm:ssZ',
    google_analytics_id            TEXT,
    mixpanel_token                 TEXT,
    sso_default_role               TEXT   NOT NULL DEFAULT 'light',
    maximum_group_assignment_limit BIGINT NOT NULL DEFAULT 0,
    auto_complete_task_months      BIGINT NOT NULL DEFAULT 18,
    live_support_enabled           BIGINT NOT NULL DEFAULT 0,
    analytics_enabled              INTEGER NOT NULL DEFAULT 0,
    auto_join_signups              INTEGER NOT NULL DEFAULT 0,
    allow_user_invite              INTEGER NOT NULL DEFAULT 0,
    allow_manage_groups            INTEGER NOT NULL DEFAULT 0,
    wyiwyg                         INTEGER NOT NULL DEFAULT 1,
    auto_archive                   INTEGER NOT NULL DEFAULT 0,
    auto_complete_tasks            INTEGER NOT NULL DEFAULT 0,
    enable_custom_404_error        INTEGER NOT NULL DEFAULT 0,
    enable_onboarding_template     INTEGER NOT NULL DEFAULT 0,
    restrict_blueprint_permissions INTEGER NOT NULL DEFAULT 0,
    users_count                    BIGINT NOT NULL DEFAULT 0, -- active members, no bots
    created_at                     BIGINT NOT NULL,
    updated_at                     BIGINT NOT NULL
);

-- Numbers that grow with the organization.
CREATE TABLE org_counters (
    org_id     TEXT   NOT NULL PRIMARY KEY,
    events     BIGINT NOT NULL DEFAULT 0, -- written
    tasks      BIGINT NOT NULL DEFAULT 0, -- created
    live_tasks BIGINT NOT NULL DEFAULT 0  -- not archived: the total of the widest list
);

-- Who belongs to what, and as what.
CREATE TABLE members (
    org_id           TEXT    NOT NULL,
    user_id          BIGINT  NOT NULL,
    role             TEXT    NOT NULL CHECK (role IN ('light', 'standard', 'admin')),
    status           TEXT    NOT NULL CHECK (status IN ('active', 'invited', 'disabled')),
    is_default_admin INTEGER NOT NULL DEFAULT 0 CHECK (is_default_admin IN (0, 1)),
    is_bot           INTEGER NOT NULL DEFAULT 0 CHECK (is_bot IN (0, 1)),
    joined_at        BIGINT  NOT NULL,
    approved_at      BIGINT,
    activated_at     BIGINT,
    invited_by       BIGINT,
    disabled_at      BIGINT,
    disabled_by      BIGINT,
    reactivated_at   BIGINT,
    reactivated_by   BIGINT,
    last_accessed_at BIGINT,
    PRIMARY KEY (org_id, user_id)
);
CREATE INDEX members_by_user ON members (user_id, org_id);

-- ---------------------------------------------------------------- work

-- Tasks. owners is the answer's owners object as JSON; task_owners below is its index, written
-- together with it.
--
-- Which filter of the lists has an index, and why others have none:
--   deadlines, overdue, due soon, created_at and newest, active, completed, archived: see below.
--   one person (owners=, assignee=me, a person's own list): task_owners, the same way.
--   archived=true, live and archived tasks together: rare, and no index of its own is worth its
--     cost on every write; the organization's or the person's tasks are read and sorted.
--   several persons: their lists come in no common order, so the wider list is read and asked.
--   q: finding a part of a title would take an index of every part; a list is read until the page
--     is full. Only a total beyond that page reads it to its end.
--   one state, problem, one-off, unassigned, created: they narrow a list that is read in its
--     order anyway; open tasks, which most of them mean, are few beside all tasks.
--   sorting by title, by change and by problem: rare, and each would cost every write; the list
--     is read and sorted.
CREATE TABLE tasks (
    org_id                      TEXT    NOT NULL,
    id                          TEXT    NOT NULL,
    increment_id                BIGINT  NOT NULL,
    title                       TEXT    NOT NULL,
    title_folded                TEXT    NOT NULL, -- for search and sorting
    summary                     TEXT,
    task_type                   TEXT    NOT NULL
        CHECK (task_type IN ('task', 'approval', 'expiring', 'email', 'expiring_email')),
    status                      TEXT    NOT NULL
        CHECK (status IN ('not-started', 'in-progress', 'completed', 'auto-skipped')),
    open                        INTEGER NOT NULL CHECK (open IN (0, 1)), -- still to be done
    problem                     INTEGER NOT NULL DEFAULT 0 CHECK (problem IN (0, 1)),
    is_oneoff_task              INTEGER NOT NULL DEFAULT 1 CHECK (is_oneoff_task IN (0, 1)),
    position                    BIGINT  NOT NULL DEFAULT 1,
    owners                      TEXT    NOT NULL,
    owner_count                 BIGINT  NOT NULL,
    completed_owners            BIGINT  NOT NULL DEFAULT 0, -- owners who completed their part
    max_assignable              BIGINT  NOT NULL DEFAULT 0,
    webhook                     TEXT,
    starter_id                  BIGINT  NOT NULL,
    completer_id                BIGINT,
    is_approved                 INTEGER CHECK (is_approved IN (0, 1)),
    everyone_must_complete      INTEGER NOT NULL DEFAULT 0 CHECK (everyone_must_complete IN (0, 1)),
    can_complete_only_assignees INTEGER NOT NULL DEFAULT 0
        CHECK (can_complete_only_assignees IN (0, 1)),
    allow_guest_owners          INTEGER NOT NULL DEFAULT 1 CHECK (allow_guest_owners IN (0, 1)),
    prevent_guest_comment       INTEGER NOT NULL DEFAULT 0 CHECK (prevent_guest_comment IN (0, 1)),
    top_secret                  INTEGER NOT NULL DEFAULT 0 CHECK (top_secret IN (0, 1)),
    is_soft_start_date          INTEGER NOT NULL DEFAULT 0 CHECK (is_soft_start_date IN (0, 1)),
    completions                 TEXT    NOT NULL DEFAULT '[]', -- JSON list of who has completed
    taskdata                    TEXT    NOT NULL DEFAULT '{}',
    started_at                  BIGINT,
    due                         BIGINT  NOT NULL, -- the deadline, whole seconds; 253402300800000
                                                  -- (the year 10000) for none, to sort last
    completed_at                BIGINT,
    archived_at                 BIGINT,
    created_at                  BIGINT  NOT NULL,
    updated_at                  BIGINT  NOT NULL,
    version                     BIGINT  NOT NULL DEFAULT 1,
    PRIMARY KEY (org_id, id) -- ids grow with time: also the order of creation
);
-- archived_at ends these keys, and open stands in one, only to help SQLite: it counts without
-- reading the rows, and prefers the narrower index.
CREATE INDEX tasks_by_due ON tasks (org_id, due, id, archived_at) WHERE archived_at IS NULL;
CREATE INDEX tasks_open ON tasks (org_id, open, due, id, archived_at)
    WHERE archived_at IS NULL AND open = 1;
CREATE INDEX tasks_completed ON tasks (org_id, completed_at, id, archived_at)
    WHERE archived_at IS NULL AND completed_at IS NOT NULL;
CREATE INDEX tasks_archived ON tasks (org_id, due, id, archived_at)
    WHERE archived_at IS NOT NULL;
-- What totals leave out for those who may not see it.
CREATE INDEX tasks_secret ON tasks (org_id, id) WHERE top_secret = 1;

-- Who is on a task, with copies of what lists filter and sort by, so that a person's list is one
-- range of one index.
CREATE TABLE task_owners (
    org_id       TEXT    NOT NULL,
    user_id      BIGINT  NOT NULL,
    task_id      TEXT    NOT NULL,
    done         INTEGER NOT NULL CHECK (done IN (0, 1)), -- has completed their own part
    open         INTEGER NOT NULL CHECK (open IN (0, 1)), -- from here on as in tasks
    due          BIGINT  NOT NULL,
    completed_at BIGINT,
    archived_at  BIGINT,
    PRIMARY KEY (org_id, user_id, task_id)
);
CREATE INDEX task_owners_by_task ON task_owners (org_id, task_id, user_id);
CREATE INDEX task_owners_by_due ON task_owners (org_id, user_id, due, task_id, archived_at)
    WHERE archived_at IS NULL;
CREATE INDEX task_owners_open ON task_owners (org_id, user_id, open, due, task_id, archived_at)
    WHERE archived_at IS NULL AND open = 1;
CREATE INDEX task_owners_completed
    ON task_owners (org_id, user_id, completed_at, task_id, archived_at)
    WHERE archived_at IS NULL AND completed_at IS NOT NULL;
CREATE INDEX task_owners_archived ON task_owners (org_id, user_id, due, task_id)
    WHERE archived_at IS NOT NULL;

-- The one ordered log of an organization: every change writes a row here in its transaction.
CREATE TABLE events (
    org_id       TEXT   NOT NULL,
    seq          BIGINT NOT NULL,
    id           TEXT   NOT NULL,
    verb         TEXT   NOT NULL, -- created, updated, completed, …
    subject_type TEXT   NOT NULL, -- task, organization, member, …
    subject_id   TEXT   NOT NULL,
    actor_id     BIGINT,          -- null: the application or the server itself
    token_id     TEXT,            -- null: a browser session
    data         TEXT   NOT NULL, -- JSON
    at           BIGINT NOT NULL,
    PRIMARY KEY (org_id, seq)
);
CREATE INDEX events_by_subject ON events (org_id, subject_type, subject_id, seq);

-- down
DROP TABLE events;
DROP TABLE task_owners;
DROP TABLE tasks;
DROP TABLE members;
DROP TABLE org_counters;
DROP TABLE organizations;
DROP TABLE refresh_tokens;
DROP TABLE tokens;
DROP TABLE oauth_clients;
DROP TABLE login_failures;
DROP TABLE sessions;
DROP TABLE users;
DROP TABLE health;
DROP TABLE signing_keys;
DROP TABLE counters;
