package pagerduty

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// sample is a list of which a probe asks for one item.
type sample struct {
	list
	kind string
	// lacking are the statuses with which a cycle goes without the list, and
	// without what it then is.
	lacking []int
	without string
}

// probe is one run of Probe. Of its cycle only the lists are used.
type probe struct {
	cycle
	warnings []string
}

// Probe looks for the configured services and teams, and asks for one item of
// each list that rows rest on; see collectors.Prober. A service that PagerDuty
// had once is missed like one that it never had: only a cycle may look up which.
func (c *Collector) Probe(ctx context.Context) (warnings []string, err error) {
	api, err := c.connect()
	if err != nil {
		return nil, err
	}
	p := &probe{cycle: cycle{api: api, opts: &c.opts, start: wholeSecond(c.opts.Now())}}
	for _, step := range []func(context.Context) error{p.findServices, p.findTeams, p.askForSamples} {
		if err := step(ctx); err != nil {
			return p.warnings, err
		}
	}
	return p.warnings, nil
}

func (p *probe) findServices(ctx context.Context) error {
	var read facts.Batch
	services := reference{keyServices, kindService, decoder(keyServices, kindService, addService), nil}
	if _, err := p.addAll(ctx, &read, services); err != nil {
		return err
	}
	if missing := p.opts.servicesBeside(read.Services); len(missing) > 0 {
		return &UnknownServiceError{IDs: slices.Sorted(maps.Keys(missing)), Teams: missing}
	}
	return nil
}

// findTeams asks for teams only where some are configured.
func (p *probe) findTeams(ctx context.Context) error {
	if len(p.opts.Teams) == 0 {
		return nil
	}
	var read facts.Batch
	listed := list{path: keyTeams, query: url.Values{}, decode: decoder(keyTeams, kindTeam, addTeam)}
	err := p.api.all(ctx, listed, false, func(one page) error {
		add(&read, &one.facts)
		return nil
	})
	if err == nil {
		return p.opts.checkTeams(read.Teams)
	}
	return p.tolerate(sample{listed, kindTeam, optional(), "nobody can tell whether those that are configured exist"}, err)
}

func (p *probe) askForSamples(ctx context.Context) error {
	for _, s := range p.samples() {
		s.query.Set("limit", "1")
		body, err := p.api.get(ctx, s.path, s.query)
		if err == nil {
			_, err = s.decode(body)
		}
		if err := p.tolerate(s, err); err != nil {
			return err
		}
	}
	return nil
}

// tolerate makes a warning of an answer with which a cycle goes without a list.
func (p *probe) tolerate(s sample, err error) error {
	switch {
	case err == nil:
		return nil
	case lacks(err, s.lacking...):
		p.warnings = append(p.warnings, fmt.Sprintf("%s cannot be read, so that %s: %v", s.path, s.without, err))
		return nil
	default:
		return fmt.Errorf("list one PagerDuty %s: %w", s.kind, err)
	}
}

// samples are the lists that rows rest on, beside services and teams.
func (p *probe) samples() []sample {
	lately := span{From: p.start.Add(-time.Hour), Until: p.start}
	whole := func(path string, decode func([]byte) (page, error)) list { return list{path, url.Values{}, decode} }
	users := whole(keyUsers, decoder(keyUsers, kindUser, addUser))
	priorities := whole(keyPriorities, decoder(keyPriorities, kindPriority, addPriority))
	policies := whole(keyPolicies, decoder(keyPolicies, kindPolicy, addPolicy))
	maintenance := whole(keyMaintenance, decoder(keyMaintenance, kindMaintenance, addMaintenance))
	onCalls := whole(keyOnCalls, decoder(keyOnCalls, kindOnCall, addOnCall)).within(lately)
	return []sample{
		{users, kindUser, nil, ""},
		{priorities, kindPriority, optional(), "no incident has a priority"},
		{policies, kindPolicy, optional(), "rows about rotations know no escalation policy"},
		{maintenance, kindMaintenance, optional(), "maintenance counts as downtime"},
		{p.incidents().within(lately), kindIncident, nil, ""},
		{p.logEntries().within(lately), kindLogEntry, nil, ""},
		{onCalls, kindOnCall, optional(), "rows about rotations have no data"},
	}
}
