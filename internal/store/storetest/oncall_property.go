package storetest

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"teamhealth/internal/facts"
)

func onCallProperties() map[string]func(*testing.T, func(*testing.T) Store) {
	return map[string]func(*testing.T, func(*testing.T) Store){
		"property: a reading is the truth about its open span and about nothing else": readingsPaint,
		"property: a span read in parts, in any order, is the span read at once":      spanInParts,
		"property: what ended before a reading's frozen instant is the same after it": frozenPast,
	}
}

// The properties' history lasts for as many minutes.
const drawnMinutes = 24

// drawReading draws a reading of a part of the history. Few users, levels
// and schedules make them meet.
func drawReading(r *rapid.T) facts.OnCallReading {
	span := rapid.SliceOfNDistinct(rapid.IntRange(0, drawnMinutes), 2, 2, rapid.ID[int]).Draw(r, "span")
	slices.Sort(span)
	reading := onCalls(span[0], span[1])
	if rapid.Bool().Draw(r, "freezes") {
		reading.FrozenBefore = at(rapid.IntRange(0, drawnMinutes).Draw(r, "frozen before"))
	}
	for range rapid.IntRange(0, 5).Draw(r, "shifts") {
		start := rapid.IntRange(span[0], span[1]-1).Draw(r, "start")
		drawn := shift(rapid.SampledFrom([]string{"PANN", "PBOB"}).Draw(r, "user"), start, rapid.IntRange(start, span[1]).Draw(r, "end"))
		drawn.Level = rapid.IntRange(1, 2).Draw(r, "level")
		drawn.Schedule = rapid.SampledFrom([]string{"", "S1", "S2"}).Draw(r, "schedule")
		drawn.Permanent = rapid.Bool().Draw(r, "permanent")
		reading.Shifts = append(reading.Shifts, drawn)
	}
	return reading
}

func drawReadings(r *rapid.T) []facts.OnCallReading {
	return rapid.SliceOfN(rapid.Custom(drawReading), 1, 5).Draw(r, "readings")
}

// onDuty identifies whose time a shift is.
func onDuty(s facts.Shift) facts.Shift {
	return facts.Shift{Policy: s.Policy, Level: s.Level, User: s.User}
}

// readingsPaint holds the store against a model that keeps every minute.
func readingsPaint(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	rapid.Check(t, func(r *rapid.T) {
		forgetShifts(r, s)
		model := painting{}
		for _, reading := range drawReadings(r) {
			saveOnCalls(r, s, reading)
			model.paint(reading)
			want(r, "shifts", shifts(r, s), model.shifts())
			wantApart(r, shifts(r, s))
			revision := got(s.Revision(context.Background()))(r)
			saveOnCalls(r, s, reading)
			want(r, "revision after a replay", got(s.Revision(context.Background()))(r), revision)
		}
		from := rapid.IntRange(0, drawnMinutes).Draw(r, "from")
		until := rapid.IntRange(from+1, drawnMinutes+1).Draw(r, "until")
		overlapping := those(model.shifts(), func(s facts.Shift) bool {
			return s.End.After(at(from)) && s.Start.Before(at(until))
		})
		want(r, "shifts of a span", got(s.Shifts(context.Background(), at(from), at(until)))(r), overlapping)
	})
}

// painting is what is known of every minute, by duty.
type painting map[facts.Shift]*[drawnMinutes]*facts.Shift

func (p painting) paint(r facts.OnCallReading) {
	for minute := range drawnMinutes {
		now := at(minute)
		if now.Before(r.From) || now.Before(r.FrozenBefore) || !now.Before(r.Until) {
			continue
		}
		for _, row := range p {
			row[minute] = nil
		}
		for _, s := range r.Shifts {
			if !now.Before(s.Start) && now.Before(s.End) {
				p.dab(minute, s)
			}
		}
	}
}

func (p painting) dab(minute int, s facts.Shift) {
	duty := onDuty(s)
	if p[duty] == nil {
		p[duty] = &[drawnMinutes]*facts.Shift{}
	}
	dab := facts.Shift{Schedule: s.Schedule, Permanent: s.Permanent}
	if other := p[duty][minute]; other != nil {
		dab.Schedule = min(dab.Schedule, other.Schedule)
		dab.Permanent = dab.Permanent || other.Permanent
	}
	p[duty][minute] = &dab
}

func (p painting) shifts() []facts.Shift {
	var all []facts.Shift
	for duty, row := range p {
		for minute, dab := range row {
			switch {
			case dab == nil:
			case minute > 0 && row[minute-1] != nil:
				last := &all[len(all)-1]
				last.End, last.Permanent = at(minute+1), last.Permanent || dab.Permanent
			default:
				s := duty
				s.Start, s.End, s.Schedule, s.Permanent = at(minute), at(minute+1), dab.Schedule, dab.Permanent
				all = append(all, s)
			}
		}
	}
	slices.SortFunc(all, func(a, b facts.Shift) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Level, b.Level), cmp.Compare(a.User, b.User))
	})
	return all
}

func spanInParts(t *testing.T, open func(*testing.T) Store) {
	whole, parts := open(t), open(t)
	rapid.Check(t, func(r *rapid.T) {
		forgetShifts(r, whole)
		forgetShifts(r, parts)
		before, reading := drawReadings(r), drawReading(r)
		saveOnCalls(r, whole, before...)
		saveOnCalls(r, whole, reading)
		saveOnCalls(r, parts, before...)
		saveOnCalls(r, parts, rapid.Permutation(split(r, reading)).Draw(r, "order")...)
		want(r, "shifts", shifts(r, parts), shifts(r, whole))
		want(r, "records", got(parts.Records(context.Background(), facts.PagerDuty))(r),
			got(whole.Records(context.Background(), facts.PagerDuty))(r))
	})
}

// split cuts a reading into some of adjacent spans.
func split(r *rapid.T, whole facts.OnCallReading) []facts.OnCallReading {
	var parts []facts.OnCallReading
	for from := whole.From; from.Before(whole.Until); from = parts[len(parts)-1].Until {
		part := whole
		part.From = from
		part.Until = from.Add(time.Duration(rapid.IntRange(1, drawnMinutes).Draw(r, "minutes")) * time.Minute)
		if part.Until.After(whole.Until) {
			part.Until = whole.Until
		}
		parts = append(parts, part) // Save clips its shifts.
	}
	return parts
}

func frozenPast(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	rapid.Check(t, func(r *rapid.T) {
		forgetShifts(r, s)
		saveOnCalls(r, s, drawReadings(r)...)
		instant := rapid.IntRange(0, drawnMinutes).Draw(r, "frozen before")
		ended := endedBefore(shifts(r, s), at(instant))
		for _, reading := range drawReadings(r) {
			saveOnCalls(r, s, frozen(rapid.IntRange(instant, drawnMinutes).Draw(r, "or later"), reading))
			want(r, "shifts that ended", endedBefore(shifts(r, s), at(instant)), ended)
		}
	})
}

func endedBefore(all []facts.Shift, instant time.Time) []facts.Shift {
	return those(all, func(s facts.Shift) bool { return s.End.Before(instant) })
}

// those returns the shifts that fit; nil when none does.
func those(all []facts.Shift, fit func(facts.Shift) bool) []facts.Shift {
	var fitting []facts.Shift
	for _, s := range all {
		if fit(s) {
			fitting = append(fitting, s)
		}
	}
	return fitting
}

// wantApart asserts that the shifts of one user at one level of a policy
// neither overlap nor touch. Shifts are ordered by start.
func wantApart(t failer, all []facts.Shift) {
	t.Helper()
	ends := map[facts.Shift]time.Time{}
	for _, s := range all {
		if end, ok := ends[onDuty(s)]; ok && !s.Start.After(end) {
			t.Fatalf("%+v begins before or when the one before ends, at %s", s, end)
		}
		ends[onDuty(s)] = s.End
	}
}
