package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"teamhealth/scorecard"
)

// postmortemDescriptions are the metrics of what was written about incidents.
type postmortemDescriptions struct {
	required, completed, overdue, pending *prometheus.Desc
}

func describePostmortems() postmortemDescriptions {
	card := []string{"team", "window"}
	return postmortemDescriptions{
		required: desc("postmortems_required",
			"Resolved incidents that need a post-mortem, whether it is due yet or not:"+
				" teamhealth_postmortems_completed, _overdue and _pending add up to them.", card...),
		completed: desc("postmortems_completed",
			"Resolved incidents whose post-mortem was due and is delivered, in time or late.", card...),
		overdue: desc("postmortems_overdue",
			"Resolved incidents whose post-mortem was due and is not delivered.", card...),
		pending: desc("postmortems_pending",
			"Resolved incidents whose post-mortem is not due yet, whether it is there already or not.", card...),
	}
}

func (d *postmortemDescriptions) all() []*prometheus.Desc {
	return []*prometheus.Desc{d.required, d.completed, d.overdue, d.pending}
}

// postmortems adds how many incidents need a post-mortem, and how many have it.
func (s *sampler) postmortems(c *scorecard.Card, window string) {
	r := measured(c, scorecard.MeasurePostmortems)
	if r == nil || !r.Population.Known() {
		return
	}
	done := 0
	for class, n := range r.Population.Classes {
		if scorecard.PostmortemClass(class).Done() {
			done += n
		}
	}
	pending := r.Population.Excluded[string(scorecard.PostmortemPending)]
	s.add(s.required, float64(r.Population.Used+pending), c.Subject.ID, window)
	s.add(s.completed, float64(done), c.Subject.ID, window)
	s.add(s.overdue, float64(r.Population.Used-done), c.Subject.ID, window)
	s.add(s.pending, float64(pending), c.Subject.ID, window)
}
