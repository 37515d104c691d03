package scorecard

import "fmt"

// The classes of joiners as mentorship sees them.
const (
	joinerMentored   = "mentored"
	joinerUnmentored = "unmentored"
)

// measureMentorship judges which share of the period's joiners have a mentor who
// was of level L5 or above, and employed, on the day that they joined.
func measureMentorship(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).mentorship)
}

func (v *subjectView) mentorship() measurement {
	p := newPopulation()
	for _, joiner := range v.joined(v.window()) {
		p.Total++
		p.Used++
		if v.isMentored(joiner) {
			p.Classes[joinerMentored]++
		} else {
			p.Classes[joinerUnmentored]++
		}
	}
	m := measurement{judged: p.Used, trusted: p.Used, population: p}
	m.evidence = func() []Evidence { return v.mentorshipEvidence(p) }
	if p.Used > 0 {
		good := p.Classes[joinerMentored]
		m.numerator, m.denominator, m.value = Int(good).Ptr(), Int(p.Used).Ptr(), Ratio(int64(good), int64(p.Used)).Ptr()
		m.reason = fmt.Sprintf("%d of %d joiners had a mentor of level L%d or above.", good, p.Used, seniorLevel)
	}
	return m
}

func (v *subjectView) isMentored(joiner *Person) bool {
	loc := v.policy.Calendar.Location
	at := joiner.Joined.In(loc)
	for i := range v.policy.People {
		if p := &v.policy.People[i]; joiner.Mentor != "" && p.ID == joiner.Mentor {
			return p.Employed(at, loc) && p.isSenior(at, loc)
		}
	}
	return false
}

func (v *subjectView) mentorshipEvidence(p Population) []Evidence {
	items := []Evidence{}
	if n := p.Classes[joinerMentored]; n > 0 {
		items = append(items, people(joinerMentored, n, v.period.Start, InNumerator, "Joiners with a senior mentor"))
	}
	if n := p.Classes[joinerUnmentored]; n > 0 {
		items = append(items, people(joinerUnmentored, n, v.period.Start, InDenominator, "Joiners without a senior mentor"))
	}
	sortEvidence(items)
	return items
}
