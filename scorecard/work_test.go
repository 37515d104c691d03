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
	p := newPolicy()
	p.Engagement = scorecard.Engagement{Minimum: 15 * time.Minute, Maximum: 4 * time.Hour}
	d := scorecard.NewDigester(p).Digest(incident(
		"Q1", at, paged(0, ada), paged(0, robot), entry(facts.EntryNotify, 0, bo),
		acknowledged(5*time.Minute, ada), acknowledged(6*time.Minute, ada), acknowledged(6*time.Minute, robot),
		entry(facts.EntryResponderAccept, 7*time.Minute, bo), entry(facts.EntrySnooze, 10*time.Minute, ada),
		acknowledged(20*time.Minute, bo), entry(facts.EntrySnooze, 20*time.Minute, bo), acknowledged(30*time.Minute, bo),
	))
	claim := func(who string, from, to int, kind scorecard.ClaimKind) scorecard.Claim {
		return scorecard.Claim{Account: who, From: minute(from).Unix(), To: minute(to).Unix(), Kind: kind}
	}
	// An action stands for 15 minutes, and in an engagement for as long as that lasts, at most 4 hours. Ada's is from 5 to 10,
	// her snooze comes after it. Bo's are from 7 to 10 and from 30 on; what he acknowledged at 20 was snoozed in that second.
	want := []scorecard.Claim{
		claim(ada, 5, 21, scorecard.ClaimEngaged), claim(bo, 7, 22, scorecard.ClaimEngaged), claim(ada, 10, 25, scorecard.ClaimAction),
		claim(bo, 20, 35, scorecard.ClaimAction), claim(bo, 30, 30+240, scorecard.ClaimEngaged), claim(ada, 0, 15, scorecard.ClaimPage),
	}
	if diff := cmp.Diff(want, d.Claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
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
