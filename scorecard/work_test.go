package scorecard_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func TestDigestListsWhatPeopleDidAndWereTold(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	minute := func(n int) time.Time { return at.Add(time.Duration(n) * time.Minute) }
	d := digest(incident(
		"Q1", at, paged(0, ada), paged(0, robot), entry(facts.EntryNotify, 0, bo),
		acknowledged(5*time.Minute, ada), acknowledged(6*time.Minute, ada), acknowledged(6*time.Minute, robot),
		entry(facts.EntryResponderAccept, 7*time.Minute, bo), entry(facts.EntrySnooze, 10*time.Minute, ada),
		acknowledged(20*time.Minute, bo), entry(facts.EntrySnooze, 20*time.Minute, bo), acknowledged(30*time.Minute, bo),
	))
	act := func(who string, n int) scorecard.Act { return scorecard.Act{Account: who, At: minute(n)} }
	stint := func(who string, from int, to time.Time) scorecard.Stint {
		return scorecard.Stint{Account: who, Stretch: scorecard.Stretch{From: minute(from), To: to}}
	}
	if diff := cmp.Diff([]scorecard.Act{act(ada, 0)}, d.Pages); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	actions := []scorecard.Act{act(ada, 5), act(ada, 6), act(bo, 7), act(ada, 10), act(bo, 20), act(bo, 20), act(bo, 30)}
	if diff := cmp.Diff(actions, d.Actions); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
	// Ada's second acknowledgement begins nothing new, and Bo's that is snoozed in its very second holds for no time. The last one lasts.
	stints := []scorecard.Stint{stint(ada, 5, minute(10)), stint(bo, 7, minute(10)), stint(bo, 30, time.Time{})}
	if diff := cmp.Diff(stints, d.Stints); diff != "" {
		t.Errorf("stints (-want +got):\n%s", diff)
	}
}

func TestDigestKnowsWhenAnEngagementMayHaveEndedUntold(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	escalated := func(after time.Duration) happening { return handed(facts.EntryEscalate, after, alarm, nil) }
	tests := map[string]struct {
		what []happening
		want time.Time
	}{
		"never":                         {[]happening{acknowledged(0, ada)}, time.Time{}},
		"while nobody was engaged":      {[]happening{escalated(0), acknowledged(time.Minute, ada), resolved(time.Hour, ada), escalated(2 * time.Hour)}, time.Time{}},
		"while somebody was":            {[]happening{escalated(0), acknowledged(time.Minute, ada), escalated(time.Hour), escalated(2 * time.Hour)}, at.Add(time.Hour)},
		"while it could wait":           {[]happening{lowUrgency, acknowledged(0, ada), escalated(time.Hour)}, time.Time{}},
		"while a bot was engaged in it": {[]happening{acknowledged(0, robot), escalated(time.Hour)}, time.Time{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := digest(incident("Q1", at, tt.what...)).Untold; !got.Equal(tt.want) {
				t.Errorf("untold at %v, want %v", got, tt.want)
			}
		})
	}
}
