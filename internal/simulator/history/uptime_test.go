package history_test

import (
	"cmp"
	"slices"
	"testing"

	"teamhealth/internal/simulator/history"
)

// stretch is a half-open time, in seconds since 1970.
type stretch struct{ from, until int64 }

// union returns the time that stretches cover, as stretches that do not touch.
func union(all []stretch) []stretch {
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	var merged []stretch
	for _, s := range all {
		if last := len(merged) - 1; last >= 0 && s.from <= merged[last].until {
			merged[last].until = max(merged[last].until, s.until)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// seconds returns how long stretches that do not touch are within [from, until).
func seconds(all []stretch, from, until int64) int64 {
	var sum int64
	for _, s := range all {
		sum += max(0, min(s.until, until)-max(s.from, from))
	}
	return sum
}

// minus takes times out of stretches.
func minus(all, out []stretch) []stretch {
	for _, o := range out {
		var left []stretch
		for _, s := range all {
			for _, part := range []stretch{{s.from, min(s.until, o.from)}, {max(s.from, o.until), s.until}} {
				if part.from < part.until {
					left = append(left, part)
				}
			}
		}
		all = left
	}
	return all
}

// open returns the times at which the incident at an index was open.
func open(view *history.View, index int, now int64) []stretch {
	inc := &view.Incidents[index]
	var times []stretch
	from := inc.Created
	for _, event := range view.Timeline(index) {
		at := inc.At(event)
		switch {
		case at > now:
		case event.Kind == history.Reopen:
			from = at
		case event.Kind == history.Resolve && from >= 0:
			times, from = append(times, stretch{from, at}), -1
		case event.Kind == history.Merged && from >= 0:
			times, from = append(times, stretch{from, resolvedAfter(view, int(event.Arg), at)}), -1
		}
	}
	if from >= 0 {
		times = append(times, stretch{from, now})
	}
	return times
}

// resolvedAfter returns the first resolve of an incident that is not before an instant.
func resolvedAfter(view *history.View, index int, at int64) int64 {
	inc := &view.Incidents[index]
	for _, event := range view.Timeline(index) {
		if event.Kind == history.Resolve && inc.At(event) >= at {
			return inc.At(event)
		}
	}
	return at
}

// outages returns when each service was out and not under maintenance: while
// an incident of priority 1 or 2 was open.
func outages(view *history.View, now int64) map[int][]stretch {
	out := map[int][]stretch{}
	for i := range view.Incidents {
		if p := view.State(i, now).Priority; p == 1 || p == 2 {
			service := int(view.Incidents[i].Service)
			out[service] = append(out[service], open(view, i, now)...)
		}
	}
	for service, times := range out {
		var maintained []stretch
		for _, w := range view.Maintenance(now) {
			if slices.Contains(w.Services, service) {
				maintained = append(maintained, stretch{w.Start, w.End})
			}
		}
		out[service] = minus(union(times), maintained)
	}
	return out
}

// quarters returns the bounds of the eight quarters that twoYears spans.
func quarters(t *testing.T) []stretch {
	t.Helper()
	var all []stretch
	for start := date(t, "2024-07-01"); start.Before(date(t, "2026-07-01")); start = start.AddDate(0, 3, 0) {
		all = append(all, stretch{start.Unix(), start.AddDate(0, 3, 0).Unix()})
	}
	return all
}

// TestUptimeIsMetAndMissed holds the targets of the example organisation
// against its worst services: 99.999% for the database teams, 0 to 2, and
// 99.9% for the others, of a quarter's 7,776,000 to 7,948,800 s.
func TestUptimeIsMetAndMissed(t *testing.T) {
	t.Parallel()
	for seed := range uint64(seeds) {
		_, view, end := twoYears(t, seed)
		out := outages(view, end.Unix())
		for _, q := range quarters(t) {
			met := [2]int{}
			for team := range 6 {
				var worst int64
				for service, times := range out {
					if view.Account.Services[service].Team == team {
						worst = max(worst, seconds(times, q.from, q.until))
					}
				}
				line, budget := 0, (q.until-q.from)/100_000
				if team >= 3 {
					line, budget = 1, (q.until-q.from)/1000
				}
				if worst <= budget {
					met[line]++
				}
			}
			if met[0] < 1 || met[0] > 2 || met[1] < 1 || met[1] > 2 {
				t.Errorf("seed %d, quarter of %d: %d of 3 database teams and %d of 3 others are up enough, want neither none nor all",
					seed, q.from, met[0], met[1])
			}
		}
	}
}
