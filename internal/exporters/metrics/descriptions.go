package metrics

import "github.com/prometheus/client_golang/prometheus"

const namespace = "teamhealth"

// freshness ends the help of every metric that comes from a source.
const freshness = " Source data is collected in the background, not at the scrape;" +
	" teamhealth_collector_last_success_timestamp_seconds tells how old it is."

// descriptions are the metrics that cards are exposed as, with their labels in
// the order of their names.
type descriptions struct {
	value, target, verdict, score    *prometheus.Desc
	numerator, denominator           *prometheus.Desc
	low, high                        *prometheus.Desc
	budget, remaining                *prometheus.Desc
	cardScore, cardCoverage          *prometheus.Desc
	unmappedServices, unmappedPeople *prometheus.Desc
	exceptionExpired, orgInfo        *prometheus.Desc
	dutyDescriptions
	postmortemDescriptions
}

func describe() descriptions {
	row := []string{"objective", "team", "window"}
	card := []string{"team", "window"}
	return descriptions{
		value: desc("objective_value",
			"Value of an objective, in the unit of the label; absent when there is none.",
			"objective", "team", "unit", "window"),
		target: desc("objective_target",
			"Target of an objective, in the unit of the label; absent when the document names none.",
			"objective", "team", "unit"),
		verdict: desc("objective_verdict",
			"1 for the verdict that holds on an objective; the others are absent.",
			"objective", "team", "verdict", "window"),
		score: desc("objective_score_ratio",
			"Score of an objective, 0 to 1; absent unless it is met or missed.", row...),
		numerator: desc("objective_numerator",
			"Numerator of an objective's value.", row...),
		denominator: desc("objective_denominator",
			"Denominator of an objective's value.", row...),
		low: desc("objective_interval_low_ratio",
			"Lower end of the 95% confidence interval of an objective's value.", row...),
		high: desc("objective_interval_high_ratio",
			"Upper end of the 95% confidence interval of an objective's value.", row...),
		budget: desc("error_budget_seconds",
			"Downtime that an objective's target allows over the whole window.", row...),
		remaining: desc("error_budget_remaining_seconds",
			"Allowed downtime that is not used up yet; negative when overspent.", row...),
		cardScore: desc("scorecard_score_ratio",
			"Weighted score of a team's scorecard, 0 to 1; absent when less than half of it is covered.", card...),
		cardCoverage: desc("scorecard_coverage_ratio",
			"Share of a team's scorecard that could be judged, 0 to 1.", card...),
		unmappedServices: desc("unmapped_services",
			"Services with incidents in the current quarter that no team of the configuration claims."),
		unmappedPeople: desc("unmapped_people",
			"Accounts that acted on incidents of the current quarter, or wrote or did tickets finished in it, and are in nobody's entry of the configuration."),
		exceptionExpired: prometheus.NewDesc(namespace+"_exception_expired",
			"1 when a configured exception no longer covers anything new, else 0.", []string{"exception"}, nil),
		orgInfo: prometheus.NewDesc(namespace+"_org_info",
			"Always 1; the label names the organisation.", []string{"name"}, nil),
		dutyDescriptions:       describeDuty(),
		postmortemDescriptions: describePostmortems(),
	}
}

// desc describes a metric that is worked out from source data.
func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(namespace+"_"+name, help+freshness, labels, nil)
}

func (d *descriptions) all() []*prometheus.Desc {
	return append(append(d.dutyDescriptions.all(), d.postmortemDescriptions.all()...),
		d.value, d.target, d.verdict, d.score, d.numerator, d.denominator, d.low, d.high, d.budget, d.remaining,
		d.cardScore, d.cardCoverage, d.unmappedServices, d.unmappedPeople, d.exceptionExpired, d.orgInfo,
	)
}
