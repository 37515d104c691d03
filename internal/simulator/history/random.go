package history

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// dice draws all that is left to chance in one corner of a history.
type dice struct{ *rand.Rand }

// roll returns the dice of one corner: the same corner, the same draws.
func roll(seed uint64, purpose, team string, day int64) dice {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(purpose + "\x00" + team)) // A hash takes every write.
	corner := mix(hash.Sum64() ^ mix(uint64(day)))
	return dice{rand.New(rand.NewPCG(mix(seed), corner))}
}

// mix scatters the bits of a number without ever mapping two onto one.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
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

// skewed returns a log-normal number of seconds around a median: half are
// shorter, and a few are very much longer.
func (d dice) skewed(median, sigma float64) int {
	return int(math.Round(median * math.Exp(sigma*d.NormFloat64())))
}

// poisson returns how many events fall into a span that expects mean of them.
func (d dice) poisson(mean float64) int {
	limit, product, n := math.Exp(-mean), d.Float64(), 0
	for product > limit {
		product *= d.Float64()
		n++
	}
	return n
}

// spread returns the sigma with which a log-normal time of the given median
// stays within limit in the given share of cases.
func spread(median, limit, share float64) float64 {
	return math.Log(limit/median) / (math.Sqrt2 * math.Erfinv(2*share-1))
}
