package alerts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// How fast a budget must go to be told of: a tenth of a quarter's within three
// days would use up all of it in one month. It must have gone in two outages at
// least, for one is no pace.
const (
	burnShare   = 10
	burnWindow  = 3 * 24 * time.Hour
	burnOutages = 2
)

// burnIntervals is how many polling intervals a budget must be longer than.
// A tenth of a shorter one is less than the time between two reads of the
// source: it would go by in one step.
const burnIntervals = 10

// uptimeBudgetBurning tells that a budget will not last, of those that are large
// enough to be watched.
func uptimeBudgetBurning(d *document) *alert {
	objectives := d.watchable()
	if len(objectives) == 0 {
		return nil
	}
	first := objectives[0]
	team := d.example(first)
	least := d.leastBudget()
	tell := func(objective, team, spent, budget string) string {
		return fmt.Sprintf("Within %s, outages of %s used up %s of the downtime that %s allows in the current quarter (%s).", spoken(burnWindow), team, spent, objective, budget)
	}
	a := &alert{
		name: "TeamhealthUptimeBudgetBurning", about: ofObjectives, severity: warning, dashboard: dashboardReliability,
		why: fmt.Sprintf("More than a tenth of the budget went within %s, in %d outages at least: one outage is no pace. Only of budgets above\n"+
			"%s, %d times the time from one read of the source to the next. What is overspent has an alert of its own.",
			spoken(burnWindow), burnOutages, spoken(least), burnIntervals),
		expression:  burning(least),
		wait:        15 * time.Minute,
		summary:     "The downtime allowed for the quarter is going fast.",
		description: tell("{{ $labels.objective }}", "{{ $labels.team }}", "{{ $value | humanizeDuration }}", budgetFigure),
		runbook: runbook{
			means: paragraphs(
				fmt.Sprintf("Several outages within %s used up more than a tenth of the downtime that the target allows for the whole quarter. At that pace a full budget lasts about a month. Watched: %s.", spoken(burnWindow), budgetsInWords(objectives)),
				fmt.Sprintf("Budgets of %s and less are not watched, because the time from one read of the source to the next (%s) is a tenth of them or more: a single outage decides, and no pace can be told. Outages less than %s apart count as one.",
					spoken(least), spoken(least/burnIntervals), spoken(spendingRange))),
			check: paragraphs(
				"Which service was down, when, and what each incident added:",
				command(explain(first.ID, team, "current")),
				"How the budget went:",
				query(remaining),
				"When it was being spent:",
				query(spendingName)),
			act: paragraphs(first.Remediation,
				"What the outages have in common is the thing to look for: the same service, the same change, the same time of day."),
			silence: "team=" + team,
			silent: fmt.Sprintf("The budget lasts, or it is too small to be watched, or it went in one outage, or it is overspent (`TeamhealthUptimeBudgetExhausted`). "+
				"It says nothing in the first minutes after these rules were loaded: outages are counted from then on. After %s without an outage the alert ends.", spoken(burnWindow)),
		},
	}
	budget := max(sampleBudget(first), 2*int64(least/time.Second))
	a.scenarios = []scenario{
		provenPace(a.wait, budgetOf(first, team, budget), tell),
		provenOneOutage(a.wait, budgetOf(first, team, budget)),
		provenOverspent(a.wait, budgetOf(first, team, budget)),
		provenTooSmall(a.wait, budgetOf(first, team, int64(least/time.Second))),
	}
	return a
}

// watchable lists the objectives whose budget over a long quarter may be above
// the least one.
func (d *document) watchable() []scorecard.Objective {
	least := scorecard.Int(int64(d.leastBudget() / time.Second))
	return slices.DeleteFunc(d.availabilities(), func(o scorecard.Objective) bool {
		return allowed(o, longQuarter).Mul(scorecard.Int(d.pooled(o))).Cmp(least) <= 0
	})
}

// pooled is how many services share a budget at most.
func (d *document) pooled(o scorecard.Objective) int {
	most := 1
	for _, t := range d.policy.Teams {
		if o.Aggregate == "pooled" {
			most = max(most, len(t.Services))
		}
	}
	return most
}

// leastBudget is what budgets must be above.
func (d *document) leastBudget() time.Duration {
	return burnIntervals * d.interval(facts.PagerDuty)
}

// burning selects the budgets of which much went in several outages. The most
// that was left within the window, less what is left now, is what went: a new
// quarter or an exception gives back, and is no negative spending.
func burning(least time.Duration) string {
	return strings.Join([]string{
		fmt.Sprintf("max_over_time(%s[%s])", remaining, span(burnWindow)),
		"  - " + remaining,
		fmt.Sprintf("    > (teamhealth_error_budget_seconds{team!=\"org\",window=\"current_quarter\"} > %s) / %d", seconds(least), burnShare),
		"and",
		fmt.Sprintf("resets(%[1]s[%[2]s]) + %[1]s >= %[3]d", spendingName, span(burnWindow), burnOutages),
		"and",
		remaining + " >= 0",
	}, "\n")
}

// budget is one of a scenario.
type budget struct {
	row   labels
	whole int64 // Seconds.
}

func budgetOf(o scorecard.Objective, team string, whole int64) budget {
	return budget{labels{"objective": o.ID, "team": team, "window": quarter}, whole}
}

// outage is the downtime of one outage: less than a tenth of the budget, while
// that of two is more.
func (b budget) outage() int64 { return b.whole * 7 / 100 }

// after is what is left after some outages.
func (b budget) after(outages int64) string {
	return strconv.FormatInt(b.whole-outages*b.outage(), 10)
}

func (b budget) series(remaining ...step) []series {
	return []series{
		{"teamhealth_error_budget_seconds", b.row, always(b.after(0))},
		{"teamhealth_error_budget_remaining_seconds", b.row, remaining},
	}
}

// provenPace lets two outages happen within four hours, and then three days pass.
func provenPace(wait time.Duration, b budget, tell func(objective, team, spent, budget string) string) scenario {
	const one, two = time.Hour, 5 * time.Hour
	fires := firing{b.row, tell(b.row["objective"], b.row["team"], humanDuration(2*b.outage()), humanDuration(b.whole))}
	return scenario{
		name:   "two outages that use up more than a tenth of the budget fire until the first is three days ago",
		series: b.series(step{0, b.after(0)}, step{one, b.after(1)}, step{two, b.after(2)}),
		moments: []moment{
			{at: one + wait},
			{at: two + wait - scrape},
			{at: two + wait, firing: []firing{fires}},
			{at: one + burnWindow - 2*scrape, firing: []firing{fires}}, // Ranges include their beginning in Prometheus 2, and not in 3.
			{at: one + burnWindow},
		},
	}
}

// provenOneOutage lets as much be used up by one outage, which three reads of
// the source tell of.
func provenOneOutage(wait time.Duration, b budget) scenario {
	const begin, read = time.Hour, 5 * time.Minute
	return scenario{
		name:    "one outage that uses up as much is no pace",
		series:  b.series(step{0, b.after(0)}, step{begin, b.after(1)}, step{begin + read, b.after(2)}, step{begin + 2*read, b.after(3)}),
		moments: []moment{{at: begin + wait}, {at: begin + wait + 2*read}, {at: begin + spendingRange + wait + 3*read}},
	}
}

// provenOverspent lets two outages use up more than there is.
func provenOverspent(wait time.Duration, b budget) scenario {
	const one, two = time.Hour, 5 * time.Hour
	return scenario{
		name:    "what is overspent is left to its own alert",
		series:  b.series(step{0, b.after(0)}, step{one, b.after(1)}, step{two, "-1"}),
		moments: []moment{{at: two + wait}, {at: two + 2*wait}},
	}
}

// provenTooSmall lets two outages use up a budget that is not above the least.
func provenTooSmall(wait time.Duration, b budget) scenario {
	const one, two = time.Hour, 5 * time.Hour
	return scenario{
		name:    "the same of a budget that is too small to be watched",
		series:  b.series(step{0, b.after(0)}, step{one, b.after(1)}, step{two, b.after(2)}),
		moments: []moment{{at: two + wait}, {at: two + 2*wait}},
	}
}
