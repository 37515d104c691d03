package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// duty is what somebody can be on: a level of a policy.
type duty struct {
	policy string
	level  int
	user   string
}

// stretch is a time for which one thing is true of a duty. Bounds are
// microseconds since 1970, half-open.
type stretch struct {
	start, end int64
	schedule   string
	permanent  bool
}

// within returns the part of a stretch that lies in [from, until), and
// whether there is any.
func (s stretch) within(from, until int64) (stretch, bool) {
	s.start, s.end = max(s.start, from), min(s.end, until)
	return s, s.start < s.end
}

var errNobody = errors.New("a shift of the page names no policy or no user")

const (
	findShifts = `SELECT policy, level, user, start_at, end_at, schedule, permanent FROM shift INDEXED BY shift_by_end
WHERE end_at >= ? AND start_at <= ?`
	addShift    = "INSERT INTO shift (policy, level, user, start_at, end_at, schedule, permanent) VALUES (?, ?, ?, ?, ?, ?, ?)"
	removeShift = "DELETE FROM shift WHERE policy = ? AND level = ? AND user = ? AND start_at = ?"
)

func (p *page) saveOnCalls(ctx context.Context, r *facts.OnCallReading) error {
	if r == nil {
		return nil
	}
	from, until := r.From.UnixMicro(), r.Until.UnixMicro()
	if !r.FrozenBefore.IsZero() {
		from = max(from, r.FrozenBefore.UnixMicro())
	}
	read, err := byDuty(r.Shifts, from, until)
	if err != nil || from >= until {
		return err
	}
	kept, err := p.shiftsAround(ctx, from, until)
	if err != nil {
		return wrap("look for the shifts of a span", err)
	}
	for d := range read {
		if _, ok := kept[d]; !ok {
			kept[d] = nil
		}
	}
	for d, before := range kept {
		if err := p.replaceShifts(ctx, d, before, overwrite(before, read[d], from, until)); err != nil {
			return wrap("keep shifts of policy "+d.policy, err)
		}
	}
	return nil
}

// byDuty returns what shifts say about [from, until).
func byDuty(shifts []facts.Shift, from, until int64) (map[duty][]stretch, error) {
	grouped := map[duty][]stretch{}
	for _, s := range shifts {
		if s.Policy == "" || s.User == "" {
			return nil, errNobody
		}
		whole := stretch{s.Start.UnixMicro(), s.End.UnixMicro(), s.Schedule, s.Permanent}
		if part, ok := whole.within(from, until); ok {
			d := duty{s.Policy, s.Level, s.User}
			grouped[d] = append(grouped[d], part)
		}
	}
	return grouped, nil
}

// shiftsAround returns what is kept of each duty in a span and right beside it.
func (p *page) shiftsAround(ctx context.Context, from, until int64) (map[duty][]stretch, error) {
	type row struct {
		duty
		stretch
	}
	rows, err := collect(ctx, p.tx.tx, findShifts, func(r *row) []any {
		return []any{&r.policy, &r.level, &r.user, &r.start, &r.end, &r.schedule, &r.permanent}
	}, from, until)
	grouped := map[duty][]stretch{}
	for _, r := range rows {
		grouped[r.duty] = append(grouped[r.duty], r.stretch)
	}
	return grouped, err
}

// overwrite returns what is kept of a duty once [from, until) has been read.
func overwrite(kept, read []stretch, from, until int64) []stretch {
	result := flatten(read)
	for _, s := range kept {
		if before, ok := s.within(s.start, from); ok {
			result = append(result, before)
		}
		if after, ok := s.within(until, s.end); ok {
			result = append(result, after)
		}
	}
	slices.SortFunc(result, func(a, b stretch) int { return cmp.Compare(a.start, b.start) })
	return coalesce(result)
}

// flatten returns stretches that cover the same time and do not overlap.
func flatten(list []stretch) []stretch {
	var bounds []int64
	for _, s := range list {
		bounds = append(bounds, s.start, s.end)
	}
	slices.Sort(bounds)
	bounds = slices.Compact(bounds)
	var flat []stretch
	for i := 1; i < len(bounds); i++ {
		if s, ok := over(list, bounds[i-1], bounds[i]); ok {
			flat = append(flat, s)
		}
	}
	return flat
}

// over returns what a list says about [from, until), in which nothing begins
// or ends, and whether it says anything.
func over(list []stretch, from, until int64) (stretch, bool) {
	result, found := stretch{start: from, end: until}, false
	for _, s := range list {
		if s.start > from || s.end < until {
			continue
		}
		if !found || s.schedule < result.schedule {
			result.schedule = s.schedule
		}
		result.permanent = result.permanent || s.permanent
		found = true
	}
	return result, found
}

// coalesce makes one of sorted stretches that touch and say the same.
func coalesce(sorted []stretch) []stretch {
	var result []stretch
	for _, s := range sorted {
		if n := len(result) - 1; n >= 0 && result[n].continuedBy(s) {
			result[n].end = s.end
			continue
		}
		result = append(result, s)
	}
	return result
}

func (s stretch) continuedBy(next stretch) bool {
	return s.end == next.start && s.schedule == next.schedule && s.permanent == next.permanent
}

// replaceShifts writes the difference between what was kept of a duty and
// what is to be kept.
func (p *page) replaceShifts(ctx context.Context, d duty, before, after []stretch) error {
	for _, s := range before {
		if slices.Contains(after, s) {
			continue
		}
		removed, err := p.tx.exec(ctx, removeShift, d.policy, d.level, d.user, s.start)
		if err != nil {
			return err
		}
		p.removed("shift", removed)
	}
	for _, s := range after {
		if slices.Contains(before, s) {
			continue
		}
		if _, err := p.tx.exec(ctx, addShift, d.policy, d.level, d.user, s.start, s.end, s.schedule, s.permanent); err != nil {
			return err
		}
		p.added("shift")
	}
	return nil
}

// readShifts finds what overlaps a span, and whatever touches that.
const readShifts = `WITH RECURSIVE part AS (
SELECT * FROM shift INDEXED BY shift_by_end WHERE end_at > ? AND start_at < ?
UNION
SELECT s.* FROM part CROSS JOIN shift AS s INDEXED BY shift_predecessor
ON (s.policy, s.level, s.user, s.end_at) = (part.policy, part.level, part.user, part.start_at)
UNION
SELECT s.* FROM part CROSS JOIN shift AS s
ON (s.policy, s.level, s.user, s.start_at) = (part.policy, part.level, part.user, part.end_at)
)
SELECT policy, level, user, start_at, end_at, schedule, permanent FROM part ORDER BY policy, level, user, start_at`

// Shifts returns the shifts that overlap [from, until), with their full
// bounds, ordered by start, policy, level and user. A zero until is no end.
// Those of one user at one level of one policy neither overlap nor touch:
// where one continues another they are one shift, of the schedule that it
// begins with, and permanent if a part of it is.
func (s *Store) Shifts(ctx context.Context, from, until time.Time) ([]facts.Shift, error) {
	parts, err := collect(ctx, s.reader, readShifts, func(s *facts.Shift) []any {
		return []any{
			&s.Policy, &s.Level, &s.User, (*timeColumn)(&s.Start), (*timeColumn)(&s.End), &s.Schedule, &s.Permanent,
		}
	}, from.UnixMicro(), ending(until))
	if err != nil {
		return nil, s.explain("read shifts", err)
	}
	shifts := joinShifts(parts)
	slices.SortFunc(shifts, func(a, b facts.Shift) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Policy, b.Policy), cmp.Compare(a.Level, b.Level), cmp.Compare(a.User, b.User))
	})
	return shifts, nil
}

// joinShifts makes one shift of those that touch. Parts are ordered by
// policy, level, user and start.
func joinShifts(parts []facts.Shift) []facts.Shift {
	var shifts []facts.Shift
	for _, s := range parts {
		if n := len(shifts) - 1; n >= 0 && touch(&shifts[n], &s) {
			shifts[n].End = s.End
			shifts[n].Permanent = shifts[n].Permanent || s.Permanent
			continue
		}
		shifts = append(shifts, s)
	}
	return shifts
}

func touch(a, b *facts.Shift) bool {
	return a.Policy == b.Policy && a.Level == b.Level && a.User == b.User && a.End.Equal(b.Start)
}
