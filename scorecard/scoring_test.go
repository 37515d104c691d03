package scorecard_test

import (
	"fmt"
	"testing"

	"teamhealth/scorecard"
)

func TestScoreOfAValueIsItsClosenessToTheTarget(t *testing.T) {
	t.Parallel()
	const ratio, count = scorecard.UnitRatio, scorecard.UnitCount
	tests := map[string]struct {
		direction     scorecard.Direction
		unit          scorecard.Unit
		value, target string
		want          string
	}{
		"met is 100":         {scorecard.AtLeast, ratio, "0.95", "0.9", "100"},
		"met exactly is 100": {scorecard.AtLeast, ratio, "0.9", "0.9", "100"},
		"twice as many misses as allowed is half":   {scorecard.AtLeast, ratio, "0.8", "0.9", "50"},      // 100·0.1/0.2
		"three nines of five":                       {scorecard.AtLeast, ratio, "0.999", "0.99999", "1"}, // 100·0.00001/0.001
		"nothing at all scores what is allowed":     {scorecard.AtLeast, ratio, "0", "0.9", "10"},        // 100·0.1/1
		"a hair below comes no closer than 99":      {scorecard.AtLeast, ratio, "0.8999", "0.9", "99"},   // 100·0.1/0.1001 = 99.9
		"on a strict target is 99":                  {scorecard.Above, ratio, "0.9", "0.9", "99"},
		"a target of 1 is the value":                {scorecard.AtLeast, ratio, "0.75", "1", "75"},
		"a target of 1, nearly reached":             {scorecard.AtLeast, ratio, "0.999", "1", "99"},
		"a target of 0 that is strict":              {scorecard.Above, ratio, "0", "0", "0"},
		"twice the burden is half":                  {scorecard.Below, ratio, "0.2", "0.1", "50"}, // 100·0.1/0.2
		"on a strict limit is 99":                   {scorecard.Below, ratio, "0.1", "0.1", "99"},
		"below the limit is 100":                    {scorecard.Below, ratio, "0.09", "0.1", "100"},
		"more than at most":                         {scorecard.AtMost, count, "8", "2", "25"},
		"at most nothing, and there is some":        {scorecard.AtMost, count, "8", "0", "0"},
		"days against a limit":                      {scorecard.Below, scorecard.UnitDays, "182", "91", "50"},
		"three of four":                             {scorecard.AtLeast, count, "3", "4", "75"},
		"none of four":                              {scorecard.AtLeast, count, "0", "4", "0"},
		"a satisfaction of 4 against 4.5":           {scorecard.Above, scorecard.UnitScore, "3.6", "4.5", "80"},
		"a satisfaction right on its strict target": {scorecard.Above, scorecard.UnitScore, "4.5", "4.5", "99"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := scorecard.Objective{Direction: tt.direction, Unit: tt.unit}
			got := scorecard.Points(o, *decimal(tt.value), *decimal(tt.target))
			if got == nil || fmt.Sprint(*got) != tt.want {
				t.Errorf("%s %s %s scores %v, want %s", tt.value, tt.direction, tt.target, *got, tt.want)
			}
		})
	}
}

// scored is a row of a weight, with the score of a verdict that has one.
func scored(v scorecard.Verdict, weight string, score float64) scorecard.Row {
	r := scorecard.Row{Verdict: v, Weight: decimal(weight), Target: decimal("0.9")}
	if v == scorecard.Met || v == scorecard.Missed {
		r.Score = &score
	}
	return r
}

func TestCardScoreIsTheWeightedMeanOfWhatCouldBeScored(t *testing.T) {
	t.Parallel()
	untargeted := scored(scorecard.NoData, "5", 0)
	untargeted.Target = nil
	tests := map[string]struct {
		rows            []scorecard.Row
		score, coverage string
	}{
		"no rows":                       {nil, "-", "-"},
		"one met row":                   {[]scorecard.Row{scored(scorecard.Met, "1", 100)}, "100", "1"},
		"weights count":                 {[]scorecard.Row{scored(scorecard.Met, "3", 100), scored(scorecard.Missed, "1", 40)}, "85", "1"}, // (300 + 40)/4
		"half is covered":               {[]scorecard.Row{scored(scorecard.Missed, "1", 40), scored(scorecard.NoData, "1", 0)}, "40", "0.5"},
		"less than half is covered":     {[]scorecard.Row{scored(scorecard.Met, "1", 100), scored(scorecard.NoData, "1.01", 0)}, "-", "0.4975"}, // 1/2.01
		"stale counts against it":       {[]scorecard.Row{scored(scorecard.Met, "3", 100), scored(scorecard.Stale, "1", 0)}, "100", "0.75"},
		"too few counts against it":     {[]scorecard.Row{scored(scorecard.Met, "3", 100), scored(scorecard.InsufficientData, "1", 0)}, "100", "0.75"},
		"no data counts against it":     {[]scorecard.Row{scored(scorecard.Met, "3", 100), scored(scorecard.NoData, "1", 0)}, "100", "0.75"},
		"exempt does not":               {[]scorecard.Row{scored(scorecard.Met, "3", 100), scored(scorecard.Exempt, "1", 0)}, "100", "1"},
		"empty does not":                {[]scorecard.Row{scored(scorecard.Met, "3", 100), scored(scorecard.Empty, "1", 0)}, "100", "1"},
		"pending does not":              {[]scorecard.Row{scored(scorecard.Met, "3", 100), scored(scorecard.Pending, "1", 0)}, "100", "1"},
		"tracked does not":              {[]scorecard.Row{scored(scorecard.Met, "3", 100), scored(scorecard.Tracked, "1", 0)}, "100", "1"},
		"nor does what has no target":   {[]scorecard.Row{scored(scorecard.Met, "3", 100), untargeted}, "100", "1"},
		"nothing that counts":           {[]scorecard.Row{scored(scorecard.Empty, "1", 0), scored(scorecard.Tracked, "1", 0)}, "-", "-"},
		"nothing scored of what counts": {[]scorecard.Row{scored(scorecard.NoData, "1", 0)}, "-", "0"},
		"a weight of nothing":           {[]scorecard.Row{scored(scorecard.Met, "0", 100)}, "-", "-"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			score, coverage := scorecard.Total(tt.rows)
			if got := short(score); got != tt.score {
				t.Errorf("score %s, want %s", got, tt.score)
			}
			if got := short(coverage); got != tt.coverage {
				t.Errorf("coverage %s, want %s", got, tt.coverage)
			}
		})
	}
}

func short(f *float64) string {
	if f == nil {
		return "-"
	}
	return fmt.Sprintf("%.4g", *f)
}

func TestCardCountsItsVerdicts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, apart(t, 10, answeredAt)...)
	uptime := incidentResponse()
	uptime.ID, uptime.Measure = "database_uptime", scorecard.MeasureAvailability
	tracked := incidentResponse()
	tracked.ID, tracked.Target = "tracked_response", nil
	w.policy.Rubric.Objectives = append(w.policy.Rubric.Objectives, uptime, tracked)
	c := w.card(t, "mysql")
	if got, want := fmt.Sprint(c.Verdicts), "map[met:1 no_data:1 tracked:1]"; got != want {
		t.Errorf("verdicts %s, want %s", got, want)
	}
	// One of two rows with a target that count is scored: exactly one half.
	if short(c.Score) != "100" || short(c.Coverage) != "0.5" {
		t.Errorf("score %s, coverage %s, want 100 and 0.5", short(c.Score), short(c.Coverage))
	}
	if c.SchemaVersion != 1 || c.Rubric.Name != "default" || len(c.Rubric.SHA256) != 64 {
		t.Errorf("schema %d, rubric %+v", c.SchemaVersion, c.Rubric)
	}
	if got := c.Row("retention"); got != nil {
		t.Errorf("the card has a row %+v of an objective that is not in the rubric", got)
	}
}

func TestEventBudgetIsWhatTheTargetLeaves(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		direction                scorecard.Direction
		target                   string
		within, of               int
		allowed, used, remaining string
	}{
		"3 of 30 may miss 0.9":           {scorecard.AtLeast, "0.9", 28, 30, "3", "2", "1"},
		"2.9 of 29 are 2":                {scorecard.AtLeast, "0.9", 29, 29, "2", "0", "2"},
		"overspent is negative":          {scorecard.AtLeast, "0.9", 5, 10, "1", "5", "-4"},
		"none of 9 may miss 0.9":         {scorecard.AtLeast, "0.9", 9, 9, "0", "0", "0"},
		"above 0.9, 2 of 30, not 3":      {scorecard.Above, "0.9", 28, 30, "2", "2", "0"}, // 27/30 is not above 0.9.
		"above 0.9, 3 of 31":             {scorecard.Above, "0.9", 31, 31, "3", "0", "3"}, // 28/31 = 0.9032 is.
		"none may miss 1":                {scorecard.AtLeast, "1", 9, 10, "0", "1", "-1"},
		"a limit from above has none":    {scorecard.Below, "0.9", 5, 10, "-", "-", "-"},
		"a limit from above has none, 2": {scorecard.AtMost, "0.9", 5, 10, "-", "-", "-"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, apart(t, tt.of, answeredOnly(tt.within))...)
			w.objective().Direction, w.objective().Target = tt.direction, decimal(tt.target)
			b := w.row(t, "mysql").Budget
			if b == nil {
				b = &scorecard.Budget{Unit: "events"}
			}
			if shown(b.Allowed) != tt.allowed || shown(b.Used) != tt.used || shown(b.Remaining) != tt.remaining || b.Unit != "events" || b.ExhaustsAt != nil {
				t.Errorf("allowed %s, used %s, remaining %s %s, want %s, %s, %s events",
					shown(b.Allowed), shown(b.Used), shown(b.Remaining), b.Unit, tt.allowed, tt.used, tt.remaining)
			}
		})
	}
}
