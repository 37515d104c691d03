package scorecard

// The arithmetic of stretches, for its tests.

// Union is the time in any of the stretches.
func Union(list []Stretch) []Stretch { return union(list) }

// Intersect is the time in both lists.
func Intersect(a, b []Stretch) []Stretch { return intersect(a, b) }

// Subtract is the time in the first list alone.
func Subtract(list, minus []Stretch) []Stretch { return subtract(list, minus) }
