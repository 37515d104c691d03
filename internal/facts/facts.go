// Package facts holds what happened, normalised: incidents and what was done
// about them, the reference data that they point to, and how far each source
// has been read. Facts carry no judgement: no thresholds, no targets, no
// scores. The package imports nothing of ours and performs no I/O.
package facts

import (
	"slices"
	"time"
)

// Source names an upstream system that facts come from. The zero value names
// none.
type Source string

// The sources that teamhealth knows.
const (
	PagerDuty  Source = "pagerduty"
	Jira       Source = "jira"
	Prometheus Source = "prometheus"
	Records    Source = "records"
)

// Service is a PagerDuty service: the thing that incidents happen to.
type Service struct {
	ID               string
	Name             string
	Status           string // As PagerDuty says it: active, warning, critical, maintenance, disabled.
	EscalationPolicy string // Id; empty when unknown.
	URL              string
}

// Team is a team as the source knows it, which need not be one of the
// configuration's.
type Team struct {
	ID   string
	Name string
}

// User is an account of a source. Names and addresses of people are not kept.
type User struct {
	ID       string
	TimeZone string // IANA name; empty when the source does not say.
}

// Priority is one step of the account's scale of priorities.
type Priority struct {
	ID   string
	Name string
	Rank int // Position in the source's list; 0 is the most severe.
}

// SourceState says how far a source has been read.
type SourceState struct {
	Source Source
	// DataAsOf is the start of the last complete cycle: every fact dated up
	// to it is in the store. Zero until a cycle has completed.
	DataAsOf time.Time
	// FirstAsOf is the DataAsOf of the first complete cycle. What the source
	// says of the time before it was reconstructed by the source, not seen. Zero until a cycle has completed.
	FirstAsOf time.Time
	// DataSince is the earliest instant from which facts are complete. Zero
	// until a cycle has completed.
	DataSince time.Time
	// Unread are the kinds of facts that the last complete cycle had to leave
	// unread, sorted: see Completion.
	Unread []string
	// LastSuccess is the end of the last complete cycle; zero when there is none.
	LastSuccess time.Time
	// LastError is the message of the last cycle when it failed, else empty.
	LastError string
	// LastErrorAt is when the last failed cycle ended; zero when there is none.
	LastErrorAt time.Time
}

// Complete reports whether the source ever completed a cycle.
func (s SourceState) Complete() bool { return !s.DataAsOf.IsZero() }

// Lacks reports whether the last complete cycle had to leave a kind of facts unread.
func (s SourceState) Lacks(kind string) bool { return slices.Contains(s.Unread, kind) }
