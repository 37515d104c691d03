package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"teamhealth/internal/apiclient"
)

const (
	pageSize = 100 // The most that Cloud gives at once when fields are asked for.
	// maxPages ends a walk that has no end: a million issues are more than any has.
	maxPages = 10_000
	// maxBarren ends a walk through pages that hold nothing new. A few may come, as
	// many as Data Center lists at most where many were created at once.
	maxBarren = 150

	pathTokens  = "rest/api/2/search/jql" // Of Cloud.
	pathOffsets = "rest/api/2/search"     // Of Data Center.
)

// page is one page of a search.
type page struct {
	rows  []row
	token string // Of the next page; empty on the last, and on Data Center.
	total int    // How many rows there are; -1 when not told, as on Cloud.
}

// row is one issue as it came.
type row struct {
	key   string // Its id, else a mark and all of it: what tells it from others.
	name  string // Its id or key, by which it can be asked for; empty when it tells neither.
	other string // Its key, where name is its id.
	raw   json.RawMessage
}

func (p *page) rowless() bool { return len(p.rows) == 0 }

// ask reads one page.
func (s *session) ask(ctx context.Context, path string, query url.Values) (page, error) {
	var answer struct {
		Issues *[]json.RawMessage `json:"issues"`
		Token  text               `json:"nextPageToken"`
		Total  lenient[*int]      `json:"total"`
	}
	if err := s.api.get(ctx, path, query, &answer); err != nil {
		return page{}, aboutJQL(err)
	}
	if answer.Issues == nil {
		return page{}, errors.New(`the answer has no "issues": it is no list of them`)
	}
	p := page{token: string(answer.Token), total: -1}
	if total := answer.Total.value; total != nil {
		p.total = *total
	}
	for _, raw := range *answer.Issues {
		p.rows = append(p.rows, newRow(raw))
	}
	return p, nil
}

func newRow(raw json.RawMessage) row {
	var known lenient[struct {
		ID  text `json:"id"`
		Key text `json:"key"`
	}]
	r := row{key: "?" + string(raw), raw: raw}
	if json.Unmarshal(raw, &known) != nil {
		return r
	}
	if id := string(known.value.ID); id != "" {
		r.key = id
	}
	if name := firstOf(string(known.value.ID), string(known.value.Key)); nameable.MatchString(name) {
		r.name, r.other = name, string(known.value.Key)
	}
	return r
}

// wanted are the fields of an issue that facts are made of. Without a list,
// Cloud tells no more of an issue than its id.
func (s *session) wanted() string {
	fields := []string{
		"summary", "issuetype", "project", "status", "statuscategorychangedate", "resolution", "created", "updated",
		"resolutiondate", "duedate", "labels", "components", "assignee", "creator", "reporter", "issuelinks", "parent",
		"description",
	}
	return strings.Join(append(fields, slices.Sorted(maps.Values(s.fields))...), ",")
}

// query is what each page of a search is asked with.
func (s *session) query(jql string, size int) url.Values {
	return url.Values{
		"jql": {jql}, "fields": {s.wanted()}, "expand": {"changelog"}, "maxResults": {strconv.Itoa(size)},
	}
}

// present reports whether the JQL finds anything at all.
func (s *session) present(ctx context.Context) (bool, error) {
	path := pathOffsets
	if s.cloud {
		path = pathTokens
	}
	query := url.Values{"jql": {fmt.Sprintf("(%s) %s", s.condition, order)}, "fields": {"created"}, "maxResults": {"1"}}
	for range maxBarren {
		p, err := s.ask(ctx, path, query)
		if err != nil {
			return false, fmt.Errorf("search for any Jira issue: %w", err)
		}
		if !p.rowless() || p.token == "" {
			return !p.rowless(), nil
		}
		query.Set("nextPageToken", p.token)
	}
	return false, errNoEnd
}

// errNoEnd is returned for a list that goes on for ever.
var errNoEnd = errors.New("the list does not end")

// byToken reads a walk as Cloud pages it. Only a page without a token is the
// last: one may be short or empty although more follow, and isLast is not to be relied on.
func (c *cycle) byToken(ctx context.Context, on *trail) error {
	jql, size := c.search(on.walk(), c.opts.Now()), pageSize
	seen := map[string]bool{"": true}
	token := ""
	for range maxPages {
		query := c.query(jql, size)
		if token != "" {
			query.Set("nextPageToken", token)
		}
		p, err := c.ask(ctx, pathTokens, query)
		if smaller(&size, err) {
			continue
		}
		if err != nil {
			return err
		}
		if err := c.keepPage(ctx, on, &p); err != nil || p.token == "" {
			return err
		}
		if seen[p.token] || on.barren > maxBarren {
			return errNoEnd
		}
		seen[p.token], token = true, p.token
	}
	return errNoEnd
}

// smaller halves the size of pages when err says that one was too large to take.
func smaller(size *int, err error) bool {
	if !errors.Is(err, apiclient.ErrTooLarge) || *size <= 2 {
		return false
	}
	*size /= 2
	return true
}

// trail is how far a walk has come.
type trail struct {
	from    time.Time
	created time.Time // Of the last issue; zero before the first.
	seen    map[string]bool
	barren  int // How many pages in a row held nothing new.
	// windowBegun is where the list that Data Center pages began; zero at first.
	windowBegun time.Time
}

func newTrail(w walk) *trail {
	return &trail{from: w.From, created: w.Created, seen: map[string]bool{}}
}

// walk is what is left of it.
func (t *trail) walk() walk { return walk{From: t.from, Created: t.created} }

// pass returns the rows of a page that no earlier page held: issues move between
// pages while these are read.
func (t *trail) pass(p *page) []row {
	fresh := make([]row, 0, len(p.rows))
	for _, r := range p.rows {
		if !t.seen[r.key] {
			t.seen[r.key] = true
			fresh = append(fresh, r)
		}
	}
	t.barren++
	if len(fresh) > 0 {
		t.barren = 0
	}
	return fresh
}

// wanted leaves out issues that were updated before the walk's beginning: the
// search is by the minute and by Jira's clock.
func (t *trail) wanted(issues []issue, skew time.Duration) []issue {
	from := t.from.Add(-skew)
	return slices.DeleteFunc(issues, func(i issue) bool { return i.ticket.UpdatedAt.Before(from) })
}
