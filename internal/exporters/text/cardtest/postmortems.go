package cardtest

import (
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// Postmortems is a row of 4 judged incidents, of which 3 have a post-mortem,
// one of them late; 2 more are not due yet.
func Postmortems(from, to time.Time) scorecard.Row {
	r := row(from, to)
	r.ID, r.Title, r.Category = "postmortem_completion", "Post-mortem completion: 100%", "operational_excellence"
	r.Measure = string(scorecard.MeasurePostmortems)
	r.Quote = "Post-mortem completion: 100%"
	r.Interpretation = "Every high-urgency incident has a finished post-mortem."
	r.Unit, r.Direction, r.Target = scorecard.UnitRatio, scorecard.AtLeast, Number("1")
	r.Value, r.Numerator, r.Denominator = Number("0.75"), Number("3"), Number("4")
	r.Verdict, r.Score, r.Coverage = scorecard.Missed, new(75.0), new(1.0)
	r.Details = scorecard.PostmortemDetails{OnTime: 2, Shared: 1, MedianDaysToPublish: Number("3.5")}
	r.Population = scorecard.Population{
		Total: 7, Used: 4,
		Classes:  map[string]int{"on_time": 2, "late": 1, "missing": 1},
		Excluded: map[string]int{"pending": 2, "self_healed": 1},
	}
	r.Reason = "3 of 4 high-urgency incidents have a post-mortem, 2 of them within 5bd."
	r.Sources = append(r.Sources, scorecard.RowSource{Name: facts.Jira, DataAsOf: dataAsOf(), Complete: true})
	return r
}

// PostmortemObjective is the rubric's entry of the Postmortems row.
func PostmortemObjective() scorecard.Objective {
	return scorecard.Objective{
		ID: "postmortem_completion", Measure: scorecard.MeasurePostmortems,
		Remediation: "Write the missing ones that the evidence names, oldest first.",
	}
}

// PostmortemEvidence is some of what stands behind the Postmortems row, oldest first.
func PostmortemEvidence() []scorecard.Evidence {
	incident := func(id, class string, counted scorecard.Counted, hours int, days *scorecard.Number, reason string) scorecard.Evidence {
		return scorecard.Evidence{
			Kind: "incident", ID: id, URL: "https://example.pagerduty.com/incidents/" + id, Class: class, Counted: counted,
			At: start().Add(time.Duration(hours) * time.Hour), Value: days, Reason: reason,
		}
	}
	return []scorecard.Evidence{
		incident("Q1AAA", "on_time", scorecard.InNumerator, 1, scorecard.Ratio(7, 3).Ptr(),
			"A post-mortem was due on 2026-07-08T02:00:00Z. DRE-1 (field): delivered on 2026-07-03T10:00:00Z."),
		incident("Q1BBB", "late", scorecard.InNumerator, 2, Number("12"),
			"A post-mortem was due on 2026-07-08T03:00:00Z. DRE-2 (link to DRE-9): delivered on 2026-07-13T03:00:00Z, late."),
		incident("Q1CCC", "missing", scorecard.InDenominator, 3, nil, "No post-mortem is delivered that was due on 2026-07-08T04:00:00Z."),
		{
			Kind: "ticket", ID: "DRE-2", URL: "https://example.atlassian.net/browse/DRE-2", Class: "postmortem", Counted: scorecard.NotCounted,
			At: start().Add(291 * time.Hour), Reason: "Delivered on 2026-07-13T03:00:00Z. It names Q1BBB (link).",
		},
	}
}
