-- People and what is arranged around them: the bot, guests, groups, job titles, tags, folders,
-- custom fields; orders and search for long lists of people.

-- ---------------------------------------------------------------- members

-- What lists of members are sorted by stands beside the membership, so that each order is one
-- range of one index. Null until the program has filled it in, which it does when it starts for
-- those who were there before (model/people_index.h).
ALTER TABLE members ADD COLUMN name_key TEXT;      -- "first last", folded
ALTER TABLE members ADD COLUMN last_name_key TEXT; -- "last first", folded
ALTER TABLE members ADD COLUMN email_key TEXT;     -- folded
ALTER TABLE members ADD COLUMN preferences TEXT NOT NULL DEFAULT '{}';   -- JSON
ALTER TABLE members ADD COLUMN custom_fields TEXT NOT NULL DEFAULT '{}'; -- JSON: value by key id
ALTER TABLE members ADD COLUMN deleted_at BIGINT;  -- in no list any more; known to the history
-- What whoever invited them called them, which is all that the organization sees of an account that
-- has not joined; null from then on.
ALTER TABLE members ADD COLUMN first_name TEXT;
ALTER TABLE members ADD COLUMN last_name TEXT;
UPDATE members
   SET first_name = (SELECT u.first_name FROM users u WHERE u.id = members.user_id),
       last_name = (SELECT u.last_name FROM users u WHERE u.id = members.user_id)
 WHERE activated_at IS NULL;
CREATE INDEX members_by_name ON members (org_id, name_key, user_id) WHERE deleted_at IS NULL;
CREATE INDEX members_by_last_name ON members (org_id, last_name_key, user_id)
    WHERE deleted_at IS NULL;
CREATE INDEX members_by_email ON members (org_id, email_key, user_id) WHERE deleted_at IS NULL;
CREATE INDEX members_by_age ON members (org_id, joined_at, user_id) WHERE deleted_at IS NULL;
CREATE INDEX members_not_indexed ON members (org_id, user_id) WHERE name_key IS NULL;
-- Who could follow the default administrator, and whether an administrator is the last.
CREATE INDEX members_administrators ON members (org_id, user_id)
    WHERE role = 'admin' AND status = 'active';

-- Search has a table of its own now.
ALTER TABLE users DROP COLUMN name_folded;

-- The bot: what the server itself does in an organization is done by this member. What its address
-- is compared by is no address, so nobody signs in as it or asks for its password.
INSERT INTO users (id, email, email_folded, first_name, last_name, support_user, created_at,
                   updated_at)
    VALUES (1, 'bot@pawl.invalid', '(bot)', 'Pawl', 'Bot', 1, 1, 1);
INSERT INTO members (org_id, user_id, role, status, is_bot, joined_at, activated_at)
    SELECT id, 1, 'light', 'active', 1, created_at, created_at FROM organizations;

-- Parts of names and addresses, for search: each three characters in a row of what is folded, and
-- of each word its first one and its first two, marked with a blank before them.
CREATE TABLE people_grams (
    org_id    TEXT   NOT NULL,
    gram      TEXT   NOT NULL,
    is_guest  INTEGER NOT NULL CHECK (is_guest IN (0, 1)),
    person_id BIGINT NOT NULL,
    PRIMARY KEY (org_id, gram, is_guest, person_id)
);

-- Rows of lists that would take long to count; and the number that each row of taggings and of
-- folder_objects gets.
ALTER TABLE org_counters ADD COLUMN members BIGINT NOT NULL DEFAULT 0; -- all but deleted ones
ALTER TABLE org_counters ADD COLUMN guests BIGINT NOT NULL DEFAULT 0;  -- all but deleted ones
ALTER TABLE org_counters ADD COLUMN relations BIGINT NOT NULL DEFAULT 0;
UPDATE org_counters
   SET members = (SELECT count(*) FROM members m WHERE m.org_id = org_counters.org_id);

-- ---------------------------------------------------------------- guests

-- Which guest an address is, in every organization and for good: the e-mail lookup of guests.
CREATE TABLE guest_addresses (
    email_folded TEXT   NOT NULL PRIMARY KEY,
    guest_id     BIGINT NOT NULL UNIQUE -- from the counter that members have too
);

-- A guest of one organization. A deleted one comes back when the address is added again.
CREATE TABLE guests (
    org_id                 TEXT    NOT NULL,
    id                     BIGINT  NOT NULL,
    email                  TEXT    NOT NULL, -- as typed
    email_folded           TEXT    NOT NULL,
    first_name             TEXT,
    last_name              TEXT,
    name_key               TEXT    NOT NULL, -- "first last", folded
    last_name_key          TEXT    NOT NULL, -- "last first", folded
    status                 TEXT,             -- free text of its users
    phone_1                TEXT,
    phone_2                TEXT,
    timezone               TEXT,
    locale                 TEXT,
    image_url              TEXT,
    contact_url            TEXT,
    company_url            TEXT,
    company_name           TEXT,
    opportunity_url        TEXT,
    opportunity_name       TEXT,
    external_sync_source   TEXT,
    external_date_creation BIGINT,
    cadence_days           TEXT,             -- JSON list of days; null: as the organization has it
    code_version           BIGINT  NOT NULL DEFAULT 1, -- of the code in the guest's link
    custom_fields          TEXT    NOT NULL DEFAULT '{}',
    last_accessed_at       BIGINT,
    last_known_ip          TEXT,
    last_known_country     TEXT,
    disabled_at            BIGINT,
    disabled_by            BIGINT,
    reactivated_at         BIGINT,
    reactivated_by         BIGINT,
    created_by             BIGINT,
    created_at             BIGINT  NOT NULL,
    added_at               BIGINT  NOT NULL, -- the last time; 0: not counted by the hourly limit
    updated_at             BIGINT  NOT NULL,
    deleted_at             BIGINT,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX guests_by_address ON guests (org_id, email_folded);
CREATE INDEX guests_by_name ON guests (org_id, name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX guests_by_last_name ON guests (org_id, last_name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX guests_by_email ON guests (org_id, email_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX guests_by_age ON guests (org_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX guests_by_adding ON guests (org_id, added_at);
-- Where a guest is one: by the number of an address, without knowing an organization.
CREATE INDEX guests_by_number ON guests (id, org_id) WHERE deleted_at IS NULL;
-- Everywhere that somebody with this address is a guest.
CREATE INDEX guests_of_address ON guests (email_folded, org_id) WHERE deleted_at IS NULL;
-- Mail is to an account or a guest; how much of a kind somebody got lately.
CREATE INDEX mails_by_person ON mails (user_id, kind, created_at);

-- The members whom a guest belongs to.
CREATE TABLE guest_members (
    org_id   TEXT   NOT NULL,
    guest_id BIGINT NOT NULL,
    user_id  BIGINT NOT NULL,
    PRIMARY KEY (org_id, guest_id, user_id)
);
CREATE INDEX guest_members_by_user ON guest_members (org_id, user_id, guest_id);

-- The code in a guest's link. It is made again from the sealing key whenever the link is shown;
-- only its digest is stored. It names its organization, so it is looked up without knowing one.
CREATE TABLE guest_codes (
    digest   TEXT   NOT NULL PRIMARY KEY,
    org_id   TEXT   NOT NULL,
    guest_id BIGINT NOT NULL
);
CREATE UNIQUE INDEX guest_codes_by_guest ON guest_codes (org_id, guest_id);

-- Browsers that came with a guest's link. The cookie's value is random; its digest is the key.
CREATE TABLE guest_sessions (
    digest     TEXT   NOT NULL PRIMARY KEY,
    org_id     TEXT   NOT NULL,
    guest_id   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX guest_sessions_by_guest ON guest_sessions (org_id, guest_id);
CREATE INDEX guest_sessions_by_end ON guest_sessions (expires_at);

-- ---------------------------------------------------------------- groups, job titles

CREATE TABLE groups (
    org_id      TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    name_folded TEXT   NOT NULL,
    description TEXT   NOT NULL DEFAULT '',
    description_folded TEXT NOT NULL DEFAULT '', -- for search, as the name
    logo        TEXT,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX groups_by_name ON groups (org_id, name_folded);
CREATE INDEX groups_by_age ON groups (org_id, created_at, id);
CREATE INDEX groups_by_change ON groups (org_id, updated_at, id);

-- Members and guests, whose ids never meet.
CREATE TABLE group_people (
    org_id    TEXT    NOT NULL,
    group_id  TEXT    NOT NULL,
    person_id BIGINT  NOT NULL,
    is_guest  INTEGER NOT NULL CHECK (is_guest IN (0, 1)),
    PRIMARY KEY (org_id, group_id, person_id)
);
CREATE INDEX group_people_by_person ON group_people (org_id, person_id, group_id);

CREATE TABLE job_titles (
    org_id       TEXT   NOT NULL,
    id           TEXT   NOT NULL,
    title        TEXT   NOT NULL,
    title_folded TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX job_titles_by_title ON job_titles (org_id, title_folded);

-- ---------------------------------------------------------------- tasks of guests and groups

-- task_owners.user_id is now any person's: a member's or a guest's. Those who have a task only
-- because their group has it are not direct. tasks.owner_count and completed_owners count members,
-- each once (model/task_owners.h).
ALTER TABLE task_owners ADD COLUMN is_guest INTEGER NOT NULL DEFAULT 0 CHECK (is_guest IN (0, 1));
ALTER TABLE task_owners ADD COLUMN direct INTEGER NOT NULL DEFAULT 1 CHECK (direct IN (0, 1));
CREATE TABLE task_groups (
    org_id   TEXT NOT NULL,
    group_id TEXT NOT NULL,
    task_id  TEXT NOT NULL,
    PRIMARY KEY (org_id, group_id, task_id)
);
CREATE INDEX task_groups_by_task ON task_groups (org_id, task_id, group_id);
ALTER TABLE tasks ADD COLUMN custom_fields TEXT NOT NULL DEFAULT '{}';

-- ---------------------------------------------------------------- tags, folders, custom fields

CREATE TABLE tags (
    org_id         TEXT    NOT NULL,
    id             TEXT    NOT NULL,
    title          TEXT    NOT NULL,
    title_folded   TEXT    NOT NULL,
    color          TEXT    NOT NULL,
    auto_generated INTEGER NOT NULL DEFAULT 0 CHECK (auto_generated IN (0, 1)),
    custom_fields  TEXT    NOT NULL DEFAULT '{}',
    created_at     BIGINT  NOT NULL,
    updated_at     BIGINT  NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX tags_by_title ON tags (org_id, title_folded);

-- Which tag is on what. The number is the relation's name in the interface.
CREATE TABLE taggings (
    org_id       TEXT   NOT NULL,
    id           BIGINT NOT NULL,
    tag_id       TEXT   NOT NULL,
    subject_type TEXT   NOT NULL, -- as in model/subject.h
    subject_id   TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX taggings_by_subject ON taggings (org_id, subject_type, subject_id, tag_id);
CREATE INDEX taggings_by_tag ON taggings (org_id, tag_id, subject_type, subject_id);

CREATE TABLE folders (
    org_id        TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    name_folded   TEXT   NOT NULL,
    folder_type   TEXT   NOT NULL CHECK (folder_type IN ('checklist', 'run', 'task')),
    parent_id     TEXT,            -- null: at the top
    position      BIGINT NOT NULL,
    custom_fields TEXT   NOT NULL DEFAULT '{}',
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX folders_by_parent ON folders (org_id, folder_type, parent_id, position, id);

-- What is in which folder. The number is the relation's name in the interface.
CREATE TABLE folder_objects (
    org_id       TEXT   NOT NULL,
    id           BIGINT NOT NULL,
    folder_id    TEXT   NOT NULL,
    subject_type TEXT   NOT NULL,
    subject_id   TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX folder_objects_by_subject
    ON folder_objects (org_id, subject_type, subject_id, folder_id);
CREATE INDEX folder_objects_by_folder ON folder_objects (org_id, folder_id, subject_id);

-- Fields that an organization adds to its records. Values stand in the record's own column
-- custom_fields under the id of the key, so that with the key they are gone.
CREATE TABLE custom_field_keys (
    org_id        TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    key           TEXT    NOT NULL,
    label         TEXT    NOT NULL,
    label_folded  TEXT    NOT NULL,
    applies_to    TEXT    NOT NULL, -- as in model/custom_field_key.h
    field_type    TEXT    NOT NULL,
    key_type      TEXT    NOT NULL CHECK (key_type IN ('organization', 'system')),
    is_required   INTEGER NOT NULL DEFAULT 0 CHECK (is_required IN (0, 1)),
    is_active     INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    options       TEXT    NOT NULL DEFAULT '[]', -- JSON list of {"id","text"}
    columns       TEXT    NOT NULL DEFAULT '[]', -- JSON list of {"id","label"}
    last_choice   BIGINT  NOT NULL DEFAULT 0,    -- the highest of their ids so far
    created_at    BIGINT  NOT NULL,
    updated_at    BIGINT  NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX custom_field_keys_by_key ON custom_field_keys (org_id, applies_to, key);

-- ---------------------------------------------------------------- organizations

-- Both JSON. The hours are {"start","end"}; null: all day.
ALTER TABLE organizations ADD COLUMN working_hours TEXT;
ALTER TABLE organizations ADD COLUMN branding TEXT NOT NULL DEFAULT '{}';

-- down
ALTER TABLE organizations DROP COLUMN branding;
ALTER TABLE organizations DROP COLUMN working_hours;
DROP TABLE custom_field_keys;
DROP TABLE folder_objects;
DROP TABLE folders;
DROP TABLE taggings;
DROP TABLE tags;
ALTER TABLE tasks DROP COLUMN custom_fields;
DROP TABLE task_groups;
DELETE FROM task_owners WHERE is_guest = 1 OR direct = 0;
ALTER TABLE task_owners DROP COLUMN direct;
ALTER TABLE task_owners DROP COLUMN is_guest;
DROP TABLE job_titles;
DROP TABLE group_people;
DROP TABLE groups;
DROP TABLE guest_sessions;
DROP TABLE guest_codes;
DROP TABLE guest_members;
DROP INDEX mails_by_person;
DROP TABLE guests;
DROP TABLE guest_addresses;
ALTER TABLE org_counters DROP COLUMN relations;
ALTER TABLE org_counters DROP COLUMN guests;
ALTER TABLE org_counters DROP COLUMN members;
DROP TABLE people_grams;
DELETE FROM members WHERE user_id = 1;
DELETE FROM users WHERE id = 1;
DROP INDEX members_administrators;
DROP INDEX members_not_indexed;
DROP INDEX members_by_age;
DROP INDEX members_by_email;
DROP INDEX members_by_last_name;
DROP INDEX members_by_name;
ALTER TABLE members DROP COLUMN last_name;
ALTER TABLE members DROP COLUMN first_name;
ALTER TABLE members DROP COLUMN deleted_at;
ALTER TABLE members DROP COLUMN custom_fields;
ALTER TABLE members DROP COLUMN preferences;
ALTER TABLE members DROP COLUMN email_key;
ALTER TABLE members DROP COLUMN last_name_key;
ALTER TABLE users ADD COLUMN name_folded TEXT NOT NULL DEFAULT '';
UPDATE users
   SET name_folded = COALESCE((SELECT max(m.name_key) FROM members m WHERE m.user_id = users.id),
                              lower(first_name || ' ' || last_name));
ALTER TABLE members DROP COLUMN name_key;
