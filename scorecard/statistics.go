package scorecard

import (
	"math"
	"math/big"
)

// confidenceLevel is the level of every interval; z is the standard normal
// quantile of its upper end, 0.975.
const (
	confidenceLevel = 0.95
	z               = 1.959963984540054
)

// minComparable is how many items each of two proportions needs before their
// difference is judged at all.
const minComparable = 10

// sample is k of n items, the raw material of an interval.
type sample struct{ k, n int }

// wilson returns the Wilson score interval of s (E. B. Wilson, Probable
// Inference, JASA 22, 1927); nil for an empty sample. Products are rounded
// one by one, so that machines with fused multiplication give the same bytes.
func (s sample) wilson() *Interval {
	if s.n == 0 {
		return nil
	}
	n, p := float64(s.n), float64(s.k)/float64(s.n)
	zz := float64(z * z)
	centre := p + zz/float64(2*n)
	spread := float64(z * math.Sqrt(float64(p*(1-p))/n+zz/float64(4*n*n)))
	scale := 1 + zz/n
	i := &Interval{Method: "wilson", Level: confidenceLevel, Low: (centre - spread) / scale, High: (centre + spread) / scale}
	if s.k == 0 {
		i.Low = 0
	}
	if s.k == s.n {
		i.High = 1
	}
	return i
}

// detectable reports whether the 95% interval of the difference between two
// proportions excludes 0; nil when either sample is too small to say.
func detectable(now, before sample) *bool {
	if now.n < minComparable || before.n < minComparable {
		return nil
	}
	low, high := newcombe(now, before)
	differs := low > 0 || high < 0
	return &differs
}

// newcombe returns the interval of the difference between the proportions of
// two samples that are not empty, by the hybrid score method (R. G. Newcombe,
// Statistics in Medicine 17, 1998, method 10).
func newcombe(s, t sample) (low, high float64) {
	a, b := s.wilson(), t.wilson()
	p, q := float64(s.k)/float64(s.n), float64(t.k)/float64(t.n)
	return p - q - math.Hypot(p-a.Low, b.High-q), p - q + math.Hypot(a.High-p, q-b.Low)
}

// confidence says whether the whole interval lies on the verdict's side of the target.
func (i *Interval) confidence(met bool, d Direction, target Number) Confidence {
	low, high := exact(i.Low), exact(i.High)
	if d.holds(low, target) == met && d.holds(high, target) == met {
		return Proven
	}
	return Unproven
}

// exact turns a float64 into the rational that it is.
func exact(f float64) Number { return Number{new(big.Rat).SetFloat64(f)} }

// holds reports whether value lies on the good side of target.
func (d Direction) holds(value, target Number) bool {
	c := value.Cmp(target)
	switch d {
	case AtLeast:
		return c >= 0
	case Above:
		return c > 0
	case AtMost:
		return c <= 0
	case Below:
		return c < 0
	}
	return false
}

// quantile is a quantile and the smallest number of values for which the two-sided 95% order-statistic
// interval of it exists: 1 - p^n - (1-p)^n >= 0.95.
type quantile struct {
	percent int
	minimum int
}

// nearestRank returns the value of the nearest rank of q among n values, of
// which only the smallest are known, in ascending order: the others are longer than any. It
// is nil when n is too small, or when the rank falls among the unknown ones.
func (q quantile) nearestRank(known []int64, n int) *int64 {
	rank := (q.percent*n + 99) / 100
	if n < q.minimum || rank > len(known) {
		return nil
	}
	v := known[rank-1]
	return &v
}
