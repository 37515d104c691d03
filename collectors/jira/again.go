package jira

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
)

const (
	// retries is how often an issue that is not understood is asked for again in the
	// same cycle.
	retries = 2
	// maxAgain is how many requests of a cycle may do so.
	maxAgain = 10
	// maxFlaws is how many flawed issues are remembered.
	maxFlaws = maxAgain * pageSize
	// firstDistance and lastDistance are how long after the retries an issue is asked
	// for again, at first and in the end.
	firstDistance = 5 * time.Minute
	lastDistance  = 24 * time.Hour
)

// flaw is an issue that was not understood, or not wholly.
type flaw struct {
	First time.Time `json:"first"` // When that was seen first.
	Next  time.Time `json:"next"`  // When to ask for it again.
	Tries int       `json:"tries"`
}

// lasting reports whether the flaw is the issue's own and no passing one.
func (f flaw) lasting(now time.Time) bool {
	return !f.First.IsZero() && now.Sub(f.First) >= lastDistance
}

// note remembers, as far as there is room, that an issue was not understood.
func (c *cursor) note(name string, now time.Time) {
	f, known := c.Flaws[name]
	switch {
	case known && f.Next.After(now):
		return
	case known:
	case len(c.Flaws) >= maxFlaws:
		return
	case c.Flaws == nil:
		c.Flaws = map[string]flaw{}
	}
	if f.First.IsZero() {
		f.First = now
	}
	f.Next = now
	if f.Tries >= retries {
		f.Next = now.Add(min(firstDistance<<min(f.Tries-retries, 10), lastDistance))
	}
	f.Tries++
	c.Flaws[name] = f
}

// forget takes names of an issue that is understood, or gone, off the list.
func (c *cursor) forget(names ...string) {
	for _, name := range names {
		delete(c.Flaws, name)
	}
}

// due lists the flawed issues that are to be asked for again, those first that wait longest.
func (c *cursor) due(now time.Time) []string {
	names := slices.Sorted(maps.Keys(c.Flaws))
	slices.SortStableFunc(names, func(a, b string) int { return c.Flaws[a].Next.Compare(c.Flaws[b].Next) })
	return slices.DeleteFunc(names, func(name string) bool { return c.Flaws[name].Next.After(now) })
}

// reading is what a row was found to say.
type reading struct {
	issue issue
	unfit string // Why there is no ticket in it; empty when there is one.
	name  string // An id or a key; empty when it tells neither.
}

func (r *reading) flawed() bool { return r.unfit != "" || r.issue.flawed() }

func (s *session) readRow(r row) reading {
	one, unfit := s.issue(r.raw)
	return reading{issue: one, unfit: unfit, name: r.name}
}

// nameable are names that mean themselves in JQL.
var nameable = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// understand decodes rows, one by one. What it does not understand is asked for
// again at the end of the cycle, and then in later ones.
func (c *cycle) understand(ctx context.Context, rows []row) (facts.Batch, []issue, error) {
	var batch facts.Batch
	var issues []issue
	flawed := map[string]reading{}
	for _, row := range rows {
		switch r := c.readRow(row); {
		case !r.flawed():
			issues = append(issues, r.issue)
		case r.name != "":
			flawed[r.name] = r
		default: // There is nothing to ask for.
			skip(&batch.Skipped, kindTicket, r.unfit)
		}
	}
	taken, err := c.takeFlawed(ctx, flawed)
	return batch, append(issues, taken...), err
}

// takeFlawed notes what is flawed, and returns what is to be taken as it is:
// where nothing better is kept, or the flaw stays.
func (c *cycle) takeFlawed(ctx context.Context, flawed map[string]reading) ([]issue, error) {
	if len(flawed) == 0 {
		return nil, nil
	}
	names := slices.Sorted(maps.Keys(flawed))
	kept, err := c.memory.KnownTickets(ctx, names)
	if err != nil {
		return nil, fmt.Errorf("look up kept tickets: %w", err)
	}
	var taken []issue
	for _, name := range names {
		r := flawed[name]
		lasting := c.cursor.Flaws[name].lasting(c.start)
		c.cursor.note(name, c.start)
		switch {
		case r.unfit != "":
			c.leftOut[name] = r.unfit
		case lasting || !kept[name]:
			taken = append(taken, r.issue)
		case !c.taken[name]:
			c.leftOut[name] = reasonIncomplete
		}
	}
	return taken, nil
}

// readFlawed asks again for what this cycle or an earlier one did not understand,
// and counts what it still does not.
func (c *cycle) readFlawed(ctx context.Context) error {
	for range retries {
		for names := range slices.Chunk(c.cursor.due(c.start), pageSize) {
			if c.asksAgain >= maxAgain {
				break
			}
			if err := c.readAgain(ctx, names); err != nil {
				return err
			}
		}
	}
	var batch facts.Batch
	for _, reason := range slices.Sorted(maps.Values(c.leftOut)) {
		skip(&batch.Skipped, kindTicket, reason)
	}
	if len(batch.Skipped) == 0 {
		return nil
	}
	return c.keep(batch, true)
}

// readAgain reads issues by name. What is not among the answers is no issue of the
// JQL any more, unless one of them hides who it is.
func (c *cycle) readAgain(ctx context.Context, names []string) error {
	rows, asked, err := c.named(ctx, names)
	if err != nil {
		return err
	}
	meant := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return !r.isOneOf(asked) })
	if len(meant) == len(rows) {
		c.forgetAllBut(meant, asked)
	}
	batch, issues, err := c.understand(ctx, meant)
	if err != nil {
		return err
	}
	if err := c.addTickets(ctx, &batch, issues); err != nil {
		return err
	}
	return c.keep(batch, true)
}

// isOneOf reports whether the row was asked for by one of some names.
func (r *row) isOneOf(names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return name == r.name || name == r.other })
}

// forgetAllBut takes off the list what was asked for and is not among rows.
func (c *cycle) forgetAllBut(rows []row, asked []string) {
	for _, name := range asked {
		if !slices.ContainsFunc(rows, func(r row) bool { return r.isOneOf([]string{name}) }) {
			c.cursor.forget(name)
			delete(c.leftOut, name)
		}
	}
}

// named reads issues of the JQL by their ids and keys. One that does not exist
// spoils the whole question: it is then asked in halves, as long as this cycle may ask. It
// returns also which names were asked for.
func (c *cycle) named(ctx context.Context, names []string) (rows []row, asked []string, err error) {
	for parts := [][]string{names}; len(parts) > 0 && c.asksAgain < maxAgain; c.asksAgain++ {
		part := parts[0]
		parts = parts[1:]
		found, err := c.askNamed(ctx, part)
		switch {
		case err == nil:
			rows, asked = append(rows, found...), append(asked, part...)
		case len(part) > 1 && (hasStatus(err, http.StatusBadRequest) || errors.Is(err, apiclient.ErrTooLarge)):
			parts = append(parts, part[:len(part)/2], part[len(part)/2:])
		case hasStatus(err, http.StatusBadRequest):
			asked = append(asked, part...)
		default:
			return nil, nil, fmt.Errorf("search %d Jira issues by name: %w", len(part), err)
		}
	}
	return rows, asked, nil
}

func (c *cycle) askNamed(ctx context.Context, names []string) ([]row, error) {
	query := c.query(fmt.Sprintf("(%s) AND key in (%s) %s", c.condition, strings.Join(names, ", "), order), pageSize)
	path := pathOffsets
	if c.cloud {
		path = pathTokens
	}
	var rows []row
	for range names { // A page may be short, or empty, although another one follows.
		p, err := c.ask(ctx, path, query)
		if err != nil {
			return nil, err
		}
		rows = append(rows, p.rows...)
		if p.token == "" || p.token == query.Get("nextPageToken") {
			break
		}
		query.Set("nextPageToken", p.token)
	}
	return rows, nil
}
