package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"teamhealth/internal/exporters/metrics"
	"teamhealth/internal/facts"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// countAtOnce is how many incidents are looked at before what there is to count
// of them is written, so that neither the memory nor the store's log grows
// with the history.
const countAtOnce = 2000

// Counters count the incidents of the whole history for the metrics. What is
// counted of an incident is kept in the store and holds from then on: a counter
// that followed later corrections would go back and forth. Incidents of
// services that no team has are not counted.
type Counters struct {
	digester scorecard.Digester
	teams    []string          // In configuration order.
	owners   map[string]string // Team by service.
	basis    store.Basis
	store    *store.Store
	now      func() time.Time

	published *atomic.Pointer[metrics.Tally]

	refreshing sync.Mutex
	horizon    time.Time           // Guarded by refreshing, as all below; that of the last refresh.
	began      time.Time           // When the kept counting began; zero before it was looked at.
	noted      int64               // The revision up to which everything is counted, as the store knows.
	read       int64               // The one up to which incidents were looked at; noted lags while some are unsettled.
	unsettled  map[string]sighting // By incident.
}

// sighting is what there is to count of an incident that is not settled yet.
type sighting struct {
	changed time.Time // When something last happened to it.
	list    []store.Observation
}

// NewCounters returns Counters that have published nothing yet.
func NewCounters(p *scorecard.Policy, s *store.Store, now func() time.Time) (*Counters, error) {
	c := &Counters{
		digester: scorecard.NewDigester(p), owners: map[string]string{}, store: s, now: now, unsettled: map[string]sighting{},
		published: new(atomic.Pointer[metrics.Tally]),
	}
	for _, t := range p.Teams {
		c.teams = append(c.teams, t.ID)
		for _, service := range t.Services {
			c.owners[service] = t.ID
		}
	}
	owners, err := json.Marshal(c.owners) // Sorted by service.
	if err != nil {
		return nil, fmt.Errorf("list the services of the teams: %w", err)
	}
	sum := sha256.Sum256(owners)
	c.basis = store.Basis{
		Fingerprint: hex.EncodeToString(sum[:]),
		Buckets: map[store.ObservationKind][]time.Duration{
			store.ObservedAnswered: metrics.ResponseBounds(),
			store.ObservedResolved: metrics.ResolutionBounds(),
		},
	}
	return c, nil
}

// Tally returns what was counted up to the last refresh; nil before the first
// one that found a complete history. What was counted of a part of it is not
// shown: the rest would look like an increase.
func (c *Counters) Tally() *metrics.Tally { return c.published.Load() }

// Refresh counts what became known by a cycle that completed since the last
// refresh, and publishes the tally. After an error the tally stays as it is, and
// the next refresh counts what this one left out.
//
// Only an incident to which nothing happened after the horizon is counted. Of
// another one the facts may still be on their way, say an acknowledgement whose
// resolve is known already, and what is counted cannot be taken back.
func (c *Counters) Refresh(ctx context.Context) error {
	c.refreshing.Lock()
	defer c.refreshing.Unlock()
	if err := c.resume(ctx); err != nil {
		return err
	}
	horizon, err := c.complete(ctx)
	if err != nil || !horizon.After(c.horizon) {
		return err
	}
	if err := c.count(ctx, horizon); err != nil {
		return fmt.Errorf("count incidents: %w", err)
	}
	c.horizon = horizon
	return c.publish(ctx)
}

// resume goes on from what is kept, unless that is what this process left
// there: it may be an earlier process's, or another one may have begun anew.
func (c *Counters) resume(ctx context.Context) error {
	kept, err := c.store.Tally(ctx, c.basis)
	if err != nil {
		return err
	}
	if !kept.Created.Equal(c.began) || kept.Revision != c.noted {
		c.began, c.noted, c.read = kept.Created, kept.Revision, kept.Revision
	}
	return nil
}

// complete returns the instant up to which everything that happened to
// incidents is in the store; zero before the first complete cycle.
func (c *Counters) complete(ctx context.Context) (time.Time, error) {
	states, err := c.store.Sources(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the state of the sources: %w", err)
	}
	for _, s := range states {
		if s.Source == facts.PagerDuty {
			return s.DataAsOf, nil
		}
	}
	return time.Time{}, nil
}

// count keeps observations of all incidents that changed since the last time,
// and of those that have settled since.
func (c *Counters) count(ctx context.Context, horizon time.Time) error {
	revision, err := c.store.Revision(ctx)
	if err != nil {
		return err
	}
	for from, more := (time.Time{}), true; more; {
		if from, more, err = c.countFrom(ctx, from, horizon); err != nil {
			return err
		}
	}
	c.read = revision
	return c.settle(ctx, horizon)
}

// settle counts what has waited and need not wait any more, and notes how far
// everything is counted: to before the last change of the first that has to wait.
func (c *Counters) settle(ctx context.Context, horizon time.Time) error {
	waiting := map[string]sighting{}
	var list []store.Observation
	for id, s := range c.unsettled {
		if s.changed.After(horizon) {
			waiting[id] = s
			continue
		}
		list = append(list, s.list...)
	}
	done := store.Progress{Now: c.now(), Since: c.noted, Through: c.read}
	if len(waiting) > 0 {
		first, err := c.store.EarliestChange(ctx, slices.Collect(maps.Keys(waiting)))
		if err != nil {
			return err
		}
		done.Through = min(c.read, first-1)
	}
	if err := c.store.Observe(ctx, c.basis, done, list); err != nil {
		return err
	}
	c.unsettled = waiting
	return nil
}

// countFrom looks at some of the changed incidents that were created at from or
// later, and returns where to go on. It lets go of the store before it writes.
func (c *Counters) countFrom(ctx context.Context, from, horizon time.Time) (next time.Time, more bool, err error) {
	var list []store.Observation
	var last time.Time
	seen := 0
	for incident, err := range c.store.Incidents(ctx, store.Query{From: from, SinceRevision: c.read, Fleeting: true}) {
		if err != nil {
			return from, false, err
		}
		if seen >= countAtOnce && incident.CreatedAt.After(last) {
			next, more = incident.CreatedAt, true
			break
		}
		seen, last = seen+1, incident.CreatedAt
		delete(c.unsettled, incident.ID)
		s := c.look(incident)
		if s.changed.After(horizon) {
			c.unsettled[incident.ID] = s
			continue
		}
		list = append(list, s.list...)
	}
	return next, more, c.store.Observe(ctx, c.basis, store.Progress{Now: c.now()}, list)
}

// look tells what there is to count of an incident.
func (c *Counters) look(i facts.Incident) sighting {
	d := c.digester.Digest(i)
	s := sighting{changed: i.CreatedAt}
	for _, at := range []time.Time{i.UpdatedAt, i.LastChange.At, d.ResolvedAt} {
		if at.After(s.changed) {
			s.changed = at
		}
	}
	if n := len(i.Timeline); n > 0 && i.Timeline[n-1].At.After(s.changed) {
		s.changed = i.Timeline[n-1].At
	}
	s.list = c.observations(&d)
	return s
}

// observations are what a digest shows: that there is an incident, and how long
// its first answer, if it was of high urgency, and its first resolve took.
func (c *Counters) observations(d *scorecard.Digest) []store.Observation {
	team, ok := c.owners[d.Service]
	if !ok {
		return nil
	}
	one := func(kind store.ObservationKind, at time.Time) store.Observation {
		return store.Observation{
			Incident: d.ID, Kind: kind, Team: team, Urgency: d.Urgency, At: at,
			Took: max(0, at.Sub(d.CreatedAt)), // Clocks differ.
		}
	}
	list := []store.Observation{one(store.ObservedSeen, d.CreatedAt)}
	if !d.AnsweredAt.IsZero() && d.Urgency == facts.UrgencyHigh {
		list = append(list, one(store.ObservedAnswered, d.AnsweredAt))
	}
	if !d.ResolvedAt.IsZero() {
		list = append(list, one(store.ObservedResolved, d.ResolvedAt))
	}
	return list
}

func (c *Counters) publish(ctx context.Context) error {
	t, err := c.store.Tally(ctx, c.basis)
	if err != nil {
		return err
	}
	c.began, c.noted = t.Created, t.Revision
	c.published.Store(c.tally(t))
	return nil
}

// tally brings what the store adds up into the form of the metrics. A team of
// which nothing was observed has counted none.
func (c *Counters) tally(t store.Tally) *metrics.Tally {
	out := &metrics.Tally{Created: t.Created, Teams: make([]metrics.TeamTally, len(c.teams))}
	for i, id := range c.teams {
		out.Teams[i] = metrics.TeamTally{
			Team: id, Incidents: map[facts.Urgency]int64{facts.UrgencyHigh: 0, facts.UrgencyLow: 0},
		}
	}
	for _, n := range t.Counts {
		if i := slices.Index(c.teams, n.Team); i >= 0 && n.Kind == store.ObservedSeen {
			out.Teams[i].Incidents[n.Urgency] = n.Count
		}
	}
	for _, h := range t.Histograms {
		i := slices.Index(c.teams, h.Team)
		switch {
		case i < 0:
		case h.Kind == store.ObservedAnswered:
			out.Teams[i].Response = histogram(h)
		case h.Kind == store.ObservedResolved:
			out.Teams[i].Resolution = histogram(h)
		}
	}
	return out
}

func histogram(h store.Histogram) metrics.Histogram {
	out := metrics.Histogram{Sum: h.Sum, Buckets: make([]metrics.Bucket, 0, len(h.Buckets))}
	for _, b := range h.Buckets {
		out.Buckets = append(out.Buckets, metrics.Bucket{Count: b.Count, Latest: metrics.Exemplar(b.Latest)})
	}
	return out
}
