package pagerduty_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestAChangeThatNoEntryOfTheWindowTells acknowledges an incident by an entry
// that is dated long before the last cycle and appears after it.
func TestAChangeThatNoEntryOfTheWindowTells(t *testing.T) {
	t.Parallel()
	user := object{"id": "PUSER1", "type": "user_reference"}
	for name, change := range map[string]object{
		"the status":                       {"status": "acknowledged"},
		"a status that is not open":        {"status": "resolved", "resolved_at": wire(begun.Add(-2 * time.Hour))},
		"the urgency":                      {"urgency": "low"},
		"the priority":                     {"priority": object{"id": "PPRI1", "summary": "P1"}},
		"who changed the status last":      {"last_status_change_by": user},
		"when the status changed last":     {"last_status_change_at": wire(begun.Add(-2 * time.Hour))},
		"what it was merged into":          {"resolve_reason": object{"type": "merge_resolve_reason", "incident": object{"id": "Q2"}}},
		"only the time of the last update": {"updated_at": wire(begun.Add(-2 * time.Hour))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.addIncident("Q1", begun.Add(-3*time.Hour), time.Time{})
			r.mustCollect(t)
			r.later(5 * time.Minute)
			maps.Copy(r.incident("Q1"), change) // Nothing else, unless it says so.
			r.addEntry("Q1", "RACK", "acknowledge", begun.Add(-2*time.Hour))
			r.mustCollect(t)
			if diff := cmp.Diff([]string{"Q1-trigger", "RACK"}, r.memory.entryIDs()); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAVersionThatIsKeptAlreadyCostsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 20 {
		id := fmt.Sprintf("Q%02d", i)
		created := begun.Add(time.Duration(i-60) * time.Minute).Add(123456789 * time.Nanosecond)
		r.addIncident(id, created, time.Time{})["created_at"] = created.Format(time.RFC3339Nano)
	}
	r.mustCollect(t)
	r.memory.round(time.Microsecond) // As a store keeps times.
	r.memory.move("PSVC0")           // It keeps the service of the first version, too.
	r.asked()
	r.later(5 * time.Minute)
	r.mustCollect(t)
	if got := paths(r.asked()); slices.ContainsFunc(got, func(path string) bool { return strings.HasPrefix(path, "/incidents/") }) {
		t.Errorf("read what is known already: %v", got)
	}
}

func (m *memory) round(unit time.Duration) {
	for id, incident := range m.incidents {
		incident.CreatedAt = incident.CreatedAt.Truncate(unit)
		incident.UpdatedAt = incident.UpdatedAt.Truncate(unit)
		m.incidents[id] = incident
	}
}

func (m *memory) move(service string) {
	for id, incident := range m.incidents {
		incident.Service = service
		m.incidents[id] = incident
	}
}
