package scorecard_test

import (
	"testing"

	"teamhealth/scorecard"
)

// spent is an objective of which so many items of so many are good, elapsed and
// rest in days of the window.
func spent(m scorecard.Measure, d scorecard.Direction, target string, good, of, elapsed, rest int64) scorecard.Step {
	return scorecard.Step{
		Objective: scorecard.Objective{Measure: m, Direction: d, Unit: scorecard.UnitRatio, Parameters: scorecard.Parameters{Of: "runbook"}},
		Target:    target, Numerator: good, Denominator: of, Elapsed: elapsed * 86400, Rest: rest * 86400,
	}
}

// budgeted is an objective of downtime of which the budget leaves so much.
func budgeted(d scorecard.Direction, left, value string, rest int64) scorecard.Step {
	return scorecard.Step{
		Objective: scorecard.Objective{Measure: scorecard.MeasureAvailability, Direction: d, Unit: scorecard.UnitRatio},
		Target:    "0.99999", Value: value, Left: left, Elapsed: 86400, Rest: rest,
	}
}

// plain is an objective with a value and nothing to divide.
func plain(m scorecard.Measure, u scorecard.Unit, d scorecard.Direction, target, value string, rest int64) scorecard.Step {
	return scorecard.Step{
		Objective: scorecard.Objective{Measure: m, Direction: d, Unit: u}, Target: target, Value: value, Elapsed: 86400, Rest: rest,
	}
}

func TestNextStepSaysWhatWouldMeetTheTarget(t *testing.T) {
	t.Parallel()
	response := func(target string, good, of, elapsed, rest int64) scorecard.Step {
		return spent(scorecard.MeasureResponseTime, scorecard.AtLeast, target, good, of, elapsed, rest)
	}
	tests := map[string]struct {
		step scorecard.Step
		want string
	}{
		// 48 in 60 days make 24 in 30; a tenth of 72 is 7, of which 5 are gone.
		"two of those to come may be late": {response("0.9", 43, 48, 60, 30), "2 of the next 24 may be late."},
		// A tenth of 72 is 7, and 8 are gone.
		"too many were late already":               {response("0.9", 40, 48, 60, 30), "About 24 more come before 1 October at this pace, and the target is missed even if none of them is late."},
		"all to come may be late":                  {response("0.1", 48, 48, 60, 30), "24 of the next 24 may be late."},
		"above is strict":                          {spent(scorecard.MeasureResponseTime, scorecard.Above, "0.9", 50, 50, 45, 45), "9 of the next 50 may be late."},
		"at least is not":                          {response("0.9", 50, 50, 45, 45), "10 of the next 50 may be late."},
		"met, too early for a pace":                {response("0.9", 29, 30, 10, 80), "2 in a row may be late."},
		"just met, too early for a pace":           {response("0.9", 9, 10, 10, 80), "The target is missed if the next one is late."},
		"missed, too early for a pace":             {response("0.9", 8, 10, 10, 80), "The target is met after 10 in a row of which none is late."},
		"missed, strictly, too early":              {spent(scorecard.MeasureResponseTime, scorecard.Above, "0.9", 8, 10, 10, 80), "The target is met after 11 in a row of which none is late."},
		"one is too many for a target of all":      {response("1", 8, 9, 10, 80), "The target is missed whatever comes before 1 October: it allows none that is late, and the number of these is 1."},
		"a window that is over and missed":         {response("0.9", 43, 50, 90, 0), "2 more of the 50 in time would have met the target."},
		"a window that is over and strictly equal": {spent(scorecard.MeasureTicketRatio, scorecard.Above, "0.9", 45, 50, 90, 0), "1 more of the 50 on the good side would have met the target."},
		"a window that is over and met":            {response("0.9", 45, 50, 90, 0), ""},
		"shifts that were too long":                {spent(scorecard.MeasureRotationShift, scorecard.AtLeast, "1", 11, 13, 90, 0), "2 more of the 13 shifts kept short would have met the target."},
		"joiners without a mentor":                 {spent(scorecard.MeasureMentorship, scorecard.AtLeast, "1", 1, 2, 90, 0), "1 more of the 2 joiners with a senior mentor would have met the target."},

		"post-mortems that are missing": {spent(scorecard.MeasurePostmortems, scorecard.AtLeast, "1", 7, 10, 90, 0), "3 more of the 10 meet the target: deliver post-mortems that are missing."},
		"services without a runbook":    {spent(scorecard.MeasureCoverage, scorecard.Above, "0.9", 8, 10, 60, 30), "2 more of the 10 meet the target: deliver tickets of class runbook that name the services without."},
		"services, when it is over":     {spent(scorecard.MeasureCoverage, scorecard.Above, "0.9", 8, 10, 90, 0), "2 more of the 10 would have met the target."},
		"places that are open":          {spent(scorecard.MeasureHiringPlan, scorecard.AtLeast, "1", 1, 3, 60, 30), "2 more of the 3 meet the target: fill the places that are planned and open."},
		"places that stayed open":       {spent(scorecard.MeasureHiringPlan, scorecard.AtLeast, "1", 1, 3, 90, 0), "2 more of the 3 would have met the target."},

		// 3 left of a mean of 20; if one of them had not, 2 of 20.5, which is less than a tenth.
		"too many left": {spent(scorecard.MeasureRetention, scorecard.Above, "0.9", 17, 20, 365, 0), "With 1 fewer leaving the target would have been met."},
		// 2 of 20 is a tenth, and has to be less; 1 of 20.5 is.
		"just too many left": {spent(scorecard.MeasureRetention, scorecard.Above, "0.9", 18, 20, 365, 0), "With 1 fewer leaving the target would have been met."},
		// Of 4 of 20, 3 of 20.5 is still too many, 2 of 21 is not.
		"two too many left": {spent(scorecard.MeasureRetention, scorecard.Above, "0.9", 16, 20, 300, 65), "With 2 fewer leaving the target would have been met."},
		// 1 of 40 is little, and so is 3 of 39; 4 of 38.5 is above a tenth.
		"two more may leave": {spent(scorecard.MeasureRetention, scorecard.Above, "0.9", 39, 40, 300, 65), "2 more may leave before 1 October."},
		"nobody may leave":   {spent(scorecard.MeasureRetention, scorecard.Above, "0.9", 19, 20, 300, 65), "The target is missed if one more leaves."}, // 2 of 19.5.
		"enough stayed":      {spent(scorecard.MeasureRetention, scorecard.Above, "0.9", 19, 20, 365, 0), ""},

		"all post-mortems are delivered": {spent(scorecard.MeasurePostmortems, scorecard.AtLeast, "1", 10, 10, 90, 0), ""},

		"downtime that is left":           {budgeted(scorecard.AtLeast, "71.488", "1", 86400), "1 min 11 s of downtime are left until 1 October."},
		"downtime that is all used":       {budgeted(scorecard.AtLeast, "0.4", "1", 86400), "No downtime is left until 1 October."},
		"whole seconds of a strict limit": {budgeted(scorecard.Above, "71", "1", 86400), "1 min 10 s of downtime are left until 1 October."},
		"downtime that is overspent":      {budgeted(scorecard.AtLeast, "-0.512", "0.9", 86400), "The downtime is 1 s beyond what the target leaves until 1 October: it cannot be met any more before."},
		"downtime of a quarter before":    {budgeted(scorecard.AtLeast, "-12.2", "0.9", 0), "13 s less of downtime would have met the target."},
		"no downtime in a quarter before": {budgeted(scorecard.AtLeast, "79", "1", 0), ""},

		// The allowance grows from 1000 s to 1500 s; strictly less than a tenth of it are 149 s.
		"incident work that is left": {spent(scorecard.MeasureOncallBurden, scorecard.Below, "0.1", 90, 1000, 60, 30), "About 59 s of incident work are left until 1 October."},
		"incident work beyond it":    {spent(scorecard.MeasureOncallBurden, scorecard.Below, "0.1", 200, 1000, 60, 30), "3 min 20 s of incident work are more than the target leaves until 1 October: it cannot be met any more before."},
		"incident work, in the past": {spent(scorecard.MeasureOncallBurden, scorecard.Below, "0.1", 120, 1000, 90, 0), "21 s less of incident work would have met the target."},
		"nobody on call":             {spent(scorecard.MeasureRotationCoverage, scorecard.AtLeast, "1", 900, 1000, 60, 30), "1 min 40 s of time with nobody on call are more than the target leaves until 1 October: it cannot be met any more before."},
		"somebody always on call":    {spent(scorecard.MeasureRotationCoverage, scorecard.AtLeast, "1", 1000, 1000, 60, 30), "No time with nobody on call is left until 1 October."},

		"a count that runs":       {plain(scorecard.MeasureTicketCount, scorecard.UnitCount, scorecard.AtLeast, "4", "1", 86400), "3 more before 1 October meet the target."},
		"a count that is over":    {plain(scorecard.MeasureTicketCount, scorecard.UnitCount, scorecard.AtLeast, "4", "1", 0), "3 more would have met the target."},
		"a count that is reached": {plain(scorecard.MeasureTicketCount, scorecard.UnitCount, scorecard.AtLeast, "4", "4", 86400), ""},
		"a score that is too low": {plain(scorecard.MeasureSurvey, scorecard.UnitScore, scorecard.Above, "4.5", "4.2", 0), "The value is 0.3 short of the target."},
		// 4.5 - 4.40961 = 0.09039, which 0.09 would not make good.
		"a score with many decimals": {plain(scorecard.MeasureSurvey, scorecard.UnitScore, scorecard.Above, "4.5", "4.40961", 0), "The value is 0.1 short of the target."},
		"a score on a strict limit":  {plain(scorecard.MeasureSurvey, scorecard.UnitScore, scorecard.Above, "4.5", "4.5", 0), "The value is equal to the target, and has to pass it."},
		"days that are too many":     {plain(scorecard.MeasureTimeToProductivity, scorecard.UnitDays, scorecard.Below, "91", "100", 0), "The value is 9 days beyond the target."},
		"a mean of shares":           {plain(scorecard.MeasurePostmortemQuality, scorecard.UnitRatio, scorecard.AtLeast, "0.9", "0.5", 0), ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.step.Sentence()
			if err != nil || got != tt.want {
				t.Errorf("got  %q, %v\nwant %q", got, err, tt.want)
			}
		})
	}
}
