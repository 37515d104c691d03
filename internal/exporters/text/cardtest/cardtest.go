// Package cardtest gives tests a small organisation's cards, worked out by
// hand: every kind of row that a face can meet, and nothing computed. It is for
// tests only.
package cardtest

import (
	"fmt"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// AsOf is the instant at which the sample's cards are taken, a little after
// their quarter has closed.
func AsOf() time.Time { return time.Date(2026, time.October, 2, 8, 30, 0, 0, time.UTC) }

func start() time.Time { return time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC) }

func end() time.Time { return time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC) }

func dataAsOf() *time.Time { return new(AsOf().Add(-5 * time.Minute)) }

// Number reads a decimal; a bad one becomes zero.
func Number(s string) *scorecard.Number {
	n, err := scorecard.ParseNumber(s)
	if err != nil {
		return new(scorecard.Number)
	}
	return &n
}

// Cards are the organisation's card of 2026-Q3 and those of two teams.
func Cards() []scorecard.Card {
	return []scorecard.Card{
		card(scorecard.Subject{ID: scorecard.OrgID, Name: "Database Reliability Engineering"}, "2026-Q3", start(), end()),
		card(scorecard.Subject{ID: "mysql", Name: "MySQL Team", Line: scorecard.LineDRE}, "2026-Q3", start(), end()),
		empty(scorecard.Subject{ID: "oncall", Name: "On-Call | <SRE>", Line: scorecard.LineSRE}),
	}
}

// Published is what one computation would give out of such cards.
func Published() *scorecard.Published {
	next := time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC)
	current := card(scorecard.Subject{ID: scorecard.OrgID, Name: "Database Reliability Engineering"}, "2026-Q4", end(), next)
	current.Period.Closed = false
	return &scorecard.Published{
		AsOf: AsOf(),
		Windows: []scorecard.WindowCards{
			{Name: scorecard.CurrentQuarter, Cards: []scorecard.Card{current}},
			{Name: scorecard.PreviousQuarter, Cards: Cards()},
		},
		UnmappedServices:  1,
		UnmappedPeople:    2,
		ExceptionsExpired: map[string]bool{"ex2": true, "ex1": false},
	}
}

// Many are the published cards of a large organisation: the organisation and
// so many teams, each with so many rows that have every number, in each window.
func Many(teams, objectives int) *scorecard.Published {
	p := &scorecard.Published{AsOf: AsOf()}
	for _, name := range []string{scorecard.CurrentQuarter, scorecard.PreviousQuarter, scorecard.Last28Days} {
		w := scorecard.WindowCards{Name: name}
		for t := range teams {
			c := card(scorecard.Subject{ID: fmt.Sprintf("team-%02d", t), Name: "Team"}, "2026-Q3", start(), end())
			c.Rows = make([]scorecard.Row, 0, objectives)
			for o := range objectives {
				r := Response(start(), end())
				r.ID = fmt.Sprintf("objective_%02d", o)
				c.Rows = append(c.Rows, r)
			}
			w.Cards = append(w.Cards, c)
		}
		p.Windows = append(p.Windows, w)
	}
	return p
}

func card(s scorecard.Subject, period string, from, to time.Time) scorecard.Card {
	return scorecard.Card{
		SchemaVersion: scorecard.SchemaVersion,
		Subject:       s,
		Period:        scorecard.Period{ID: period, Start: from, End: to, TimeZone: "UTC", Closed: true},
		AsOf:          AsOf(),
		DataAsOf:      dataAsOf(),
		Rubric:        scorecard.RubricID{Name: "default", SHA256: "5e884898da28047151d0e56f8dc62927"},
		Score:         new(87.4),
		Coverage:      new(0.92),
		Verdicts: map[scorecard.Verdict]int{
			scorecard.Met: 1, scorecard.Missed: 1, scorecard.Tracked: 1, scorecard.NoData: 1,
		},
		Rows:     []scorecard.Row{Uptime(from, to), Response(from, to), migrations(from, to), burden(from, to)},
		Unmapped: scorecard.Unmapped{Services: []string{"PX99"}, People: 2},
	}
}

func empty(s scorecard.Subject) scorecard.Card {
	c := card(s, "2026-Q3", start(), end())
	c.Score, c.Coverage, c.DataAsOf = nil, nil, nil
	c.Rows = []scorecard.Row{burden(start(), end())}
	c.Verdicts = map[scorecard.Verdict]int{scorecard.NoData: 1}
	return c
}

func row(from, to time.Time) scorecard.Row {
	return scorecard.Row{
		Window: scorecard.Window{Start: from, End: to}, Horizon: dataAsOf(), Weight: Number("1"),
		Population: scorecard.Population{Classes: map[string]int{}, Excluded: map[string]int{}},
		Sources:    []scorecard.RowSource{{Name: facts.PagerDuty, DataAsOf: dataAsOf(), Complete: true}},
		Exceptions: []scorecard.RowException{}, Caveats: []string{},
	}
}

// Response is a row that meets its target of 0.9: 28 of 30 = 0.9333….
func Response(from, to time.Time) scorecard.Row {
	r := row(from, to)
	r.ID, r.Title, r.Category = "incident_response", "Incident response", "operational_excellence"
	r.Measure = string(scorecard.MeasureResponseTime)
	r.Quote = "Incident response: <5 minutes"
	r.Interpretation = "At least 90% of high-urgency incidents are answered by a person within 5 minutes."
	r.Unit, r.Direction, r.Target = scorecard.UnitRatio, scorecard.AtLeast, Number("0.90")
	r.Value, r.Numerator, r.Denominator = scorecard.Ratio(28, 30).Ptr(), Number("28"), Number("30")
	r.ValueWithoutExceptions = scorecard.Ratio(28, 31).Ptr()
	r.Interval = &scorecard.Interval{Method: "wilson", Level: 0.95, Low: 0.7735, High: 0.9802}
	r.Verdict, r.Confidence, r.Score = scorecard.Met, new(scorecard.Unproven), new(100.0)
	r.Coverage = new(1.0)
	r.Details = scorecard.ResponseDetails{
		ThresholdSeconds: 300, P50Seconds: new(int64(74)), SelfHealedShare: Number("0.0625"),
		Episodes: scorecard.Episodes{Within: 26, Total: 28},
	}
	r.Population = scorecard.Population{
		Total: 42, Used: 30,
		Classes:  map[string]int{"within": 28, "late": 1, "unanswered": 1},
		Excluded: map[string]int{"low_urgency": 7, "merged": 2, "self_healed": 2, "exception": 1},
	}
	r.Budget = &scorecard.Budget{Unit: "events", Allowed: Number("3"), Used: Number("2"), Remaining: Number("1")}
	r.Trend = &scorecard.Trend{Previous: Number("0.9"), Delta: scorecard.Ratio(1, 30).Ptr(), Detectable: new(false)}
	r.Reason = "28 of 30 high-urgency incidents were answered within 5 minutes."
	r.NextStep = new("1 of the next 10 may be late.")
	r.Exceptions = []scorecard.RowException{{
		ID: "ex1", Reason: "planned failover test", ApprovedBy: "director", Until: end(), Incidents: []string{"Q1ABC"},
	}}
	r.Caveats = []string{"1 incident had its priority lowered after the first response."}
	return r
}

// Uptime is a row that misses its target by less than a rounding: 7,948,720 of
// 7,948,800 s = 0.99998993…, which is nearer to 99.999% than 0.0001 points.
func Uptime(from, to time.Time) scorecard.Row {
	r := row(from, to)
	r.ID, r.Title, r.Category = "database_uptime", "Database uptime", "operational_excellence"
	r.Measure = string(scorecard.MeasureAvailability)
	r.Quote, r.Interpretation = "Database uptime: 99.999%", "The worst service is up for 99.999% of the time."
	r.Unit, r.Direction, r.Target = scorecard.UnitRatio, scorecard.AtLeast, Number("0.99999")
	r.Value = scorecard.Ratio(7948720, 7948800).Ptr()
	r.Numerator, r.Denominator = Number("7948720"), Number("7948800")
	r.Verdict, r.Score, r.Coverage = scorecard.Missed, new(99.0), new(1.0)
	r.Population = scorecard.Population{Total: 1, Used: 1, Classes: map[string]int{"outage": 1}, Excluded: map[string]int{}}
	r.Budget = &scorecard.Budget{
		Unit: "seconds", Allowed: Number("79.488"), Used: Number("80"), Remaining: Number("-0.512"),
	}
	r.Reason = "=80 s of downtime | 79 s were <allowed>."
	return r
}

func migrations(from, to time.Time) scorecard.Row {
	r := row(from, to)
	r.ID, r.Title, r.Category = "migration_success", "Migration success", "engineering"
	r.Measure = string(scorecard.MeasureTicketRatio)
	r.Quote, r.Interpretation = "Migration success rate", "The share of finished migrations without a rollback."
	r.Unit, r.Direction = scorecard.UnitRatio, scorecard.AtLeast
	r.Value, r.Numerator, r.Denominator = Number("0.5"), Number("1"), Number("2")
	r.Verdict, r.Coverage = scorecard.Tracked, new(1.0)
	r.Population.Total, r.Population.Used = 2, 2
	r.Reason = "The document names no target."
	return r
}

func burden(from, to time.Time) scorecard.Row {
	r := row(from, to)
	r.ID, r.Title, r.Category = "oncall_burden", "On-call burden", "team_health"
	r.Measure = string(scorecard.MeasureOncallBurden)
	r.Quote, r.Interpretation = "On-call burden: <10% of time", "Time spent on call is below a tenth of working time."
	r.Unit, r.Direction, r.Target = scorecard.UnitRatio, scorecard.Below, Number("0.10")
	r.Horizon, r.Verdict = nil, scorecard.NoData
	r.Sources = []scorecard.RowSource{{Name: facts.PagerDuty}}
	r.Reason = "The source pagerduty has not completed a first sync yet."
	return r
}

// Objective is the rubric's entry of the Response row.
func Objective() scorecard.Objective {
	return scorecard.Objective{
		ID: "incident_response", Title: "Incident response", Category: "operational_excellence",
		Quote:          "Incident response: <5 minutes",
		Interpretation: "At least 90% of high-urgency incidents are answered by a person within 5 minutes.",
		Measure:        scorecard.MeasureResponseTime,
		Parameters:     scorecard.Parameters{Threshold: scorecard.Span(5 * time.Minute)},
		Target:         Number("0.90"), Direction: scorecard.AtLeast, Unit: scorecard.UnitRatio,
		Window: scorecard.WindowPeriod, Scope: []scorecard.Scope{scorecard.ScopeTeam, scorecard.ScopeOrg},
		Lines: []scorecard.Line{}, Weight: Number("1"), MinN: 1,
		Remediation: "Look at the late ones first: who was paged, and how.",
	}
}

// Evidence is some of what stands behind the Response row, oldest first.
func Evidence() []scorecard.Evidence {
	item := func(id, class string, counted scorecard.Counted, hours int, seconds *scorecard.Number) scorecard.Evidence {
		return scorecard.Evidence{
			Kind: "incident", ID: id, URL: "https://example.pagerduty.com/incidents/" + id, Class: class, Counted: counted,
			At: start().Add(time.Duration(hours) * time.Hour), Value: seconds, Reason: "Answered by a person.",
		}
	}
	return []scorecard.Evidence{
		item("Q1AAA", "within", scorecard.InNumerator, 1, Number("74")),
		item("Q1BBB", "late", scorecard.InDenominator, 30, Number("301")),
		item("Q1CCC", "unanswered", scorecard.InDenominator, 200, nil),
		item("Q1DDD", "low_urgency", scorecard.NotCounted, 2000, nil),
	}
}
