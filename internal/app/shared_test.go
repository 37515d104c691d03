package app_test

import (
	"sync"
	"testing"
)

// shared is something that one test makes for all that need it, because it takes long.
// Nobody may change it.
type shared[T any] struct {
	once sync.Once
	made *T
}

func (s *shared[T]) get(t *testing.T, create func(t *testing.T) *T) *T {
	t.Helper()
	s.once.Do(func() { s.made = create(t) })
	if s.made == nil {
		t.Fatal("the test that was to make what this one needs has failed")
	}
	return s.made
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
