package archtest_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/generate/generatetest"
)

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
	labels := map[string]string{}
	for name, own := range generatetest.Registered(t) {
		labels[strings.TrimPrefix(name, "teamhealth_")] = strings.Join(own, ", ")
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
