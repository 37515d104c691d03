package scorecard_test

import (
	"testing"
	"time"

	"teamhealth/internal/facts"
)

// A ticket may be done from its creation on, of which Data Center tells no date
// of its own. Created in July, it was delivered then.
func TestTicketThatWasDoneFromTheStart(t *testing.T) {
	t.Parallel()
	july := utc(t, "2026-07-10")
	begun := func(status string) doing {
		return func(t *facts.Ticket) { t.Status = ticketStatuses()[map[string]int{toDo: 0, done: 2}[status]] }
	}
	dateless := func(t *facts.Ticket) { t.CategoryChangedAt = time.Time{} }
	tests := map[string]struct {
		what []doing
		want string
	}{
		"never changed":                      {[]doing{begun(done)}, "1"},
		"given to somebody later":            {[]doing{begun(done), assignedTo(utc(t, "2026-08-01"), jiraBo)}, "1"},
		"moved between statuses that are":    {[]doing{begun(done), moved(utc(t, "2026-10-02"), closed), dateless}, "1"},
		"migrated between such":              {[]doing{begun(done), migratedAt(utc(t, "2026-10-02"), closed), dateless}, "1"},
		"made done by a migration":           {[]doing{begun(toDo), migratedAt(utc(t, "2026-08-02"), done), dateless}, "0"},
		"resolved in October":                {[]doing{begun(done), resolvedAs(utc(t, "2026-10-02"), "Done")}, "0"},
		"reopened in August and done by now": {[]doing{begun(done), moved(utc(t, "2026-08-01"), toDo), moved(utc(t, "2026-10-02"), done)}, "0"},
	}
	for name, tt := range tests {
		w := newTicketWorld(t, talks("1"), ticket("DRE-1", july, append([]doing{labelled("tech-talk")}, tt.what...)...))
		if got := shown(w.row(t, "mysql").Value); got != tt.want {
			t.Errorf("%s: %s tickets, want %s", name, got, tt.want)
		}
	}
	// As of July 31 it had not been reopened yet.
	w := newTicketWorld(t, talks("1"), ticket("DRE-1", july, labelled("tech-talk"), begun(done), moved(utc(t, "2026-08-01"), toDo)))
	if got := shown(w.horizonAt(utc(t, "2026-07-31")).row(t, "mysql").Value); got != "1" {
		t.Errorf("before it was reopened: %s tickets, want 1", got)
	}
}
