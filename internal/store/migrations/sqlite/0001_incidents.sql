-- Facts from PagerDuty, and how far each source has been read.
--
-- Instants are whole microseconds since 1970 in UTC; NULL is "none".

-- +goose Up

-- One row. It grows with every real change of facts.
CREATE TABLE revision (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    value INTEGER NOT NULL
) STRICT;
INSERT INTO revision (id, value) VALUES (1, 0);

CREATE TABLE source (
    name          TEXT PRIMARY KEY,
    cursor        BLOB,
    data_as_of    INTEGER,
    data_since    INTEGER,
    last_success  INTEGER,
    last_error    TEXT NOT NULL DEFAULT '',
    last_error_at INTEGER
) STRICT, WITHOUT ROWID;

-- Kept beside the rows, because counting millions of them takes seconds.
CREATE TABLE record_count (
    source TEXT NOT NULL,
    kind   TEXT NOT NULL,
    rows   INTEGER NOT NULL,
    PRIMARY KEY (source, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE service (
    id                TEXT PRIMARY KEY,
    name              TEXT NOT NULL,
    status            TEXT NOT NULL,
    escalation_policy TEXT NOT NULL,
    url               TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE team (
    id   TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
    id        TEXT PRIMARY KEY,
    time_zone TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE priority (
    id   TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    rank INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- An incident of which only entries have come so far has no created_at. The
-- key counts incidents as they are first heard of, which is roughly by time:
-- the timelines of a quarter lie together on disk.
CREATE TABLE incident (
    key            INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    number         INTEGER NOT NULL DEFAULT 0,
    title          TEXT NOT NULL DEFAULT '',
    service        TEXT NOT NULL DEFAULT '',
    service_at     INTEGER, -- updated_at of the version that named the service.
    urgency        TEXT NOT NULL DEFAULT '',
    priority       TEXT NOT NULL DEFAULT '',
    status         TEXT NOT NULL DEFAULT '',
    created_at     INTEGER,
    updated_at     INTEGER,
    resolved_at    INTEGER,
    change_at      INTEGER,
    change_actor   TEXT NOT NULL DEFAULT '',
    change_by_user INTEGER NOT NULL DEFAULT 0,
    merged_into    TEXT NOT NULL DEFAULT '',
    url            TEXT NOT NULL DEFAULT '',
    revision       INTEGER NOT NULL DEFAULT 0 -- At which it or its timeline last changed.
) STRICT;
CREATE INDEX incident_by_creation ON incident (created_at, id) WHERE created_at IS NOT NULL;
CREATE INDEX incident_by_revision ON incident (revision);
CREATE INDEX incident_open ON incident (id) WHERE created_at IS NOT NULL AND status <> 'resolved';

-- An entry belongs to one incident for good, so that its id is unique within
-- the incident is all that the key has to say; rows lie together by incident.
CREATE TABLE log_entry (
    incident  INTEGER NOT NULL, -- incident.key
    id        TEXT NOT NULL,
    at        INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    actor     TEXT NOT NULL,
    by_user   INTEGER NOT NULL,
    medium    TEXT NOT NULL,
    page      INTEGER NOT NULL,
    service   TEXT NOT NULL,
    assignees TEXT, -- A JSON list of ids; NULL when not told.
    old       TEXT NOT NULL,
    new       TEXT NOT NULL,
    PRIMARY KEY (incident, id)
) STRICT, WITHOUT ROWID;
