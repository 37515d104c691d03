package scorecard

import "strings"

// Nearest returns the known word that a misspelt one most likely means: the
// one with the fewest insertions, deletions, replacements and swaps of
// neighbours between them, the first of several. It returns false when all
// are too far away to be meant.
func Nearest(word string, known []string) (string, bool) {
	best, limit := "", 1+len(word)/4
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k), limit); d <= limit {
			best, limit = k, d-1
		}
	}
	return best, best != ""
}

// distance counts the edits from a to b, or returns more than limit when there
// are more.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	// Rows of the table of distances between the beginnings of a and of b.
	before, previous, current := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		for j := 1; j <= len(b); j++ {
			replaced := previous[j-1]
			if a[i-1] != b[j-1] {
				replaced++
			}
			current[j] = min(replaced, previous[j]+1, current[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}
