-- What a source refused to list.

-- +goose Up

-- A JSON list of kinds of facts; NULL for none.
ALTER TABLE source ADD COLUMN unread TEXT;
