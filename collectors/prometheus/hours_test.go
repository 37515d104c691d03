package prometheus_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"teamhealth/collectors/prometheus"
)

// spans lists the hours that are set, in as few spans as there can be.
func spans(hours []bool) [][2]int64 {
	var list [][2]int64
	for i, isSet := range hours {
		at := int64(i)
		switch last := len(list) - 1; {
		case !isSet:
		case last >= 0 && list[last][1] == at:
			list[last][1]++
		default:
			list = append(list, [2]int64{at, at + 1})
		}
	}
	return list
}

func TestSetsOfHoursAreThoseOfTheirHours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(rapid.Bool(), 24, 24).Draw(t, "a")
		b := rapid.SliceOfN(rapid.Bool(), 24, 24).Draw(t, "b")
		union, minus, within, length := make([]bool, 24), make([]bool, 24), make([]bool, 24), 0
		for i := range 24 {
			union[i], minus[i], within[i] = a[i] || b[i], a[i] && !b[i], a[i] && b[i]
			if union[i] {
				length++
			}
		}
		want := prometheus.Combined{Union: spans(union), Minus: spans(minus), Within: spans(within), Length: length, Sound: true}
		if diff := cmp.Diff(want, prometheus.Combine(spans(a), spans(b))); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}
