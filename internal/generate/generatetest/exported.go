// Package generatetest tells tests of rules, dashboards and documents what
// Prometheus would make of an expression, and what teamhealth exports. It is
// linked into no program.
package generatetest

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"teamhealth/collectors"
	"teamhealth/internal/exporters/metrics"
	"teamhealth/scorecard"
)

// nothing is a source that has published no cards and no tally.
type nothing struct{}

func (nothing) Published() *scorecard.Published { return nil }

func (nothing) Tally() *metrics.Tally { return nil }

// Exported returns the labels of each metric of ours, sorted, by its full name.
// A histogram is there with the three names of its series. The labels that
// Prometheus adds to what it scrapes are not in it.
func Exported(tb testing.TB) map[string][]string {
	tb.Helper()
	labels := Registered(tb)
	for _, histogram := range []string{"teamhealth_incident_response_seconds", "teamhealth_incident_resolution_seconds"} {
		own, ok := labels[histogram]
		if !ok {
			tb.Fatalf("there is no histogram %s", histogram)
		}
		labels[histogram+"_sum"], labels[histogram+"_count"] = own, own
		labels[histogram+"_bucket"] = slices.Sorted(slices.Values(append(slices.Clone(own), "le")))
		delete(labels, histogram)
	}
	return labels
}

// Registered returns the labels of each metric of ours, sorted, by its full name, as
// the program registers them.
func Registered(tb testing.TB) map[string][]string {
	tb.Helper()
	labels := map[string][]string{}
	for _, d := range descriptions(tb) {
		name, own := understand(d.String())
		labels[name] = own
	}
	return labels
}

// descriptions returns what the program registers of its own.
func descriptions(tb testing.TB) []*prometheus.Desc {
	tb.Helper()
	registry := prometheus.NewRegistry()
	must(tb, metrics.Register(registry, nothing{}))
	must(tb, metrics.RegisterTally(registry, nothing{}))
	_, err := metrics.NewReloads(registry)
	must(tb, err)
	_, err = collectors.NewMetrics(registry)
	must(tb, err)
	found := make(chan *prometheus.Desc)
	go func() {
		defer close(found)
		registry.Describe(found)
	}()
	return slices.Collect(func(yield func(*prometheus.Desc) bool) {
		for d := range found {
			yield(d)
		}
	})
}

// understand takes the name and the labels out of a description, which shows
// them in its text only.
func understand(text string) (name string, labels []string) {
	part := func(expression string) string { return regexp.MustCompile(expression).FindStringSubmatch(text)[1] }
	unique := map[string]bool{}
	for _, list := range []string{part(`constLabels: \{(.*?)\}`), part(`variableLabels: \{(.*?)\}`)} {
		for label := range strings.SplitSeq(list, ",") {
			if label, _, _ = strings.Cut(label, "="); label != "" {
				unique[label] = true
			}
		}
	}
	return part(`fqName: "([a-z_]+)"`), slices.Sorted(maps.Keys(unique))
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
