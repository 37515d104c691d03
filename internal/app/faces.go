package app

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/common/version"

	"teamhealth/internal/exporters/api"
	"teamhealth/internal/exporters/metrics"
	"teamhealth/internal/exporters/page"
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func userAgent() string { return "teamhealth/" + versionText() }

func versionText() string {
	if version.Version == "" {
		return "development"
	}
	return version.Version
}

// addFaces registers the metrics, which always show the present generation, and
// builds the handler, which lets the present generation answer all else.
func (a *App) addFaces() error {
	if err := metrics.Register(a.registry, &board{a}); err != nil {
		return err
	}
	if err := metrics.RegisterTally(a.registry, &board{a}); err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { a.current.Load().handler.ServeHTTP(w, r) })
	mux.Handle("/metrics", readOnly(promhttp.InstrumentMetricHandler(a.registry, a.metricsHandler(a.registry))))
	a.handler = mux
	return nil
}

// board is what the metrics show: whatever was published last, by whichever
// generation.
type board struct{ app *App }

func (b *board) Published() *scorecard.Published { return b.app.current.Load().scores.Published() }

func (b *board) Tally() *metrics.Tally { return b.app.tally.Load() }

// faces builds the handler of the API and of the pages.
func (g *generation) faces(reload func(context.Context) error) (http.Handler, error) {
	asked := &desk{g}
	answers, err := api.New(api.Options{Scores: asked, Logger: g.logger, Reload: reload})
	if err != nil {
		return nil, err
	}
	landing, err := page.New(page.Options{Source: asked, Logger: g.logger})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", landing)
	mux.Handle("/api/", answers)
	mux.Handle("/-/", answers)
	return mux, nil
}

func (a *App) metricsHandler(r *prometheus.Registry) http.Handler {
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{
		Registry: r, EnableOpenMetrics: true, EnableOpenMetricsTextCreatedSamples: true,
		ErrorHandling: promhttp.HTTPErrorOnError,
	})
}

// readOnly turns away requests that ask for more than to be shown something.
func readOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "use GET or HEAD", http.StatusMethodNotAllowed)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Handler answers every request that the program serves.
func (a *App) Handler() http.Handler { return a.handler }

// desk answers what the API and the pages ask.
type desk struct{ *generation }

func (d *desk) Organization() string { return d.scores.policy.Organization }

func (d *desk) Published() *scorecard.Published { return d.scores.Published() }

func (d *desk) Cards(ctx context.Context, period string, asOf time.Time) ([]scorecard.Card, error) {
	return d.scores.Cards(ctx, period, asOf)
}

func (d *desk) Evidence(ctx context.Context, q api.EvidenceQuery) ([]scorecard.Evidence, error) {
	return d.scores.Evidence(ctx, q.Objective, q.Team, q.Period, q.AsOf)
}

func (d *desk) Teams(context.Context) ([]api.Team, error) {
	p := d.scores.policy
	teams := make([]api.Team, 0, len(p.Teams))
	for _, t := range p.Teams {
		teams = append(teams, api.Team{
			ID: t.ID, Name: t.Name, Line: t.Line, Services: slices.Clone(t.Services),
			People: p.Headcount(t.ID, d.now()),
		})
	}
	return teams, nil
}

func (d *desk) Objectives() []scorecard.Objective { return d.scores.policy.Rubric.Objectives }

func (d *desk) Periods(context.Context) ([]api.Period, error) {
	e, err := d.scores.edition()
	if err != nil {
		return nil, err
	}
	var list []api.Period
	for _, p := range d.scores.policy.Calendar.Quarters(e.since(), e.asOf) {
		list = append(list, api.Period{ID: p.ID, Start: p.Start, End: p.End, Closed: p.Closed})
	}
	return list, nil
}

func (d *desk) Ready() bool { return d.scores.Ready() }

func (d *desk) Status(ctx context.Context) (api.Status, error) {
	states, err := d.store.Sources(ctx)
	if err != nil {
		return api.Status{}, err
	}
	size, err := d.store.Size(ctx)
	status := api.Status{Sources: []api.SourceStatus{}, Store: api.StoreStatus{Bytes: size}, Version: versionText()}
	for _, r := range d.runners {
		i := slices.IndexFunc(states, func(s facts.SourceState) bool { return s.Source == r.source })
		state := facts.SourceState{Source: r.source}
		if i >= 0 {
			state = states[i]
		}
		d.unrecorded.addTo(&state)
		records, recordsErr := d.store.Records(ctx, r.source)
		err = errors.Join(err, recordsErr)
		status.Sources = append(status.Sources, sourceStatus(state, records))
	}
	return status, err
}

func sourceStatus(s facts.SourceState, records map[string]int) api.SourceStatus {
	out := api.SourceStatus{
		Name: s.Source, Up: s.LastError == "" && s.Complete(), Records: records,
		LastSuccess: instant(s.LastSuccess), DataAsOf: instant(s.DataAsOf),
	}
	if s.LastError != "" {
		text := strings.TrimSpace(s.LastError)
		out.LastError = &text
	}
	return out
}

// instant is t in UTC, or nil when it is unknown.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
