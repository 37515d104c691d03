package scorecard_test

import (
	"testing"
	"time"

	"teamhealth/scorecard"
)

func TestBudgetOfDowntimeTellsWhenItWillBeUsedUp(t *testing.T) {
	t.Parallel()
	start := utc(t, "2026-07-01")
	const day = 24 * time.Hour
	tests := map[string]struct {
		used    time.Duration
		elapsed time.Duration
		want    string // Empty: none.
	}{
		// 19.488 s are left, at 60 s in 46 days (3,974,400 s): 19.488 · 3,974,400/60 = 1,290,885.12 s, or 14 days 22:34:45, later.
		"half of the quarter, more than half of the budget": {60 * time.Second, 46 * day, "2026-08-30 22:34:45"},
		// 49.488 · 3,974,400/30 is more than the 46 days that are left.
		"half of the quarter, less than half of the budget": {30 * time.Second, 46 * day, ""},
		"nothing used":                      {0, 46 * day, ""},
		"all used, and more":                {80 * time.Second, 46 * day, ""},
		"less than a quarter of the period": {60 * time.Second, 23*day - time.Second, ""},
		// 19.488 · 23 · 86,400/60 = 645,442.56 s, or 7 days 11:17:22, after July 24.
		"a quarter of the period":  {60 * time.Second, 23 * day, "2026-07-31 11:17:22"},
		"the quarter is over":      {60 * time.Second, 92 * day, ""},
		"the quarter is long over": {60 * time.Second, 102 * day, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newDownWorld(t, outage("Q1", start.Add(day), tt.used)).until(start.Add(tt.elapsed)).row(t, "mysql").Budget
			got := ""
			if b.ExhaustsAt != nil {
				got = b.ExhaustsAt.Format(time.DateTime)
			}
			if got != tt.want {
				t.Errorf("used up at %q, want %q", got, tt.want)
			}
			// What is allowed is the whole quarter's at any time.
			if shown(b.Allowed) != "79.488" || b.Remaining.Cmp(b.Allowed.Sub(*b.Used)) != 0 {
				t.Errorf("%s allowed, %s used, %s remaining", shown(b.Allowed), shown(b.Used), shown(b.Remaining))
			}
		})
	}
}

func TestBudgetOfDowntimeThatLastsToTheEndIsNotUsedUp(t *testing.T) {
	t.Parallel()
	start := utc(t, "2026-08-01")
	half := 31 * 12 * time.Hour
	// Of August, 31 · 86,400 = 2,678,400 s, 0.99 leaves 26,784 s. At half of it,
	tests := map[string]struct {
		used time.Duration
		want string
	}{
		"half of the budget is used, which lasts to the very end":           {13392 * time.Second, ""},
		"a second more, and the rest lasts for 13,391 · 1,339,200/13,393 s": {13393 * time.Second, "2026-08-31 23:56:40"},
		"all of it is used, to the second":                                  {26784 * time.Second, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDownWorld(t, outage("Q1", start, tt.used)).until(start.Add(half))
			w.period = "2026-08"
			w.objective().Target = decimal("0.99")
			got := ""
			if b := w.row(t, "mysql").Budget; b.ExhaustsAt != nil {
				got = b.ExhaustsAt.Format(time.DateTime)
			}
			if got != tt.want {
				t.Errorf("used up at %q, want %q", got, tt.want)
			}
		})
	}
}

func TestBudgetOfDowntimeIsExactAtTheTarget(t *testing.T) {
	t.Parallel()
	// Of 100 days, 8,640,000 s, 0.9999 leaves 864 s.
	w := newDownWorld(t, outage("Q1", utc(t, "2026-08-03"), 864*time.Second))
	w.period = "100d"
	w = w.until(w.asOf) // Read up to the end of the period, so that all of it has elapsed.
	w.objective().Target = decimal("0.9999")
	r := w.row(t, "mysql")
	if r.Verdict != scorecard.Met || shown(r.Budget.Remaining) != "0" || shown(r.Value) != "0.9999" {
		t.Errorf("%s with %s, %s remaining, want met with 0.9999 and 0", r.Verdict, shown(r.Value), shown(r.Budget.Remaining))
	}
	w.objective().Direction = scorecard.Above
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Missed {
		t.Errorf("strictly above, the verdict is %s, want missed", r.Verdict)
	}
	w.objective().Direction = scorecard.AtMost
	if r := w.row(t, "mysql"); r.Budget != nil {
		t.Errorf("budget %+v of a target that is no lower bound, want none", r.Budget)
	}
	w.objective().Target = nil
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Tracked || r.Budget != nil {
		t.Errorf("without a target: %s with budget %+v, want tracked with none", r.Verdict, r.Budget)
	}
}
