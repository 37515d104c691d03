package config

import (
	"os"
	"slices"
	"strings"
)

// Draft reads what a configuration that has mistakes says all the same, for those who look
// for mistakes in the files that it names. It is nil where its mistakes are about the
// organisation, sources or teams, because then it says nothing certain of such files.
// Nothing else may be done with it.
func Draft(path string) *Config {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	r := &reader{places: map[string]place{}}
	c := r.document(path, data)
	unfit := func(p Problem) bool {
		part, _, _ := strings.Cut(p.Path, ".")
		part, _, _ = strings.Cut(part, "[")
		return slices.Contains([]string{"document", "organization", "sources", "teams"}, part)
	}
	if c == nil || slices.ContainsFunc(r.problems, unfit) {
		return nil
	}
	c.places = r.places
	return c
}
