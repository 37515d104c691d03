-- Tickets that Jira no longer shows, and an order in which a list can be held
-- against those that are kept.

-- +goose Up

ALTER TABLE ticket ADD COLUMN gone_at INTEGER; -- NULL while Jira shows it.
CREATE INDEX ticket_by_creation ON ticket (created_at, id);
