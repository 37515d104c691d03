package scorecard

import (
	"fmt"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// eventDay are a team's hours of one local day.
type eventDay struct {
	team        Team
	start       time.Time // Its first instant, local.
	from, until int64     // In hours since 1970.
	hours       []facts.EventHour
}

// eventEvidence lists each team's days, by time and then team. What they add to
// the numerator adds up to it.
func (v *subjectView) eventEvidence(teams []*teamEvents) []Evidence {
	items := []Evidence{}
	for _, t := range teams {
		for _, d := range v.daysOf(t) {
			items = append(items, d.item())
		}
	}
	sortEvidence(items)
	return items
}

// daysOf parts a team's hours by the local day in which they begin.
func (v *subjectView) daysOf(t *teamEvents) []eventDay {
	var days []eventDay
	loc := v.policy.Calendar.Location
	for from := t.from; from < t.until; {
		local := instantOf(from).In(loc)
		start := firstInstant(local.Year(), local.Month(), local.Day(), loc)
		next := firstInstant(local.Year(), local.Month(), local.Day()+1, loc)
		until := min(t.until, hourFrom(next.Unix()))
		days = append(days, eventDay{
			team: t.team, start: start, from: from, until: until, hours: t.hours[placeOf(t.hours, from):placeOf(t.hours, until)],
		})
		from = until
	}
	return days
}

func (d eventDay) item() Evidence {
	day, sum := d.start.Format(time.DateOnly), sumHours(d.hours)
	e := Evidence{
		Kind: "record", ID: d.team.ID + " " + day, At: d.start.UTC(), Class: hourCounted, Counted: InNumerator, Value: sum.good.Ptr(),
		Reason: fmt.Sprintf("On %s, %s.", day, sum.words()),
	}
	switch {
	case sum.known == 0:
		e.Class, e.Counted, e.Value = hourMissing, NotCounted, nil
		e.Reason = fmt.Sprintf("Nothing is known of %s.", day)
	case sum.clamped > 0:
		e.Class = hourClamped
		e.Reason += fmt.Sprintf(" Hours in which more were counted as good than there were: %s.", d.spans(func(h *facts.EventHour) bool { return h != nil && h.Clamped }))
	}
	if sum.known > 0 && sum.known < int(d.until-d.from) {
		e.Reason += fmt.Sprintf(" Nothing is known of %s.", d.spans(func(h *facts.EventHour) bool { return h == nil }))
	}
	return e
}

// spans writes the hours of which something holds, by local time. An hour that
// is not known is nil.
func (d eventDay) spans(holds func(*facts.EventHour) bool) string {
	var spans []string
	began := d.until
	for at := d.from; at <= d.until; at++ {
		in := at < d.until && holds(d.hour(at))
		switch {
		case in && began == d.until:
			began = at
		case !in && began < d.until:
			spans = append(spans, fmt.Sprintf("%s to %s", d.clock(began), d.clock(at)))
			began = d.until
		}
	}
	return strings.Join(spans, ", ")
}

func (d eventDay) hour(at int64) *facts.EventHour {
	if i := placeOf(d.hours, at); i < len(d.hours) && d.hours[i].Hour.Equal(instantOf(at)) {
		return &d.hours[i]
	}
	return nil
}

func (d eventDay) clock(hour int64) string {
	return instantOf(hour).In(d.start.Location()).Format("15:04")
}
