package archtest_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestFilesMentionNoMachine looks for what holds only where somebody happened
// to write a file. The words are glued together so that this file passes.
func TestFilesMentionNoMachine(t *testing.T) {
	t.Parallel()
	words := []string{
		"/wo" + "rk/",
		"/far" + "m/",
		"/tmp/ba" + "sh",
		"../sha" + "red",
		"CONTRA" + "CT.md",
		"proxy.go" + "lang.org",
		"sum.go" + "lang.org",
		"deb.deb" + "ian.org",
		"registry.np" + "mjs.org",
		"py" + "pi.org",
	}
	for _, name := range allFiles(t) {
		content := read(t, name)
		for _, word := range words {
			if before, _, found := strings.Cut(content, word); found {
				t.Errorf("%s:%d mentions %s", name, 1+strings.Count(before, "\n"), word)
			}
		}
	}
}

func TestLinksOfDocumentsLeadToFiles(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, name := range allFiles(t) {
		if path.Ext(name) != ".md" {
			continue
		}
		for _, found := range link.FindAllStringSubmatch(read(t, name), -1) {
			target, _, _ := strings.Cut(found[1], "#")
			if target == "" || strings.Contains(target, "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, path.Dir(name), target)); err != nil {
				t.Errorf("%s links to %s, and there is no such file", name, found[1])
			}
		}
	}
}
