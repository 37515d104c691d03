-- Facts from Jira.

-- +goose Up

CREATE TABLE ticket_status (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    category TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What is long stands last, so that it costs nothing where it is not asked for.
CREATE TABLE ticket (
    id              TEXT NOT NULL UNIQUE,
    revision        INTEGER NOT NULL DEFAULT 0, -- At which it last changed.
    key             TEXT NOT NULL,
    url             TEXT NOT NULL,
    project         TEXT NOT NULL,
    type            TEXT NOT NULL,
    status          TEXT NOT NULL,
    status_name     TEXT NOT NULL,
    status_category TEXT NOT NULL,
    category_at     INTEGER,
    resolution      TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    resolved_at     INTEGER,
    due             TEXT NOT NULL,
    labels          TEXT, -- JSON lists of words; NULL for none.
    components      TEXT,
    assignee        TEXT NOT NULL,
    creator         TEXT NOT NULL,
    reporter        TEXT NOT NULL,
    parent          TEXT NOT NULL,
    summary         TEXT NOT NULL,
    fields          TEXT NOT NULL, -- A JSON object of lists.
    links           TEXT NOT NULL, -- JSON lists of objects; NULL of remote links: they were not read.
    remote_links    TEXT,
    changes         TEXT NOT NULL,
    format          TEXT NOT NULL,
    description     TEXT NOT NULL
) STRICT;
CREATE INDEX ticket_by_update ON ticket (updated_at, id);
CREATE INDEX ticket_by_revision ON ticket (revision);
