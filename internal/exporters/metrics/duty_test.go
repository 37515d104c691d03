package metrics_test

import (
	"strings"
	"testing"

	"teamhealth/internal/exporters/text/cardtest"
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// published is the sample with what else the sources know of one team: open
// incidents, its burden, and the post-mortems.
func published() *scorecard.Published {
	p := cardtest.Published()
	p.Open = []scorecard.OpenIncidents{
		{Team: "mysql", Urgency: facts.UrgencyHigh, Status: "triggered", Count: 2},
		{Team: "mysql", Urgency: facts.UrgencyHigh, Status: "acknowledged"},
		{Team: "oncall", Status: "acknowledged", Count: 1},
	}
	*mysql(p).Row("oncall_burden") = burden()
	mysql(p).Rows = append(mysql(p).Rows, cardtest.Postmortems(p.AsOf, p.AsOf))
	return p
}

// mysql is the team's card of the previous quarter.
func mysql(p *scorecard.Published) *scorecard.Card {
	return &p.Cards(scorecard.PreviousQuarter)[1]
}

// burden is a row of 36 hours out of 18 days of working time, which is 1/12.
func burden() scorecard.Row {
	return scorecard.Row{
		ID: "oncall_burden", Measure: string(scorecard.MeasureOncallBurden), Unit: scorecard.UnitRatio,
		Direction: scorecard.Below, Target: cardtest.Number("0.10"), Verdict: scorecard.Met,
		Value: scorecard.Ratio(129_600, 1_555_200).Ptr(), Numerator: cardtest.Number("129600"), Denominator: cardtest.Number("1555200"),
		Details: scorecard.BurdenDetails{
			WorstPerson: cardtest.Number("0.125"), WorstWeek: cardtest.Number("0.25"), OncallShare: cardtest.Number("0.2"),
			Pages: scorecard.PageHours{Business: 12, Off: 5},
		},
	}
}

func TestWhatIncidentsCostIsExposed(t *testing.T) {
	t.Parallel()
	r, _ := registry(t, published())
	wantLines(t, exposition(t, r),
		// 7,948,800 − 7,948,720 s of the worst service.
		`teamhealth_downtime_seconds{team="mysql",window="previous_quarter"} 80`,
		`teamhealth_incidents_open{status="triggered",team="mysql",urgency="high"} 2`,
		`teamhealth_incidents_open{status="acknowledged",team="mysql",urgency="high"} 0`,
		`teamhealth_incidents_open{status="acknowledged",team="oncall",urgency="unknown"} 1`,
		`teamhealth_incidents_unanswered{team="mysql",window="previous_quarter"} 1`,
		`teamhealth_oncall_burden_ratio{team="mysql",window="previous_quarter"} 0.08333333333333333`,
		`teamhealth_oncall_engaged_seconds{team="mysql",window="previous_quarter"} 129600`,
		`teamhealth_oncall_burden_worst_ratio{team="mysql",window="previous_quarter"} 0.125`,
		`teamhealth_oncall_worst_week_ratio{team="mysql",window="previous_quarter"} 0.25`,
		`teamhealth_oncall_share_ratio{team="mysql",window="previous_quarter"} 0.2`,
		`teamhealth_oncall_pages{hours="business",team="mysql",window="previous_quarter"} 12`,
		`teamhealth_oncall_pages{hours="off",team="mysql",window="previous_quarter"} 5`,
		`teamhealth_oncall_pages{hours="sleep",team="mysql",window="previous_quarter"} 0`,
	)
}

func TestDowntimeIsOfTheObjectiveThatCountsMost(t *testing.T) {
	t.Parallel()
	p := published()
	systems := cardtest.Uptime(p.AsOf, p.AsOf)
	systems.ID, systems.Numerator = "system_reliability", cardtest.Number("7948700")
	organisation := &p.Cards(scorecard.PreviousQuarter)[0]
	requests := cardtest.Uptime(p.AsOf, p.AsOf)
	requests.ID, requests.Numerator = "database_uptime_by_requests", cardtest.Number("0") // Of events, which are no seconds.
	requests.Sources = []scorecard.RowSource{{Name: facts.Prometheus}}
	organisation.Rows = append(organisation.Rows, systems, requests)
	r, _ := registry(t, p)
	wantLines(t, exposition(t, r),
		`teamhealth_downtime_seconds{team="org",window="previous_quarter"} 100`,
		`teamhealth_downtime_seconds{team="mysql",window="previous_quarter"} 80`,
	)
}

func TestACountOfNoneIsAClaimThatNeedsAMeasurement(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		verdict scorecard.Verdict
		shown   bool
	}{
		"nothing to judge is none":                        {scorecard.Empty, true},
		"nothing to judge yet is none so far":             {scorecard.Pending, true},
		"a stale row shows what was known":                {scorecard.Stale, true},
		"a row without data is silent":                    {scorecard.NoData, false},
		"an exempt row is silent":                         {scorecard.Exempt, false},
		"a row of too few to be told apart is silent too": {scorecard.InsufficientData, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := published()
			row := mysql(p).Row("incident_response")
			row.Verdict, row.Population = test.verdict, scorecard.Population{}
			r, _ := registry(t, p)
			const line = `teamhealth_incidents_unanswered{team="mysql",window="previous_quarter"} 0`
			if got := strings.Contains(exposition(t, r), line); got != test.shown {
				t.Errorf("sample of no unanswered incidents: %t, want %t", got, test.shown)
			}
		})
	}
}

func TestOfAFewPeopleNoneIsSingledOut(t *testing.T) {
	t.Parallel()
	p := published()
	mysql(p).Row("oncall_burden").Details = scorecard.BurdenDetails{Pages: scorecard.PageHours{Sleep: 1}}
	r, _ := registry(t, p)
	got := exposition(t, r)
	wantLines(t, got, `teamhealth_oncall_pages{hours="sleep",team="mysql",window="previous_quarter"} 1`)
	for _, name := range []string{"oncall_burden_worst_ratio", "oncall_worst_week_ratio", "oncall_share_ratio"} {
		if strings.Contains(got, name) {
			t.Errorf("there is a sample of %s, of which nothing is known", name)
		}
	}
}

func TestAnUnmeasuredCardSaysNothingOfItsCost(t *testing.T) {
	t.Parallel()
	r, _ := registry(t, published())
	got := exposition(t, r)
	for _, name := range []string{
		"downtime_seconds", "incidents_unanswered", "oncall_burden_ratio", "oncall_burden_worst_ratio",
		"oncall_worst_week_ratio", "oncall_engaged_seconds", "oncall_pages", "oncall_share_ratio",
	} {
		for line := range strings.Lines(got) {
			if strings.HasPrefix(line, "teamhealth_"+name+"{") && strings.Contains(line, `team="oncall"`) {
				t.Errorf("exposed without data: %s", line)
			}
		}
	}
}
