// Package goldentest compares what tests get with what their files under testdata
// say. It is linked into no program, and has no flag of its own: each package that
// has such files says by its -update whether they are rewritten.
package goldentest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Compare fails the test unless a file under testdata has the bytes got. With update
// they are written into the file first.
func Compare(tb testing.TB, update bool, name string, got []byte) {
	tb.Helper()
	path := filepath.Join("testdata", name)
	if update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		tb.Errorf("%s differs (-want +got), rewrite it by -update:\n%s", path, diff)
	}
}
