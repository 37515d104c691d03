package prometheus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"teamhealth/internal/facts"
)

const (
	// widest is how many hours one request asks for: well below the 11,000 values of a
	// series that Prometheus tells at once, and few enough to be evaluated soon.
	widest = 14 * int(day)
	// maxRefusals bounds how often one series may be refused in a cycle that
	// looks for the hours that are to blame.
	maxRefusals = 40
)

// query is a pair of expressions as they are asked for one team.
type query struct {
	identity
	objective string
	asked     facts.EventQuery
}

// wanted lists what is to be evaluated, each pair once for each team.
func (o *Options) wanted() []query {
	var all []query
	for _, q := range o.Queries {
		for _, team := range q.Teams {
			one := query{identity{q.Events, team}, q.Objective, q.Events.For(team)}
			if !slices.ContainsFunc(all, func(other query) bool { return other.identity == one.identity }) {
				all = append(all, one)
			}
		}
	}
	return all
}

// cycle is one run of Collect.
type cycle struct {
	*client
	opts   *Options
	save   func(facts.Batch) error
	over   hour // The first hour that is not over.
	cursor *cursor

	planned int             // How many hours were to be asked for at first.
	told    map[string]bool // The warnings that are in the log.
}

// run reads all series. One that cannot be read does not keep the others from it.
func (c *cycle) run(ctx context.Context, wanted []query) error {
	var failed QueryErrors
	c.planned = c.cursor.left()
	for i, q := range wanted {
		err := c.read(ctx, q, c.cursor.Series[i])
		if problem, ok := errors.AsType[*QueryError](err); ok {
			failed = append(failed, problem)
			continue
		}
		if err != nil {
			return err
		}
	}
	if len(failed) > 0 {
		return failed
	}
	return c.complete()
}

// read asks for the hours of a series, newest first. Of a span that Prometheus
// refuses it asks for less, down to the single hours that are to blame. Its error is a
// *QueryError where the others may fare better.
func (c *cycle) read(ctx context.Context, q query, s *series) error {
	most, hours, refusals := widest, widest, 0
	for len(s.Todo) > 0 {
		asked := s.Todo.newest(hours)
		p, err := c.ask(ctx, q, s, asked)
		switch problem := (*QueryError)(nil); {
		case err == nil:
			hours = min(most, 2*hours)
		case !errors.As(err, &problem):
			return err
		case problem.refused() && refusals < maxRefusals && asked.length() > 1:
			refusals++
			hours = asked.length() / 2
			continue
		case problem.refused() && refusals < maxRefusals && asked.until < c.over:
			refusals++
			// Where later hours are answered, it is the data of this one that is refused.
			p = &page{hours: asked, missing: map[hour]string{asked.from: refused}, first: asked.from}
		case problem.slow() && asked.length() > int(day):
			most, hours = int(day), int(day)
			continue
		default:
			return err
		}
		if err := c.keep(q, s, p); err != nil {
			return err
		}
	}
	return nil
}

// ask evaluates both expressions for some hours. Where there is nothing at all,
// there is nothing good either.
func (c *cycle) ask(ctx context.Context, q query, s *series, hours span) (*page, error) {
	total, err := c.side(ctx, q, Total, hours)
	if err != nil {
		return nil, err
	}
	var good map[hour]float64
	if len(total) > 0 {
		if good, err = c.side(ctx, q, Good, hours); err != nil {
			return nil, err
		}
	}
	return s.count(hours, good, total), nil
}

func (c *cycle) side(ctx context.Context, q query, side Side, hours span) (map[hour]float64, error) {
	found, err := c.evaluate(ctx, side.of(q.asked), hours)
	if err != nil {
		return nil, c.blame(ctx, q, side, err)
	}
	c.warn(q, side, found.warnings)
	return found.values, nil
}

// warn logs what Prometheus has to say about an expression, once in a cycle.
func (c *cycle) warn(q query, side Side, warnings []string) {
	for _, text := range warnings {
		key := fmt.Sprint(q.objective, q.Team, side, text)
		if c.told[key] {
			continue
		}
		c.told[key] = true
		c.opts.Logger.Warn("prometheus warns about an expression", "collector", string(facts.Prometheus),
			"objective", q.objective, "team", q.Team, "expression", string(side), "warning", text)
	}
}

// keep hands a page over with the cursor that follows it.
func (c *cycle) keep(q query, s *series, p *page) error {
	missing := s.pass(p)
	if p.clamped > 0 {
		missing[clamped] = p.clamped
	}
	c.cursor.note(s.First)
	position, err := c.cursor.encode()
	if err != nil {
		return err
	}
	batch := facts.Batch{EventHours: p.facts, Cursor: position, Progress: 1 - float64(c.cursor.left())/float64(c.planned)}
	for _, reason := range slices.Sorted(maps.Keys(missing)) {
		batch.Skipped = append(batch.Skipped, facts.Skip{Kind: facts.KindEventHour, Reason: reason, Count: missing[reason]})
	}
	if err := c.save(batch); err != nil {
		return fmt.Errorf("keep the events of objective %s, team %s: %w", q.objective, q.Team, err)
	}
	return nil
}

func (c *cycle) complete() error {
	position, err := c.cursor.encode()
	if err != nil {
		return err
	}
	done := &facts.Completion{DataAsOf: c.over.start()}
	if c.cursor.Since != 0 {
		done.DataSince = c.cursor.Since.start()
	}
	if err := c.save(facts.Batch{Cursor: position, Complete: done, Progress: 1}); err != nil {
		return fmt.Errorf("keep the end of the prometheus cycle: %w", err)
	}
	return nil
}
