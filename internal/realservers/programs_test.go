package realservers_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// release is a version of Prometheus, and where its programs are.
type release struct {
	prometheus, promtool string
	short                bool // The long form alone runs the unit tests of several days.
}

// releases are the versions that everything is proven on, by name.
func releases() map[string]release {
	return map[string]release{
		"the Prometheus of the system":    {prometheus: "prometheus", promtool: "promtool", short: true},
		"the Prometheus that make builds": {prometheus: built("prometheus"), promtool: built("promtool")},
	}
}

// built is where make puts a program.
func built(name string) string { return filepath.Join("..", "..", "bin", "prometheus-3", name) }

// program returns where a program is. A test that wants one that is not there is
// left out, or fails where everything has to be there.
func program(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			absolute, err := filepath.Abs(path)
			must(t, err)
			return absolute
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("CI=true asks for %q, and there is none", names)
	}
	t.Skipf("LEFT OUT: there is no %q on this machine", names)
	return ""
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
