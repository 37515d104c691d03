package scorecard

import (
	"slices"
	"time"
)

// fewestPeople is how many people a largest ratio must be the largest of:
// among fewer, everybody knows whose it is.
const fewestPeople = 3

// shortestWeek is the least time of one person that is compared as a week.
const shortestWeek = 24 * time.Hour

// longShift is the time within which pages to one person are counted together.
const longShift = 12 * time.Hour

// BurdenDetails are the details of an oncall_burden row. They name nobody.
type BurdenDetails struct {
	// WorstPerson and WorstWeek are the largest ratio of one person over the
	// period, and over one calendar week; null with fewer than 3 people.
	WorstPerson *Number   `json:"worst_person"`
	WorstWeek   *Number   `json:"worst_week"`
	Pages       PageHours `json:"pages"`
	// OncallShare is the share of time on call at the first level, the mean of
	// those who were; null when nobody was. A quarter is what Google advises at most.
	OncallShare *Number `json:"oncall_share"`
	// PagesPerShiftMax is the most pages to one person within any 12 hours. Google
	// takes more than 2 incidents for too many.
	PagesPerShiftMax int `json:"pages_per_shift_max"`
}

// bearer is one person of a burden, with what they bore in all of its teams.
type bearer struct {
	present                              bool
	elapsed, covered, allowance, primary int64
	weeks                                []weekShare
	pages                                []int64
}

// people adds the shares of each person up, by worker.
func (b *burden) people(workers int) []bearer {
	people := make([]bearer, workers)
	for _, s := range b.shares {
		p := &people[s.worker.index]
		if !p.present {
			p.present, p.weeks = true, make([]weekShare, len(s.weeks))
		}
		p.elapsed += s.elapsed
		p.covered += s.covered
		p.allowance += s.allowance
		p.primary += s.primary
		p.pages = append(p.pages, s.pages...)
		for i, w := range s.weeks {
			p.weeks[i].elapsed += w.elapsed
			p.weeks[i].covered += w.covered
			p.weeks[i].allowance += w.allowance
		}
	}
	return people
}

func counted(people []bearer) int {
	n := 0
	for _, p := range people {
		if p.present {
			n++
		}
	}
	return n
}

func burdenDetails(b burden, people []bearer) BurdenDetails {
	var d BurdenDetails
	for _, s := range b.shares {
		d.Pages = d.Pages.plus(s.hours)
	}
	var person, week ratioMax
	var shares Number
	primaries := 0
	for _, p := range people {
		person.consider(p.covered, p.allowance)
		for _, w := range p.weeks {
			if w.elapsed >= int64(shortestWeek/time.Second) {
				week.consider(w.covered, w.allowance)
			}
		}
		if p.primary > 0 {
			shares = shares.Add(Ratio(p.primary, p.elapsed))
			primaries++
		}
		slices.Sort(p.pages)
		d.PagesPerShiftMax = max(d.PagesPerShiftMax, mostWithin(p.pages, int64(longShift/time.Second)))
	}
	if primaries > 0 {
		d.OncallShare = shares.Quo(Int(primaries)).Ptr()
	}
	if counted(people) >= fewestPeople {
		d.WorstPerson, d.WorstWeek = person.number(), week.number()
	}
	return d
}

// ratioMax is the largest of some ratios; the zero one is of none.
type ratioMax struct{ num, den int64 }

func (m *ratioMax) consider(num, den int64) {
	if den > 0 && (m.den == 0 || num*m.den > m.num*den) {
		*m = ratioMax{num: num, den: den}
	}
}

func (m ratioMax) number() *Number {
	if m.den == 0 {
		return nil
	}
	return Ratio(m.num, m.den).Ptr()
}

// mostWithin is the most of some instants, in order, that lie within a span
// of so many seconds.
func mostWithin(instants []int64, seconds int64) int {
	most, first := 0, 0
	for i, at := range instants {
		for at-instants[first] >= seconds {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}
