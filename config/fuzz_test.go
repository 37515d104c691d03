package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"teamhealth/config"
)

// FuzzParse wants every input to give either a configuration that translates
// into a policy, or problems that name a line of the file.
func FuzzParse(f *testing.F) {
	example, err := os.ReadFile("example.yml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	for _, pattern := range []string{"testdata/bad/*.yml", "testdata/good/*.yml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("%s: %d files, error %v", pattern, len(files), err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		const file = "testdata/good/fuzz.yml"
		c, err := config.Parse(file, data)
		if err == nil {
			if p := c.Policy(); len(p.Teams) == 0 || len(p.Sources) == 0 || p.Calendar.Location == nil {
				t.Errorf("the policy is %+v, want teams, sources and a zone", p)
			}
			return
		}
		problems, ok := errors.AsType[config.Problems](err)
		if !ok || len(problems) == 0 {
			t.Fatalf("got error %v, want problems", err)
		}
		// YAML ends lines in more ways than this counts; each has a byte at least.
		last := len(data) + 1
		for _, p := range problems {
			if p.Line < 1 || p.File == file && p.Line > last || p.Path == "" || p.Problem == "" {
				t.Errorf("the problem is %+v, want a line of the file, a path and words", p)
			}
			if strings.ContainsAny(p.String(), "\n\r") {
				t.Errorf("the problem %q takes more than one line", p)
			}
		}
		if !slices.IsSortedFunc(problems, func(a, b config.Problem) int {
			if a.File == b.File {
				return a.Line - b.Line
			}
			return strings.Compare(a.File, b.File)
		}) {
			t.Errorf("the problems are not in order:\n%v", err)
		}
	})
}
