package scorecard_test

import (
	"fmt"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// laborWorld has n incidents in the quarter and as many in the one before, of
// 15 entries each, dealt out to six teams of five people who take weekly turns.
func laborWorld(b *testing.B, n int) scorecard.Input {
	b.Helper()
	w := newWorld(b)
	w.policy.Engagement = scorecard.Engagement{Minimum: 15 * time.Minute, Maximum: 4 * time.Hour}
	w.policy.Calendar.Week.Hours = 40
	w.policy.Teams, w.policy.People = nil, nil
	for k := range 6 {
		team := fmt.Sprintf("team%d", k)
		w.policy.Teams = append(w.policy.Teams, scorecard.Team{ID: team, Line: scorecard.LineDRE, Services: []string{fmt.Sprintf("PSERVICE%d", k)}})
		for p := range 5 {
			account := fmt.Sprintf("PUSER%d%d", k, p)
			w.policy.People = append(w.policy.People, scorecard.Person{ID: account, Team: team, PagerDuty: account, FTE: 1})
		}
	}
	start := utc(b, "2026-04-01")
	var shifts []facts.Shift
	for k := range 26 * 6 {
		from := start.AddDate(0, 0, 7*(k/6))
		shifts = append(shifts, facts.Shift{Level: 1, User: fmt.Sprintf("PUSER%d%d", k%6, k/6%5), Start: from, End: from.AddDate(0, 0, 7)})
	}
	step := 183 * 24 * time.Hour / time.Duration(2*n)
	for k := range 2 * n {
		first, second := fmt.Sprintf("PUSER%d%d", k%6, k/500%5), fmt.Sprintf("PUSER%d%d", k%6, (k/500+1)%5)
		what := []happening{onService(fmt.Sprintf("PSERVICE%d", k%6)), entry(facts.EntryAssign, 0, alarm)}
		for e := range 6 {
			what = append(what, paged(time.Duration(e)*20*time.Second, first))
		}
		what = append(what, entry(facts.EntryEscalate, 2*time.Minute, alarm), paged(2*time.Minute, second), paged(3*time.Minute, second),
			acknowledged(4*time.Minute, second), entry(facts.EntryAnnotate, 10*time.Minute, second), resolved(time.Hour, second))
		w.incidents = append(w.incidents, incident(fmt.Sprintf("Q%06d", k), start.Add(time.Duration(k)*step), what...))
	}
	in := w.input(b)
	in.Facts.Shifts = shifts
	return in
}

func BenchmarkComputeOncallBurden(b *testing.B) {
	in := laborWorld(b, 10_000)
	burden := oncallBurden()
	for name, objectives := range map[string][]scorecard.Objective{"without": nil, "with": {burden}} {
		b.Run(name, func(b *testing.B) {
			in.Policy.Rubric.Objectives = objectives
			b.ReportAllocs()
			for b.Loop() {
				if cards := scorecard.Compute(in); len(cards) != 7 {
					b.Fatalf("%d cards, want those of the organisation and six teams", len(cards))
				}
			}
		})
	}
}
