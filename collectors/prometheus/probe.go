package prometheus

import (
	"context"
	"errors"
	"fmt"
)

// probe is one run of Probe.
type probe struct {
	*client
	hours    span
	warnings []string
	failed   QueryErrors
}

// run asks every expression for some hours, and warns of those without data. Its
// error is what is wrong with Prometheus, or else QueryErrors.
func (p *probe) run(ctx context.Context, wanted []query) error {
	for _, q := range wanted {
		for _, side := range []Side{Good, Total} {
			if err := p.ask(ctx, q, side); err != nil {
				return err
			}
		}
	}
	if len(p.failed) > 0 {
		return p.failed
	}
	return nil
}

func (p *probe) ask(ctx context.Context, q query, side Side) error {
	found, err := p.evaluate(ctx, side.of(q.asked), p.hours)
	if err != nil {
		err = p.blame(ctx, q, side, err)
		if problem, ok := errors.AsType[*QueryError](err); ok {
			p.failed = append(p.failed, problem)
			return nil
		}
		return err
	}
	about := fmt.Sprintf("objective %s, team %s, expression %s: ", q.objective, q.Team, side)
	for _, text := range found.warnings {
		p.warnings = append(p.warnings, about+text)
	}
	if len(found.values) == 0 {
		p.warnings = append(p.warnings, fmt.Sprintf("%sit gives nothing for the last %d hours", about, p.hours.length()))
	}
	return nil
}
