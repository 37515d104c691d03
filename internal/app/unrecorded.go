package app

import (
	"sync"
	"time"

	"teamhealth/internal/facts"
)

// unrecorded are the failures of cycles that the store could not keep, as on a
// full disk, so that they are shown all the same. The zero value is ready.
type unrecorded struct {
	mu       sync.Mutex
	failures map[facts.Source]failure // Guarded by mu.
}

// failure is why a cycle failed, and when.
type failure struct {
	at      time.Time
	problem string
}

// note keeps how a source's last cycle failed; an empty problem forgets it.
func (u *unrecorded) note(source facts.Source, f failure) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.failures == nil {
		u.failures = map[facts.Source]failure{}
	}
	u.failures[source] = f
}

// addTo puts what the store does not know into a state that was read from it.
func (u *unrecorded) addTo(state *facts.SourceState) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if f := u.failures[state.Source]; f.problem != "" {
		state.LastError, state.LastErrorAt = f.problem, f.at
	}
}
