package scorecard_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
)

// Q1, of priority P1, is created at 10:00 on the spare service and merged into QT at 10:05.
func TestOutageThatWasMergedLastsUntilItsTargetIsResolved(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	low := priority("P3") // The targets are no outages themselves, and of another service.
	target := func(id string, after time.Duration, what ...happening) facts.Incident {
		return incident(id, at.Add(after), append([]happening{low}, what...)...)
	}
	tests := map[string]struct {
		targets []facts.Incident
		want    string
		caveats int
	}{
		// 10:00 to 10:30.
		"the target is resolved later": {[]facts.Incident{target("QT", -time.Minute, resolved(31*time.Minute, ada))}, "outage 1800", 0},
		"the target began after it":    {[]facts.Incident{target("QT", time.Minute, resolved(29*time.Minute, ada))}, "outage 1800", 0},
		"the target was reopened later": {
			[]facts.Incident{target("QT", 0, resolved(30*time.Minute, ada), acknowledged(time.Hour, bo), resolved(2*time.Hour, bo))}, "outage 1800", 0,
		},
		// 10:00 to 10:05.
		"the target is resolved by then": {[]facts.Incident{target("QT", 0, resolved(5*time.Minute, ada))}, "outage 300", 0},
		"the target is resolved by then, and was reopened": {
			[]facts.Incident{target("QT", 0, resolved(5*time.Minute, ada), acknowledged(20*time.Minute, bo), resolved(30*time.Minute, bo))}, "outage 300", 0,
		},
		"the target was resolved before":    {[]facts.Incident{target("QT", 0, resolved(2*time.Minute, ada))}, "outage 300", 0},
		"the target is not known":           {nil, "outage 300", 1},
		"the target was merged into itself": {[]facts.Incident{target("QT", 0, mergedInto("QT", 5*time.Minute))}, "outage 300", 0},
		// 10:00 to 11:00, the horizon.
		"the target is open": {[]facts.Incident{target("QT", 0)}, "outage 3600", 0},
		// 10:00 to 10:40: the second target's resolve.
		"the target was merged into another": {
			[]facts.Incident{target("QT", 0, mergedInto("QU", 30*time.Minute)), target("QU", 0, resolved(40*time.Minute, ada))}, "outage 2400", 0,
		},
		"the target was merged into one that is not known": {[]facts.Incident{target("QT", 0, mergedInto("QU", 30*time.Minute))}, "outage 1800", 1},
		"two that were merged into each other": {
			[]facts.Incident{target("QT", 0, mergedInto("Q1", 30*time.Minute))}, "outage 1800", 0,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q1 := incident("Q1", at, priority("P1"), onService(spare), mergedInto("QT", 5*time.Minute))
			w := newDownWorld(t, append(tt.targets, q1)...).until(at.Add(time.Hour))
			if got := w.seconds(t)["Q1"]; got != tt.want {
				t.Errorf("Q1 is %q, want %q", got, tt.want)
			}
			if r := w.row(t, "mysql"); len(r.Caveats) != tt.caveats || (*r.Coverage < 1) != (tt.caveats > 0) {
				t.Errorf("caveats %q, coverage %v, want %d", r.Caveats, *r.Coverage, tt.caveats)
			}
		})
	}
}

func TestMergeBeyondTheHorizonHasNotHappened(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	w := newDownWorld(t, incident("Q1", at, priority("P1"), mergedInto("QGONE", 5*time.Minute))).until(at.Add(time.Minute))
	if r := w.row(t, "mysql"); downtime(t, r) != 60 || len(r.Caveats) != 0 {
		t.Errorf("down for %d s with caveats %q, want 60 and none", downtime(t, r), r.Caveats)
	}
}

func TestReopeningOfTheTargetBeyondTheHorizonDoesNotProlongTheMergedOutage(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	// The target was resolved at 10:00:30, a minute before Q1 was merged into it, and is reopened on August 8. On
	// August 4 it has no resolve at or after the merge: Q1 was down until the merge, for 90 s.
	target := incident("QTARGET", at, priority("P3"), resolved(30*time.Second, ada), acknowledged(5*24*time.Hour, bo), reopened)
	w := newDownWorld(t, incident("Q1", at, priority("P1"), mergedInto("QTARGET", 90*time.Second)), target).until(at.AddDate(0, 0, 1))
	if r := w.row(t, "mysql"); downtime(t, r) != 90 {
		t.Errorf("down for %d s, want 90", downtime(t, r))
	}
}

func TestOutageThatWasMergedBeforeTheQuarterGoesOnInIt(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-06-30 23:00:00")
	// Q1 and Q2 were merged at 23:05 on June 30; QT is resolved 60 s into July, QS two minutes before it.
	w := newDownWorld(
		t,
		incident("Q1", at, priority("P1"), mergedInto("QT", 5*time.Minute)),
		incident("Q2", at, priority("P1"), mergedInto("QS", 5*time.Minute)),
		incident("QT", at, onService("PONCALL1"), resolved(61*time.Minute, ada)),
		incident("QS", at, onService("PONCALL1"), resolved(58*time.Minute, ada)),
	)
	if diff := cmp.Diff(map[string]string{"Q1": "outage 60"}, w.seconds(t)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
}
