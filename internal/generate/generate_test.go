package generate_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"teamhealth/internal/generate"
)

func TestFilesThatAreAsTheyShouldBeAreLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := []generate.File{{Path: "a/b.yml", Content: []byte("1\n")}, {Path: "c.yml", Content: []byte("2\n")}}
	var written []string
	note := func(path string, changed bool) {
		if changed {
			written = append(written, path)
		}
	}
	must(t, generate.Write(dir, files, note))
	files[1].Content = []byte("3\n")
	must(t, generate.Write(dir, files, note))
	b, c := filepath.Join(dir, "a", "b.yml"), filepath.Join(dir, "c.yml")
	if want := []string{b, c, c}; !slices.Equal(written, want) {
		t.Errorf("written: %q, want %q", written, want)
	}
	must(t, os.Remove(b))
	must(t, os.Mkdir(b, 0o700))
	if err := generate.Write(dir, files, note); err == nil || !strings.Contains(err.Error(), b) {
		t.Errorf("a folder is in the way, and the error is %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
