package config

import (
	"strconv"
	"strings"

	"teamhealth/scorecard"
)

// suggest is the hint for a word that is none of the known ones.
func suggest(word string, known []string) string {
	if near, ok := scorecard.Nearest(word, known); ok {
		return "did you mean " + strconv.Quote(near) + "?"
	}
	if len(known) == 0 {
		return "none is configured"
	}
	return "known: " + strings.Join(known, ", ")
}

// quote shows a value of the file in a message, shortened.
func quote(text string) string {
	const longest = 60
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return strconv.Quote(text)
}
