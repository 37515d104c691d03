package tickets

import (
	"hash/fnv"
	"math/rand/v2"
	"strings"
)

// dice draws all that is left to chance in one corner of the tracker.
type dice struct{ *rand.Rand }

// roll returns the dice of one corner: the same corner, the same draws.
func roll(seed uint64, corner ...string) dice {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(strings.Join(corner, "\x00"))) // A hash takes every write.
	return dice{rand.New(rand.NewPCG(seed, hash.Sum64()))}
}

// chance is true with a probability.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// between returns a number from low up to, but not including, high; low when
// there is no room between them.
func (d dice) between(low, high int) int {
	if high <= low {
		return low
	}
	return low + d.IntN(high-low)
}

// weighted returns an index, each as often as its weight says.
func (d dice) weighted(weights ...int) int {
	total := 0
	for _, weight := range weights {
		total += weight
	}
	at := d.IntN(total)
	for i, weight := range weights {
		if at < weight {
			return i
		}
		at -= weight
	}
	return len(weights) - 1
}

// one returns one of a list; the zero value of an empty one.
func one[T any](d dice, list []T) T {
	if len(list) == 0 {
		var none T
		return none
	}
	return list[d.IntN(len(list))]
}
