-- Events that Prometheus counted, hour by hour.

-- +goose Up

-- Expressions are long and hours many, so that an hour names its pair by a number.
CREATE TABLE event_query (
    key      INTEGER PRIMARY KEY,
    good     TEXT NOT NULL,
    total    TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0, -- At which an hour of it last changed.
    UNIQUE (total, good)
) STRICT;

CREATE TABLE event_hour (
    query   INTEGER NOT NULL, -- event_query.key
    hour    INTEGER NOT NULL, -- Its first instant.
    team    TEXT NOT NULL,
    good    REAL NOT NULL,
    total   REAL NOT NULL,
    clamped INTEGER NOT NULL,
    PRIMARY KEY (query, hour, team)
) STRICT, WITHOUT ROWID;
