package scorecard

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
)

// The powers of ten that the last digits of floats count.
const (
	leastPower = -324
	mostPower  = 308
)

// decimalSum adds up many floats exactly, each as the shortest decimal that reads
// back as it: that is how a source writes a number down. The zero value is an empty sum.
type decimalSum struct {
	parts [mostPower - leastPower + 1]wide // By the power of ten that they count.
	text  []byte                           // Of the last float, so that its room is used again.
}

// wide is a sum of numbers of at most 17 digits, which outgrows 64 bits.
type wide struct{ high, low uint64 }

func (w *wide) add(n uint64) {
	var carry uint64
	w.low, carry = bits.Add64(w.low, n, 0)
	w.high += carry
}

func (w *wide) big() *big.Int {
	n := new(big.Int).SetUint64(w.high)
	return n.Lsh(n, 64).Add(n, new(big.Int).SetUint64(w.low))
}

// wholeLimit is the number up to which floats tell all whole numbers apart.
const wholeLimit = 1 << 53

// add adds a float that is finite and not negative.
func (s *decimalSum) add(f float64) {
	digits, power := uint64(f), 0
	if f >= wholeLimit || f != math.Trunc(f) {
		s.text = strconv.AppendFloat(s.text[:0], f, 'e', -1, 64)
		digits, power = scientific(s.text)
	}
	s.parts[power-leastPower].add(digits)
}

// scientific reads what is written as 1.25e-03: as 125 and the power -5.
func scientific(text []byte) (digits uint64, power int) {
	decimals, seen := 0, false
	for i, c := range text {
		switch c {
		case '.':
			seen = true
		case 'e':
			exponent, _ := strconv.Atoi(string(text[i+1:])) // It was just written.
			return digits, exponent - decimals
		default:
			digits = 10*digits + uint64(c-'0')
			if seen {
				decimals++
			}
		}
	}
	return digits, -decimals
}

// number is the sum.
func (s *decimalSum) number() Number {
	sum := new(big.Rat)
	for i := range s.parts {
		if s.parts[i] == (wide{}) {
			continue
		}
		part := new(big.Rat).SetInt(s.parts[i].big())
		if power := i + leastPower; power >= 0 {
			part.Mul(part, tenTo(power))
		} else {
			part.Quo(part, tenTo(-power))
		}
		sum.Add(sum, part)
	}
	return Number{sum}
}

func tenTo(power int) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(power)), nil))
}
