package app_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamhealth/internal/app"
	"teamhealth/internal/exporters/metrics"
	"teamhealth/internal/exporters/metrics/metricstest"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// The size of the organisation that is scraped.
const (
	scrapedTeams      = 50
	scrapedObjectives = 40
)

// BenchmarkScrape gathers and writes what is published of many teams, and the
// same series as plain gauges. The store is closed by then: nothing reads it.
func BenchmarkScrape(b *testing.B) {
	now := func() time.Time { return cardsAt }
	for _, size := range cardsSizes() {
		b.Run(fmt.Sprintf("stored=%d", size.stored), func(b *testing.B) {
			p := manyTeams(b, exampleConfig(b, "http://127.0.0.1:1").Policy())
			s, err := store.Open(b.Context(), store.Options{URL: filepath.Join(b.TempDir(), "teamhealth.db")})
			must(b, err)
			fillStore(b, s, p, size)
			scores := app.NewScores(p, s, now)
			counters, err := app.NewCounters(p, s, now)
			must(b, err)
			must(b, errors.Join(scores.Refresh(b.Context()), counters.Refresh(b.Context()), s.Close()))
			registry := prometheus.NewRegistry()
			must(b, errors.Join(metrics.Register(registry, scores), metrics.RegisterTally(registry, counters)))
			metricstest.CompareWithPlainGauges(b, registry)
		})
	}
}

// manyTeams gives a policy other teams, of two services and four people each,
// and more objectives: some of them ask for the response once more.
func manyTeams(b *testing.B, p *scorecard.Policy) *scorecard.Policy {
	b.Helper()
	large := *p
	large.Teams, large.People = nil, nil
	for i := range scrapedTeams {
		t := scorecard.Team{ID: fmt.Sprintf("team-%02d", i), Line: scorecard.LineDRE}
		t.Name, t.Services = t.ID, []string{fmt.Sprintf("PSERVICE%02dA", i), fmt.Sprintf("PSERVICE%02dB", i)}
		large.Teams = append(large.Teams, t)
		for n := range 4 {
			id := fmt.Sprintf("PUSER%02d%d", i, n)
			large.People = append(large.People, scorecard.Person{ID: id, PagerDuty: id, Team: t.ID, Line: scorecard.LineEngineer, FTE: 1})
		}
	}
	response, err := p.Rubric.Find("incident_response")
	must(b, err)
	large.Rubric.Objectives = slices.Clone(p.Rubric.Objectives)
	for n := len(large.Rubric.Objectives); n < scrapedObjectives; n++ {
		response.ID = fmt.Sprintf("incident_response_%d", n)
		large.Rubric.Objectives = append(large.Rubric.Objectives, response)
	}
	return &large
}
