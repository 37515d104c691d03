package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"teamhealth/internal/facts"
)

// maxEntries is the most entries that Jira lists at once of many issues.
const maxEntries = 10_000

// completeHistories reads the changes that a search cut off: of all issues of a
// page at once where the site can, else of one by one. Data Center cuts nothing
// off, and can do neither.
func (c *cycle) completeHistories(ctx context.Context, issues []issue) error {
	var cut []*issue
	for i := range issues {
		if issues[i].incomplete() {
			cut = append(cut, &issues[i])
		}
	}
	if len(cut) == 0 || !c.cloud {
		return nil
	}
	if len(cut) > 1 && !c.singly {
		err := c.completeTogether(ctx, cut)
		if !hasStatus(err, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone) {
			return err
		}
		c.singly = true
	}
	for _, one := range cut {
		if err := c.completeOne(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

// manyChangelogs asks for the changes of several issues.
type manyChangelogs struct {
	Issues []string            `json:"issueIdsOrKeys"`
	Fields []facts.TicketField `json:"fieldIds"`
	Most   int                 `json:"maxResults"`
	Token  string              `json:"nextPageToken,omitempty"`
}

// completeTogether reads the changes of several issues in one list, which is by
// time: those of one issue may be on several pages.
func (c *cycle) completeTogether(ctx context.Context, cut []*issue) error {
	question := manyChangelogs{Fields: []facts.TicketField{facts.FieldStatus, facts.FieldResolution, facts.FieldAssignee}, Most: maxEntries}
	for _, one := range cut {
		question.Issues = append(question.Issues, one.ticket.ID)
	}
	entries := map[string][]json.RawMessage{}
	for seen := map[string]bool{}; !seen[question.Token]; {
		seen[question.Token] = true
		if err := c.addEntries(ctx, entries, &question); err != nil {
			return fmt.Errorf("list the changes of %d Jira issues: %w", len(cut), err)
		}
		if question.Token == "" {
			for _, one := range cut {
				one.complete(entries[one.ticket.ID])
			}
			return nil
		}
	}
	return fmt.Errorf("list the changes of %d Jira issues: %w", len(cut), errNoEnd)
}

// addEntries adds the entries of one page, by issue, and sets the token of the next.
func (c *cycle) addEntries(ctx context.Context, entries map[string][]json.RawMessage, question *manyChangelogs) error {
	var answer struct {
		Logs *[]lenient[struct {
			Issue   text              `json:"issueId"`
			Entries []json.RawMessage `json:"changeHistories"`
		}] `json:"issueChangeLogs"`
		Token text `json:"nextPageToken"`
	}
	if err := c.api.post(ctx, "rest/api/3/changelog/bulkfetch", question, &answer); err != nil {
		return err
	}
	if answer.Logs == nil {
		return errors.New(`the answer has no "issueChangeLogs"`)
	}
	for _, log := range *answer.Logs {
		id := string(log.value.Issue)
		entries[id] = append(entries[id], log.value.Entries...)
	}
	question.Token = string(answer.Token)
	return nil
}

// completeOne reads the changes of one issue, oldest first. One that is gone by
// now stays incomplete.
func (c *cycle) completeOne(ctx context.Context, one *issue) error {
	entries, err := c.entriesOf(ctx, one.ticket.ID)
	if hasStatus(err, http.StatusNotFound, http.StatusForbidden) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list the changes of Jira issue %s: %w", one.ticket.Key, err)
	}
	one.complete(entries)
	return nil
}

func (c *cycle) entriesOf(ctx context.Context, id string) ([]json.RawMessage, error) {
	var entries []json.RawMessage
	for seen := map[string]bool{}; ; {
		var answer struct {
			Entries *[]json.RawMessage `json:"values"`
			Total   lenient[*int]      `json:"total"`
		}
		query := url.Values{"startAt": {strconv.Itoa(len(entries))}, "maxResults": {strconv.Itoa(pageSize)}}
		if err := c.api.get(ctx, "rest/api/2/issue/"+url.PathEscape(id)+"/changelog", query, &answer); err != nil {
			return nil, err
		}
		if answer.Entries == nil {
			return nil, errors.New(`the answer has no "values"`)
		}
		page, total := *answer.Entries, answer.Total.value
		entries = append(entries, page...)
		if len(page) == 0 || (total != nil && len(entries) >= *total) {
			return entries, nil
		}
		first := string(page[0])
		if seen[first] {
			return nil, errNoEnd
		}
		seen[first] = true
	}
}

// addRemoteLinks reads the remote links of a ticket that nothing else ties to an
// incident. Those of a ticket that is gone by now stay unread.
func (c *cycle) addRemoteLinks(ctx context.Context, batch *facts.Batch, ticket *facts.Ticket) error {
	if !c.opts.NeedsRemoteLinks(*ticket) {
		return nil
	}
	var links []lenient[wireRemoteLink]
	err := c.api.get(ctx, "rest/api/2/issue/"+url.PathEscape(ticket.ID)+"/remotelink", nil, &links)
	switch {
	case hasStatus(err, http.StatusNotFound):
		skip(&batch.Skipped, kindLinks, reasonNotFound)
		return nil
	case hasStatus(err, http.StatusForbidden):
		skip(&batch.Skipped, kindLinks, reasonForbidden)
		return nil
	case err != nil:
		return fmt.Errorf("list the remote links of Jira issue %s: %w", ticket.Key, err)
	}
	ticket.RemoteLinks = []string{}
	for _, link := range links {
		ticket.RemoteLinks = append(ticket.RemoteLinks, string(link.value.Object.value.URL))
	}
	ticket.RemoteLinks = words(ticket.RemoteLinks)
	return nil
}
