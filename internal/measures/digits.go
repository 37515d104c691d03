package measures

import (
	"strconv"
	"strings"

	"teamhealth/scorecard"
)

const (
	exactDigits = 6  // A number that ends by then is written in full.
	fewDigits   = 4  // Of one that does not.
	mostDigits  = 30 // No two values that counts can give are as near as this.
)

// exactly writes a number in full, and one that never ends as near as a float64 is.
func exactly(n scorecard.Number) string {
	for d := range mostDigits + 1 {
		if shown, rest := cutOff(n, d); rest.Sign() == 0 {
			return shown
		}
	}
	return n.String()
}

// digits writes a number in full, or cut off where it goes on. A number that is cut
// off keeps as many digits as tell it from zero and from the target, whatever follows.
func digits(n scorecard.Number, target *scorecard.Number) string {
	for d := range exactDigits + 1 {
		if shown, rest := cutOff(n, d); rest.Sign() == 0 {
			return shown
		}
	}
	marks := []scorecard.Number{{}}
	if target != nil {
		marks = append(marks, *target)
	}
	last := scorecard.Ratio(1, 10)
	for d := 1; ; d++ {
		shown, rest := cutOff(n, d)
		near := n.Sub(rest)
		far := near.Add(last.Mul(scorecard.Int(n.Sign())))
		switch {
		case rest.Sign() == 0:
			return shown
		case d >= mostDigits || d >= fewDigits && lies(near, far, marks):
			return shown + "…"
		}
		last = last.Quo(scorecard.Int(10))
	}
}

// lies reports whether all numbers from near on, up to but without far, are on one
// side of each mark.
func lies(near, far scorecard.Number, marks []scorecard.Number) bool {
	for _, m := range marks {
		if side := near.Cmp(m); side == 0 || far.Cmp(m) == -side {
			return false
		}
	}
	return true
}

// cutOff writes a number with so many digits after the point, and returns what that
// leaves out, which has the number's sign.
func cutOff(n scorecard.Number, places int) (shown string, rest scorecard.Number) {
	sign, one := "", scorecard.Int(1)
	if n.Sign() < 0 {
		sign, one, n = "-", scorecard.Int(-1), scorecard.Number{}.Sub(n)
	}
	ten, unit := scorecard.Int(10), scorecard.Int(1)
	var out strings.Builder
	whole := n.Floor()
	out.WriteString(sign + strconv.FormatInt(whole, 10))
	n = n.Sub(scorecard.Int(whole))
	if places > 0 {
		out.WriteByte('.')
	}
	for range places {
		n, unit = n.Mul(ten), unit.Quo(ten)
		digit := n.Floor()
		out.WriteString(strconv.FormatInt(digit, 10))
		n = n.Sub(scorecard.Int(digit))
	}
	return out.String(), n.Mul(unit).Mul(one)
}
