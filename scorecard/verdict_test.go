package scorecard_test

import (
	"strings"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// Each case adds one more reason to the ones below it: the first verdict that
// applies is taken.
func TestFirstVerdictThatAppliesIsTaken(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	exempt := func(w *world) {
		w.policy.Exceptions = []scorecard.Exception{{ID: "ex1", Objective: "incident_response", Team: "mysql", Until: scorecard.Date{Year: 2026, Month: 12, Day: 31}}}
	}
	unconfigured := func(w *world) { w.policy.Sources = nil }
	stale := func(w *world) { w.asOf = w.asOf.Add(24 * time.Hour) }
	open := func(age time.Duration) func(*world) { // One open incident of an age at the horizon.
		return func(w *world) {
			w.incidents = []facts.Incident{incident("Q1", created)}
			*w = w.horizonAt(created.Add(age))
		}
	}
	least := func(n int) func(*world) { return func(w *world) { w.objective().MinN = n } }
	untargeted := func(w *world) { w.objective().Target = nil }
	tests := map[string]struct {
		change []func(*world)
		want   scorecard.Verdict
	}{
		"exempt goes before no_data":            {[]func(*world){open(time.Minute), exempt, unconfigured, stale}, scorecard.Exempt},
		"exempt goes before stale":              {[]func(*world){open(time.Minute), exempt, stale}, scorecard.Exempt},
		"exempt goes before empty":              {[]func(*world){exempt}, scorecard.Exempt},
		"no_data goes before stale":             {[]func(*world){open(time.Minute), stale, unconfigured}, scorecard.NoData},
		"no_data goes before empty":             {[]func(*world){unconfigured}, scorecard.NoData},
		"stale goes before empty":               {[]func(*world){open(time.Minute), withoutIncidents, stale}, scorecard.Stale},
		"stale goes before pending":             {[]func(*world){open(time.Minute), stale}, scorecard.Stale},
		"stale goes before a verdict":           {[]func(*world){open(time.Hour), stale}, scorecard.Stale},
		"empty goes before insufficient_data":   {[]func(*world){least(10)}, scorecard.Empty},
		"empty goes before tracked":             {[]func(*world){untargeted}, scorecard.Empty},
		"pending goes before insufficient_data": {[]func(*world){open(time.Minute), least(10)}, scorecard.Pending},
		"pending goes before tracked":           {[]func(*world){open(time.Minute), untargeted}, scorecard.Pending},
		"insufficient_data goes before tracked": {[]func(*world){open(time.Hour), least(2), untargeted}, scorecard.InsufficientData},
		"insufficient_data goes before missed":  {[]func(*world){open(time.Hour), least(2)}, scorecard.InsufficientData},
		"tracked goes before missed":            {[]func(*world){open(time.Hour), untargeted}, scorecard.Tracked},
		"enough for min_n is judged":            {[]func(*world){open(time.Hour), least(1)}, scorecard.Missed},
		"missed":                                {[]func(*world){open(time.Hour)}, scorecard.Missed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for _, change := range tt.change {
				change(&w)
			}
			r := w.row(t, "mysql")
			if r.Verdict != tt.want || r.Reason == "" {
				t.Errorf("verdict %s (%s), want %s with a reason", r.Verdict, r.Reason, tt.want)
			}
			judged := r.Verdict == scorecard.Met || r.Verdict == scorecard.Missed
			if (r.Score != nil) != judged || (r.Confidence != nil) != judged {
				t.Errorf("score %v, confidence %v with verdict %s", r.Score, r.Confidence, r.Verdict)
			}
		})
	}
}

// objective is the one that the tests may change.
func (w *world) objective() *scorecard.Objective { return &w.policy.Rubric.Objectives[0] }

func withoutIncidents(w *world) { w.incidents = nil }

func TestVerdictWithoutAValueShowsNoNumber(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	soon := created.Add(time.Minute)
	suppressed := newWorld(t, incident("Q1", created, answeredAt(1)...))
	suppressed.objective().MinN = 2
	suppressed.policy.Exceptions = []scorecard.Exception{{
		ID: "ex1", Objective: "incident_response", Incidents: []string{"Q2"}, Until: scorecard.Date{Year: 2027, Month: 1, Day: 1},
	}}
	suppressed.incidents = append(suppressed.incidents, incident("Q2", created))
	tests := map[string]struct {
		world world
		want  scorecard.Verdict
	}{
		"empty":                        {newWorld(t), scorecard.Empty},
		"all excluded":                 {newWorld(t, incident("Q1", created, lowUrgency)), scorecard.Empty},
		"pending":                      {newWorld(t, incident("Q1", created)).horizonAt(soon), scorecard.Pending},
		"pending among excluded ones":  {newWorld(t, incident("Q1", created), incident("Q2", created, lowUrgency)).horizonAt(soon), scorecard.Pending},
		"too few":                      {suppressed, scorecard.InsufficientData},
		"stale, and nothing was there": {staleWorld(t), scorecard.Stale},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := tt.world.row(t, "mysql")
			if r.Verdict != tt.want {
				t.Fatalf("verdict %s (%s), want %s", r.Verdict, r.Reason, tt.want)
			}
			if r.Value != nil || r.Numerator != nil || r.Denominator != nil || r.ValueWithoutExceptions != nil || r.Interval != nil || r.Budget != nil {
				t.Errorf("value %s, %s of %s, %s without exceptions, interval %v, budget %v: all should be null",
					shown(r.Value), shown(r.Numerator), shown(r.Denominator), shown(r.ValueWithoutExceptions), r.Interval, r.Budget)
			}
		})
	}
	if items := suppressed.evidence(t, "mysql"); len(items) != 0 {
		t.Errorf("too few to judge, and still there is evidence: %+v", items)
	}
}

// staleWorld has no incidents and was last read two hours ago.
func staleWorld(t *testing.T) world {
	t.Helper()
	w := newWorld(t).horizonAt(utc(t, "2026-08-03 10:00:00"))
	w.asOf = w.asOf.Add(2 * time.Hour)
	return w
}

func TestValueOnTheTargetIsComparedExactly(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		within, of int
		direction  scorecard.Direction
		target     string
		want       scorecard.Verdict
	}{
		// 28/30 = 0.93333…: no decimal of it is exact.
		"28 of 30 is above 0.9333333":        {28, 30, scorecard.AtLeast, "0.9333333", scorecard.Met},
		"28 of 30 is below 0.9333334":        {28, 30, scorecard.AtLeast, "0.9333334", scorecard.Missed},
		"28 of 30 is below sixteen digits":   {28, 30, scorecard.AtLeast, "0.9333333333333334", scorecard.Missed},
		"9 of 10 is at least 0.90":           {9, 10, scorecard.AtLeast, "0.90", scorecard.Met},
		"9 of 10 is not above 0.90":          {9, 10, scorecard.Above, "0.90", scorecard.Missed},
		"9 of 10 is at most 0.90":            {9, 10, scorecard.AtMost, "0.90", scorecard.Met},
		"9 of 10 is not below 0.90":          {9, 10, scorecard.Below, "0.90", scorecard.Missed},
		"91 of 100 is above 0.90":            {91, 100, scorecard.Above, "0.90", scorecard.Met},
		"91 of 100 is not at most 0.90":      {91, 100, scorecard.AtMost, "0.90", scorecard.Missed},
		"89 of 100 is below 0.90":            {89, 100, scorecard.Below, "0.90", scorecard.Met},
		"89 of 100 is not at least 0.90":     {89, 100, scorecard.AtLeast, "0.90", scorecard.Missed},
		"all of 3 is at least 1":             {3, 3, scorecard.AtLeast, "1", scorecard.Met},
		"3 of 10 is at least 0.3, as no sum": {3, 10, scorecard.AtLeast, "0.3", scorecard.Met}, // 0.1 + 0.2 is above 0.3 in floats.
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, apart(t, tt.of, func(k int) []happening {
				if k <= tt.within {
					return answeredAt(1)
				}
				return answeredAt(1000)
			})...)
			w.objective().Direction, w.objective().Target = tt.direction, decimal(tt.target)
			r := w.row(t, "mysql")
			if r.Verdict != tt.want {
				t.Errorf("%d of %d %s %s is %s, want %s", tt.within, tt.of, tt.direction, tt.target, r.Verdict, tt.want)
			}
			if missed := r.Verdict == scorecard.Missed; (r.NextStep != nil) != missed {
				t.Errorf("next step %v with verdict %s", r.NextStep, r.Verdict)
			}
		})
	}
}

func TestMissedRowSaysWhatToDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, incident("Q1", utc(t, "2026-08-03 10:00:00")))
	const want = "1 more of the 1 in time would have met the target."
	if r := w.row(t, "mysql"); r.NextStep == nil || *r.NextStep != want {
		t.Errorf("next step %v, want %q", r.NextStep, want)
	}
}

func TestReasonIsOneSentence(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apart(t, 30, func(k int) []happening { return answeredAt(k * 10) })...)
	if r := w.row(t, "mysql"); r.Reason != "30 of 30 high-urgency incidents were answered within 5 minutes." {
		t.Errorf("reason %q", r.Reason)
	}
	w.policy.Incidents.Urgency = []facts.Urgency{facts.UrgencyHigh, facts.UrgencyLow}
	w.objective().Threshold = scorecard.Span(90 * time.Second)
	// Answered after 10, 20, … 90 s: 9 of 30.
	if r := w.row(t, "mysql"); r.Reason != "9 of 30 high- and low-urgency incidents were answered within 90 seconds." {
		t.Errorf("reason %q", r.Reason)
	}
	for _, item := range w.evidence(t, "mysql") {
		if !strings.HasSuffix(item.Reason, ".") || item.URL == "" || item.Kind != "incident" {
			t.Errorf("evidence %+v, want a sentence, a link and a kind", item)
		}
	}
}
