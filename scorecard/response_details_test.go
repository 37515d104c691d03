package scorecard_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// apart makes n incidents, two hours from one to the next, so that each is an
// episode of its own. The what of each is made from its number, from 1 on.
func apart(t *testing.T, n int, what func(int) []happening) []facts.Incident {
	t.Helper()
	list, from := make([]facts.Incident, 0, n), utc(t, "2026-07-02")
	for k := 1; k <= n; k++ {
		list = append(list, incident(fmt.Sprintf("Q%03d", k), from.Add(time.Duration(2*k)*time.Hour), what(k)...))
	}
	return list
}

// answeredAt answers incident k after k seconds.
func answeredAt(k int) []happening {
	return []happening{acknowledged(time.Duration(k)*time.Second, ada)}
}

// answeredOnly answers as answeredAt up to last, and no incident after it.
func answeredOnly(last int) func(int) []happening {
	return func(k int) []happening {
		if k > last {
			return nil
		}
		return answeredAt(k)
	}
}

func TestQuantilesAreShownWhereTheyMeanSomething(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		n             int
		answered      int
		p50, p90, p95 string
	}{
		"none":                         {0, 0, "-", "-", "-"},
		"one":                          {1, 1, "-", "-", "-"},
		"five are too few for p50":     {5, 5, "-", "-", "-"},
		"six have a p50: rank 3":       {6, 6, "3", "-", "-"},
		"35 are too few for p90":       {35, 35, "18", "-", "-"}, // Rank ⌈17.5⌉.
		"36 have a p90: rank ⌈32.4⌉":   {36, 36, "18", "33", "-"},
		"71 are too few for p95":       {71, 71, "36", "64", "-"},  // Ranks ⌈35.5⌉, ⌈63.9⌉.
		"72 have a p95: rank ⌈68.4⌉":   {72, 72, "36", "65", "69"}, // Ranks 36, ⌈64.8⌉.
		"100 at whole ranks":           {100, 100, "50", "90", "95"},
		"rank 33 of 36 is unanswered":  {36, 32, "18", "-", "-"},
		"rank 33 of 36 is the longest": {36, 33, "18", "33", "-"},
		"half of six are unanswered":   {6, 3, "3", "-", "-"},
		"most of six are unanswered":   {6, 2, "-", "-", "-"},
		"rank 69 of 72 is unanswered":  {72, 68, "36", "65", "-"},
		"all are unanswered":           {100, 0, "-", "-", "-"},
		"three of 100 are unanswered":  {100, 97, "50", "90", "95"},
		"95 of 100 are answered":       {100, 95, "50", "90", "95"},
		"94 of 100 are answered":       {100, 94, "50", "90", "-"},
		"400 go beyond the threshold":  {400, 400, "200", "360", "380"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := details(t, newWorld(t, apart(t, tt.n, answeredOnly(tt.answered))...).row(t, "mysql"))
			for _, q := range []struct {
				name string
				got  *int64
				want string
			}{{"p50", d.P50Seconds, tt.p50}, {"p90", d.P90Seconds, tt.p90}, {"p95", d.P95Seconds, tt.p95}} {
				got := "-"
				if q.got != nil {
					got = strconv.FormatInt(*q.got, 10)
				}
				if got != q.want {
					t.Errorf("%s of %d with %d answered is %s, want %s", q.name, tt.n, tt.answered, got, q.want)
				}
			}
		})
	}
}

func TestRowOfSoManyIncidents(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		n          int
		verdict    scorecard.Verdict
		confidence string
		low, high  string
	}{
		// Wilson for n of n: n/(n + 3.8415) to 1. The target is 0.90.
		"none is empty":                  {0, scorecard.Empty, "-", "-", "-"},
		"one is met and unproven":        {1, scorecard.Met, "unproven", "0.2065", "1.0000"}, // 1/4.8415
		"five are met and unproven":      {5, scorecard.Met, "unproven", "0.5655", "1.0000"}, // 5/8.8415
		"34 are unproven":                {34, scorecard.Met, "unproven", "0.8985", "1.0000"},
		"35 of 35 are met and proven":    {35, scorecard.Met, "proven", "0.9011", "1.0000"}, // 35/38.8415
		"100 of 100 are met and proven":  {100, scorecard.Met, "proven", "0.9630", "1.0000"},
		"30 of 30 are met, not proven":   {30, scorecard.Met, "unproven", "0.8865", "1.0000"},
		"12 of 12 are met, not proven":   {12, scorecard.Met, "unproven", "0.7575", "1.0000"},
		"299 of 299 answer by the limit": {299, scorecard.Met, "proven", "0.9873", "1.0000"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newWorld(t, apart(t, tt.n, answeredAt)...).row(t, "mysql")
			confidence, low, high := "-", "-", "-"
			if r.Confidence != nil {
				confidence = string(*r.Confidence)
			}
			if r.Interval != nil {
				low, high = fmt.Sprintf("%.4f", r.Interval.Low), fmt.Sprintf("%.4f", r.Interval.High)
			}
			got := []string{string(r.Verdict), confidence, low, high}
			if diff := cmp.Diff([]string{string(tt.verdict), tt.confidence, tt.low, tt.high}, got); diff != "" {
				t.Errorf("verdict, confidence, low and high (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEpisodesAreRunsOfJudgedIncidentsOfOneTeam(t *testing.T) {
	t.Parallel()
	start := utc(t, "2026-08-03 10:00:00")
	on := func(id string, minute int, what ...happening) facts.Incident {
		return incident(id, start.Add(time.Duration(minute)*time.Minute), what...)
	}
	quick, slow := acknowledged(time.Minute, ada), acknowledged(time.Hour, ada)
	tests := map[string]struct {
		incidents []facts.Incident
		want      scorecard.Episodes
	}{
		"none":                                    {nil, scorecard.Episodes{}},
		"30 min after the previous is the same":   {[]facts.Incident{on("Q1", 0, quick), on("Q2", 30, quick)}, scorecard.Episodes{Within: 1, Total: 1}},
		"31 min after the previous is another":    {[]facts.Incident{on("Q1", 0, quick), on("Q2", 31, quick)}, scorecard.Episodes{Within: 2, Total: 2}},
		"a chain goes on as long as it is linked": {[]facts.Incident{on("Q1", 0, quick), on("Q2", 25, quick), on("Q3", 50, quick)}, scorecard.Episodes{Within: 1, Total: 1}},
		"one late incident spoils its episode":    {[]facts.Incident{on("Q1", 0, slow), on("Q2", 5, quick), on("Q3", 60, quick)}, scorecard.Episodes{Within: 1, Total: 2}},
		"the last one may be the one that spoils": {[]facts.Incident{on("Q1", 0, quick), on("Q2", 5, quick), on("Q3", 6)}, scorecard.Episodes{Total: 1}},
		"two late ones spoil an episode once":     {[]facts.Incident{on("Q1", 0, slow), on("Q2", 5, slow), on("Q3", 60, quick)}, scorecard.Episodes{Within: 1, Total: 2}},
		"excluded incidents link nothing": {
			// The low-urgency one at 25 min lies between two that are 50 min apart.
			[]facts.Incident{on("Q1", 0, quick), on("Q2", 25, lowUrgency), on("Q3", 50, quick)}, scorecard.Episodes{Within: 2, Total: 2},
		},
		"another team's incidents link nothing": {
			[]facts.Incident{on("Q1", 0, quick), on("Q2", 5, onService("PONCALL1"), slow), on("Q3", 10, quick)}, scorecard.Episodes{Within: 1, Total: 2},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := details(t, newWorld(t, tt.incidents...).row(t, scorecard.OrgID)).Episodes; got != tt.want {
				t.Errorf("episodes %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestStormOfFortyIsOneTrial(t *testing.T) {
	t.Parallel()
	start, incidents := utc(t, "2026-08-03 02:00:00"), []facts.Incident{}
	for k := range 40 {
		incidents = append(incidents, incident(fmt.Sprintf("Q%02d", k), start.Add(time.Duration(k)*20*time.Second), acknowledged(time.Minute, ada)))
	}
	r := newWorld(t, incidents...).row(t, "mysql")
	// 40 of 40 incidents, and still only one episode: Wilson of 1/1 is 1/4.8415 = 0.2065 to 1.
	if shown(r.Value) != "1" || shown(r.Denominator) != "40" || *r.Confidence != scorecard.Unproven {
		t.Errorf("value %s of %s, %s, want 1 of 40, unproven", shown(r.Value), shown(r.Denominator), *r.Confidence)
	}
	if got := fmt.Sprintf("%.4f", r.Interval.Low); got != "0.2065" {
		t.Errorf("low end %s, want 0.2065", got)
	}
}

func TestShareOfSelfHealedIncidentsRaisesACaveatAboveThreeInTen(t *testing.T) {
	t.Parallel()
	healing := func(n int) func(int) []happening {
		return func(k int) []happening {
			if k <= n {
				return []happening{resolved(time.Minute, alarm)}
			}
			return answeredAt(k)
		}
	}
	// 3 of 10 is not above 0.3, 4 of 10 is.
	r := newWorld(t, apart(t, 10, healing(3))...).row(t, "mysql")
	if got := details(t, r).SelfHealedShare; shown(got) != "0.3" || len(r.Caveats) != 0 {
		t.Errorf("share %s with caveats %q, want 0.3 without", shown(got), r.Caveats)
	}
	r = newWorld(t, apart(t, 10, healing(4))...).row(t, "mysql")
	if got := details(t, r).SelfHealedShare; shown(got) != "0.4" || len(r.Caveats) != 1 {
		t.Errorf("share %s with caveats %q, want 0.4 with one", shown(got), r.Caveats)
	}
	if r.Coverage == nil || *r.Coverage != 1 {
		t.Errorf("coverage %v, want 1: the six judged ones are beyond doubt", r.Coverage)
	}
	r = newWorld(t).row(t, "mysql")
	if got := details(t, r).SelfHealedShare; got != nil {
		t.Errorf("the share of nothing is %s, want null", shown(got))
	}
}
