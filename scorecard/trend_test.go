package scorecard_test

import (
	"strconv"
	"testing"
)

// quarters answers so many of so many in Q2, and so many of so many in Q3.
func quarters(t *testing.T, before, ofBefore, now, ofNow int) world {
	t.Helper()
	w := newWorld(t, apart(t, ofNow, answeredOnly(now))...)
	for _, i := range apart(t, ofBefore, answeredOnly(before)) {
		i.ID, i.CreatedAt = "P"+i.ID, i.CreatedAt.AddDate(0, 0, -91)
		for n := range i.Timeline {
			i.Timeline[n].At = i.Timeline[n].At.AddDate(0, 0, -91)
		}
		w.incidents = append(w.incidents, i)
	}
	return w
}

func TestTrendComparesWithThePeriodBefore(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		world                       world
		previous, delta, detectable string
	}{
		"better, and beyond doubt":     {quarters(t, 10, 40, 40, 40), "0.25", "0.75", "true"},
		"better, but not beyond doubt": {quarters(t, 18, 20, 20, 20), "0.9", "0.1", "false"},
		"worse":                        {quarters(t, 20, 20, 15, 20), "1", "-0.25", "true"},
		"too few before to compare":    {quarters(t, 5, 5, 20, 20), "1", "0", "-"},
		"too few now to compare":       {quarters(t, 20, 20, 4, 8), "1", "-0.5", "-"},
		"nothing before":               {quarters(t, 0, 0, 20, 20), "none", "", ""},
		"nothing now":                  {quarters(t, 20, 20, 0, 0), "none", "", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			trend := tt.world.row(t, "mysql").Trend
			if trend == nil || tt.previous == "none" {
				if trend != nil || tt.previous != "none" {
					t.Errorf("trend %+v, want one from %s", trend, tt.previous)
				}
				return
			}
			detectable := "-"
			if trend.Detectable != nil {
				detectable = strconv.FormatBool(*trend.Detectable)
			}
			if shown(trend.Previous) != tt.previous || shown(trend.Delta) != tt.delta || detectable != tt.detectable {
				t.Errorf("trend %s by %s, detectable %s, want %s by %s, %s",
					shown(trend.Previous), shown(trend.Delta), detectable, tt.previous, tt.delta, tt.detectable)
			}
		})
	}
}

func TestTrendOfATrackedRowIsNotJudged(t *testing.T) {
	t.Parallel()
	w := quarters(t, 10, 40, 40, 40)
	w.objective().Target = nil
	if trend := w.row(t, "mysql").Trend; trend == nil || trend.Detectable != nil || shown(trend.Delta) != "0.75" {
		t.Errorf("trend %+v, want a delta of 0.75 that nobody judges", trend)
	}
	w.sources[0].DataSince = utc(t, "2026-04-02")
	if trend := w.row(t, "mysql").Trend; trend != nil {
		t.Errorf("trend %+v, and a day of the quarter before is unknown", trend)
	}
}
