package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// ObservationKind is what a counter counts about an incident.
type ObservationKind string

// What can be observed of an incident, each once.
const (
	ObservedSeen     ObservationKind = "seen"     // That there is one.
	ObservedAnswered ObservationKind = "answered" // Its first answer.
	ObservedResolved ObservationKind = "resolved" // Its first resolve.
)

// Observation is one thing about an incident that a counter has counted. The
// first of a kind is the incident's for good: a counter that went back when
// facts change later would be none.
type Observation struct {
	Incident string // Id.
	Kind     ObservationKind
	Team     string // The incident's when this was observed.
	Urgency  facts.Urgency
	At       time.Time     // When it happened.
	Took     time.Duration // From the incident's creation, to the microsecond; 0 for one that was seen.
}

// Basis is what observations rest on: those made on different ones cannot be
// added up.
type Basis struct {
	// Fingerprint stands for the configuration that gives incidents to teams.
	Fingerprint string
	// Buckets are the inclusive upper bounds of each kind's histogram, in
	// ascending order. A kind without bounds is counted and has no histogram.
	Buckets map[ObservationKind][]time.Duration
}

// encoded is the basis as it is kept; equal ones have equal texts.
func (b Basis) encoded() (string, error) {
	kept := map[ObservationKind][]time.Duration{}
	for kind, bounds := range b.Buckets {
		for i := 1; i < len(bounds); i++ {
			if bounds[i-1] >= bounds[i] {
				return "", fmt.Errorf("the buckets of %q do not ascend", kind)
			}
		}
		if len(bounds) > 0 {
			kept[kind] = bounds
		}
	}
	text, err := json.Marshal(kept)
	return string(text), err
}

// Progress is how far facts have been turned into observations.
type Progress struct {
	// Now becomes Tally.Created where counters start with this call.
	Now time.Time
	// Since and Through say that, with this call, the caller has been through
	// all incidents that changed after revision Since, up to Through. Both
	// are 0 while it has not. A tally that has not reached Since stays where
	// it is: it was started anew in between.
	Since, Through int64
}

// Observe keeps those observations whose incident has none of their kind yet,
// adds them to the tally, and notes the progress: all of it or, after an
// error, nothing. On another basis than the kept one, everything observed
// before is dropped first and the counters start anew. Observations are no
// facts: they do not move the store's revision.
func (s *Store) Observe(ctx context.Context, b Basis, done Progress, list []Observation) error {
	buckets, err := b.encoded()
	if err != nil {
		return s.explain("keep observations", err)
	}
	err = s.write(ctx, func(ctx context.Context, tx *writeTx) error {
		o := observer{tx: tx, basis: b}
		if err := o.begin(ctx, buckets, done.Now); err != nil {
			return wrap("begin to count", err)
		}
		for i := range list {
			if err := o.observe(ctx, &list[i]); err != nil {
				return fmt.Errorf("observe incident %q: %w", list[i].Incident, err)
			}
		}
		_, err := tx.exec(ctx, noteProgress, done.Since, done.Through)
		return wrap("note the progress", err)
	})
	return s.explain("keep observations", err)
}

// observer writes observations in one transaction.
type observer struct {
	tx    *writeTx
	basis Basis
}

const (
	findBasis    = "SELECT fingerprint, buckets FROM tally WHERE id = ?"
	startTally   = "INSERT INTO tally (id, fingerprint, buckets, created_at, revision) VALUES (1, ?, ?, ?, 0)"
	noteProgress = "UPDATE tally SET revision = ?2 WHERE revision >= ?1 AND revision < ?2"

	addObservation = `INSERT INTO observation (incident, kind, team, urgency, at, took) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING`
	addCount = `INSERT INTO tally_count (kind, team, urgency, count) VALUES (?, ?, ?, 1)
ON CONFLICT DO UPDATE SET count = count + 1`
	addToBucket = `INSERT INTO tally_bucket (kind, team, bucket, count, took, latest, latest_at, latest_took)
VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?4) ON CONFLICT DO UPDATE SET count = count + 1, took = took + excluded.took`
	setLatest = `UPDATE tally_bucket SET (latest, latest_at, latest_took) = (?5, ?6, ?4)
WHERE (kind, team, bucket) = (?1, ?2, ?3) AND (?6, ?5) > (latest_at, latest)`
)

// begin makes sure that what is kept rests on the basis.
func (o *observer) begin(ctx context.Context, buckets string, now time.Time) error {
	var fingerprint, keptBuckets string
	found, err := o.tx.row(ctx, findBasis, 1, &fingerprint, &keptBuckets)
	if err != nil || found && fingerprint == o.basis.Fingerprint && keptBuckets == buckets {
		return err
	}
	for _, table := range []string{"tally", "observation", "tally_count", "tally_bucket"} {
		if _, err := o.tx.exec(ctx, "DELETE FROM "+table); err != nil {
			return err
		}
	}
	_, err = o.tx.exec(ctx, startTally, o.basis.Fingerprint, buckets, now.UnixMicro())
	return err
}

func (o *observer) observe(ctx context.Context, n *Observation) error {
	if n.Incident == "" || n.Kind == "" {
		return errors.New("it has no incident or no kind")
	}
	took := n.Took.Truncate(time.Microsecond)
	added, err := o.tx.exec(ctx, addObservation, n.Incident, n.Kind, n.Team, n.Urgency, n.At.UnixMicro(), took.Microseconds())
	if err != nil || added == 0 {
		return err
	}
	if _, err := o.tx.exec(ctx, addCount, n.Kind, n.Team, n.Urgency); err != nil {
		return err
	}
	bounds := o.basis.Buckets[n.Kind]
	if len(bounds) == 0 {
		return nil
	}
	// The position of the first bound that is not below, or one past the last.
	bucket, _ := slices.BinarySearch(bounds, took)
	values := []any{n.Kind, n.Team, bucket, took.Microseconds(), n.Incident, n.At.UnixMicro()}
	for _, statement := range []string{addToBucket, setLatest} {
		if _, err := o.tx.exec(ctx, statement, values...); err != nil {
			return err
		}
	}
	return nil
}
