package scorecard

import (
	"fmt"
	"math/big"
	"strconv"
)

// Number is an exact rational: a count, a ratio of counts, or a decimal as it
// was written. Comparisons of Numbers never round. It is immutable; the zero
// Number is 0.
type Number struct{ rat *big.Rat }

// Int returns n as a Number.
func Int[T ~int | ~int64](n T) Number { return Number{new(big.Rat).SetInt64(int64(n))} }

// Ratio returns num/den. It must not be called with a zero den.
func Ratio(num, den int64) Number { return Number{big.NewRat(num, den)} }

// ParseNumber reads a decimal such as 0.99999 exactly.
func ParseNumber(s string) (Number, error) {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return Number{}, fmt.Errorf("%q is not a number", s)
	}
	return Number{r}, nil
}

// Ptr returns a pointer to n, for the fields of a row that may be unknown.
func (n Number) Ptr() *Number { return &n }

// Cmp compares exactly: -1, 0 or 1 as n is below, equal to or above m.
func (n Number) Cmp(m Number) int { return n.value().Cmp(m.value()) }

// Add returns n + m.
func (n Number) Add(m Number) Number { return Number{new(big.Rat).Add(n.value(), m.value())} }

// Sub returns n - m.
func (n Number) Sub(m Number) Number { return Number{new(big.Rat).Sub(n.value(), m.value())} }

// Mul returns n * m.
func (n Number) Mul(m Number) Number { return Number{new(big.Rat).Mul(n.value(), m.value())} }

// Quo returns n / m. It must not be called with a zero m.
func (n Number) Quo(m Number) Number { return Number{new(big.Rat).Quo(n.value(), m.value())} }

// Sign returns -1, 0 or 1 as n is negative, zero or positive.
func (n Number) Sign() int { return n.value().Sign() }

// Floor returns the greatest integer not above n.
func (n Number) Floor() int64 {
	v := n.value()
	q := new(big.Int).Div(v.Num(), v.Denom()) // Euclidean, so it floors: the denominator is positive.
	return q.Int64()
}

// Ceil returns the smallest integer that is not less than n.
func (n Number) Ceil() int64 { return -Int(0).Sub(n).Floor() }

// Float returns the float64 nearest to n, for display and exposition only.
func (n Number) Float() float64 {
	f, _ := n.value().Float64()
	return f
}

// String returns an integer as such and anything else as the shortest decimal
// that reads back as the same float64.
func (n Number) String() string {
	if v := n.value(); v.IsInt() {
		return v.Num().String()
	}
	return strconv.FormatFloat(n.Float(), 'f', -1, 64)
}

// MarshalJSON writes n as a JSON number, unrounded up to float64.
func (n Number) MarshalJSON() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalJSON reads a JSON number exactly as it is written.
func (n *Number) UnmarshalJSON(b []byte) error {
	parsed, err := ParseNumber(string(b))
	if err != nil {
		return err
	}
	*n = parsed
	return nil
}

// value lets the zero Number be 0.
func (n Number) value() *big.Rat {
	if n.rat == nil {
		return new(big.Rat)
	}
	return n.rat
}
