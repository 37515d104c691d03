package prometheus

// Combined are what sets of hours come to, each as a list of spans.
type Combined struct {
	Union, Minus, Within [][2]int64
	Length               int
	Sound                bool
}

// Combine combines a set with the spans of another one, and with each of those alone.
func Combine(a, b [][2]int64) Combined {
	first, second := setOf(a), setOf(b)
	var within set
	for _, part := range second {
		within = append(within, first.within(part)...)
	}
	union := first.union(second...)
	return Combined{
		Union: listOf(union), Minus: listOf(first.minus(second...)), Within: listOf(within),
		Length: union.length(), Sound: union.sound(span{0, 1000}),
	}
}

func setOf(list [][2]int64) set {
	var s set
	for _, part := range list {
		s = append(s, span{hour(part[0]), hour(part[1])})
	}
	return s
}

func listOf(s set) [][2]int64 {
	var list [][2]int64
	for _, part := range s {
		list = append(list, [2]int64{int64(part.from), int64(part.until)})
	}
	return list
}
