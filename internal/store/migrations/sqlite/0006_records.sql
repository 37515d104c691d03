-- Lines of files of records.

-- +goose Up

CREATE TABLE record (
    file   TEXT NOT NULL,
    line   INTEGER NOT NULL,
    date   TEXT NOT NULL, -- YYYY-MM-DD.
    metric TEXT NOT NULL,
    team   TEXT NOT NULL,
    value  TEXT NOT NULL, -- A decimal as it is written.
    n      INTEGER NOT NULL, -- 0 where the line does not say.
    note   TEXT NOT NULL,
    PRIMARY KEY (file, line)
) STRICT, WITHOUT ROWID;
