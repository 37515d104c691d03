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
		for _, id := range p.ids {
			c.fresh[id] = true
		}
		if err := c.addUntold(ctx, &p); err != nil {
			return err
		}
		c.rememberPage(&p, false)
		return c.keep(p.facts, true)
	}
}

// plans reports whether the plan reads all log entries of an incident that was
// created at the given instant. Where it goes back over time that has been
// read, an incident that is new all the same was not there, or not in the teams
// that are read, when its first entries were.
func (c *cycle) plans(at time.Time) bool {
	for _, part := range c.planned {
		if !part.History {
			part.From = part.From.Add(overlap)
		}
		if part.covers(at) {
			return true
		}
	}
	return false
}

// changed reports whether i changed since the cycle began. Its state then says
// more than the log entries up to the start explain.
func (c *cycle) changed(i *facts.Incident) bool { return !i.UpdatedAt.Before(c.start) }

// known returns the kept versions of those of ids that are kept.
func (c *cycle) known(ctx context.Context, ids map[string]bool) (map[string]facts.Incident, error) {
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
func (c *cycle) addIncidents(ctx context.Context, p *page, upToDate func(kept *facts.Incident) bool) error {
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
		kept, ok := known[id]
		if ok && upToDate(&kept) {
			continue
		}
		wanted := func(i *facts.Incident) bool { return !ok || c.untold(i, &kept) }
		if err := c.addIncident(ctx, p, id, known, wanted); err != nil {
			return err
		}
	}
	return nil
}

// addIncident reads one incident and adds it, with its whole timeline where
// that is wanted. Known are kept versions.
func (c *cycle) addIncident(ctx context.Context, p *page, id string, known map[string]facts.Incident, wanted func(*facts.Incident) bool) error {
	c.current[id] = true
	if c.unread[id] != "" {
		return nil
	}
	one, err := c.api.ask(ctx, keyIncidents+"/"+url.PathEscape(id), nil, decodeIncident)
	if err != nil {
		return c.leaveOut(p, id, fmt.Errorf("read PagerDuty incident %s: %w", id, err))
	}
	c.rememberIncident(&one, id)
	c.dropUnsure(&one, known)
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
// An incident whose timeline cannot be read is left out: without it, its state
// would pass for all that happened.
func (c *cycle) addTimelines(ctx context.Context, p *page, wanted func(*facts.Incident) bool) error {
	var incidents []facts.Incident
	for i := range p.facts.Incidents {
		if wanted(&p.facts.Incidents[i]) {
			incidents = append(incidents, p.facts.Incidents[i])
		}
	}
	if done, err := c.addTogether(ctx, p, incidents); done || err != nil {
		return err
	}
	lost := map[string]bool{}
	for i := range incidents {
		id := incidents[i].ID
		if c.unread[id] != "" {
			lost[id] = true
			continue
		}
		err := c.addTimeline(ctx, p, &incidents[i])
		if err == nil {
			continue
		}
		lost[id] = true
		if err := c.leaveOut(p, id, fmt.Errorf("read the log of PagerDuty incident %s: %w", id, err)); err != nil {
			return err
		}
	}
	p.facts.Incidents = slices.DeleteFunc(p.facts.Incidents, func(i facts.Incident) bool { return lost[i.ID] })
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
		c.rememberIncident(&entries, incident.ID)
		p.merge(&entries)
		return nil
	}
	err := c.api.all(ctx, l, true, add)
	if errors.Is(err, errTooMany) {
		at := startOf(span{From: wholeSecond(incident.CreatedAt), Until: wholeSecond(c.opts.Now()).Add(time.Second)})
		err = c.api.windows(ctx, l, &at, add)
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
// read in this cycle says so, and those that could not be read before.
func (c *cycle) gone(ctx context.Context) ([]string, error) {
	remembered, err := c.memory.OpenIncidents(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up open incidents: %w", err)
	}
	gone := slices.Sorted(slices.Values(slices.Concat(remembered, c.cursor.again())))
	told := func(id string) bool { return c.fresh[id] || c.current[id] || c.unread[id] != "" }
	return slices.DeleteFunc(slices.Compact(gone), told), nil
}

// readRemembered reads again, one by one, what is still kept as open for no
// reason: it was resolved or merged, or left the teams that are read. What
// could not be read before is read, too, so that only what cannot be read now
// is left for the next cycle.
func (c *cycle) readRemembered(ctx context.Context) error {
	gone, err := c.gone(ctx)
	if err != nil {
		return err
	}
	known, err := c.known(ctx, set(gone))
	if err != nil {
		return err
	}
	for _, id := range gone {
		var p page
		if err := c.addIncident(ctx, &p, id, known, always); err != nil {
			return err
		}
		if err := c.keep(p.facts, true); err != nil { // With what is remembered of it.
			return err
		}
	}
	c.leaveForNext()
	return nil
}

func always(*facts.Incident) bool { return true }

// merge adds the facts of other, a page about incidents, to p.
func (p *page) merge(other *page) {
	p.facts.Incidents = append(p.facts.Incidents, other.facts.Incidents...)
	p.facts.Entries = append(p.facts.Entries, other.facts.Entries...)
	for _, skipped := range other.facts.Skipped {
		for range skipped.Count {
			skip(&p.facts, skipped.Kind, skipped.Reason)
		}
	}
}
