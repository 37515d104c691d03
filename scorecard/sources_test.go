package scorecard_test

import (
	"strings"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func TestRowWithoutDataSaysWhy(t *testing.T) {
	t.Parallel()
	measure := func(m scorecard.Measure) func(*world) { return func(w *world) { w.objective().Measure = m } }
	tests := map[string]struct {
		change func(*world)
		reason string // A part of it.
	}{
		"the source is not configured": {func(w *world) { w.policy.Sources = nil }, "pagerduty is not configured"},
		"another source is not configured": {
			func(w *world) {
				w.objective().Measure = scorecard.MeasureTicketCount
			}, "jira is not configured",
		},
		"the second of two sources is not configured": {measure(scorecard.MeasurePostmortems), "jira is not configured"},
		"the source is not read by this version": {
			func(w *world) { w.policy.Sources[0].Built = false }, "does not read the source pagerduty",
		},
		"the source was never read": {func(w *world) { w.sources = nil }, "has not completed a first sync"},
		"the source never completed a cycle": {
			func(w *world) { w.sources = []facts.SourceState{{Source: facts.PagerDuty, LastError: "401"}} }, "has not completed a first sync",
		},
		"the period ends before the data": {
			func(w *world) { w.sources[0].DataSince = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC) }, "from 2026-10-01 on",
		},
		"the data begins after the instant asked about": {
			// Read from August 15 on, and asked how things stood on August 10.
			func(w *world) {
				*w = w.horizonAt(time.Date(2026, 8, 10, 0, 0, 0, 0, time.UTC))
				w.sources[0].DataSince = time.Date(2026, 8, 15, 0, 0, 0, 0, time.UTC)
			}, "from 2026-08-15 on",
		},
		"nobody is on the roster": {
			func(w *world) { w.objective().Measure, w.policy.People = scorecard.MeasureRetention, nil }, "lists no people",
		},
		"there is no plan":            {measure(scorecard.MeasureHiringPlan), "no plan of positions"},
		"events come from prometheus": {measure(scorecard.MeasureEvents), "prometheus is not configured"},
		"surveys come from records":   {measure(scorecard.MeasureSurvey), "records is not configured"},
		"availability by events needs prometheus": {
			func(w *world) { w.objective().Measure, w.objective().Method = scorecard.MeasureAvailability, "events" }, "prometheus is not configured",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, incident("Q1", utc(t, "2026-08-03 10:00:00")))
			tt.change(&w)
			r := w.row(t, "mysql")
			if r.Verdict != scorecard.NoData || !strings.Contains(r.Reason, tt.reason) {
				t.Errorf("%s because %q, want no_data because %q", r.Verdict, r.Reason, tt.reason)
			}
			if r.Value != nil || r.Details != nil || r.Coverage != nil || len(w.evidence(t, "mysql")) != 0 {
				t.Errorf("there is no data, and still value %s, details %v, coverage %v", shown(r.Value), r.Details, r.Coverage)
			}
		})
	}
}

// At the first instant of a period that is known from its start on, nothing
// has happened yet; that is not the same as knowing nothing.
func TestPeriodIsEmptyAtItsFirstInstant(t *testing.T) {
	t.Parallel()
	start := utc(t, "2026-07-01")
	w := newWorld(t).horizonAt(start)
	w.sources[0].DataSince = start
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Empty {
		t.Errorf("%s (%s), want empty", r.Verdict, r.Reason)
	}
	w.sources[0].DataSince = start.Add(1)
	if r := w.row(t, "mysql"); r.Verdict != scorecard.NoData {
		t.Errorf("known from a nanosecond later on: %s (%s), want no_data", r.Verdict, r.Reason)
	}
}

func TestNoMeasureAnswersWithoutSourcesAndPeople(t *testing.T) {
	t.Parallel()
	for _, m := range scorecard.Measures() {
		w := newWorld(t)
		w.objective().Measure, w.policy.Sources, w.policy.People = m, nil, nil
		r := w.row(t, "mysql")
		if r.Verdict != scorecard.NoData || r.Reason == "" {
			t.Errorf("%s without any source or person is %s (%s), want no_data with a reason", m, r.Verdict, r.Reason)
		}
	}
}

// The source is polled every 5 minutes: three intervals are 15 min, less than
// the hour. Polled every 30 minutes they are 90 min, more than the hour.
func TestRowTurnsStaleWhenItsSourceFallsSilent(t *testing.T) {
	t.Parallel()
	running := "2026-08-03 10:00:00"
	tests := map[string]struct {
		interval time.Duration
		read     string
		age      time.Duration
		stale    bool
	}{
		"an hour old is not stale":                             {5 * time.Minute, running, time.Hour, false},
		"over an hour old is stale":                            {5 * time.Minute, running, time.Hour + time.Second, true},
		"three long intervals old is not stale":                {30 * time.Minute, running, 90 * time.Minute, false},
		"over three long intervals old is stale":               {30 * time.Minute, running, 90*time.Minute + time.Second, true},
		"over an hour, not three long intervals":               {30 * time.Minute, running, 61 * time.Minute, false},
		"a year old, read a second before the period's end":    {5 * time.Minute, "2026-09-30 23:59:59", 365 * 24 * time.Hour, true},
		"a year old, read at the period's end, is never stale": {5 * time.Minute, "2026-10-01 00:00:00", 365 * 24 * time.Hour, false},
		"asked about an instant before the last read":          {5 * time.Minute, running, -7 * 24 * time.Hour, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, incident("Q1", utc(t, "2026-07-03 10:00:00"), answeredAt(60)...)).horizonAt(utc(t, tt.read))
			w.asOf = w.asOf.Add(tt.age)
			w.policy.Sources[0].Interval = tt.interval
			want := scorecard.Met
			if tt.stale {
				want = scorecard.Stale
			}
			r := w.row(t, "mysql")
			if r.Verdict != want {
				t.Errorf("verdict %s (%s), want %s", r.Verdict, r.Reason, want)
			}
			if shown(r.Value) != "1" {
				t.Errorf("value %s, want the last one known, 1", shown(r.Value))
			}
		})
	}
}

func TestPeriodThatBeganBeforeTheDataSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(
		t,
		incident("Q1", utc(t, "2026-09-03 10:00:00"), answeredAt(60)...),
		// Known only because it was still open when reading began; those of its time that were closed are not.
		incident("Q2", utc(t, "2026-08-15 23:59:59")),
	)
	// Read from August 16 on: 46 of the quarter's 92 days are known.
	w.sources[0].DataSince = utc(t, "2026-08-16")
	r := w.row(t, "mysql")
	if shown(r.Value) != "1" || r.Population.Total != 1 {
		t.Errorf("value %s of %d incidents, want 1 of Q1 alone", shown(r.Value), r.Population.Total)
	}
	if r.Coverage == nil || *r.Coverage != 0.5 || len(r.Caveats) != 1 || !strings.Contains(r.Caveats[0], "2026-08-16") {
		t.Errorf("coverage %v, caveats %q, want 0.5 and one that names 2026-08-16", r.Coverage, r.Caveats)
	}
	w.sources[0].DataSince = utc(t, "2026-07-01")
	if r := w.row(t, "mysql"); *r.Coverage != 1 || len(r.Caveats) != 0 {
		t.Errorf("known from its start on: coverage %v, caveats %q, want 1 and none", *r.Coverage, r.Caveats)
	}
}

func TestCardAndRowTellHowFarTheirSourcesWereRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	read := w.sources[0].DataAsOf
	c := w.card(t, "mysql")
	r := c.Row("incident_response")
	if c.DataAsOf == nil || !c.DataAsOf.Equal(read) || r.Horizon == nil || !r.Horizon.Equal(read) {
		t.Errorf("data as of %v, horizon %v, want %v", c.DataAsOf, r.Horizon, read)
	}
	if len(r.Sources) != 1 || !r.Sources[0].Complete || !r.Sources[0].DataAsOf.Equal(read) || r.Sources[0].Name != facts.PagerDuty {
		t.Errorf("sources %+v, want PagerDuty, complete, read to %v", r.Sources, read)
	}
	// A configured source that never answered leaves the card without an instant; one that cannot be read yet does not.
	w.policy.Sources = append(w.policy.Sources, scorecard.SourceRules{Source: facts.Jira})
	if c := w.card(t, "mysql"); c.DataAsOf == nil {
		t.Error("a source that this version does not read hides how far the others were read")
	}
	w.policy.Sources[1].Built = true
	if c := w.card(t, "mysql"); c.DataAsOf != nil {
		t.Errorf("data as of %v, and Jira was never read", c.DataAsOf)
	}
	w.sources = append(w.sources, facts.SourceState{Source: facts.Jira, DataAsOf: read.Add(-time.Hour)})
	if c := w.card(t, "mysql"); c.DataAsOf == nil || !c.DataAsOf.Equal(read.Add(-time.Hour)) {
		t.Errorf("data as of %v, want Jira's, an hour earlier", c.DataAsOf)
	}
	w.sources = nil
	if r := w.row(t, "mysql"); r.Horizon != nil || r.Sources[0].Complete || r.Sources[0].DataAsOf != nil {
		t.Errorf("never read, and still horizon %v, sources %+v", r.Horizon, r.Sources)
	}
}

// The store still has what the source told while it was configured.
func TestRowTellsASourceThatIsNotConfiguredFromOneThatWasNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.policy.Sources = nil
	if s := w.row(t, "mysql").Sources; len(s) != 1 || !s[0].Complete || !s[0].Unconfigured {
		t.Errorf("sources %+v, want PagerDuty, read and not configured", s)
	}
	w = newWorld(t)
	w.sources = nil
	if s := w.row(t, "mysql").Sources; len(s) != 1 || s[0].Complete || s[0].Unconfigured {
		t.Errorf("sources %+v, want PagerDuty, configured and not read", s)
	}
}

func TestNextChangeIsTheEarliestDeadline(t *testing.T) {
	t.Parallel()
	asOf := utc(t, "2026-09-01 10:00:00")
	p := newPolicy()
	// An hour, which is more than three intervals of 5 min, and then the first instant that is over it.
	if got, want := p.NextChange([]facts.SourceState{readUntil(asOf)}, asOf), asOf.Add(time.Hour+1); !got.Equal(want) {
		t.Errorf("next change %v, want %v, when the source turns stale", got, want)
	}
	if got, want := p.NextChange([]facts.SourceState{readUntil(asOf.Add(-2 * time.Hour))}, asOf), utc(t, "2026-10-01"); !got.Equal(want) {
		t.Errorf("next change %v, want the quarter's end: the source is stale already", got)
	}
	p.Exceptions = []scorecard.Exception{{Until: scorecard.Date{Year: 2026, Month: 9, Day: 15}}, {Until: scorecard.Date{Year: 2026, Month: 8, Day: 15}}}
	if got, want := p.NextChange(nil, asOf), utc(t, "2026-09-15"); !got.Equal(want) {
		t.Errorf("next change %v, want %v, when an exception runs out", got, want)
	}
}
