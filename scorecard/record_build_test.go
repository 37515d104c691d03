package scorecard_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// said is a record of a metric that the worlds' objectives look at.
func said(date, team, value string, n int) facts.Record {
	return facts.Record{File: "records/all.csv", Date: date, Metric: "mood", Team: team, Value: value, N: n}
}

// recordObjective is an objective about records; an empty target is none.
func recordObjective(m scorecard.Measure, unit scorecard.Unit, target string) scorecard.Objective {
	o := incidentResponse()
	o.ID, o.Measure, o.Unit, o.Target, o.Parameters = "mood", m, unit, decimal(target), scorecard.Parameters{Metric: "mood"}
	return o
}

// recordWorld is a world with files of records.
type recordWorld struct {
	world
	records []facts.Record
}

// newRecordWorld is the third quarter of 2026 with one objective and three teams, seen ten days
// after its end. Records stand in one file, in the order given, below its header.
func newRecordWorld(tb testing.TB, o scorecard.Objective, records ...facts.Record) recordWorld {
	tb.Helper()
	w := recordWorld{world: newWorld(tb), records: slices.Clone(records)}
	for i := range w.records {
		w.records[i].Line = i + 2
	}
	p := w.policy
	p.Teams = append(p.Teams, scorecard.Team{ID: "mongodb", Name: "MongoDB Team", Line: scorecard.LineDRE})
	p.Sources = []scorecard.SourceRules{{Source: facts.Records, Built: true, Interval: 5 * time.Minute}}
	p.Rubric.Objectives = []scorecard.Objective{o}
	return w.horizonAt(w.asOf)
}

// horizonAt sets both the instant of evaluation and the last clean read.
func (w recordWorld) horizonAt(at time.Time) recordWorld {
	w.asOf, w.sources = at, []facts.SourceState{{Source: facts.Records, DataAsOf: at, FirstAsOf: at}}
	return w
}

func (w recordWorld) input(tb testing.TB) scorecard.Input {
	tb.Helper()
	in := w.world.input(tb)
	in.Facts.Records = w.records
	return in
}

// rows are the rows of the world's one objective, by subject.
func (w recordWorld) rows(tb testing.TB) map[string]scorecard.Row {
	tb.Helper()
	rows := map[string]scorecard.Row{}
	for _, c := range scorecard.Compute(w.input(tb)) {
		for _, r := range c.Rows {
			rows[c.Subject.ID] = r
		}
	}
	return rows
}

// requireRows compares what the rows of some subjects say.
func (w recordWorld) requireRows(t *testing.T, want map[string]string) {
	t.Helper()
	rows, got := w.rows(t), map[string]string{}
	for subject := range want {
		got[subject] = told(rows[subject])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func (w recordWorld) evidence(tb testing.TB, subject string) []scorecard.Evidence {
	tb.Helper()
	items, err := scorecard.EvidenceFor(w.input(tb), "mood", subject)
	if err != nil {
		tb.Fatalf("evidence of %s: %v", subject, err)
	}
	return items
}

// told is what a row says: its verdict, and its value where it shows one.
func told(r scorecard.Row) string {
	if r.Value == nil {
		return string(r.Verdict)
	}
	return fmt.Sprintf("%s %s", r.Verdict, r.Value)
}
