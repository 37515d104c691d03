package archtest_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"teamhealth/collectors"
	"teamhealth/internal/exporters/metrics"
	"teamhealth/scorecard"
)

// nothing is a source that has published no cards and no tally.
type nothing struct{}

func (nothing) Published() *scorecard.Published { return nil }

func (nothing) Tally() *metrics.Tally { return nil }

func TestEveryMetricIsInTheDocumentWithItsLabels(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(registered(t), documented(t)); diff != "" {
		t.Errorf("metrics that are registered (-) and in docs/metrics.md (+):\n%s", diff)
	}
}

// registered returns the labels of each of our metrics, sorted, by its name
// without the prefix.
func registered(t *testing.T) map[string]string {
	t.Helper()
	registry := prometheus.NewRegistry()
	if err := metrics.Register(registry, nothing{}); err != nil {
		t.Fatal(err)
	}
	if err := metrics.RegisterTally(registry, nothing{}); err != nil {
		t.Fatal(err)
	}
	if _, err := metrics.NewReloads(registry); err != nil {
		t.Fatal(err)
	}
	if _, err := collectors.NewMetrics(registry); err != nil {
		t.Fatal(err)
	}
	descriptions := make(chan *prometheus.Desc)
	go func() {
		defer close(descriptions)
		registry.Describe(descriptions)
	}()
	name := regexp.MustCompile(`fqName: "teamhealth_([a-z_]+)"`)
	constant := regexp.MustCompile(`constLabels: \{(.*?)\}`)
	value := regexp.MustCompile(`="[^"]*"`)
	variable := regexp.MustCompile(`variableLabels: \{(.*?)\}`)
	labels := map[string]string{}
	for d := range descriptions {
		text := d.String()
		fixed := value.ReplaceAllString(constant.FindStringSubmatch(text)[1], "")
		labels[name.FindStringSubmatch(text)[1]] = sorted(fixed + "," + variable.FindStringSubmatch(text)[1])
	}
	return labels
}

// documented returns the same of the tables in the document.
func documented(t *testing.T) map[string]string {
	t.Helper()
	row := regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| ([a-z, ]*) ?\\|")
	labels := map[string]string{}
	for _, found := range row.FindAllStringSubmatch(read(t, "docs/metrics.md"), -1) {
		labels[found[1]] = sorted(strings.ReplaceAll(found[2], " ", ""))
	}
	return labels
}

// sorted brings a list of labels, separated by commas, into order.
func sorted(list string) string {
	names := slices.DeleteFunc(strings.Split(list, ","), func(s string) bool { return s == "" })
	slices.Sort(names)
	return strings.Join(names, ", ")
}
