package config_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"teamhealth/config"
)

var update = flag.Bool("update", false, "rewrite what the bad files say they want")

const want = "# want: "

func TestBadFilesHaveTheOneProblemThatTheyName(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/bad/*.yml")
	if err != nil || len(files) < 35 {
		t.Fatalf("found %d bad files, error %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			first, rest, _ := strings.Cut(string(data), "\n")
			problems := problemsOf(t, file)
			if len(problems) != 1 {
				t.Fatalf("got %d problems, want one:\n%v", len(problems), problems)
			}
			got := want + strings.TrimPrefix(problems[0].String(), file+":")
			if *update {
				write(t, file, got+"\n"+rest)
			} else if got != first {
				t.Errorf("got  %s\nwant %s", got, first)
			}
			if problems[0].Hint == "" {
				t.Error("the problem has no hint what to do about it")
			}
			if strings.Contains(got, "geheim") {
				t.Error("the problem shows a secret")
			}
		})
	}
}

// problemsOf loads a file that has mistakes.
func problemsOf(t *testing.T, file string) config.Problems {
	t.Helper()
	_, err := config.Load(file)
	problems, ok := errors.AsType[config.Problems](err)
	if !ok {
		t.Fatalf("got error %v, want problems", err)
	}
	return problems
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
