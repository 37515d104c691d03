package metrics_test

import (
	"strings"
	"testing"

	"teamhealth/internal/exporters/text/cardtest"
	"teamhealth/scorecard"
)

func TestIncidentsThatNeedAPostmortemAreExposed(t *testing.T) {
	t.Parallel()
	r, _ := registry(t, published())
	// 2 on time + 1 late are completed, 1 is missing, 2 are not due yet: 3 + 1 + 2 = 6.
	wantLines(t, exposition(t, r),
		`teamhealth_postmortems_required{team="mysql",window="previous_quarter"} 6`,
		`teamhealth_postmortems_completed{team="mysql",window="previous_quarter"} 3`,
		`teamhealth_postmortems_overdue{team="mysql",window="previous_quarter"} 1`,
		`teamhealth_postmortems_pending{team="mysql",window="previous_quarter"} 2`,
	)
}

func TestADeliveryOfUnknownTimeIsACompletedPostmortem(t *testing.T) {
	t.Parallel()
	p := published()
	row := mysql(p).Row("postmortem_completion")
	row.Population = scorecard.Population{Total: 3, Used: 3, Classes: map[string]int{"undated": 2, "missing": 1}, Excluded: map[string]int{}}
	r, _ := registry(t, p)
	wantLines(t, exposition(t, r),
		`teamhealth_postmortems_required{team="mysql",window="previous_quarter"} 3`,
		`teamhealth_postmortems_completed{team="mysql",window="previous_quarter"} 2`,
		`teamhealth_postmortems_overdue{team="mysql",window="previous_quarter"} 1`,
		`teamhealth_postmortems_pending{team="mysql",window="previous_quarter"} 0`,
	)
}

func TestPostmortemsAreCountedOnlyWhereTheyWereMeasured(t *testing.T) {
	t.Parallel()
	counted := cardtest.Postmortems(cardtest.AsOf(), cardtest.AsOf()).Population
	none := scorecard.Population{Classes: map[string]int{}, Excluded: map[string]int{}}
	heldBack := scorecard.Population{Total: 7, Used: 4, Classes: map[string]int{}, Excluded: map[string]int{"pending": 2}}
	for name, test := range map[string]struct {
		verdict    scorecard.Verdict
		population scorecard.Population
		required   string // Empty: no sample of any of the four.
	}{
		"a stale row shows what was known":            {scorecard.Stale, counted, "6"},
		"nothing to write about is none":              {scorecard.Empty, none, "0"},
		"only what is not due yet is required":        {scorecard.Pending, scorecard.Population{Total: 2, Classes: map[string]int{}, Excluded: map[string]int{"pending": 2}}, "2"},
		"a row without data is silent":                {scorecard.NoData, scorecard.Population{}, ""},
		"a stale row that nobody measured is silent":  {scorecard.Stale, scorecard.Population{}, ""},
		"an exempt row is silent, whatever was found": {scorecard.Exempt, counted, ""},
		"a row that is held back is silent":           {scorecard.InsufficientData, heldBack, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := published()
			row := mysql(p).Row("postmortem_completion")
			row.Verdict, row.Population = test.verdict, test.population
			r, _ := registry(t, p)
			got := exposition(t, r)
			if test.required == "" {
				if strings.Contains(got, "teamhealth_postmortems_") {
					t.Errorf("there are samples of post-mortems, of which nothing is known:\n%s", got)
				}
				return
			}
			wantLines(t, got, `teamhealth_postmortems_required{team="mysql",window="previous_quarter"} `+test.required)
		})
	}
}

func TestACardWithoutARowOfPostmortemsSaysNothingOfThem(t *testing.T) {
	t.Parallel()
	r, _ := registry(t, published())
	for line := range strings.Lines(exposition(t, r)) {
		if strings.HasPrefix(line, "teamhealth_postmortems_") && !strings.Contains(line, `team="mysql"`) {
			t.Errorf("exposed without a row: %s", line)
		}
	}
}
