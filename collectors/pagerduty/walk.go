package pagerduty

import (
	"errors"
	"fmt"
	"slices"

	"teamhealth/internal/facts"
)

var (
	// errTooMany is returned for a list that is longer than can be read page by page.
	errTooMany = errors.New("more than 10,000 items")
	// errEndless is returned for a list that goes on after everything that it can hold.
	errEndless = errors.New("the list does not end")
)

// maxPages is how many pages a list may have: as many as the longest one has in
// pages of the size that the API makes by itself.
const maxPages = maxRows / 25

// walk is the way through the pages of one list.
type walk struct {
	seen  map[string]bool // Ids of the items on the pages so far.
	pages int
	rows  int // How many items are done.
	total int // How many there are; 0 when not told.
}

// beginWalk begins behind the first rows of a list.
func beginWalk(rows int) *walk { return &walk{seen: map[string]bool{}, rows: rows} }

// pass takes in the next page, and leaves out of it what an earlier one held:
// items move between pages while they are read. It refuses a page behind which
// the list has no end.
func (w *walk) pass(p *page) error {
	fresh := w.dropSeen(p)
	w.pages++
	w.rows += p.rows
	w.total = max(w.total, p.total)
	switch {
	case !p.more:
		return nil
	case fresh == 0 && p.untold:
		p.more = false // It only looked as if more followed.
		return nil
	case fresh == 0:
		return fmt.Errorf("a page says that more follow but holds nothing new: %w", errEndless)
	case w.total > 0 && w.rows >= w.total+pageSize: // Less may have come while it was read.
		return fmt.Errorf("more follow after %d items where %d were counted: %w", w.rows, w.total, errEndless)
	case w.pages >= maxPages:
		return fmt.Errorf("more follow after %d pages: %w", w.pages, errEndless)
	}
	return nil
}

// dropSeen returns how many items of the page may be new.
func (w *walk) dropSeen(p *page) (fresh int) {
	fresh = p.rows - len(p.ids) // What was left out may have been new.
	p.facts.Incidents = slices.DeleteFunc(p.facts.Incidents, func(i facts.Incident) bool { return w.seen[i.ID] })
	p.facts.Entries = slices.DeleteFunc(p.facts.Entries, func(e facts.Entry) bool { return w.seen[e.ID] })
	for _, id := range p.ids {
		if !w.seen[id] {
			w.seen[id] = true
			fresh++
		}
	}
	return fresh
}
