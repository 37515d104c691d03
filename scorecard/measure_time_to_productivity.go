package scorecard

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// The classes of joiners as time_to_productivity sees them. The first two are judged.
const (
	joinerProductive = "productive"
	joinerLearning   = "not_yet_productive"
	joinerUnknown    = "unknown" // They joined before on-call shifts are kept, and no date is recorded.
	joinerGone       = "left"    // Before they were productive.
)

// joinerLookback is the most by which a trailing year is longer than a period.
const joinerLookback = 366 * 24 * time.Hour

// apprenticeship is how long somebody took to be productive, or has been there
// without, in whole local days.
type apprenticeship struct {
	class string
	days  int
}

// measureTimeToProductivity is the median of days from joining to being
// productive, over those who joined in the window: the mean of the middle two of
// an even number. Whoever is not productive yet takes longer than they have been
// there, and nobody knows how much longer; where the median depends on that there
// is no value.
func measureTimeToProductivity(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).timeToProductivity)
}

func (v *subjectView) timeToProductivity() measurement {
	p := newPopulation()
	var judged []apprenticeship
	for _, joiner := range v.joined(v.window()) {
		a := v.apprenticeship(joiner)
		p.Total++
		if a.class == joinerProductive || a.class == joinerLearning {
			p.Used++
			p.Classes[a.class]++
			judged = append(judged, a)
		} else {
			p.Excluded[a.class]++
		}
	}
	m := measurement{judged: p.Used, trusted: p.Used, population: p}
	m.evidence = func() []Evidence { return v.productivityEvidence(p) }
	if n := p.Excluded[joinerUnknown]; n > 0 {
		m.judgeable = judgeable(p.Used, n)
		m.caveats = append(m.caveats, fmt.Sprintf("Joiners from before on-call shifts are kept, without a recorded date: %d. They are left out.", n))
	}
	if p.Used == 0 {
		return m
	}
	low, known := medianOf(judged)
	if known {
		m.value, m.reason = &low, fmt.Sprintf("The median of %d joiners was productive after %s days.", p.Used, low)
		return m
	}
	m.atLeast = &low
	m.reason = fmt.Sprintf("The median of %d joiners is not productive yet; it will be more than %s days.", p.Used, low)
	return m
}

// apprenticeship tells how long somebody who joined took. What came about after the card's
// end counts as far as it is known: else the joiners of its last weeks would be slow for ever.
func (v *subjectView) apprenticeship(p *Person) apprenticeship {
	loc := v.policy.Calendar.Location
	joined := p.Joined.In(loc)
	productive, known := v.productiveOn(p, joined)
	end := v.known()
	left := p.Left.In(loc)
	switch {
	case !known:
		return apprenticeship{class: joinerUnknown}
	case !productive.IsZero() && !productive.After(end):
		return apprenticeship{joinerProductive, localDays(joined, productive, loc)}
	case !p.Left.IsZero() && !left.After(end):
		return apprenticeship{class: joinerGone}
	}
	return apprenticeship{joinerLearning, localDays(joined, end, loc)}
}

// productiveOn is when somebody was or will be productive; the zero time where
// they are not, as far as is known. It is unknown of those without a recorded
// date who joined before shifts are kept.
func (v *subjectView) productiveOn(p *Person, joined time.Time) (at time.Time, known bool) {
	if !p.ProductiveOn.IsZero() {
		return p.ProductiveOn.In(v.policy.Calendar.Location), true
	}
	if joined.Before(v.states[facts.PagerDuty].DataSince) || p.PagerDuty == "" {
		return time.Time{}, false
	}
	for _, s := range v.facts.Shifts {
		if s.User == p.PagerDuty && s.Level == primaryLevel && !s.Start.Before(joined) && (at.IsZero() || s.Start.Before(at)) {
			at = s.Start
		}
	}
	return at, true
}

// needed lists the sources that the row cannot do without. When people became productive is
// in the roster where it was written down, and only of the others on-call shifts tell.
func (v *subjectView) needed() []facts.Source {
	if v.objective.Measure == MeasureTimeToProductivity {
		if missing, _ := v.unrecorded(); missing == 0 {
			return nil
		}
	}
	return v.objective.needs()
}

// unrecorded counts those who joined in the window by the instant of evaluation, and those
// among them of whom no date is recorded.
func (v *subjectView) unrecorded() (missing, all int) {
	for _, joiner := range v.joinedBy(v.window(), v.asOf) {
		all++
		if joiner.ProductiveOn.IsZero() {
			missing++
		}
	}
	return missing, all
}

// untold says whom a source that cannot be asked would tell of, where others are
// known without it; empty where a row needs its sources as a whole.
func (v *subjectView) untold() string {
	if v.objective.Measure != MeasureTimeToProductivity || len(v.needs) == 0 {
		return ""
	}
	missing, all := v.unrecorded()
	return fmt.Sprintf(" It would tell of the joiners without a recorded productive_on: %d of %d.", missing, all)
}

// localDays counts the midnights between two instants.
func localDays(from, to time.Time, loc *time.Location) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(loc).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(to).Sub(day(from)) / (24 * time.Hour))
}

// medianOf returns the least that the median can be, and whether it is that
// whenever those who are not productive yet will be.
func medianOf(all []apprenticeship) (least Number, known bool) {
	slices.SortFunc(all, func(a, b apprenticeship) int {
		return cmp.Or(cmp.Compare(a.days, b.days), cmp.Compare(a.class, b.class))
	})
	low := []int{all[(len(all)-1)/2].days, all[len(all)/2].days}
	done := slices.DeleteFunc(slices.Clone(all), func(a apprenticeship) bool { return a.class == joinerLearning })
	least = Ratio(int64(low[0]+low[1]), 2)
	if len(done) <= len(all)/2 {
		return least, false
	}
	high := []int{done[(len(all)-1)/2].days, done[len(all)/2].days}
	return least, slices.Equal(low, high)
}

func (v *subjectView) productivityEvidence(p Population) []Evidence {
	items := []Evidence{}
	add := func(from map[string]int, class string, counted Counted, what string) {
		if n := from[class]; n > 0 {
			items = append(items, people(class, n, v.window().Start, counted, what))
		}
	}
	add(p.Classes, joinerProductive, InDenominator, "Joiners who are productive")
	add(p.Classes, joinerLearning, InDenominator, "Joiners who are not productive yet")
	add(p.Excluded, joinerUnknown, NotCounted, "Joiners of whom it is not known")
	add(p.Excluded, joinerGone, NotCounted, "Joiners who left before")
	sortEvidence(items)
	return items
}
