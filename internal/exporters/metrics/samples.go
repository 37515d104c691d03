package metrics

import (
	"maps"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"teamhealth/scorecard"
)

// budgetInSeconds is the unit of the budgets that are exposed.
const budgetInSeconds = "seconds"

// sampler turns published cards into samples.
type sampler struct {
	*descriptions
	points   map[*prometheus.Desc][]point
	targeted map[[2]string]bool // Objective and team; a target has no window, so the first one that names it stands.
}

// point is a sample to be.
type point struct {
	value  float64
	labels []string
}

// sample returns the samples of everything that was published. They are made
// in the order of the exposition, by metric and label values, because a
// registry sorts them and the writer walks through their memory: out of order,
// a scrape takes more than twice as long.
func sample(d *descriptions, p *scorecard.Published) []prometheus.Metric {
	s := &sampler{descriptions: d, points: map[*prometheus.Desc][]point{}, targeted: map[[2]string]bool{}}
	s.published(p)
	var samples []prometheus.Metric
	for _, desc := range d.all() {
		points := s.points[desc]
		slices.SortFunc(points, func(a, b point) int { return slices.Compare(a.labels, b.labels) })
		for _, at := range points {
			samples = append(samples, at.metric(desc))
		}
	}
	return samples
}

// metric makes the sample. One that cannot be made fails the scrape, which shows.
func (p point) metric(d *prometheus.Desc) prometheus.Metric {
	m, err := prometheus.NewConstMetric(d, prometheus.GaugeValue, p.value, p.labels...)
	if err != nil {
		return prometheus.NewInvalidMetric(d, err)
	}
	return m
}

func (s *sampler) published(p *scorecard.Published) {
	s.organisation(p)
	s.add(s.unmappedServices, float64(p.UnmappedServices))
	s.add(s.unmappedPeople, float64(p.UnmappedPeople))
	for _, id := range slices.Sorted(maps.Keys(p.ExceptionsExpired)) {
		s.add(s.exceptionExpired, flag(p.ExceptionsExpired[id]), id)
	}
	for _, o := range p.Open {
		s.add(s.open, float64(o.Count), o.Status, o.Team, urgency(o.Urgency))
	}
	for _, w := range p.Windows {
		for i := range w.Cards {
			s.card(&w.Cards[i], w.Name)
		}
	}
}

// organisation names who the cards are about, as its own card does.
func (s *sampler) organisation(p *scorecard.Published) {
	for _, w := range p.Windows {
		for i := range w.Cards {
			if c := &w.Cards[i]; c.Subject.ID == scorecard.OrgID {
				s.add(s.orgInfo, 1, c.Subject.Name)
				return
			}
		}
	}
}

func (s *sampler) card(c *scorecard.Card, window string) {
	if c.Score != nil {
		s.add(s.cardScore, *c.Score/100, c.Subject.ID, window)
	}
	if c.Coverage != nil {
		s.add(s.cardCoverage, *c.Coverage, c.Subject.ID, window)
	}
	for i := range c.Rows {
		s.row(&c.Rows[i], c.Subject.ID, window)
	}
	s.duty(c, window)
	s.postmortems(c, window)
}

func (s *sampler) row(r *scorecard.Row, team, window string) {
	s.number(s.value, r.Value, r.ID, team, string(r.Unit), window)
	if key := [2]string{r.ID, team}; r.Target != nil && !s.targeted[key] {
		s.targeted[key] = true
		s.number(s.target, r.Target, r.ID, team, string(r.Unit))
	}
	s.add(s.verdict, 1, r.ID, team, string(r.Verdict), window)
	if r.Score != nil {
		s.add(s.score, *r.Score/100, r.ID, team, window)
	}
	s.number(s.numerator, r.Numerator, r.ID, team, window)
	s.number(s.denominator, r.Denominator, r.ID, team, window)
	if r.Interval != nil {
		s.add(s.low, r.Interval.Low, r.ID, team, window)
		s.add(s.high, r.Interval.High, r.ID, team, window)
	}
	if r.Budget != nil && r.Budget.Unit == budgetInSeconds {
		s.number(s.budget, r.Budget.Allowed, r.ID, team, window)
		s.number(s.remaining, r.Budget.Remaining, r.ID, team, window)
	}
}

// number adds a sample unless there is nothing to say.
func (s *sampler) number(d *prometheus.Desc, n *scorecard.Number, labels ...string) {
	if n != nil {
		s.add(d, n.Float(), labels...)
	}
}

// add notes a sample. Its labels stand in the order of their names.
func (s *sampler) add(d *prometheus.Desc, value float64, labels ...string) {
	s.points[d] = append(s.points[d], point{value, labels})
}

func flag(on bool) float64 {
	if on {
		return 1
	}
	return 0
}
