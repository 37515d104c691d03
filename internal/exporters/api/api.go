// Package api answers questions about scorecards over HTTP, as JSON, CSV or
// Markdown. It computes nothing and calls no source: what it is asked, it asks
// of a Scores. It refuses to guess: a parameter that it does not know, or that
// is given twice, is an error and not a default. No answer shows a person.
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// Scores is what the API asks. The API owns the lists that Teams, Periods and
// Status return, and changes no others. Errors become statuses: a
// *scorecard.ParameterError 400, a *scorecard.UnknownError 404,
// scorecard.ErrNotReady 503, and any other 500 without details.
type Scores interface {
	// Cards returns the cards of a period, an id or word: the organisation's
	// first, then the teams' in configuration order. A zero asOf is the instant
	// of the published cards; one in the future is a parameter error.
	Cards(ctx context.Context, period string, asOf time.Time) ([]scorecard.Card, error)
	// Evidence returns the facts behind one row, oldest first.
	Evidence(ctx context.Context, q EvidenceQuery) ([]scorecard.Evidence, error)
	// Teams lists the teams in configuration order.
	Teams(ctx context.Context) ([]Team, error)
	// Objectives lists the rubric's entries in its order.
	Objectives() []scorecard.Objective
	// Periods lists the quarters that facts reach into, latest first.
	Periods(ctx context.Context) ([]Period, error)
	// Status says how far the sources were read. It answers before Ready.
	Status(ctx context.Context) (Status, error)
	// Ready reports whether some source has completed a sync.
	Ready() bool
}

// EvidenceQuery names a row.
type EvidenceQuery struct {
	Objective string
	Team      string // A team's id or scorecard.OrgID.
	Period    string
	AsOf      time.Time // Never zero.
}

// Team is a team as the API shows it.
type Team struct {
	ID       string         `json:"id"`
	Name     string         `json:"name"`
	Line     scorecard.Line `json:"line"`
	People   int            `json:"people"` // How many are on the team now.
	Services []string       `json:"services"`
}

// Period is a period that can be asked for; its times are in UTC.
type Period struct {
	ID     string    `json:"id"`
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	Closed bool      `json:"closed"`
	Sealed bool      `json:"sealed"`
}

// Status is the state of the program; its times are in UTC.
type Status struct {
	Sources []SourceStatus `json:"sources"`
	Store   StoreStatus    `json:"store"`
	Version string         `json:"version"`
}

// SourceStatus says how far one source was read.
type SourceStatus struct {
	Name        facts.Source   `json:"name"`
	Up          bool           `json:"up"`           // The last cycle completed.
	LastSuccess *time.Time     `json:"last_success"` // End of the last complete cycle.
	LastError   *string        `json:"last_error"`   // Null unless the last cycle failed.
	DataAsOf    *time.Time     `json:"data_as_of"`
	Records     map[string]int `json:"records"` // Kept facts by kind.
}

// StoreStatus says how large the store is.
type StoreStatus struct {
	Bytes int64 `json:"bytes"`
}

// Options says what the API answers from.
type Options struct {
	Scores Scores       // Required.
	Logger *slog.Logger // Required; gets what clients must not see.
	// Reload reads the configuration again. Its error is for clients to read. Nil
	// where clients may not ask for it.
	Reload func(context.Context) error
}

// New returns the handler of everything below /api/ and of /-/healthy,
// /-/ready and /-/reload.
func New(o Options) (http.Handler, error) {
	if o.Scores == nil || o.Logger == nil {
		return nil, errors.New("the API needs scores and a logger")
	}
	a := &api{scores: o.Scores, logger: o.Logger, reload: o.Reload}
	mux := http.NewServeMux()
	for path, ask := range map[string]question{
		"/api/v1/scorecard":  a.scorecard,
		"/api/v1/evidence":   a.evidence,
		"/api/v1/teams":      a.teams,
		"/api/v1/objectives": a.objectives,
		"/api/v1/periods":    a.periods,
		"/api/v1/status":     a.status,
		"/-/healthy":         a.healthy,
		"/-/ready":           a.ready,
		"/":                  unknownPath,
	} {
		mux.Handle(path, a.endpoint(ask))
	}
	mux.Handle("/-/reload", a.command(a.askReload))
	return mux, nil
}

type api struct {
	scores Scores
	logger *slog.Logger
	reload func(context.Context) error
}
