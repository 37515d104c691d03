package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"teamhealth/internal/facts"
)

// Tally is what all observations on one basis add up to. To read it costs the
// same whatever the number of incidents.
type Tally struct {
	// Created is when the counters started. Zero when nothing was observed on
	// the basis yet.
	Created time.Time
	// Revision is the one up to which facts have been observed: who observes
	// what changed since misses nothing. 0 when that is everything.
	Revision   int64
	Counts     []Count     // Ordered by kind, team and urgency.
	Histograms []Histogram // Ordered by kind and team.
}

// Count is how many observations there are of a kind, team and urgency.
type Count struct {
	Kind    ObservationKind
	Team    string
	Urgency facts.Urgency
	Count   int64
}

// Histogram is how long the observations of a kind and team took. Those of a
// team without any are absent.
type Histogram struct {
	Kind  ObservationKind
	Team  string
	Count int64
	Sum   float64 // Seconds.
	// Buckets has one for each bound of the basis, in order, and a last one
	// for what is above all bounds. Each counts only what is in no earlier one.
	Buckets []Bucket
}

// Bucket is one bucket of a histogram.
type Bucket struct {
	Count int64
	// Latest is the observation in it that happened last, with nothing but
	// incident, instant and duration. Zero in an empty bucket.
	Latest Exemplar
}

// Exemplar is an observation that stands for those of its bucket.
type Exemplar struct {
	Incident string
	At       time.Time
	Took     time.Duration
}

// Tally returns what the observations on a basis add up to; the zero Tally
// where those that are kept rest on another.
func (s *Store) Tally(ctx context.Context, b Basis) (Tally, error) {
	buckets, err := b.encoded()
	if err != nil {
		return Tally{}, s.explain("read counters", err)
	}
	var t Tally
	err = s.read(ctx, func(tx *sql.Tx) error {
		t, err = readTally(ctx, tx, b, buckets)
		return err
	})
	return t, s.explain("read counters", err)
}

func readTally(ctx context.Context, tx *sql.Tx, b Basis, buckets string) (Tally, error) {
	const findTally = "SELECT created_at, revision FROM tally WHERE (fingerprint, buckets) = (?, ?)"
	var t Tally
	err := tx.QueryRowContext(ctx, findTally, b.Fingerprint, buckets).Scan((*timeColumn)(&t.Created), &t.Revision)
	if errors.Is(err, sql.ErrNoRows) {
		return Tally{}, nil
	}
	if err != nil {
		return Tally{}, err
	}
	const counts = "SELECT kind, team, urgency, count FROM tally_count ORDER BY kind, team, urgency"
	t.Counts, err = collect(ctx, tx, counts, func(c *Count) []any { return []any{&c.Kind, &c.Team, &c.Urgency, &c.Count} })
	if err != nil {
		return Tally{}, err
	}
	t.Histograms, err = readHistograms(ctx, tx, b)
	return t, err
}

func readHistograms(ctx context.Context, tx *sql.Tx, b Basis) ([]Histogram, error) {
	type row struct {
		kind              ObservationKind
		team              string
		bucket            int
		took, exampleTook int64 // Microseconds.
		Bucket
	}
	const query = `SELECT kind, team, bucket, count, took, latest, latest_at, latest_took FROM tally_bucket
ORDER BY kind, team, bucket`
	rows, err := collect(ctx, tx, query, func(r *row) []any {
		return []any{
			&r.kind, &r.team, &r.bucket, &r.Count, &r.took, &r.Latest.Incident, (*timeColumn)(&r.Latest.At), &r.exampleTook,
		}
	})
	if err != nil {
		return nil, err
	}
	var histograms []Histogram
	var sum int64 // Of the last histogram: exact, so that it does not depend on the order.
	for _, r := range rows {
		n := len(histograms) - 1
		if n < 0 || histograms[n].Kind != r.kind || histograms[n].Team != r.team {
			histograms = append(histograms, Histogram{
				Kind: r.kind, Team: r.team, Buckets: make([]Bucket, len(b.Buckets[r.kind])+1),
			})
			n, sum = n+1, 0
		}
		h := &histograms[n]
		r.Latest.Took = time.Duration(r.exampleTook) * time.Microsecond
		h.Buckets[r.bucket] = r.Bucket
		sum += r.took
		h.Count, h.Sum = h.Count+r.Count, float64(sum)/1e6
	}
	return histograms, nil
}
