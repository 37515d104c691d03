package scorecard_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func TestDigestTellsWhenAnIncidentWasOpen(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	minutes := func(n int) time.Time { return created.Add(time.Duration(n) * time.Minute) }
	// open lists stretches by the minutes of their ends; -1 is none.
	open := func(ends ...int) []scorecard.Stretch {
		var list []scorecard.Stretch
		for i := 0; i < len(ends); i += 2 {
			s := scorecard.Stretch{From: minutes(ends[i])}
			if ends[i+1] >= 0 {
				s.To = minutes(ends[i+1])
			}
			list = append(list, s)
		}
		return list
	}
	status := func(word string, since int) happening {
		return func(i *facts.Incident) { i.Status, i.LastChange.At, i.ResolvedAt = word, minutes(since), time.Time{} }
	}
	withoutLastEntry := func(i *facts.Incident) { i.Timeline = i.Timeline[:len(i.Timeline)-1] }
	tests := map[string]struct {
		what []happening
		want []scorecard.Stretch
	}{
		"open until now":                {nil, open(0, -1)},
		"acknowledged, and open still":  {[]happening{acknowledged(time.Minute, ada)}, open(0, -1)},
		"resolved":                      {[]happening{resolved(5*time.Minute, ada)}, open(0, 5)},
		"resolved, its entry not read":  {[]happening{resolved(5*time.Minute, ada), withoutLastEntry}, open(0, 5)},
		"no log entry at all":           {[]happening{resolved(5*time.Minute, ada), withoutLastEntry, withoutLastEntry}, open(0, 5)},
		"two resolves, and none needed": {[]happening{entry(facts.EntryResolve, 5*time.Minute, ada), resolved(9*time.Minute, bo)}, open(0, 5)},
		"reopened by an acknowledgement": {
			[]happening{resolved(5*time.Minute, alarm), acknowledged(8*time.Minute, ada), resolved(12*time.Minute, ada)}, open(0, 5, 8, 12),
		},
		"reopened by an acknowledgement that ran out": {
			[]happening{resolved(5*time.Minute, alarm), entry(facts.EntryUnacknowledge, 8*time.Minute, alarm), resolved(12*time.Minute, ada)}, open(0, 5, 8, 12),
		},
		"reopened twice, and open": {
			[]happening{
				resolved(5*time.Minute, alarm), entry(facts.EntryTrigger, 8*time.Minute, alarm), resolved(12*time.Minute, ada),
				entry(facts.EntryAssign, 20*time.Minute, bo), status("triggered", 20),
			}, open(0, 5, 8, 12, 20, -1),
		},
		"reopened, which only its status tells":         {[]happening{resolved(5*time.Minute, ada), status("triggered", 30)}, open(0, 5, 30, -1)},
		"a status from before the resolve tells less":   {[]happening{resolved(5*time.Minute, ada), status("acknowledged", 2)}, open(0, 5)},
		"a status from before any resolve":              {[]happening{entry(facts.EntryResolve, 5*time.Minute, ada)}, open(0, 5)},
		"reopened, the last resolve's entry not read":   {[]happening{resolved(5*time.Minute, ada), acknowledged(8*time.Minute, bo), resolved(12*time.Minute, bo), withoutLastEntry}, open(0, 5, 8, 12)},
		"a note on a resolved incident opens nothing":   {[]happening{resolved(5*time.Minute, ada), entry(facts.EntryAnnotate, 8*time.Minute, bo)}, open(0, 5)},
		"a late notification opens nothing":             {[]happening{resolved(5*time.Minute, ada), entry(facts.EntryNotify, 8*time.Minute, bo)}, open(0, 5)},
		"an acknowledgement in the second of a resolve": {[]happening{resolved(5*time.Minute, ada), acknowledged(5*time.Minute, bo)}, open(0, 5)},
		"an acknowledgement after the last resolve, of an incident that is resolved": {
			[]happening{resolved(5*time.Minute, ada), acknowledged(6*time.Minute, bo)}, open(0, 5),
		},
		"merged away": {[]happening{mergedAway(5*time.Minute, ada)}, open(0, 5)},
		"merged away, which only the merge's entry tells": {
			[]happening{mergedAway(5*time.Minute, ada), withoutLastEntry}, open(0, 5),
		},
		"another one merged into it": {[]happening{entry(facts.EntryMerge, 2*time.Minute, ada), resolved(5*time.Minute, ada)}, open(0, 5)},
		"resolved before it was created, by the clocks": {
			[]happening{resolved(-time.Minute, ada)}, open(0, 0),
		},
		"resolved before it was created, and its entry not read": {
			[]happening{resolved(-time.Minute, ada), withoutLastEntry}, open(0, 0),
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, digest(incident("Q1", created, tt.what...)).Open); diff != "" {
				t.Errorf("open (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDigestFallsBackOnTheLastUpdateOfAReopenedIncident(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	i := incident("Q1", created, resolved(time.Minute, ada), reopened)
	i.UpdatedAt = created.Add(time.Hour)
	want := []scorecard.Stretch{{From: created, To: created.Add(time.Minute)}, {From: created.Add(time.Hour)}}
	if diff := cmp.Diff(want, digest(i).Open); diff != "" {
		t.Errorf("open (-want +got):\n%s", diff)
	}
}

func TestDigestKeepsTheChangesOfPriority(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	i := incident("Q1", created, reprioritised(4*time.Minute, "P1", ""), reprioritised(time.Minute, "", "P1"), reprioritised(2*time.Minute, "", ""))
	want := []scorecard.PriorityChange{{At: created.Add(time.Minute), New: "P1"}, {At: created.Add(4 * time.Minute), Old: "P1"}}
	if diff := cmp.Diff(want, digest(i).Reprioritised); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}
