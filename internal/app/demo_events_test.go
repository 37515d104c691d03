package app_test

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/simulator/prometheus"
	"teamhealth/scorecard"
)

const onlyEvents = `organization: {name: Databases}
sources: {prometheus: {url: URL}}
teams:
  - {id: mysql, line: dre, rotation: {}}
  - {id: mongodb, line: dre, rotation: {}}
  - {id: platform, line: dre}
  - {id: oncall, line: sre}
objectives:
  - {id: query_performance, good: 'sum(increase(fast{team="$team"}[1h]))', total: 'sum(increase(all{team="$team"}[1h]))'}
`

// Whatever day it is, one team misses the target and the others, and all together, meet it.
func TestDemoHasOneTeamWhoseQueriesAreSlow(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2026-11-23", "2027-01-29", "2028-03-30"} {
		t.Run(day, func(t *testing.T) {
			t.Parallel()
			at, err := time.Parse(time.DateOnly, day)
			must(t, err)
			r := readEvents(t, at.Add(13*time.Hour))
			for _, period := range []string{"previous", "current", "28d"} {
				want := map[string]scorecard.Verdict{
					"org": scorecard.Met, "mysql": scorecard.Met, "mongodb": scorecard.Missed, "platform": scorecard.Met,
				}
				if diff := cmp.Diff(want, verdictsOfEvents(t, r, period)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", period, diff)
				}
			}
		})
	}
}

// readEvents reads the demo's Prometheus of the last months at an instant.
func readEvents(t *testing.T, at time.Time) *app.Reader {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	file := filepath.Join(t.TempDir(), "teamhealth.yml")
	c, err := config.Parse(file, []byte(strings.Replace(onlyEvents, "URL", "http://"+server.Listener.Addr().String(), 1)))
	must(t, err)
	server.Config.Handler, err = prometheus.New(app.SimulatedEvents(c, at.AddDate(0, -7, 0), 1, func() time.Time { return at }))
	must(t, err)
	server.Start()
	t.Cleanup(server.Close)
	syncAt(t, c, at)
	r, err := app.OpenReader(t.Context(), c, func() time.Time { return at })
	must(t, err)
	t.Cleanup(func() { must(t, r.Close()) })
	return r
}

// verdictsOfEvents are those of query_performance, by subject.
func verdictsOfEvents(t *testing.T, r *app.Reader, period string) map[string]scorecard.Verdict {
	t.Helper()
	cards, err := r.CardsOf(t.Context(), app.AllTeams, period, time.Time{})
	must(t, err)
	got := map[string]scorecard.Verdict{}
	for i := range cards {
		if row := cards[i].Row("query_performance"); row != nil {
			got[cards[i].Subject.ID] = row.Verdict
		}
	}
	return got
}
