-- Which schedules escalation policies name.

-- +goose Up

ALTER TABLE escalation_policy ADD COLUMN schedules TEXT NOT NULL DEFAULT '[]'; -- A JSON list of them.
