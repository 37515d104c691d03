-- Who is on call, what is under maintenance, until when an incident was
-- active, and what counters have counted.

-- +goose Up

-- Filled by the first completion from here on: who is on call was not read before.
ALTER TABLE source ADD COLUMN first_as_of INTEGER;

CREATE TABLE escalation_policy (
    id     TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    levels INTEGER NOT NULL,
    url    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE schedule (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    time_zone   TEXT NOT NULL,
    shift_based INTEGER NOT NULL,
    url         TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE maintenance_window (
    id       TEXT PRIMARY KEY,
    start_at INTEGER NOT NULL,
    end_at   INTEGER NOT NULL,
    services TEXT -- A JSON list of ids; NULL for none.
) STRICT, WITHOUT ROWID;
CREATE INDEX maintenance_window_by_end ON maintenance_window (end_at, start_at);

-- What is true of a user, at a level of a policy, at an instant: at most one
-- row covers it, and rows that touch differ in schedule or permanent. So a
-- reading can replace any span to the instant; readers join what touches.
CREATE TABLE shift (
    policy    TEXT NOT NULL,
    level     INTEGER NOT NULL,
    user      TEXT NOT NULL,
    start_at  INTEGER NOT NULL,
    end_at    INTEGER NOT NULL,
    schedule  TEXT NOT NULL,
    permanent INTEGER NOT NULL,
    PRIMARY KEY (policy, level, user, start_at)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX shift_predecessor ON shift (policy, level, user, end_at);
CREATE INDEX shift_by_end ON shift (end_at, start_at);

-- The time of the incident's latest entry.
ALTER TABLE incident ADD COLUMN latest_entry INTEGER;
UPDATE incident SET latest_entry = (SELECT max(at) FROM log_entry WHERE incident = key);

-- The last instant at which something is known to have happened to the
-- incident; the end of time while it is open.
ALTER TABLE incident ADD COLUMN active_until INTEGER AS (
    CASE
        WHEN created_at IS NULL THEN NULL
        WHEN status <> 'resolved' THEN 9223372036854775807
        ELSE max(created_at, coalesce(resolved_at, created_at), coalesce(change_at, created_at),
            coalesce(latest_entry, created_at))
    END
) VIRTUAL;

-- Only the incidents that were active for more than a day. The others are
-- found by their creation, and saving them costs nothing here.
CREATE INDEX incident_lingering ON incident (active_until) WHERE active_until - created_at > 86400000000;
CREATE INDEX incident_by_target ON incident (merged_into, created_at) WHERE merged_into <> '';

-- One row once counters have started: what they rest on, and up to which
-- revision the facts have been counted.
CREATE TABLE tally (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    fingerprint TEXT NOT NULL,
    buckets     TEXT NOT NULL, -- A JSON object: bounds in nanoseconds, by kind.
    created_at  INTEGER NOT NULL,
    revision    INTEGER NOT NULL
) STRICT;

-- What has been counted, so that nothing is counted twice.
CREATE TABLE observation (
    incident TEXT NOT NULL,
    kind     TEXT NOT NULL,
    team     TEXT NOT NULL,
    urgency  TEXT NOT NULL,
    at       INTEGER NOT NULL,
    took     INTEGER NOT NULL, -- Microseconds.
    PRIMARY KEY (incident, kind)
) STRICT, WITHOUT ROWID;

-- Sums of observations, kept beside them because adding up millions of rows
-- at each start takes seconds.
CREATE TABLE tally_count (
    kind    TEXT NOT NULL,
    team    TEXT NOT NULL,
    urgency TEXT NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (kind, team, urgency)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally_bucket (
    kind        TEXT NOT NULL,
    team        TEXT NOT NULL,
    bucket      INTEGER NOT NULL, -- The position of its bound; one more than the last for what is above all.
    count       INTEGER NOT NULL,
    took        INTEGER NOT NULL, -- The sum, in microseconds.
    latest      TEXT NOT NULL,    -- The incident of the latest observation.
    latest_at   INTEGER NOT NULL,
    latest_took INTEGER NOT NULL,
    PRIMARY KEY (kind, team, bucket)
) STRICT, WITHOUT ROWID;
