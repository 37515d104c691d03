package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

func isolationTests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"readers see all of a batch or nothing":                   allOrNothing,
		"writers take turns":                                      writersTakeTurns,
		"a save that is cancelled before it begins keeps nothing": saveCancelled,
	}
}

const isolated = 50 // Incidents per batch.

// versioned is a batch that brings every incident to a version and its
// timeline to as many entries.
func versioned(version int) facts.Batch {
	var b facts.Batch
	for n := range isolated {
		i := incident(fmt.Sprintf("Q%02d", n), version)
		b.Incidents = append(b.Incidents, i)
		b.Entries = append(b.Entries, entry(i.ID, fmt.Sprintf("R%02d", version), version))
	}
	return b
}

func allOrNothing(t *testing.T, s Store) {
	const versions = 30
	save(t, s, versioned(1))
	var writing sync.WaitGroup
	writing.Go(func() {
		for version := 2; version <= versions; version++ {
			if err := s.Save(context.Background(), facts.PagerDuty, versioned(version)); err != nil {
				t.Errorf("save version %d: %v", version, err)
			}
		}
	})
	defer writing.Wait()
	for seen := 1; seen < versions && !t.Failed(); {
		seen = wantOneVersion(t, read(t, s, store.Query{}))
	}
}

// wantOneVersion asserts that all incidents are at one version, and returns it.
func wantOneVersion(t *testing.T, all []facts.Incident) int {
	t.Helper()
	want(t, "number of incidents", len(all), isolated)
	version := int(all[0].UpdatedAt.Sub(epoch()).Minutes())
	for _, i := range all {
		want(t, "version of "+i.ID, i.UpdatedAt, at(version))
		want(t, "entries of "+i.ID, len(i.Timeline), version)
	}
	return version
}

func writersTakeTurns(t *testing.T, s Store) {
	const writers, each = 4, 10
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for n := range each {
				b := incidents(incident(fmt.Sprintf("Q%d-%d", w, n), 1))
				if err := s.Save(context.Background(), facts.PagerDuty, b); err != nil {
					t.Errorf("writer %d, save %d: %v", w, n, err)
				}
			}
		})
	}
	writing.Wait()
	want(t, "records", got(s.Records(context.Background(), facts.PagerDuty))(t), map[string]int{"incident": writers * each})
	want(t, "revision", got(s.Revision(context.Background()))(t), writers*each)
}

func saveCancelled(t *testing.T, s Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Save(ctx, facts.PagerDuty, incidents(incident("Q1", 1))); err == nil {
		t.Fatal("a cancelled save succeeded")
	}
	wantNothing(t, s)
}
