package scorecard_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// The threshold is 5 min = 300 s throughout, and what is not said to happen
// does not: the incidents are looked at weeks later.
func TestIncidentFallsIntoTheClassOfItsTimeline(t *testing.T) {
	t.Parallel()
	flipped := func(after time.Duration) happening { return entry(facts.EntryUrgencyChange, after, ada) }
	tests := map[string]struct {
		what  []happening
		class scorecard.ResponseClass
		value string // Seconds to the first answer.
	}{
		"an answer at exactly 300 s is within":                     {[]happening{acknowledged(300*time.Second, ada)}, scorecard.Within, "300"},
		"an answer at 301 s is late":                               {[]happening{acknowledged(301*time.Second, ada)}, scorecard.Late, "301"},
		"an answer at once is within":                              {[]happening{acknowledged(0, ada)}, scorecard.Within, "0"},
		"an answer dated before the incident is within":            {[]happening{acknowledged(-2*time.Second, ada)}, scorecard.Within, "0"},
		"half a second over is late, and is not shown as 300 s":    {[]happening{acknowledged(300*time.Second+500*time.Millisecond, ada)}, scorecard.Late, "301"},
		"resolved by the service at 4:59 is self-healed":           {[]happening{resolved(4*time.Minute+59*time.Second, alarm)}, scorecard.SelfHealed, "-"},
		"resolved by the service at exactly 5:00 is self-healed":   {[]happening{resolved(5*time.Minute, alarm)}, scorecard.SelfHealed, "-"},
		"resolved by the service at 6:00 is unanswered":            {[]happening{resolved(6*time.Minute, alarm)}, scorecard.Unanswered, "-"},
		"resolved by a bot at 1:00 is self-healed":                 {[]happening{resolved(time.Minute, robot)}, scorecard.SelfHealed, "-"},
		"open for weeks and never answered is unanswered":          {nil, scorecard.Unanswered, "-"},
		"a bot's answer counts for nothing":                        {[]happening{acknowledged(5*time.Second, robot)}, scorecard.Unanswered, "-"},
		"a bot at 5 s, then a person at 240 s, is within at 240 s": {[]happening{acknowledged(5*time.Second, robot), acknowledged(240*time.Second, ada)}, scorecard.Within, "240"},
		"a bot at 5 s, then a person at 400 s, is late":            {[]happening{acknowledged(5*time.Second, robot), acknowledged(400*time.Second, ada)}, scorecard.Late, "400"},
		"an integration's answer counts for nothing":               {[]happening{acknowledged(5*time.Second, "PINTEGR"), resolved(time.Hour, alarm)}, scorecard.Unanswered, "-"},
		"resolved by a person at 100 s without acknowledgement":    {[]happening{resolved(100*time.Second, ada)}, scorecard.Within, "100"},
		"resolved by a person at 400 s without acknowledgement":    {[]happening{resolved(400*time.Second, ada)}, scorecard.Late, "400"},
		"the earliest of several answers counts":                   {[]happening{acknowledged(500*time.Second, ada), acknowledged(90*time.Second, bo)}, scorecard.Within, "90"},
		"a responder's acceptance is an answer":                    {[]happening{entry(facts.EntryResponderAccept, 120*time.Second, bo), acknowledged(400*time.Second, ada)}, scorecard.Within, "120"},
		"asking for a responder is no answer":                      {[]happening{entry(facts.EntryResponderAsk, 10*time.Second, ada), acknowledged(400*time.Second, bo)}, scorecard.Late, "400"},
		"a note, a reassignment or a page is no answer": {[]happening{
			entry(facts.EntryNotify, time.Second, ada), entry(facts.EntryAnnotate, 10*time.Second, ada), entry(facts.EntryAssign, 20*time.Second, ada),
		}, scorecard.Unanswered, "-"},
		"acknowledged, timed out and acknowledged again keeps the first answer": {[]happening{
			acknowledged(60*time.Second, ada), entry(facts.EntryUnacknowledge, 1860*time.Second, alarm), acknowledged(2000*time.Second, bo),
		}, scorecard.Within, "60"},
		"merged by a person at 4:00 is merged":               {[]happening{mergedAway(4*time.Minute, ada)}, scorecard.Merged, "240"},
		"merged at exactly 5:00 is merged":                   {[]happening{mergedAway(5*time.Minute, alarm)}, scorecard.Merged, "-"},
		"answered and then merged within 5:00 is merged":     {[]happening{acknowledged(time.Minute, ada), mergedAway(2*time.Minute, ada)}, scorecard.Merged, "60"},
		"merged by a person at 10:00 is late":                {[]happening{mergedAway(10*time.Minute, ada)}, scorecard.Late, "600"},
		"merged by nobody at 10:00 is unanswered":            {[]happening{mergedAway(10*time.Minute, alarm)}, scorecard.Unanswered, "-"},
		"answered at 1:00 and merged at 10:00 is within":     {[]happening{acknowledged(time.Minute, ada), mergedAway(10*time.Minute, ada)}, scorecard.Within, "60"},
		"merged within 5:00 goes before low urgency":         {[]happening{lowUrgency, mergedAway(time.Minute, ada)}, scorecard.Merged, "60"},
		"another merged into this one is no answer to it":    {[]happening{entry(facts.EntryMerge, 30*time.Second, ada), acknowledged(400*time.Second, ada)}, scorecard.Late, "400"},
		"low urgency is not judged, however it was answered": {[]happening{lowUrgency, acknowledged(time.Hour, ada)}, scorecard.LowUrgency, "3600"},
		"raised from low to high was low at the trigger": {
			// Urgency holds the present value: high. One change flips it back to low.
			[]happening{flipped(time.Minute), acknowledged(2*time.Minute, ada)}, scorecard.LowUrgency, "120",
		},
		"lowered and raised again was high at the trigger": {
			// high, flipped twice, is high.
			[]happening{flipped(time.Minute), flipped(time.Hour), acknowledged(2*time.Minute, ada)}, scorecard.Within, "120",
		},
		"lowered after the trigger was high at the trigger": {
			[]happening{lowUrgency, flipped(time.Minute), acknowledged(400*time.Second, ada)}, scorecard.Late, "400",
		},
		"an unknown urgency is judged": {
			[]happening{func(i *facts.Incident) { i.Urgency = "" }, acknowledged(time.Minute, ada)}, scorecard.Within, "60",
		},
		"healed at 2:00, reopened, answered at 20:00: decided at the first resolve": {
			[]happening{resolved(2*time.Minute, alarm), reopened, acknowledged(20*time.Minute, ada)}, scorecard.SelfHealed, "1200",
		},
		"healed at 6:00, reopened, answered at 20:00: the clock still runs from the creation": {
			[]happening{resolved(6*time.Minute, alarm), reopened, acknowledged(20*time.Minute, ada)}, scorecard.Late, "1200",
		},
		"answered at 1:00, resolved, reopened and never answered again keeps its answer": {
			[]happening{acknowledged(time.Minute, ada), resolved(2*time.Minute, alarm), reopened}, scorecard.Within, "60",
		},
		"healed at 2:00, reopened and resolved by a person stays self-healed": {
			[]happening{resolved(2*time.Minute, alarm), reopened, resolved(time.Hour, ada)}, scorecard.SelfHealed, "3600",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, incident("Q1", utc(t, "2026-08-03 01:41:12"), tt.what...))
			items := w.evidence(t, "mysql")
			if len(items) != 1 {
				t.Fatalf("got %d items of evidence, want 1", len(items))
			}
			if got := items[0]; got.Class != string(tt.class) || shown(got.Value) != tt.value {
				t.Errorf("class %s, value %s (%s), want %s, %s", got.Class, shown(got.Value), got.Reason, tt.class, tt.value)
			}
			checkFunnel(t, w.row(t, "mysql"), tt.class)
		})
	}
}

// checkFunnel holds that the row counts its one incident in its class only.
func checkFunnel(t *testing.T, r scorecard.Row, class scorecard.ResponseClass) {
	t.Helper()
	want := scorecard.Population{Total: 1, Classes: map[string]int{}, Excluded: map[string]int{string(class): 1}}
	if class.Judged() {
		want = scorecard.Population{Total: 1, Used: 1, Classes: map[string]int{string(class): 1}, Excluded: map[string]int{}}
	}
	if diff := cmp.Diff(want, r.Population); diff != "" {
		t.Errorf("population (-want +got):\n%s", diff)
	}
	numerator, denominator := "-", "-"
	if class.Judged() {
		numerator, denominator = "0", "1"
	}
	if class == scorecard.Within {
		numerator = "1"
	}
	if shown(r.Numerator) != numerator || shown(r.Denominator) != denominator {
		t.Errorf("counted %s of %s, want %s of %s", shown(r.Numerator), shown(r.Denominator), numerator, denominator)
	}
}
