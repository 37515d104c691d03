package pagerduty

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"

	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
)

// readOpen reads all incidents that are open now, whenever they were created.
func (c *cycle) readOpen(ctx context.Context) error {
	open := c.incidents()
	open.query["statuses[]"] = []string{"triggered", "acknowledged"}
	everywhen := open
	everywhen.query = cloneQuery(open.query)
	everywhen.query.Set("date_range", "all")
	keep := c.keepListed(ctx)
	err := c.api.all(ctx, everywhen, true, keep)
	if errors.Is(err, errTooMany) {
		at := startOf(span{From: c.cursor.Since, Until: c.start})
		err = c.api.windows(ctx, open, &at, keep)
	}
	if err != nil {
		return fmt.Errorf("list open PagerDuty incidents: %w", err)
	}
	return nil
}

// keepListed keeps pages of incidents that may be older than the plan.
func (c *cycle) keepListed(ctx context.Context) func(page) error {
	return func(p page) error {
		strange, err := c.strangers(ctx, p.facts.Incidents)
		if err != nil {
			return err
		}
		for _, id := range p.ids {
			c.fresh[id] = true
		}
		wanted := func(i *facts.Incident) bool { return strange[i.ID] || c.changed(i) }
		if err := c.addTimelines(ctx, &p, wanted); err != nil {
			return err
		}
		return c.keep(p.facts, false)
	}
}

// strangers are incidents that are seen for the first time though they are
// older than what the plan reads. Nobody but they themselves tell their past.
func (c *cycle) strangers(ctx context.Context, incidents []facts.Incident) (map[string]bool, error) {
	strange := map[string]bool{}
	for i := range incidents {
		if !c.plans(incidents[i].CreatedAt) {
			strange[incidents[i].ID] = true
		}
	}
	known, err := c.known(ctx, strange)
	if err != nil {
		return nil, err
	}
	for id := range known {
		delete(strange, id)
	}
	return strange, nil
}

func (c *cycle) plans(at time.Time) bool {
	for _, part := range c.planned {
		if part.covers(at) {
			return true
		}
	}
	return false
}

// changed reports whether i changed since the cycle began. Its state then says
// more than the log entries up to the start explain.
func (c *cycle) changed(i *facts.Incident) bool { return !i.UpdatedAt.Before(c.start) }

// known returns those of ids that are kept.
func (c *cycle) known(ctx context.Context, ids map[string]bool) (map[string]bool, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	known, err := c.memory.KnownIncidents(ctx, slices.Sorted(maps.Keys(ids)))
	if err != nil {
		return nil, fmt.Errorf("look up kept incidents: %w", err)
	}
	return known, nil
}

// addIncidents adds to a page of log entries the incidents whose state is not
// known as it was after them.
func (c *cycle) addIncidents(ctx context.Context, p *page, history bool) error {
	touched := map[string]bool{}
	for i := range p.facts.Entries {
		if id := p.facts.Entries[i].Incident; !c.fresh[id] && !c.current[id] {
			touched[id] = true
		}
	}
	known, err := c.known(ctx, touched)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(touched)) {
		if history && known[id] {
			continue
		}
		if err := c.addIncident(ctx, p, id, known[id]); err != nil {
			return err
		}
	}
	return nil
}

// addIncident reads one incident and adds it, with its whole timeline unless
// the one that is kept goes on with what the plan reads.
func (c *cycle) addIncident(ctx context.Context, p *page, id string, continued bool) error {
	c.current[id] = true
	body, err := c.api.get(ctx, keyIncidents+"/"+url.PathEscape(id), nil)
	if errors.Is(err, apiclient.ErrNotFound) {
		p.skip(kindIncident, reasonNotFound)
		return nil
	}
	if err != nil {
		return fmt.Errorf("read PagerDuty incident %s: %w", id, err)
	}
	one, err := decodeIncident(body)
	if err != nil {
		return fmt.Errorf("read PagerDuty incident %s: %w", id, err)
	}
	wanted := func(i *facts.Incident) bool { return !continued || c.changed(i) }
	if err := c.addTimelines(ctx, &one, wanted); err != nil {
		return err
	}
	p.merge(&one)
	return nil
}

func decodeIncident(body []byte) (page, error) {
	var whole struct {
		Incident json.RawMessage `json:"incident"`
	}
	if err := json.Unmarshal(body, &whole); err != nil {
		return page{}, fmt.Errorf("decode an incident: %w", err)
	}
	if whole.Incident == nil {
		return page{}, errors.New(`the answer has no "incident"`)
	}
	var p page
	var wire wireIncident
	if json.Unmarshal(whole.Incident, &wire) != nil {
		p.skip(kindIncident, reasonUndecodable)
		return p, nil //nolint:nilerr // One item that cannot be understood is counted, and fails nothing.
	}
	addIncident(&p, wire)
	return p, nil
}

// addTimelines adds the whole timeline of each incident of p that is wanted.
func (c *cycle) addTimelines(ctx context.Context, p *page, wanted func(*facts.Incident) bool) error {
	for i := range p.facts.Incidents {
		if !wanted(&p.facts.Incidents[i]) {
			continue
		}
		if err := c.addTimeline(ctx, p, &p.facts.Incidents[i]); err != nil {
			return fmt.Errorf("read the log of PagerDuty incident %s: %w", p.facts.Incidents[i].ID, err)
		}
	}
	return nil
}

func (c *cycle) addTimeline(ctx context.Context, p *page, incident *facts.Incident) error {
	l := list{
		path:  keyIncidents + "/" + url.PathEscape(incident.ID) + "/" + keyLogEntries,
		query: url.Values{"include[]": {"channels"}},
		decode: func(body []byte) (page, error) {
			return decodePage(body, keyLogEntries, kindLogEntry, addEntry(incident.ID))
		},
	}
	add := func(entries page) error {
		p.merge(&entries)
		return nil
	}
	err := c.api.all(ctx, l, true, add)
	if errors.Is(err, errTooMany) {
		at := startOf(span{From: wholeSecond(incident.CreatedAt), Until: wholeSecond(c.opts.Now()).Add(time.Second)})
		err = c.api.windows(ctx, l, &at, add)
	}
	if errors.Is(err, apiclient.ErrNotFound) {
		p.skip(kindIncident, reasonNotFound) // Deleted a moment ago.
		return nil
	}
	return err
}

// fewSingles is how many incidents are read one by one without a thought.
const fewSingles = 100

// readGone lists recent incidents when many that were open are so no more, as
// after a storm, and a list of them costs less than reading each by itself. It
// looks back a day, then further, up to the longest window that the API reads
// by itself.
func (c *cycle) readGone(ctx context.Context) error {
	for _, back := range []time.Duration{day, 5 * day, 30 * day} {
		gone, err := c.gone(ctx)
		if err != nil || len(gone) <= fewSingles {
			return err
		}
		window := span{From: c.start.Add(-back), Until: c.start}
		first, err := c.api.page(ctx, c.incidents().within(window), 0, true)
		if err != nil {
			return fmt.Errorf("count PagerDuty incidents: %w", err)
		}
		if first.total < 0 || first.total/pageSize >= len(gone) {
			return nil
		}
		at := startOf(window)
		if err := c.api.windows(ctx, c.incidents(), &at, c.keepListed(ctx)); err != nil {
			return err
		}
	}
	return nil
}

// gone returns the incidents that are kept as open although nothing that was
// read in this cycle says so.
func (c *cycle) gone(ctx context.Context) ([]string, error) {
	remembered, err := c.memory.OpenIncidents(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up open incidents: %w", err)
	}
	return slices.DeleteFunc(slices.Clone(remembered), func(id string) bool { return c.fresh[id] || c.current[id] }), nil
}

// readRemembered reads again, one by one, what is still kept as open for no
// reason: it was resolved or merged, or left the teams that are read.
func (c *cycle) readRemembered(ctx context.Context) error {
	gone, err := c.gone(ctx)
	if err != nil {
		return err
	}
	for _, id := range gone {
		var p page
		if err := c.addIncident(ctx, &p, id, false); err != nil {
			return err
		}
		if err := c.keep(p.facts, false); err != nil {
			return err
		}
	}
	return nil
}

// merge adds the facts of other, a page about incidents, to p.
func (p *page) merge(other *page) {
	p.facts.Incidents = append(p.facts.Incidents, other.facts.Incidents...)
	p.facts.Entries = append(p.facts.Entries, other.facts.Entries...)
	for _, skipped := range other.facts.Skipped {
		for range skipped.Count {
			p.skip(skipped.Kind, skipped.Reason)
		}
	}
}
