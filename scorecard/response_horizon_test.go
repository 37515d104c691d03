package scorecard_test

import (
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// What lies beyond the horizon has not happened. The incident is created at
// 10:00:00; the horizon is where the last complete cycle began.
func TestIncidentIsSeenFromTheHorizon(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		what    []happening
		horizon time.Duration // After the creation.
		class   scorecard.ResponseClass
		verdict scorecard.Verdict
	}{
		"open for 299 s is pending":                               {nil, 299 * time.Second, scorecard.Undecided, scorecard.Pending},
		"open for exactly 300 s is pending":                       {nil, 300 * time.Second, scorecard.Undecided, scorecard.Pending},
		"open for 301 s is unanswered":                            {nil, 301 * time.Second, scorecard.Unanswered, scorecard.Missed},
		"answered at 240 s, looked at from 200 s, is pending":     {[]happening{acknowledged(240*time.Second, ada)}, 200 * time.Second, scorecard.Undecided, scorecard.Pending},
		"answered at 240 s, looked at from 240 s, is within":      {[]happening{acknowledged(240*time.Second, ada)}, 240 * time.Second, scorecard.Within, scorecard.Met},
		"answered at 400 s, looked at from 200 s, is no miss yet": {[]happening{acknowledged(400*time.Second, ada)}, 200 * time.Second, scorecard.Undecided, scorecard.Pending},
		"answered at 400 s, looked at from 350 s, is unanswered":  {[]happening{acknowledged(400*time.Second, ada)}, 350 * time.Second, scorecard.Unanswered, scorecard.Missed},
		"answered at 400 s, looked at from 400 s, is late":        {[]happening{acknowledged(400*time.Second, ada)}, 400 * time.Second, scorecard.Late, scorecard.Missed},
		"healed at 100 s, looked at from 90 s, is pending":        {[]happening{resolved(100*time.Second, alarm)}, 90 * time.Second, scorecard.Undecided, scorecard.Pending},
		"healed at 100 s, looked at from 100 s, is self-healed":   {[]happening{resolved(100*time.Second, alarm)}, 100 * time.Second, scorecard.SelfHealed, scorecard.Empty},
		"merged at 100 s, looked at from 90 s, is pending":        {[]happening{mergedAway(100*time.Second, ada)}, 90 * time.Second, scorecard.Undecided, scorecard.Pending},
		"created at the very horizon is pending":                  {nil, 0, scorecard.Undecided, scorecard.Pending},
	}
	created := utc(t, "2026-08-03 10:00:00")
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, incident("Q1", created, tt.what...)).horizonAt(created.Add(tt.horizon))
			items, r := w.evidence(t, "mysql"), w.row(t, "mysql")
			if len(items) != 1 || items[0].Class != string(tt.class) || r.Verdict != tt.verdict {
				t.Errorf("evidence %+v, verdict %s, want class %s, verdict %s", items, r.Verdict, tt.class, tt.verdict)
			}
		})
	}
}

func TestPendingIncidentDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	w := newWorld(t, incident("Q1", at.Add(-time.Hour), answeredAt(60)...), incident("Q2", at.Add(-time.Minute))).horizonAt(at)
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Met || shown(r.Denominator) != "1" || r.Population.Excluded["pending"] != 1 {
		t.Errorf("%s with %s judged, excluded %v, want met by Q1, and Q2 pending", r.Verdict, shown(r.Denominator), r.Population.Excluded)
	}
}

func TestHorizonIsTheEarlierOfAsOfAndTheLastPoll(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	w := newWorld(t, incident("Q1", created, acknowledged(240*time.Second, ada)))
	w.asOf = created.Add(10 * time.Minute)
	w.sources = []facts.SourceState{readUntil(created.Add(200 * time.Second))}
	// As of 10:10:00 the answer of 10:04:00 is there, but we have only read up to 10:03:20.
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Pending || !r.Horizon.Equal(created.Add(200*time.Second)) {
		t.Errorf("verdict %s at horizon %v, want pending at 10:03:20", r.Verdict, r.Horizon)
	}
	// Read up to 11:00:00, and asked about 10:02:00: the answer has not happened yet.
	w.sources, w.asOf = []facts.SourceState{readUntil(created.Add(time.Hour))}, created.Add(2*time.Minute)
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Pending || !r.Horizon.Equal(w.asOf) {
		t.Errorf("verdict %s at horizon %v, want pending at 10:02:00", r.Verdict, r.Horizon)
	}
}

func TestIncidentCreatedAfterTheHorizonDoesNotExist(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	w := newWorld(t, incident("Q1", created), incident("Q2", created, onService("PX99"))).horizonAt(created.Add(-time.Second))
	c := w.card(t, "mysql")
	if r := c.Row("incident_response"); r.Population.Total != 0 || r.Verdict != scorecard.Empty || len(c.Unmapped.Services) != 0 {
		t.Errorf("population %d, verdict %s, unmapped %v, want nothing at all", r.Population.Total, r.Verdict, c.Unmapped.Services)
	}
}

// A quarter owns what was created in it, and sees answers beyond its end.
func TestIncidentOfTheLastMinutesIsAnsweredInTheNextQuarter(t *testing.T) {
	t.Parallel()
	end := utc(t, "2026-10-01")
	// Created at 23:58:00, answered at 00:01:00: 180 s. The second one is created at the very end, and so belongs to Q4.
	incidents := []facts.Incident{
		incident("Q1", end.Add(-2*time.Minute), acknowledged(3*time.Minute, ada)),
		incident("Q2", end, acknowledged(10*time.Minute, ada)),
		incident("Q3", utc(t, "2026-07-01"), acknowledged(time.Minute, ada)),
		incident("Q4", utc(t, "2026-07-01").Add(-time.Second), acknowledged(10*time.Minute, ada)),
	}
	w := newWorld(t, incidents...)
	if r := w.row(t, "mysql"); shown(r.Numerator) != "2" || shown(r.Denominator) != "2" {
		t.Errorf("Q3: %s of %s, want 2 of 2: the one of 23:58 and the one of July 1", shown(r.Numerator), shown(r.Denominator))
	}
	w.period = "2026-Q4"
	if r := w.row(t, "mysql"); shown(r.Numerator) != "0" || shown(r.Denominator) != "1" {
		t.Errorf("Q4: %s of %s, want 0 of 1", shown(r.Numerator), shown(r.Denominator))
	}
	// At the end of the quarter itself the first one was 120 s old, and nobody had answered it.
	w = newWorld(t, incidents[0]).horizonAt(end)
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Pending {
		t.Errorf("at the quarter's end the verdict is %s, want pending", r.Verdict)
	}
}
