package goldentest_test

import (
	"os"
	"strings"
	"testing"

	"teamhealth/internal/goldentest"
)

// recorder notes what a test is told in place of failing it.
type recorder struct {
	testing.TB
	format string
}

func (r *recorder) Errorf(format string, _ ...any) { r.format = format }

func TestADifferenceFailsUntilTheFileIsRewritten(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("testdata", 0o700); err != nil {
		t.Fatal(err)
	}
	goldentest.Compare(t, true, "card.txt", []byte("old\n"))
	r := &recorder{TB: t}
	if goldentest.Compare(r, false, "card.txt", []byte("new\n")); !strings.Contains(r.format, "differs") {
		t.Errorf("the difference is told as %q", r.format)
	}
	goldentest.Compare(t, false, "card.txt", []byte("old\n"))
	goldentest.Compare(t, true, "card.txt", []byte("new\n"))
	goldentest.Compare(t, false, "card.txt", []byte("new\n"))
}
