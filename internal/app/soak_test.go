package app_test

import (
	"os"
	"strconv"
	"testing"
)

// seeds is how many seeds a test tries: few, unless the long form is asked for.
func seeds(t *testing.T, few uint64) uint64 {
	t.Helper()
	if !soaking() {
		return few
	}
	n, err := strconv.ParseUint(os.Getenv("TEAMHEALTH_SOAK"), 10, 64)
	must(t, err)
	return n
}

func soaking() bool { return os.Getenv("TEAMHEALTH_SOAK") != "" }
