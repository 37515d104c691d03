package main

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// What a request reads: one of the lists of the history, what completes a page
// of them, or what every cycle reads anew.
const (
	cycleRead   = "cycle"
	incidents   = "incidents"
	logEntries  = "log entries"
	pastOnCalls = "past on-calls"
	issues      = "issues"
	issueDetail = "details of issues"
	rollCall    = "ids of issues"
	events      = "events"
)

// kind tells them apart. What every cycle reads anew are lists without a window,
// the last hour, and who was on call in the last two days or will be.
func (c *call) kind() string {
	if c.source == facts.Jira {
		return c.kindOfJira()
	}
	path, since, _ := window(c.page)
	kind, overlap := cycleRead, time.Hour
	switch path {
	case "/incidents":
		kind = incidents
	case "/log_entries":
		kind = logEntries
	case "/oncalls":
		kind, overlap = pastOnCalls, 48*time.Hour
	case "/api/v1/query_range":
		return kindOfEvents(c.page)
	}
	if since.IsZero() || !since.Before(evaluated.Add(-overlap)) {
		return cycleRead
	}
	return kind
}

// updatedWithin is the window of a search of Jira's, in minutes up to now.
var updatedWithin = regexp.MustCompile(`updated >= "-(\d+)m"`)

// kindOfEvents tells the history from recent hours alone, whose gaps are asked for in every cycle.
func kindOfEvents(page string) string {
	_, text, _ := strings.Cut(page, "?")
	query, _ := url.ParseQuery(text) // It was made from one.
	first, _ := strconv.ParseInt(query.Get("start"), 10, 64)
	if time.Unix(first, 0).Before(evaluated.Add(-48 * time.Hour)) {
		return events
	}
	return cycleRead
}

// teamAsked is the team in an expression.
var teamAsked = regexp.MustCompile(`team="\w+"`)

func (c *call) kindOfJira() string {
	path, text, _ := strings.Cut(c.page, "?")
	if strings.HasSuffix(path, "/remotelink") || strings.Contains(path, "/changelog") {
		return issueDetail
	}
	query, _ := url.ParseQuery(text) // It was made from one.
	if query.Get("fields") == "id" {
		return rollCall
	}
	if found := updatedWithin.FindStringSubmatch(query.Get("jql")); found != nil {
		minutes, _ := strconv.Atoi(found[1]) // They are digits.
		if minutes > 65 {                    // An hour, what was rounded up, and what went by since the last process.
			return issues
		}
	}
	return cycleRead
}

// units are what is kept at once with a request of the history, by names under
// which it would be asked for again: the page alone; of on-calls, all pages of a
// window; of events, both expressions of a team's hours; of issues, each of them, since
// a search that goes on is another one.
func (c *call) units() []string {
	switch c.kind() {
	case issues:
		return c.issues
	case rollCall:
		return []string{"ids: " + strings.Join(c.issues, " ")}
	case pastOnCalls:
		path, since, until := window(c.page)
		return []string{fmt.Sprintf("%s from %s to %s", path, since, until)}
	case incidents, logEntries:
		return []string{c.page}
	case events:
		_, text, _ := strings.Cut(c.page, "?")
		query, _ := url.ParseQuery(text) // It was made from one.
		return []string{fmt.Sprintf("%s from %s to %s", teamAsked.FindString(query.Get("query")), query.Get("start"), query.Get("end"))}
	default:
		return nil
	}
}

// window returns the path of a page and the bounds that it was asked for with.
func window(page string) (path string, since, until time.Time) {
	path, text, _ := strings.Cut(page, "?")
	query, _ := url.ParseQuery(text) // It was made from one.
	since, _ = time.Parse(time.RFC3339, query.Get("since"))
	until, _ = time.Parse(time.RFC3339, query.Get("until"))
	return path, since, until
}

// repetition is what a process asked for although one before it was answered.
type repetition struct {
	pages []string // Of which nothing was new.
	units map[string]bool
}

// repeated notes what was answered, and returns what of it had been before.
func repeated(answered map[string]bool, asked []call) repetition {
	again := repetition{units: map[string]bool{}}
	for i := range asked {
		units := asked[i].units()
		for _, unit := range units {
			again.units[unit] = again.units[unit] || answered[unit]
		}
		isNew := func(unit string) bool { return !answered[unit] }
		isRest := asked[i].kind() == issues && len(units) == 1 // A search goes on with the last issue that was kept.
		page := strings.Join(units, " ")
		if len(units) > 0 && !isRest && !slices.ContainsFunc(units, isNew) && !slices.Contains(again.pages, page) {
			again.pages = append(again.pages, page)
		}
	}
	for i := range asked {
		for _, unit := range asked[i].units() {
			answered[unit] = answered[unit] || asked[i].answered
		}
	}
	return again
}
