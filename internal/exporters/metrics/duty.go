package metrics

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// dutyDescriptions are the metrics of what incidents cost: the services' time
// and that of the people on call.
type dutyDescriptions struct {
	downtime, open, unanswered     *prometheus.Desc
	burden, worstPerson, worstWeek *prometheus.Desc
	engaged, pages, share          *prometheus.Desc
}

func describeDuty() dutyDescriptions {
	card := []string{"team", "window"}
	return dutyDescriptions{
		downtime: desc("downtime_seconds",
			"Downtime of the service of a team that was down longest, as its availability objective counts it.", card...),
		open: desc("incidents_open",
			"Incidents that are open, by their present urgency and status.", "status", "team", "urgency"),
		unanswered: desc("incidents_unanswered",
			"Incidents that no person answered, of those that the response objective judges.", card...),
		burden: desc("oncall_burden_ratio",
			"Share of working time that incidents took of the people who were on call.", card...),
		worstPerson: desc("oncall_burden_worst_ratio",
			"On-call burden of the person who had most of it; absent for fewer than 3 people.", card...),
		worstWeek: desc("oncall_worst_week_ratio",
			"Largest on-call burden of one person in one week; absent for fewer than 3 people.", card...),
		engaged: desc("oncall_engaged_seconds",
			"Time of people that incidents took.", card...),
		pages: desc("oncall_pages",
			"Pages to people, by the hours of day at which they came: business, off or sleep.",
			"hours", "team", "window"),
		share: desc("oncall_share_ratio",
			"Share of the time that people were first on call, the mean of those who were.", card...),
	}
}

func (d *dutyDescriptions) all() []*prometheus.Desc {
	return []*prometheus.Desc{
		d.downtime, d.open, d.unanswered, d.burden, d.worstPerson, d.worstWeek, d.engaged, d.pages, d.share,
	}
}

// duty adds the samples that rest on what a measure found, whatever the
// document calls the objective.
func (s *sampler) duty(c *scorecard.Card, window string) {
	s.outages(c, window)
	if r := measured(c, scorecard.MeasureResponseTime); r != nil {
		s.add(s.unanswered, float64(r.Population.Classes[string(scorecard.Unanswered)]), c.Subject.ID, window)
	}
	if r := measured(c, scorecard.MeasureOncallBurden); r != nil {
		s.oncall(r, c.Subject.ID, window)
	}
}

// outages adds a card's downtime. Where several objectives count it, as those
// of databases and of other systems do for the organisation, it is the longest.
func (s *sampler) outages(c *scorecard.Card, window string) {
	var longest *scorecard.Number
	for i := range c.Rows {
		r := &c.Rows[i]
		if r.Measure != string(scorecard.MeasureAvailability) || countsEvents(r) || r.Numerator == nil || r.Denominator == nil {
			continue
		}
		if down := r.Denominator.Sub(*r.Numerator); longest == nil || down.Cmp(*longest) > 0 {
			longest = &down
		}
	}
	s.number(s.downtime, longest, c.Subject.ID, window)
}

// countsEvents reports whether a row counts events, as those of Prometheus do, and no seconds.
func countsEvents(r *scorecard.Row) bool {
	return slices.ContainsFunc(r.Sources, func(s scorecard.RowSource) bool { return s.Name == facts.Prometheus })
}

// oncall adds what incidents cost the people on call.
func (s *sampler) oncall(r *scorecard.Row, team, window string) {
	s.number(s.burden, r.Value, team, window)
	s.number(s.engaged, r.Numerator, team, window)
	d, ok := r.Details.(scorecard.BurdenDetails)
	if !ok {
		return
	}
	s.number(s.worstPerson, d.WorstPerson, team, window)
	s.number(s.worstWeek, d.WorstWeek, team, window)
	s.number(s.share, d.OncallShare, team, window)
	s.add(s.pages, float64(d.Pages.Business), "business", team, window)
	s.add(s.pages, float64(d.Pages.Off), "off", team, window)
	s.add(s.pages, float64(d.Pages.Sleep), "sleep", team, window)
}

// measured returns a card's first row of a measure, or nil when there is none
// or it says nothing: of a row that could not be measured, or must not be
// shown, a count of zero would be a claim.
func measured(c *scorecard.Card, m scorecard.Measure) *scorecard.Row {
	for i := range c.Rows {
		if c.Rows[i].Measure != string(m) {
			continue
		}
		switch c.Rows[i].Verdict {
		case scorecard.Exempt, scorecard.NoData, scorecard.InsufficientData:
			return nil
		default:
			return &c.Rows[i]
		}
	}
	return nil
}
