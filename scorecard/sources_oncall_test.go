package scorecard_test

import (
	"slices"
	"strings"
	"testing"

	"teamhealth/scorecard"
)

// The third quarter is July 1 to October 1, 92 days. A turn of the whole
// rotation is the 28 days from September 3 on. Of the 13 turns that end in the
// quarter, those from August 17 on begin after August 16, noon: six.
func TestOnCallTimeFromBeforeTheFirstSyncLowersCoverage(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		first, objective string
		coverage         float64
		caveat           bool
	}{
		"half of the quarter was over":             {"2026-08-16", "primary_coverage", 0.5, true},
		"the quarter had not begun":                {"2026-07-01", "primary_coverage", 1, false},
		"the quarter was over":                     {"2026-10-01 12:00:00", "primary_coverage", 0, true},
		"a turn of the rotation is what counts":    {"2026-09-03", "rotation_size", 1, false},
		"half of the turn of the rotation is over": {"2026-09-17", "rotation_size", 0.5, true},
		"shifts that had begun":                    {"2026-08-16 12:00:00", "rotation_shift", 6.0 / 13, true},
		"no shift had begun":                       {"2026-06-01", "rotation_shift", 1, false},
		"the levels of a policy are those of now":  {"2026-10-01 12:00:00", "escalation_depth", 1, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDutyWorld(t, wholeQuarter(t)...)
			w.sources[0].FirstAsOf = utc(t, tt.first)
			for _, subject := range []string{"mysql", scorecard.OrgID} {
				r := w.row(t, tt.objective, subject)
				if r.Coverage == nil || *r.Coverage != tt.coverage {
					t.Errorf("coverage %v, want %v", show(r.Coverage), tt.coverage)
				}
				if got := slices.ContainsFunc(r.Caveats, func(c string) bool { return strings.Contains(c, "the first sync") }); got != tt.caveat {
					t.Errorf("caveats %q, want one about the first sync: %v", r.Caveats, tt.caveat)
				}
			}
		})
	}
}

func show(f *float64) any {
	if f == nil {
		return nil
	}
	return *f
}

// What a burden counts are incidents, of which every second is known; who was
// on call only says whom it is compared with.
func TestOnCallTimeFromBeforeTheFirstSyncIsACaveatOnABurden(t *testing.T) {
	t.Parallel()
	l := newLabor(t, busyDay(t)...).onCall(t, 1, cy)
	l.sources[0].FirstAsOf = utc(t, "2026-08-16")
	r := l.row(t, "mysql")
	if r.Coverage == nil || *r.Coverage != 1 {
		t.Errorf("coverage %v, want 1", show(r.Coverage))
	}
	if !slices.ContainsFunc(r.Caveats, func(c string) bool { return strings.Contains(c, "2026-08-16T00:00:00Z, the first sync") }) {
		t.Errorf("caveats %q, want one that names the first sync", r.Caveats)
	}
}
