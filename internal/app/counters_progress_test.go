package app_test

import (
	"database/sql"
	"strings"
	"testing"

	"teamhealth/internal/facts"
)

// What one incident waits for keeps the next process from reading the one that
// waits, and what came after it, and not from all that went before.
func TestOneThatWaitsHoldsUpOnlyWhatChangedAfterIt(t *testing.T) {
	t.Parallel()
	c := newCounted(t)
	c.save(t, answered())
	c.save(t, facts.Batch{Incidents: []facts.Incident{outage("Q2", "PMYSQL", at(4, 0))}})
	c.save(t, facts.Batch{Incidents: []facts.Incident{outage("Q3", "PMYSQL", at(2, 0))}})
	c.cycle(t, 3, facts.Batch{})
	if got := c.noted(t); got != 1 {
		t.Errorf("everything is counted up to revision %d; that of Q2, which waits, is 2", got)
	}
	c.restart(t, twoTeams())
	c.cycle(t, 5, facts.Batch{})
	if got := c.noted(t); got != 3 || !strings.Contains(c.exposition(t), `incidents_total{team="mysql",urgency="high"} 3.0`) {
		t.Errorf("counted up to revision %d, want 3 incidents up to 3:\n%s", got, c.exposition(t))
	}
}

// noted is the revision up to which the store says that everything is counted.
func (c *counted) noted(t *testing.T) (revision int64) {
	t.Helper()
	db, err := sql.Open("sqlite", c.path)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	must(t, db.QueryRowContext(t.Context(), "SELECT revision FROM tally").Scan(&revision))
	return revision
}
