package scorecard_test

import (
	"math"
	"testing"

	"teamhealth/scorecard"
)

// binomial returns the probabilities of 0 to n hits of n, each of probability p.
func binomial(n int, p float64) []float64 {
	probabilities := make([]float64, n+1)
	all, _ := math.Lgamma(float64(n + 1))
	for k := range probabilities {
		hits, _ := math.Lgamma(float64(k + 1))
		misses, _ := math.Lgamma(float64(n - k + 1))
		probabilities[k] = math.Exp(all - hits - misses + float64(k)*math.Log(p) + float64(n-k)*math.Log(1-p))
	}
	return probabilities
}

// steps returns the rates from..to in thousandths, by step.
func steps(from, to, step int) []float64 {
	var rates []float64
	for i := from; i <= to; i += step {
		rates = append(rates, float64(i)/1000)
	}
	return rates
}

// covered is the probability that the interval of n items of true rate p holds p.
func covered(intervals []*scorecard.Interval, p float64) float64 {
	sum := 0.0
	for k, probability := range binomial(len(intervals)-1, p) {
		if intervals[k].Low <= p && p <= intervals[k].High {
			sum += probability
		}
	}
	return sum
}

// Over the 96 rates from 0.500 to 0.975 the promise of 95% is exact on average, and
// for single rates it is off by what whole numbers of items make unavoidable.
func TestWilsonIntervalCoversWhatItPromises(t *testing.T) {
	t.Parallel()
	for n, atLeast := range map[int]float64{5: 0.83, 20: 0.91, 100: 0.92} {
		intervals := make([]*scorecard.Interval, n+1)
		for k := range intervals {
			intervals[k] = scorecard.Wilson(k, n)
		}
		rates := steps(500, 975, 5)
		sum, least := 0.0, 1.0
		for _, p := range rates {
			c := covered(intervals, p)
			sum, least = sum+c, min(least, c)
		}
		if mean := sum / float64(len(rates)); mean < 0.95 || least < atLeast {
			t.Errorf("n = %d: covers %.4f on average and %.4f at least; want 0.95 and %.2f", n, mean, least, atLeast)
		}
	}
}

// Two periods of one true rate differ by chance only: saying that their difference
// is detectable is a false alarm. At equal sizes the rate of these is 5.1% at most,
// but for a few sizes around 25 where it is 5.4%; a small period beside a far larger
// one is the method's weak side.
func TestDetectableRaisesFewFalseAlarms(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sizes  [][2]int
		atMost float64
	}{
		"equal sizes":                         {[][2]int{{10, 10}, {15, 15}, {20, 20}, {30, 30}, {50, 50}, {75, 75}, {100, 100}}, 0.051},
		"equal sizes, the worst":              {[][2]int{{25, 25}}, 0.054},
		"twice the size of the period before": {[][2]int{{20, 10}, {30, 15}, {50, 25}, {100, 50}}, 0.056},
		"ten beside four hundred, the worst":  {[][2]int{{10, 400}}, 0.089},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			worst := 0.0
			for _, size := range tt.sizes {
				for _, p := range steps(800, 990, 5) {
					worst = max(worst, falseAlarms(size[0], size[1], p))
				}
			}
			if worst > tt.atMost || worst < tt.atMost-0.01 {
				t.Errorf("%.4f false alarms at worst, want %.3f and hardly less", worst, tt.atMost)
			}
		})
	}
}

// falseAlarms is the probability that n and m items of one rate are said to differ.
func falseAlarms(n, m int, p float64) float64 {
	sum := 0.0
	before := binomial(m, p)
	for k, now := range binomial(n, p) {
		for l, then := range before {
			if d := scorecard.Detectable(k, n, l, m); d != nil && *d {
				sum += now * then
			}
		}
	}
	return sum
}
