package dashboards

import (
	"fmt"
	"strconv"
	"strings"

	"teamhealth/internal/generate/grafana"
	"teamhealth/scorecard"
)

// The colours of values. None of them is the only sign of what it says: a
// verdict is a word, and a panel's title names the target.
const (
	good     = "green"
	bad      = "red"
	doubtful = "orange"
	neutral  = "blue"
	nothing  = "#808080" // For what is not there.
)

// verdicts are what a verdict is called and coloured, from the best to the
// worst. A verdict's code is its place in the list, counted from 1, so that the
// largest of several codes is that of the worst verdict.
var verdicts = []struct {
	verdict     scorecard.Verdict
	text, color string
}{
	{scorecard.Met, "met", good},
	{scorecard.Exempt, "exempt", "purple"},
	{scorecard.Tracked, "tracked", neutral},
	{scorecard.Empty, "nothing to judge", nothing},
	{scorecard.Pending, "pending", "light-blue"},
	{scorecard.InsufficientData, "too little data", nothing},
	{scorecard.NoData, "no data", nothing},
	{scorecard.Stale, "stale", doubtful},
	{scorecard.Missed, "missed", bad},
}

// verdictCodes makes numbers of verdicts, which are labels, because panels show
// only numbers over time.
func verdictCodes(matchers ...string) string {
	terms := make([]string, len(verdicts))
	for i, v := range verdicts {
		terms[i] = fmt.Sprintf("%d * %s", i+1, of("objective_verdict", append(matchers, equal("verdict", v.verdict))...))
	}
	return strings.Join(terms, " or ")
}

// verdictWords makes words of the codes again.
func verdictWords() grafana.Mapping {
	shown := map[string]grafana.Shown{}
	for i, v := range verdicts {
		shown[strconv.Itoa(i+1)] = grafana.Shown{Text: v.text, Color: v.color, Index: i}
	}
	return grafana.ByValue(shown)
}

// verdictFields are how codes look.
func verdictFields() grafana.FieldConfig {
	f := fields("none")
	f.Defaults.Mappings = append(f.Defaults.Mappings, verdictWords())
	return f
}

// verdictColumn shows the codes of a table's column as coloured words.
func verdictColumn(title string) grafana.Override {
	return grafana.ByName(title,
		grafana.Property{ID: "unit", Value: "none"},
		grafana.Property{ID: "mappings", Value: []grafana.Mapping{noData(), verdictWords()}},
		grafana.Property{ID: "custom.displayMode", Value: coloredCell},
	)
}
