package app_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"teamhealth/internal/app"
)

// TestADamagedStoreEndsTheRunBeforeAnythingIsAsked damages what lies there so that
// neither its size nor its time tells.
func TestADamagedStoreEndsTheRunBeforeAnythingIsAsked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.open(t)
	synced(t, a)
	must(t, a.Close())
	path := filepath.Join(s.dir, "teamhealth.db")
	info, err := os.Stat(path)
	must(t, err)
	content, err := os.ReadFile(path)
	must(t, err)
	lock, err := os.ReadFile(path + "-lock")
	must(t, err)
	const page = 4096
	copy(content[len(content)-page:], strings.Repeat("\xa5", page))
	must(t, os.WriteFile(path, content, 0o600))
	must(t, os.Chtimes(path, info.ModTime(), info.ModTime()))

	for name, begin := range map[string]func(*app.App) error{
		"a run":  func(a *app.App) error { return a.Run(t.Context()) },
		"a sync": func(a *app.App) error { return a.Sync(t.Context(), func(app.Progress) {}) },
	} {
		asked := len(s.answered())
		must(t, os.WriteFile(path+"-lock", lock, 0o600)) // Whoever finds out leaves no other one in the dark.
		a := s.open(t)
		err := begin(a)
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "the file is damaged") {
			t.Errorf("%s ended with %v", name, err)
		}
		if n := len(s.answered()); n != asked {
			t.Errorf("%s asked for %q", name, s.answered()[asked:])
		}
		must(t, a.Close())
		left, err := os.ReadFile(path)
		must(t, err)
		if !slices.Equal(left, content) {
			t.Errorf("%s wrote to the file", name)
		}
	}
}
