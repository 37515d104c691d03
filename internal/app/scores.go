package app

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// rollingWindow is the id of the rolling period that every edition publishes.
const rollingWindow = scorecard.Last28Days

// Scores answers every question about cards. The answers of one edition agree
// with each other; Refresh puts out the next one. Reading never waits for a
// refresh, and never asks an upstream.
type Scores struct {
	policy *scorecard.Policy
	store  *store.Store
	now    func() time.Time

	current atomic.Pointer[edition]
	past    chan struct{} // Holds a token while somebody looks at what no edition holds.

	refreshing sync.Mutex
	ledgers    *ledgers // Guarded by refreshing.

	readyOnce  sync.Once
	firstReady chan struct{} // Closed once an edition rests on all sources that can be read.
}

// NewScores returns Scores that have no edition yet.
func NewScores(p *scorecard.Policy, s *store.Store, now func() time.Time) *Scores {
	return &Scores{
		policy: p, store: s, now: now, ledgers: newLedgers(p),
		past: make(chan struct{}, 1), firstReady: make(chan struct{}),
	}
}

// Refresh computes the cards of every published window from what the store
// holds now, and publishes them at once.
func (s *Scores) Refresh(ctx context.Context) error {
	s.refreshing.Lock()
	defer s.refreshing.Unlock()
	asOf := s.now().UTC().Truncate(time.Second)
	windows, err := windowsAt(s.policy.Calendar, asOf)
	if err != nil {
		return err
	}
	e, err := s.begin(ctx, asOf, earliest(s.policy.Calendar, windows, asOf))
	if err != nil {
		return err
	}
	if err := s.gather(ctx, e); err != nil {
		return err
	}
	e.published = s.publish(e, windows)
	if e.published.Open, err = s.open(ctx, e.facts.Sources); err != nil {
		return err
	}
	s.current.Store(e)
	if s.whole(e.facts.Sources) {
		s.readyOnce.Do(func() { close(s.firstReady) })
	}
	return nil
}

// begin makes an edition that knows how far the sources are read, and nothing else.
func (s *Scores) begin(ctx context.Context, asOf, from time.Time) (*edition, error) {
	sources, err := s.store.Sources(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the state of the sources: %w", err)
	}
	return &edition{asOf: asOf, from: from, facts: scorecard.Facts{Sources: sources}, asked: map[question]*answer{}}, nil
}

// gather gives an edition its facts. They come after the sources: what arrives in
// between lies beyond their horizon.
func (s *Scores) gather(ctx context.Context, e *edition) error {
	if err := s.ledgers.refresh(ctx, s.store, e.from, e.asOf); err != nil {
		return err
	}
	e.facts.Incidents, e.facts.Tickets = s.ledgers.incidents.sorted, s.ledgers.tickets.list()
	e.facts.Hours = s.ledgers.events.hours
	return s.surroundings(ctx, &e.facts, e.from, e.asOf)
}

// window is a published window and its period.
type window struct {
	name   string
	period scorecard.Period
}

// windowsAt lists the windows that an edition of an instant publishes.
func windowsAt(cal scorecard.Calendar, asOf time.Time) ([]window, error) {
	rolling, err := cal.ParsePeriod(rollingWindow, asOf)
	if err != nil {
		return nil, err
	}
	quarter := cal.QuarterOf(asOf)
	return []window{
		{scorecard.CurrentQuarter, quarter},
		{scorecard.PreviousQuarter, cal.Before(quarter, asOf)},
		{scorecard.Last28Days, rolling},
	}, nil
}

// earliest is where the facts must begin for the windows and their trends.
func earliest(cal scorecard.Calendar, windows []window, asOf time.Time) time.Time {
	from := asOf
	for _, w := range windows {
		if start := cal.Before(w.period, asOf).Start; start.Before(from) {
			from = start
		}
	}
	return from
}

func (s *Scores) publish(e *edition, windows []window) *scorecard.Published {
	p := &scorecard.Published{AsOf: e.asOf}
	periods := make([]scorecard.Period, 0, len(windows))
	for _, w := range windows {
		periods = append(periods, w.period)
	}
	for i, cards := range scorecard.ComputeAll(s.policy, e.facts, e.asOf, periods...) {
		p.Windows = append(p.Windows, scorecard.WindowCards{Name: windows[i].name, Cards: cards})
		e.asked[question{windows[i].period.ID, e.asOf}] = answered(cards)
	}
	p.ExceptionsExpired = s.policy.ExceptionsExpired(e.asOf, e.facts.Named, p.Windows)
	for _, c := range p.Cards(scorecard.CurrentQuarter)[:1] {
		p.UnmappedServices, p.UnmappedPeople = len(c.Unmapped.Services), c.Unmapped.People
	}
	return p
}

// answered is an answer that needs no computing any more.
func answered(cards []scorecard.Card) *answer {
	return &answer{func() ([]scorecard.Card, error) { return cards, nil }}
}

func (s *Scores) input(f scorecard.Facts, p scorecard.Period, asOf time.Time) scorecard.Input {
	return scorecard.Input{Policy: s.policy, Facts: f, Period: p, AsOf: asOf}
}

// Published returns the latest edition's cards; nil before the first.
func (s *Scores) Published() *scorecard.Published {
	e := s.current.Load()
	if e == nil {
		return nil
	}
	return e.published
}

// whole reports whether every source that can be read was read completely.
func (s *Scores) whole(states []facts.SourceState) bool {
	complete := map[facts.Source]bool{}
	for _, state := range states {
		complete[state.Source] = state.Complete()
	}
	return !slices.ContainsFunc(s.policy.Sources, func(r scorecard.SourceRules) bool { return r.Built && !complete[r.Source] })
}

// Ready reports whether there is something honest to show: an edition that
// rests on at least one completed source.
func (s *Scores) Ready() bool {
	_, err := s.edition()
	return err == nil
}

func (s *Scores) edition() (*edition, error) {
	e := s.current.Load()
	if e == nil {
		return nil, scorecard.ErrNotReady
	}
	for _, state := range e.facts.Sources {
		if state.Complete() {
			return e, nil
		}
	}
	return nil, scorecard.ErrNotReady
}

// Cards returns the cards of a period, the organisation's first. A zero asOf
// is the instant of the latest edition.
func (s *Scores) Cards(ctx context.Context, period string, asOf time.Time) ([]scorecard.Card, error) {
	e, p, asOf, err := s.ask(period, asOf)
	if err != nil {
		return nil, err
	}
	return e.answer(question{p.ID, asOf}, func() ([]scorecard.Card, error) {
		var cards []scorecard.Card
		// Whoever waits for the same answer must not lose it to this reader's leaving.
		err := s.withFacts(context.WithoutCancel(ctx), e, p, asOf, func(f scorecard.Facts) error {
			cards = scorecard.Compute(s.input(f, p, asOf))
			return nil
		})
		return cards, err
	})
}

// ask finds the edition, period and instant of a question. A question that
// could never be answered is refused as such, even before there is an edition.
func (s *Scores) ask(period string, asOf time.Time) (*edition, scorecard.Period, time.Time, error) {
	e, notReady := s.edition()
	now := s.now()
	switch {
	case asOf.After(now):
		return nil, scorecard.Period{}, asOf, &scorecard.ParameterError{
			Parameter: "as_of", Value: asOf.Format(time.RFC3339), Allowed: "an instant that is not in the future",
		}
	case asOf.IsZero() && e != nil:
		asOf = e.asOf
	case asOf.IsZero():
		asOf = now
	}
	asOf = asOf.UTC()
	p, err := s.policy.Calendar.ParsePeriod(period, asOf)
	if err == nil {
		err = notReady
	}
	return e, p, asOf, err
}

// withFacts calls use with facts that hold everything about a period and the
// one before it, from memory where the edition reaches back that far. Of what is
// older it reads one period at a time: each fills as much memory as an edition.
func (s *Scores) withFacts(
	ctx context.Context, e *edition, p scorecard.Period, asOf time.Time, use func(scorecard.Facts) error,
) error {
	from := s.policy.Calendar.Before(p, asOf).Start
	if !from.Before(e.from) {
		return use(e.facts)
	}
	select {
	case s.past <- struct{}{}:
		defer func() { <-s.past }()
	case <-ctx.Done():
		return ctx.Err()
	}
	f := scorecard.Facts{Sources: e.facts.Sources}
	var err error
	if f.Incidents, err = s.pastIncidents(ctx, from, p.End); err != nil {
		return fmt.Errorf("look at %s: %w", p.ID, err)
	}
	tickets := newTicketLedger(s.policy)
	if err := tickets.refresh(ctx, s.store, from); err != nil {
		return err
	}
	f.Tickets = tickets.list()
	if f.Hours, err = s.pastHours(ctx, from, p.End); err != nil {
		return fmt.Errorf("look at %s: %w", p.ID, err)
	}
	if err := s.surroundings(ctx, &f, from, asOf); err != nil {
		return err
	}
	return use(f)
}

// pastIncidents reads the incidents that reach into a span of time, and those after it
// that one of them was merged into, be it by way of others.
func (s *Scores) pastIncidents(ctx context.Context, from, until time.Time) ([]*scorecard.Digest, error) {
	digester := scorecard.NewDigester(s.policy)
	list, err := digests(ctx, s.store, store.Query{From: from, To: until, Active: true}, digester)
	asked := map[string]bool{}
	for more := list; err == nil && len(more) > 0; {
		ids := []string{}
		for _, d := range more {
			if d.MergedInto != "" && !asked[d.MergedInto] {
				asked[d.MergedInto] = true
				ids = append(ids, d.MergedInto)
			}
		}
		more, err = digests(ctx, s.store, store.Query{From: until, IDs: ids}, digester)
		list = append(list, more...)
	}
	return list, err
}

// retryComputing is how long a refresh that failed waits when nothing else
// asks for one.
const retryComputing = time.Minute

// untilNextChange is how long the latest edition stays true if no fact changes.
func (s *Scores) untilNextChange() time.Duration {
	e := s.current.Load()
	if e == nil {
		return retryComputing
	}
	return max(time.Second, s.policy.NextChange(e.facts.Sources, e.asOf).Sub(s.now()))
}
