package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

func observationTests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"observations add up by kind, team and urgency":                     observationsAddUp,
		"an observation of exactly a bound is in its bucket":                bucketBounds,
		"a bucket's exemplar is the observation that happened last":         latestExemplar,
		"the first observation of a kind is the incident's for good":        firstObservation,
		"another fingerprint starts the counters anew":                      otherFingerprint,
		"other buckets start the counters anew":                             otherBuckets,
		"counters say when they started, and up to which revision they are": tallyProgress,
		"observations are no facts":                                         observationsAreNoFacts,
		"a bad observation is an error, and none of its call is kept":       badObservation,
	}
}

func observationProperties() map[string]func(*testing.T, func(*testing.T) Store) {
	return map[string]func(*testing.T, func(*testing.T) Store){
		"property: any order, any split and any replay of observations add up to the same": sameTally,
	}
}

// basis has one histogram, with bounds of 1 and 5 minutes.
func basis() store.Basis {
	return store.Basis{
		Fingerprint: "mapping",
		Buckets:     map[store.ObservationKind][]time.Duration{store.ObservedAnswered: {time.Minute, 5 * time.Minute}},
	}
}

// answered is an answer after some seconds, which happened at some minute.
func answered(incident string, minutes, seconds int) store.Observation {
	return store.Observation{
		Incident: incident, Kind: store.ObservedAnswered, Team: "mysql", Urgency: facts.UrgencyHigh,
		At: at(minutes), Took: time.Duration(seconds) * time.Second,
	}
}

func observe(t failer, s Store, b store.Basis, list ...store.Observation) {
	t.Helper()
	if err := s.Observe(context.Background(), b, store.Progress{Now: epoch()}, list); err != nil {
		t.Fatalf("observe: %v", err)
	}
}

func tally(t failer, s Store, b store.Basis) store.Tally {
	t.Helper()
	return got(s.Tally(context.Background(), b))(t)
}

func observationsAddUp(t *testing.T, s Store) {
	seen := func(id, team string, urgency facts.Urgency) store.Observation {
		return store.Observation{Incident: id, Kind: store.ObservedSeen, Team: team, Urgency: urgency, At: at(1)}
	}
	mongo := answered("Q3", 2, 61)
	mongo.Team = "mongodb"
	observe(t, s, basis(), seen("Q1", "mysql", "high"), seen("Q2", "mysql", "low"), seen("Q3", "mongodb", "high"))
	observe(t, s, basis(), seen("Q4", "mysql", "high"), answered("Q1", 1, 30), mongo, answered("Q4", 9, 600), answered("Q5", 3, 20))
	exemplar := func(n store.Observation) store.Exemplar {
		return store.Exemplar{Incident: n.Incident, At: n.At, Took: n.Took}
	}
	want(t, "tally", tally(t, s, basis()), store.Tally{
		Created: epoch(),
		Counts: []store.Count{
			{Kind: "answered", Team: "mongodb", Urgency: "high", Count: 1},
			{Kind: "answered", Team: "mysql", Urgency: "high", Count: 3},
			{Kind: "seen", Team: "mongodb", Urgency: "high", Count: 1},
			{Kind: "seen", Team: "mysql", Urgency: "high", Count: 2},
			{Kind: "seen", Team: "mysql", Urgency: "low", Count: 1},
		},
		Histograms: []store.Histogram{
			{Kind: "answered", Team: "mongodb", Count: 1, Sum: 61, Buckets: []store.Bucket{{}, {Count: 1, Latest: exemplar(mongo)}, {}}},
			{Kind: "answered", Team: "mysql", Count: 3, Sum: 650, Buckets: []store.Bucket{ // 30 + 600 + 20.
				{Count: 2, Latest: exemplar(answered("Q5", 3, 20))}, {}, {Count: 1, Latest: exemplar(answered("Q4", 9, 600))},
			}},
		},
	})
}

func bucketBounds(t *testing.T, s Store) {
	above := answered("Q4", 1, 300)
	above.Took += time.Microsecond
	observe(t, s, basis(), answered("Q1", 1, 0), answered("Q2", 1, 60), answered("Q3", 1, 300), above)
	h := tally(t, s, basis()).Histograms[0]
	want(t, "counts", []int64{h.Buckets[0].Count, h.Buckets[1].Count, h.Buckets[2].Count}, []int64{2, 1, 1})
	want(t, "sum", h.Sum, 660.000001)
}

func latestExemplar(t *testing.T, s Store) {
	observe(t, s, basis(), answered("Q1", 5, 1), answered("Q3", 7, 3), answered("Q2", 7, 2), answered("Q4", 6, 4))
	want(t, "exemplar", tally(t, s, basis()).Histograms[0].Buckets[0].Latest,
		store.Exemplar{Incident: "Q3", At: at(7), Took: 3 * time.Second})
}

func firstObservation(t *testing.T, s Store) {
	observe(t, s, basis(), answered("Q1", 5, 10))
	first := tally(t, s, basis())
	later := answered("Q1", 1, 400)
	later.Team, later.Urgency = "mongodb", facts.UrgencyLow
	observe(t, s, basis(), later, answered("Q1", 5, 10))
	want(t, "tally", tally(t, s, basis()), first)
	done := later
	done.Kind = store.ObservedResolved
	observe(t, s, basis(), done)
	want(t, "counts", len(tally(t, s, basis()).Counts), 2)
}

func otherFingerprint(t *testing.T, s Store) {
	moved := basis()
	moved.Fingerprint = "another mapping"
	wantRestart(t, s, moved)
}

func otherBuckets(t *testing.T, s Store) {
	finer := basis()
	finer.Buckets[store.ObservedAnswered] = []time.Duration{time.Second, time.Minute, 5 * time.Minute}
	wantRestart(t, s, finer)
}

// wantRestart asserts that counters on another basis begin with nothing.
func wantRestart(t *testing.T, s Store, other store.Basis) {
	t.Helper()
	ctx := context.Background()
	observe(t, s, basis(), answered("Q1", 1, 30), answered("Q2", 2, 90))
	want(t, "tally on a basis that nothing rests on", tally(t, s, other), store.Tally{})
	if err := s.Observe(ctx, other, store.Progress{Now: at(60)}, []store.Observation{answered("Q2", 2, 30)}); err != nil {
		t.Fatal(err)
	}
	started := tally(t, s, other)
	want(t, "start of the new counters", started.Created, at(60))
	want(t, "counts of the new counters", started.Counts, []store.Count{{Kind: "answered", Team: "mysql", Urgency: "high", Count: 1}})
	want(t, "sum of the new counters", started.Histograms[0].Sum, 30)
	want(t, "tally on the dropped basis", tally(t, s, basis()), store.Tally{})
}

func tallyProgress(t *testing.T, s Store) {
	ctx := context.Background()
	want(t, "tally of a new store", tally(t, s, basis()), store.Tally{})
	for _, step := range []struct {
		name           string
		since, through int64
		want           int64
	}{
		{"a part", 0, 0, 0},
		{"all up to a revision", 0, 7, 7},
		{"another part", 0, 0, 7},
		{"what changed since", 7, 9, 9},
		{"what was known before", 3, 8, 9},
		{"what changed since a revision that was never reached", 10, 12, 9},
	} {
		if err := s.Observe(ctx, basis(), store.Progress{Now: at(int(step.through)), Since: step.since, Through: step.through}, nil); err != nil {
			t.Fatal(err)
		}
		want(t, "progress after "+step.name, tally(t, s, basis()), store.Tally{Created: epoch(), Revision: step.want})
	}
	other := basis()
	other.Fingerprint = "another mapping"
	if err := s.Observe(ctx, other, store.Progress{Now: at(60), Since: 9, Through: 10}, nil); err != nil {
		t.Fatal(err)
	}
	want(t, "progress after a restart that nobody expected", tally(t, s, other), store.Tally{Created: at(60)})
}

func observationsAreNoFacts(t *testing.T, s Store) {
	observe(t, s, basis(), answered("Q1", 1, 30))
	wantNothing(t, s)
}

func badObservation(t *testing.T, s Store) {
	ctx := context.Background()
	kindless := answered("Q2", 1, 1)
	kindless.Kind = ""
	for _, bad := range []store.Observation{answered("", 1, 1), kindless} {
		if err := s.Observe(ctx, basis(), store.Progress{Now: epoch()}, []store.Observation{answered("Q1", 1, 1), bad}); err == nil {
			t.Fatalf("the observation %+v was taken", bad)
		}
		want(t, "tally", tally(t, s, basis()), store.Tally{})
	}
	descending := basis()
	descending.Buckets[store.ObservedAnswered] = []time.Duration{time.Minute, time.Second}
	if err := s.Observe(ctx, descending, store.Progress{Now: epoch()}, nil); err == nil {
		t.Fatal("buckets that descend were taken")
	}
	if _, err := s.Tally(ctx, descending); err == nil {
		t.Fatal("buckets that descend were looked for")
	}
}

func sameTally(t *testing.T, open func(*testing.T) Store) {
	plain, shuffled := open(t), open(t)
	example := 0
	rapid.Check(t, func(r *rapid.T) {
		example++
		b := basis()
		b.Fingerprint = fmt.Sprintf("example %d", example) // Drops what the one before left.
		list := rapid.SliceOfN(rapid.Custom(drawObservation), 1, 12).Draw(r, "observations")
		observe(r, plain, b, list...)
		order := rapid.Permutation(slices.Concat(list, list)).Draw(r, "shuffled, twice")
		cut := rapid.IntRange(0, len(order)).Draw(r, "cut")
		observe(r, shuffled, b, order[:cut]...)
		observe(r, shuffled, b, order[cut:]...)
		want(r, "tally", tally(r, shuffled, b), tally(r, plain, b))
		want(r, "counts", tally(r, plain, b).Counts, counted(list))
	})
}

// drawObservation draws one that says what follows from what it is told apart
// by, so that no order of them matters.
func drawObservation(r *rapid.T) store.Observation {
	n := rapid.IntRange(0, 9).Draw(r, "incident")
	o := answered(fmt.Sprintf("Q%d", n), n%4, n*50)
	o.Kind = rapid.SampledFrom([]store.ObservationKind{store.ObservedSeen, store.ObservedAnswered}).Draw(r, "kind")
	o.Team = []string{"mysql", "mongodb"}[n%2]
	return o
}

// counted adds up the counts of a list, each observation once.
func counted(list []store.Observation) []store.Count {
	type key struct {
		incident string
		kind     store.ObservationKind
	}
	sums, seen := map[store.Count]int64{}, map[key]bool{}
	for _, o := range list {
		if k := (key{o.Incident, o.Kind}); !seen[k] {
			seen[k] = true
			sums[store.Count{Kind: o.Kind, Team: o.Team, Urgency: o.Urgency}]++
		}
	}
	var counts []store.Count
	for count, n := range sums {
		count.Count = n
		counts = append(counts, count)
	}
	slices.SortFunc(counts, func(a, b store.Count) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Team, b.Team), cmp.Compare(a.Urgency, b.Urgency))
	})
	return counts
}
