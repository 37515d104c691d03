package app

import (
	"context"
	"slices"
	"time"

	"teamhealth/config"
	"teamhealth/internal/store"
	"teamhealth/scorecard"
)

// Reader answers questions from the store alone, for the command line. It
// works beside a running server on the same store. It reads what a question is about
// when it is asked, so that the first answer comes soon.
type Reader struct {
	*Scores
	store *store.Store
}

// OpenReader opens the configured store for reading.
func OpenReader(ctx context.Context, c *config.Config, now func() time.Time) (*Reader, error) {
	s, err := store.Open(ctx, store.Options{URL: c.Store.Path, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	return &Reader{Scores: NewScores(c.Policy(), s, now), store: s}, nil
}

// CardsOf returns the card of a subject, or every card for AllTeams.
func (r *Reader) CardsOf(ctx context.Context, subject, period string, asOf time.Time) ([]scorecard.Card, error) {
	if err := r.prepare(ctx, period, asOf); err != nil {
		return nil, err
	}
	return r.Scores.CardsOf(ctx, subject, period, asOf)
}

// prepare makes the edition that answers about a period: with the facts that a
// server has at hand for it, or with none where that one would read them, too. Of a
// question that cannot be answered, whoever answers says why.
func (r *Reader) prepare(ctx context.Context, period string, asOf time.Time) error {
	now, cal := r.now().UTC().Truncate(time.Second), r.policy.Calendar
	if asOf.IsZero() {
		asOf = now
	}
	p, err := cal.ParsePeriod(period, asOf.UTC())
	if err != nil {
		return nil //nolint:nilerr // The answer says so.
	}
	windows, err := windowsAt(cal, now)
	if err != nil {
		return err
	}
	from := cal.Before(p, asOf.UTC()).Start
	past := from.Before(earliest(cal, windows, now))
	if past {
		from = now
	}
	e, err := r.begin(ctx, now, from)
	if err == nil && !past {
		err = r.gather(ctx, e)
	}
	r.current.Store(e)
	return err
}

// Close closes the store.
func (r *Reader) Close() error { return r.store.Close() }

// AllTeams asks for every card, the organisation's first.
const AllTeams = "all"

// CardsOf returns the card of a subject, or every card for AllTeams.
func (s *Scores) CardsOf(ctx context.Context, subject, period string, asOf time.Time) ([]scorecard.Card, error) {
	if subject != AllTeams {
		if _, err := s.policy.Subject(subject); err != nil {
			return nil, err
		}
	}
	cards, err := s.Cards(ctx, period, asOf)
	if err != nil || subject == AllTeams {
		return cards, err
	}
	i := slices.IndexFunc(cards, func(c scorecard.Card) bool { return c.Subject.ID == subject })
	return cards[i : i+1], nil
}

// Objective returns an objective of the rubric; the error is a *scorecard.UnknownError.
func (s *Scores) Objective(id string) (scorecard.Objective, error) {
	return s.policy.Rubric.Find(id)
}

// Explanation is one row with everything behind it.
type Explanation struct {
	Card      scorecard.Card
	Row       scorecard.Row
	Objective scorecard.Objective
	Evidence  []scorecard.Evidence
}

// Explain returns the row of an objective on a subject's card, and what it
// rests on. An objective that the subject's card does not have is a
// *scorecard.ParameterError.
func (r *Reader) Explain(ctx context.Context, objective, subject, period string, asOf time.Time) (*Explanation, error) {
	o, err := r.Objective(objective)
	if err != nil {
		return nil, err
	}
	if _, err := r.policy.Subject(subject); err != nil {
		return nil, err
	}
	cards, err := r.CardsOf(ctx, subject, period, asOf)
	if err != nil {
		return nil, err
	}
	evidence, err := r.Evidence(ctx, objective, subject, period, cards[0].AsOf)
	if err != nil {
		return nil, err
	}
	return &Explanation{Card: cards[0], Row: *cards[0].Row(objective), Objective: o, Evidence: evidence}, nil
}

// Evidence returns the facts behind a row, oldest first.
func (s *Scores) Evidence(ctx context.Context, objective, subject, period string, asOf time.Time) ([]scorecard.Evidence, error) {
	e, p, asOf, err := s.ask(period, asOf)
	if err != nil {
		return nil, err
	}
	var items []scorecard.Evidence
	err = s.withFacts(ctx, e, p, asOf, func(f scorecard.Facts) (err error) {
		items, err = scorecard.EvidenceFor(s.input(f, p, asOf), objective, subject)
		return err
	})
	return items, err
}
