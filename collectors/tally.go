package collectors

import (
	"cmp"
	"log/slog"
	"maps"
	"slices"

	"teamhealth/internal/facts"
)

// tally counts what a cycle left out, by kind and reason: its keys have no count.
type tally map[facts.Skip]int

func (t tally) add(skipped []facts.Skip) {
	for _, s := range skipped {
		t[facts.Skip{Kind: s.Kind, Reason: s.Reason}] += s.Count
	}
}

// log warns once of each kind and reason.
func (t tally) log(logger *slog.Logger, source facts.Source) {
	order := func(a, b facts.Skip) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Reason, b.Reason))
	}
	for _, s := range slices.SortedFunc(maps.Keys(t), order) {
		logger.Warn("collector left items out", slog.String("collector", string(source)),
			slog.String("kind", s.Kind), slog.String("reason", s.Reason), slog.Int("count", t[s]))
	}
}
