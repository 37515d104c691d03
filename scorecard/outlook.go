package scorecard

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// outlook is what all periods share that are looked at from one instant.
type outlook struct {
	policy  *Policy
	rubric  RubricID
	asOf    time.Time
	facts   Facts // The incidents by time and id.
	states  map[facts.Source]facts.SourceState
	rules   map[facts.Source]SourceRules
	teamOf  map[string]string  // By service.
	roster  map[string]bool    // By account.
	targets map[string]*Digest // Incidents that others were merged into, by id; made when first asked for.
	lasting []*Digest          // Those of the incidents that went on for long.
	periods map[periodKey]*evaluator

	matchers []numberedMatcher  // Of all classes of tickets.
	byJira   map[string]*Person // By account.

	// What was asked for so far; all periods of one horizon share what is told by it, in nanoseconds since 1970.
	classes   map[int64]map[string]*classState
	reviews   map[int64]*reviews
	followUps map[int64]*followUps
	dueDays   map[term]Date

	records map[string][]attested             // By metric; made when first asked for.
	hours   map[eventSeries][]facts.EventHour // By time; likewise.
}

// periodKey tells periods of one outlook apart.
type periodKey struct {
	kind       PeriodKind
	start, end int64 // Unix microseconds.
}

func newOutlook(p *Policy, f Facts, asOf time.Time) *outlook {
	o := &outlook{
		policy: p, rubric: p.Rubric.Identity(), asOf: asOf.UTC(), facts: f,
		states: map[facts.Source]facts.SourceState{}, rules: map[facts.Source]SourceRules{},
		teamOf: p.serviceOwners(), roster: p.accounts(), periods: map[periodKey]*evaluator{},
		matchers: p.Tickets.matchers(), byJira: p.byJira(),
		classes: map[int64]map[string]*classState{}, reviews: map[int64]*reviews{}, followUps: map[int64]*followUps{}, dueDays: map[term]Date{},
	}
	o.facts.Incidents = inOrder(f.Incidents)
	for _, d := range o.facts.Incidents {
		if d.Lasting {
			o.lasting = append(o.lasting, d)
		}
	}
	for _, s := range f.Sources {
		o.states[s.Source] = s
	}
	for _, s := range p.Sources {
		o.rules[s.Source] = s
	}
	return o
}

// at returns the evaluator of a period, which is made once.
func (o *outlook) at(p Period) *evaluator {
	key := periodKey{p.Kind, p.Start.UnixMicro(), p.End.UnixMicro()}
	if e, ok := o.periods[key]; ok {
		return e
	}
	e := &evaluator{
		outlook: o, period: p, knownFrom: later(p.Start, o.states[facts.PagerDuty].DataSince),
		rows: map[rowKey]judgedRow{}, answers: map[rowKey]*responses{}, services: map[rowKey][]uptime{}, events: map[rowKey]*teamEvents{},
	}
	e.sortIncidents()
	o.periods[key] = e
	return e
}

// reaching yields, by time and id, the incidents of which something may reach
// an instant or come after it: those created at most a day before it, or
// later, and the lasting ones from before.
func (o *outlook) reaching(at time.Time) iter.Seq[*Digest] {
	recent := createdFrom(o.facts.Incidents, at.Add(-aDay))
	return func(yield func(*Digest) bool) {
		for _, d := range o.lasting {
			if len(recent) > 0 && !d.CreatedAt.Before(recent[0].CreatedAt) {
				break
			}
			if !yield(d) {
				return
			}
		}
		for _, d := range recent {
			if !yield(d) {
				return
			}
		}
	}
}

// createdFrom returns those of incidents, which come by time, that were created at an
// instant or later.
func createdFrom(incidents []*Digest, at time.Time) []*Digest {
	i, _ := slices.BinarySearchFunc(incidents, at, func(d *Digest, at time.Time) int { return d.CreatedAt.Compare(at) })
	return incidents[i:]
}

// inOrder returns incidents by time and id. It changes nothing of what it is given.
func inOrder(incidents []*Digest) []*Digest {
	if slices.IsSortedFunc(incidents, compareDigests) {
		return incidents
	}
	sorted := slices.Clone(incidents)
	SortDigests(sorted)
	return sorted
}

// SortDigests puts digests in the order of time and id, in which facts cost the least to look at.
func SortDigests(list []*Digest) { slices.SortFunc(list, compareDigests) }

func compareDigests(a, b *Digest) int {
	if c := a.CreatedAt.Compare(b.CreatedAt); c != 0 {
		return c
	}
	return cmp.Compare(a.ID, b.ID)
}

// horizon is the instant up to which facts of the sources are complete: no
// later than asOf. It is zero when one of them never completed a cycle.
func (o *outlook) horizon(sources []facts.Source) time.Time {
	h := o.asOf
	for _, s := range sources {
		if at := o.states[s].DataAsOf; at.Before(h) {
			h = at
		}
	}
	return h
}

// mergeTargets returns the incidents that others were merged into, by id.
func (o *outlook) mergeTargets() map[string]*Digest {
	if o.targets != nil {
		return o.targets
	}
	wanted := map[string]bool{}
	for _, d := range o.facts.Incidents {
		if d.MergedInto != "" {
			wanted[d.MergedInto] = true
		}
	}
	o.targets = make(map[string]*Digest, len(wanted))
	for _, d := range o.facts.Incidents {
		if wanted[d.ID] {
			o.targets[d.ID] = d
		}
	}
	return o.targets
}
