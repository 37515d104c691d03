// Package grafanatest reads dashboards back as tests need them. It is linked
// into no program, and asks no Grafana what it thinks of them.
package grafanatest

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"teamhealth/internal/generate/grafana"
)

// Query is one query of a panel.
type Query struct {
	Dashboard, Panel string // Titles.
	RefID            string
	Expr             string
	Range            bool // Asked over the time range, and not for its end.
}

// Read reads a dashboard, and fails the test where there is a key that the model
// does not have.
func Read(tb testing.TB, content []byte) *grafana.Dashboard {
	tb.Helper()
	var d grafana.Dashboard
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		tb.Fatalf("reading a dashboard: %v", err)
	}
	return &d
}

// Generic reads JSON without the model: as maps, lists and plain values.
func Generic(tb testing.TB, content []byte) any {
	tb.Helper()
	var value any
	if err := json.Unmarshal(content, &value); err != nil {
		tb.Fatal(err)
	}
	return value
}

// Queries lists the queries of a dashboard, panel by panel.
func Queries(tb testing.TB, content []byte) []Query {
	tb.Helper()
	d := Read(tb, content)
	var all []Query
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			all = append(all, Query{
				Dashboard: d.Title, Panel: p.Title, RefID: target.RefID, Expr: target.Expr, Range: target.Range,
			})
		}
	}
	return all
}

// With returns an expression with values for its variables, and fails the test
// where there is none for one of them. Names are without the dollar sign.
func With(tb testing.TB, expression string, values map[string]string) string {
	tb.Helper()
	return os.Expand(expression, func(name string) string {
		value, ok := values[name]
		if !ok {
			tb.Errorf("%s\nhas a variable %q, which is none of a dashboard", expression, name)
		}
		return value
	})
}
