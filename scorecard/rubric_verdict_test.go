package scorecard_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/config"
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// ladder is the order of verdicts: the first that applies is taken. A row is
// met or missed when nothing above them applies.
func ladder() []scorecard.Verdict {
	return []scorecard.Verdict{
		scorecard.Exempt, scorecard.NoData, scorecard.Stale, scorecard.Empty, scorecard.Pending, scorecard.InsufficientData,
		scorecard.Tracked, scorecard.Missed, scorecard.Met,
	}
}

// sourcesOf lists what the rows of each measure cannot do without.
func sourcesOf(o scorecard.Objective) []facts.Source {
	byMeasure := map[scorecard.Measure][]facts.Source{
		scorecard.MeasureAvailability:       {facts.PagerDuty},
		scorecard.MeasureEvents:             {facts.Prometheus},
		scorecard.MeasureResponseTime:       {facts.PagerDuty},
		scorecard.MeasurePostmortems:        {facts.PagerDuty, facts.Jira},
		scorecard.MeasurePostmortemQuality:  {facts.Jira},
		scorecard.MeasureActionItems:        {facts.Jira},
		scorecard.MeasureTicketRatio:        {facts.Jira},
		scorecard.MeasureTicketCount:        {facts.Jira},
		scorecard.MeasureCoverage:           {facts.Jira},
		scorecard.MeasureSurvey:             {facts.Records},
		scorecard.MeasureRecordCount:        {facts.Records},
		scorecard.MeasureRecordLatest:       {facts.Records},
		scorecard.MeasureRetention:          nil, // The roster is configuration.
		scorecard.MeasureTimeToProductivity: {facts.PagerDuty},
		scorecard.MeasureHiringPlan:         nil,
		scorecard.MeasureMentorship:         nil,
		scorecard.MeasureOnboarding:         {facts.Jira},
		scorecard.MeasureOncallBurden:       {facts.PagerDuty},
		scorecard.MeasureRotationCoverage:   {facts.PagerDuty},
		scorecard.MeasureRotationSize:       {facts.PagerDuty},
		scorecard.MeasureRotationShift:      {facts.PagerDuty},
		scorecard.MeasureEscalationDepth:    {facts.PagerDuty},
		scorecard.MeasureCrossLine:          {facts.Jira},
	}
	if o.ID == "executed_by_oncall" {
		return []facts.Source{facts.PagerDuty, facts.Jira}
	}
	return byMeasure[o.Measure]
}

// reason gives a row a reason for a verdict.
type reason struct {
	name    string
	verdict scorecard.Verdict
	give    func(*stage, *scorecard.Objective)
	source  bool // It is about a source.
}

// reasonsFor are the reasons that every row of an objective can have.
func reasonsFor(o scorecard.Objective) []reason {
	list := []reason{{"an exception", scorecard.Exempt, func(s *stage, o *scorecard.Objective) {
		s.policy.Exceptions = []scorecard.Exception{{ID: "ex1", Objective: o.ID, Until: scorecard.Date{Year: 2030, Month: time.January, Day: 1}}}
	}, false}}
	for _, source := range sourcesOf(o) {
		list = append(list,
			reason{string(source) + " is not configured", scorecard.NoData, func(s *stage, _ *scorecard.Objective) {
				s.policy.Sources = slices.DeleteFunc(s.policy.Sources, func(r scorecard.SourceRules) bool { return r.Source == source })
			}, true},
			reason{string(source) + " was never read", scorecard.NoData, func(s *stage, _ *scorecard.Objective) { s.never = []facts.Source{source} }, true})
	}
	switch o.Measure {
	case scorecard.MeasureRetention, scorecard.MeasureTimeToProductivity, scorecard.MeasureHiringPlan, scorecard.MeasureMentorship,
		scorecard.MeasureOnboarding, scorecard.MeasureOncallBurden, scorecard.MeasureCrossLine:
		list = append(list, reason{"no roster", scorecard.NoData, func(s *stage, _ *scorecard.Objective) { s.policy.People = nil }, false})
	default:
	}
	if sourcesOf(o) != nil {
		list = append(list, reason{"two hours without a cycle", scorecard.Stale, func(s *stage, _ *scorecard.Objective) { s.readAt = s.runningAt().Add(-2 * time.Hour) }, true})
	}
	if o.Unit != scorecard.UnitCount || o.Requires != "" { // Things that are counted are never too few.
		list = append(list, reason{"a least number", scorecard.InsufficientData, func(_ *stage, o *scorecard.Objective) { o.MinN = math.MaxInt }, false})
	}
	return append(list, reason{"no target", scorecard.Tracked, func(_ *stage, o *scorecard.Objective) { o.Target, o.TargetFrom = nil, "" }, false})
}

// runningAt is the last instant of the period that has come.
func (s *stage) runningAt() time.Time {
	if end := s.span().End; end.Before(s.asOf) {
		return end
	}
	return s.asOf
}

// higher is the verdict of the higher rung.
func higher(a, b scorecard.Verdict) scorecard.Verdict {
	if slices.Index(ladder(), a) < slices.Index(ladder(), b) {
		return a
	}
	return b
}

// withReasons is the verdict on a row that has more reasons. Without a target a count is not
// below it, and a value that is not known yet does not miss it.
func withReasons(o scorecard.Objective, row judged, reasons ...reason) scorecard.Verdict {
	counts := o.Measure == scorecard.MeasureTicketCount || o.Measure == scorecard.MeasureRecordCount
	verdict := row.verdict()
	untargeted := slices.ContainsFunc(reasons, func(r reason) bool { return r.verdict == scorecard.Tracked })
	switch {
	case untargeted && counts && verdict == scorecard.Pending:
		verdict = scorecard.Tracked
	case untargeted && verdict == scorecard.Missed && strings.Contains(row.row, "= -,"):
		verdict = scorecard.Pending
	}
	for _, r := range reasons {
		verdict = higher(verdict, r.verdict)
	}
	return verdict
}

// TestReasonsForVerdictsComeInOrder gives every row of the rubric's cases one more reason for
// a verdict, and then two more. Of all that apply the first is taken.
func TestReasonsForVerdictsComeInOrder(t *testing.T) {
	t.Parallel()
	c := rubricConfig(t)
	for id, cases := range rubricCases() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			o := *newStage(t, c).objective(id)
			reasons := reasonsFor(o)
			for name, tt := range cases {
				for i, first := range reasons {
					for _, second := range reasons[i:] {
						s := newStage(t, c, id)
						tt.given(s)
						first.give(s, s.objective(id))
						second.give(s, s.objective(id))
						for subject, card := range s.cards() {
							was, ok := tt.want[subject]
							if !ok {
								continue
							}
							row := card.Row(id)
							want := withReasons(o, was, tt.felt(first, second)...)
							if row.Verdict != want || row.Reason == "" {
								t.Errorf("%s, %s, with %s and %s: %s (%s), want %s", name, subject, first.name, second.name, row.Verdict, row.Reason, want)
							}
							checkNumbers(t, row)
						}
					}
				}
			}
		})
	}
}

// felt are those of some reasons that the row of a case can have.
func (c rubricCase) felt(reasons ...reason) []reason {
	return slices.DeleteFunc(reasons, func(r reason) bool { return r.source && c.alone })
}

// verdict is the first word.
func (j judged) verdict() scorecard.Verdict {
	word, _, _ := strings.Cut(j.row, " ")
	return scorecard.Verdict(word)
}

// checkNumbers wants none where a verdict has none.
func checkNumbers(t *testing.T, r *scorecard.Row) {
	t.Helper()
	switch r.Verdict {
	case scorecard.Met, scorecard.Missed:
		if (r.Score == nil) != (r.Value == nil) {
			t.Errorf("%s is %s with value %s and score %v", r.ID, r.Verdict, shown(r.Value), r.Score)
		}
		return
	case scorecard.Exempt, scorecard.NoData, scorecard.Empty, scorecard.InsufficientData:
		if r.Value != nil || r.Numerator != nil || r.Denominator != nil || r.Interval != nil || r.Budget != nil {
			t.Errorf("%s is %s, and shows %s, %s/%s, %v, %v", r.ID, r.Verdict, shown(r.Value), shown(r.Numerator), shown(r.Denominator), r.Interval, r.Budget)
		}
	case scorecard.Stale, scorecard.Pending, scorecard.Tracked:
	}
	if r.Score != nil || r.Confidence != nil {
		t.Errorf("%s is %s with a score %v, confidence %v", r.ID, r.Verdict, r.Score, r.Confidence)
	}
}

// TestEveryMeasureHasItsVerdicts says which verdicts each measure has: all, but for the
// ones that by its nature it cannot have.
func TestEveryMeasureHasItsVerdicts(t *testing.T) {
	t.Parallel()
	lacking := map[scorecard.Measure][]scorecard.Verdict{
		scorecard.MeasureTicketCount: {scorecard.Empty, scorecard.InsufficientData}, // Nothing counted is a count.
		scorecard.MeasureRecordCount: {scorecard.Empty, scorecard.InsufficientData},

		scorecard.MeasureRetention:  {scorecard.Stale, scorecard.Pending}, // The roster is always at hand, and the year before too.
		scorecard.MeasureMentorship: {scorecard.Stale, scorecard.Pending}, // A mentor is there on the first day.
		scorecard.MeasureHiringPlan: {scorecard.Stale},

		scorecard.MeasureTicketRatio:       {scorecard.Pending}, // What is not finished is in no population.
		scorecard.MeasurePostmortemQuality: {scorecard.Pending},
		scorecard.MeasureCrossLine:         {scorecard.Pending},
		scorecard.MeasureSurvey:            {scorecard.Pending},
		scorecard.MeasureRecordLatest:      {scorecard.Pending},

		scorecard.MeasureCoverage:        {scorecard.Empty, scorecard.Pending}, // There are services, and it looks back.
		scorecard.MeasureEscalationDepth: {scorecard.Empty, scorecard.Pending}, // There are policies, as they are now.
		scorecard.MeasureRotationSize:    {scorecard.Empty},

		scorecard.MeasureRotationCoverage: {scorecard.Empty}, // Time passes.
	}
	reached := map[scorecard.Measure][]scorecard.Verdict{}
	c := rubricConfig(t)
	for _, o := range newStage(t, c).policy.Rubric.Objectives {
		for _, v := range verdictsOf(t, c, o) {
			if !slices.Contains(reached[o.Measure], v) {
				reached[o.Measure] = append(reached[o.Measure], v)
			}
		}
	}
	for _, m := range scorecard.Measures() {
		want := slices.DeleteFunc(ladder(), func(v scorecard.Verdict) bool { return slices.Contains(lacking[m], v) })
		slices.Sort(want)
		slices.Sort(reached[m])
		if diff := cmp.Diff(want, reached[m]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", m, diff)
		}
	}
}

// verdictsOf are those that the cases of an objective have as they are, with each of the
// reasons, with a target that is easily met or never, and at the first instant of the quarter.
func verdictsOf(t *testing.T, c *config.Config, o scorecard.Objective) []scorecard.Verdict {
	t.Helper()
	changes := append(reasonsFor(o), reason{"as it is", "", func(*stage, *scorecard.Objective) {}, false})
	for _, target := range []string{"0", "1000000"} {
		changes = append(changes, reason{"at least " + target, "", func(_ *stage, o *scorecard.Objective) {
			o.Target, o.TargetFrom, o.Direction = decimal(target), "", scorecard.AtLeast
		}, false})
	}
	changes = append(changes, reason{"it begins", "", func(s *stage, _ *scorecard.Objective) { s.asOf = s.span().Start }, false})
	var list []scorecard.Verdict
	for _, tt := range rubricCases()[o.ID] {
		for _, change := range changes {
			s := newStage(t, c, o.ID)
			tt.given(s)
			change.give(s, s.objective(o.ID))
			for _, card := range s.cards() {
				if row := card.Row(o.ID); row != nil {
					list = append(list, row.Verdict)
				}
			}
		}
	}
	return list
}
