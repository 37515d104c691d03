package alerts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"teamhealth/scorecard"
)

// spendingName is the recorded metric that is 1 while a budget of downtime is
// being spent, and spendingRange the time over which that is looked at: outages
// that are closer to each other count as one.
const (
	spendingName  = "objective_team:teamhealth_error_budget_spending:bool30m"
	spendingRange = 30 * time.Minute
)

// recordings lists what is worth recording: what an alert counts, and what is
// too dear or too easily got wrong to be asked for in every panel.
func (d *document) recordings() []recording {
	var list []recording
	if len(d.watchable()) > 0 {
		list = append(list, spending(d))
	}
	for _, threshold := range d.thresholds() {
		list = append(list, answered(d, threshold))
	}
	return append(list, failingShare(d))
}

// spending records when budgets are spent.
func spending(d *document) recording {
	o := d.watchable()[0]
	row := labels{"objective": o.ID, "team": d.example(o), "window": quarter}
	const begin = time.Hour
	return recording{
		name: spendingName,
		why: fmt.Sprintf("1 while a budget of downtime is being spent, else 0. Each time that this falls, an outage is over; those less than\n"+
			"%s apart are one.", spoken(spendingRange)),
		expression: fmt.Sprintf("delta(%s[%s]) < bool 0", remaining, span(spendingRange)),
		proof: scenario{
			name:   "a budget is being spent when it falls, and not when a new quarter begins",
			series: []series{{"teamhealth_error_budget_remaining_seconds", row, []step{{0, "600"}, {begin, "540"}, {2 * begin, "900"}}}},
			samples: []sample{
				{begin - scrape, scraped(row), 0},
				{begin, scraped(row), 1},
				{begin + spendingRange - 2*scrape, scraped(row), 1}, // Ranges include their beginning in Prometheus 2, and not in 3.
				{begin + spendingRange + scrape, scraped(row), 0},
				{2 * begin, scraped(row), 0},
			},
		},
	}
}

// buckets are the upper bounds of the histogram of responses.
var buckets = []time.Duration{
	30 * time.Second, time.Minute, 2 * time.Minute, 3 * time.Minute, 4 * time.Minute, 5 * time.Minute,
	450 * time.Second, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour,
}

// thresholds lists the response times that objectives ask for and a bucket of
// the histogram ends at.
func (d *document) thresholds() []time.Duration {
	var list []time.Duration
	for _, o := range d.targeted(scorecard.MeasureResponseTime) {
		if t := time.Duration(o.Threshold); slices.Contains(buckets, t) && !slices.Contains(list, t) {
			list = append(list, t)
		}
	}
	return list
}

// answered records the share of answers within a threshold.
func answered(d *document, threshold time.Duration) recording {
	own := labels{"team": d.policy.Teams[0].ID}
	bound := seconds(threshold)
	name := fmt.Sprintf("team:teamhealth_incident_responses_within_%ss:ratio_increase28d", bound)
	const last = time.Hour
	return recording{
		name: name,
		why: fmt.Sprintf("The share of answers within %s, of the incidents answered in the last 28 days. It knows nothing of those that\n"+
			"nobody answered, so the objective's value, not this, is held against the target. NaN while nothing was answered.", spoken(threshold)),
		expression: strings.Join([]string{
			fmt.Sprintf(`sum without (instance, le) (increase(teamhealth_incident_response_seconds_bucket{le=~"%s(\\.0)?"}[28d]))`, bound),
			"/",
			"sum without (instance) (increase(teamhealth_incident_response_seconds_count[28d]))",
		}, "\n"),
		proof: scenario{
			name: "half of the answers were in time, whichever way the bound is written",
			series: []series{
				{"teamhealth_incident_response_seconds_bucket", with(own, "le", bound), always("1000+1")},
				{"teamhealth_incident_response_seconds_bucket", with(own, "le", bound+".0"), always("1000+1")},
				{"teamhealth_incident_response_seconds_bucket", with(own, "le", "+Inf"), always("1000+4")},
				{"teamhealth_incident_response_seconds_count", own, always("1000+4")},
			},
			samples: []sample{{last, aggregated(own), 0.5}},
		},
	}
}

// failingShare records for which share of a day a source could not be read.
func failingShare(d *document) recording {
	own := labels{"collector": "pagerduty"}
	if sources := d.sources(); len(sources) > 0 {
		own = labels{"collector": string(sources[0].Source)}
	}
	return recording{
		name:       "collector:teamhealth_collector_failing:ratio_time1d",
		why:        "The share of the last day for which the latest cycle of a collector had failed.",
		expression: "1 - avg without (instance) (avg_over_time(teamhealth_collector_up[1d]))",
		proof: scenario{
			name:   "a quarter of the time the last cycle had failed",
			series: []series{{"teamhealth_collector_up", own, []step{{0, "1"}, {3 * time.Minute, "0"}, {4 * time.Minute, "1"}}}},
			samples: []sample{
				{2 * time.Minute, aggregated(own), 0},
				{3 * time.Minute, aggregated(own), 0.25},
			},
		},
	}
}

// aggregated are the labels of what was recorded without the instance.
func aggregated(own labels) labels { return with(own, "job", provenJob) }
