package jira

import (
	"context"
	"errors"
	"strconv"
)

// maxWindow is the furthest that Data Center's search lets a page reach.
const maxWindow = 10_000

// byOffset reads a walk as Data Center pages it: by the place in a list that
// changes while it is read. So each page begins with the last row of the one before.
// Where it does not, rows have moved to the front, and the page before is read again.
func (c *cycle) byOffset(ctx context.Context, on *trail) error {
	jql, size, offset := c.search(on.walk(), c.opts.Now()), pageSize, 0
	for range maxPages {
		query := c.query(jql, size)
		query.Set("startAt", strconv.Itoa(offset))
		p, err := c.ask(ctx, pathOffsets, query)
		if smaller(&size, err) {
			continue
		}
		if err != nil {
			return err
		}
		if offset > 0 && !on.joins(&p) {
			offset = max(0, offset-size)
			continue
		}
		if err := c.keepPage(ctx, on, &p); err != nil {
			return err
		}
		end := offset + len(p.rows)
		if p.last(end, on.barren > 0) {
			return nil
		}
		if end-1 <= offset || on.barren > maxBarren {
			return errNoEnd
		}
		if offset = end - 1; offset+size > maxWindow {
			begun := on.windowBegun
			if on.windowBegun = on.created; !on.created.After(begun) {
				return errors.New("more than 10,000 issues were created at once: more cannot be listed; divide them by jql")
			}
			jql, offset = c.search(on.walk(), c.opts.Now()), 0
		}
	}
	return errNoEnd
}

// joins reports whether a page goes on where the trail is, so that there is no
// gap between the two.
func (t *trail) joins(p *page) bool { return !p.rowless() && t.seen[p.rows[0].key] }

// last reports whether a page that ends at a row of the list is the last one.
// Where the total is not told, that is one which held nothing new.
func (p *page) last(end int, nothingNew bool) bool {
	if p.total < 0 {
		return nothingNew || len(p.rows) == 1
	}
	return end >= p.total || p.rowless()
}
