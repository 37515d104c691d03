package pagerduty

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// addUntold adds to a page of incidents the whole timelines of those whose
// state says more than the kept timeline and the plan's log entries explain.
func (c *cycle) addUntold(ctx context.Context, p *page) error {
	ids := map[string]bool{}
	for i := range p.facts.Incidents {
		ids[p.facts.Incidents[i].ID] = true
	}
	known, err := c.known(ctx, ids)
	if err != nil {
		return err
	}
	c.dropUnsure(p, known)
	return c.addTimelines(ctx, p, func(i *facts.Incident) bool {
		if kept, ok := known[i.ID]; ok {
			return c.untold(i, &kept)
		}
		// Nobody but a stranger that is older than the plan tells its past.
		return c.changed(i) || !c.plans(i.CreatedAt)
	})
}

// untold reports whether the timeline of i may have more than is kept and the
// plan reads. Any change may have come with log entries that are dated before
// the plan, because they appeared late.
func (c *cycle) untold(i, kept *facts.Incident) bool {
	return c.changed(i) || c.again[i.ID] || !reflect.DeepEqual(asKept(*i), asKept(*kept))
}

// asKept is i as far as two versions of an incident can be compared once one of
// them was kept: to the microsecond, and without the service, which may be
// that of an earlier version.
func asKept(i facts.Incident) facts.Incident {
	i.Service, i.Timeline = "", nil
	for _, at := range []*time.Time{&i.CreatedAt, &i.UpdatedAt, &i.ResolvedAt, &i.LastChange.At} {
		*at = time.UnixMicro(at.UnixMicro()).UTC()
	}
	return i
}

const (
	// fewTimelines is how many timelines of a page are read one by one without a thought.
	fewTimelines = 10
	// longestTogether is how far back log entries are read at once.
	longestTogether = 30 * 24 * time.Hour
)

// addTogether adds the whole timelines of the incidents by the account's log
// entries since the first was created, and reports whether it did: after a
// storm that costs less than each by itself.
func (c *cycle) addTogether(ctx context.Context, p *page, incidents []facts.Incident) (bool, error) {
	if len(incidents) <= fewTimelines {
		return false, nil
	}
	ids, window := map[string]bool{}, span{From: c.start, Until: wholeSecond(c.opts.Now()).Add(time.Second)}
	for i := range incidents {
		ids[incidents[i].ID] = true
		if from := wholeSecond(incidents[i].CreatedAt); from.Before(window.From) {
			window.From = from
		}
	}
	if window.length() > longestTogether {
		return false, nil
	}
	l := c.logEntries().within(window)
	delete(l.query, "team_ids[]") // They may have come from other teams.
	first, err := c.api.page(ctx, l, 0, true)
	if err != nil {
		return false, fmt.Errorf("count PagerDuty log entries: %w", err)
	}
	if first.total < 0 || first.total >= maxRows || first.total/pageSize >= len(incidents) {
		return false, nil
	}
	var together []facts.Entry
	flaws := 0
	err = c.api.all(ctx, l, false, func(entries page) error {
		own := slices.DeleteFunc(entries.facts.Entries, func(e facts.Entry) bool { return !ids[e.Incident] })
		together = append(together, own...) // What is skipped is counted where the plan reads it.
		flaws += entries.flaws()
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("list PagerDuty log entries: %w", err)
	}
	p.facts.Entries = append(p.facts.Entries, together...)
	return flaws == 0, nil // Else nobody knows whose entries are flawed.
}
