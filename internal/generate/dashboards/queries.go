package dashboards

import (
	"fmt"
	"strings"

	"teamhealth/scorecard"
)

// What most queries ask for: the chosen teams, in the chosen window.
const (
	chosenTeams  = `team=~"$team"`
	chosenWindow = `window="$window"`
	oneTeamEach  = `team!="org"` // The teams without the organisation.
	organisation = `team="org"`
)

// of selects a metric of the teamhealth that the reader has chosen.
func of(metric string, matchers ...string) string {
	all := append([]string{`job=~"$job"`, `instance=~"$instance"`}, matchers...)
	return fmt.Sprintf("teamhealth_%s{%s}", metric, strings.Join(all, ", "))
}

// equal matches one value of a label.
func equal[T ~string](label string, value T) string { return fmt.Sprintf("%s=%q", label, value) }

// among matches some objectives. Their ids have nothing that a regular
// expression would take for more than itself.
func among(objectives []scorecard.Objective) string {
	ids := make([]string, len(objectives))
	for i, o := range objectives {
		ids[i] = o.ID
	}
	if len(ids) == 1 {
		return equal("objective", ids[0])
	}
	return fmt.Sprintf("objective=~%q", strings.Join(ids, "|"))
}

// each keeps of a gauge's labels those that a table has columns for. There is
// one series for each of them, so that nothing is added up.
func each(gauge string, labels ...string) string {
	return fmt.Sprintf("max by (%s) (%s)", strings.Join(kept(labels), ", "), gauge)
}

// sum adds up what was counted, apart for each teamhealth: two that read the
// same sources count the same.
func sum(counted string, labels ...string) string {
	return fmt.Sprintf("sum by (%s) (%s)", strings.Join(kept(labels), ", "), counted)
}

func kept(labels []string) []string { return append([]string{"job", "instance"}, labels...) }

// rate is how often something was counted per second.
func rate(counter string) string { return "rate(" + counter + "[$__rate_interval])" }

// increase is how often something was counted since the point before.
func increase(counter string) string { return "increase(" + counter + "[$__rate_interval])" }

// orZero is 0 where there is nothing but a series of other: what is known to
// have not happened. Both must have the same labels.
func orZero(expression, other string) string { return expression + " or 0 * " + other }

// perDay makes an amount per day of one per second.
func perDay(rate string) string { return "86400 * " + rate }
