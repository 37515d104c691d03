package jira

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"teamhealth/internal/simulator/tickets"
)

// maxChanges is how many entries of a history one page has; of many
// histories, a thousand unless up to ten times as many are asked for.
const (
	maxChanges     = 100
	bulkChanges    = 1000
	maxBulkChanges = 10000
	maxBulkIssues  = 1000
	maxBulkFields  = 10
)

// visible returns the index of the issue that a request names.
func (s *Server) visible(r *request, idOrKey string) (int, error) {
	index, ok := r.view.Find(idOrKey, r.now)
	if !ok || !r.isKnown {
		return 0, noIssue()
	}
	return index, nil
}

// getIssue answers GET /issue/{id}.
func (s *Server) getIssue(r *request) (any, error) {
	index, err := s.visible(r, r.id)
	if err != nil {
		return nil, err
	}
	asked, err := readSearch(r)
	if err != nil {
		return nil, err
	}
	if len(asked.Fields) == 0 {
		asked.Fields = []string{"*all"}
	}
	return s.issue(r, index, choose(asked.Fields), asked.wantsChanges()), nil
}

// listRemoteLinks answers GET /issue/{id}/remotelink.
func (s *Server) listRemoteLinks(r *request) (any, error) {
	index, err := s.visible(r, r.id)
	if err != nil {
		return nil, err
	}
	ticket := &r.view.Tickets[index]
	list := []map[string]any{}
	for _, remote := range ticket.Remote {
		if remote.At > r.now {
			continue
		}
		id := ticket.ID*10 + remote.ID
		list = append(list, map[string]any{
			"id": id, "self": fmt.Sprintf("%s/issue/%s/remotelink/%d", s.api(), ticket.Key, id),
			"application": map[string]any{}, "relationship": "mentioned in",
			"object": map[string]any{
				"url": remote.URL, "title": remote.Title, "icon": map[string]any{},
				"status": map[string]any{"icon": map[string]any{}},
			},
		})
	}
	return list, nil
}

type changePage struct {
	Self       string      `json:"self"`
	MaxResults int         `json:"maxResults"`
	StartAt    int         `json:"startAt"`
	Total      int         `json:"total"`
	IsLast     bool        `json:"isLast"`
	Values     []wireEntry `json:"values"`
}

// listChanges answers GET /issue/{id}/changelog: the whole history, oldest first.
func (s *Server) listChanges(r *request) (any, error) {
	index, err := s.visible(r, r.id)
	if err != nil {
		return nil, err
	}
	asked, err := readSearch(r)
	if err != nil {
		return nil, err
	}
	ticket := &r.view.Tickets[index]
	entries := ticket.Entries[:ticket.State(r.now).Entries]
	page := maxChanges
	if asked.MaxResults != nil {
		page = asked.page(maxChanges)
	}
	first := min(asked.StartAt, len(entries))
	last := min(first+page, len(entries))
	answer := changePage{
		Self: s.api() + "/issue/" + strconv.Itoa(ticket.ID) + "/changelog", MaxResults: page, StartAt: asked.StartAt,
		Total: len(entries), IsLast: last == len(entries), Values: []wireEntry{},
	}
	for _, entry := range entries[first:last] {
		answer.Values = append(answer.Values, s.entry(entry))
	}
	return answer, nil
}

// bulk is what a request for many histories asks for.
type bulk struct {
	Issues     []string `json:"issueIdsOrKeys"`
	Fields     []string `json:"fieldIds"`
	MaxResults int      `json:"maxResults"`
	Token      string   `json:"nextPageToken"`
}

type wireHistory struct {
	IssueID string      `json:"issueId"`
	Entries []wireEntry `json:"changeHistories"`
}

type bulkPage struct {
	Histories []wireHistory `json:"issueChangeLogs"`
	Token     string        `json:"nextPageToken,omitempty"`
}

// listAllChanges answers POST /changelog/bulkfetch: what happened to many
// issues, oldest first. A page may end within the history of every one of them.
func (s *Server) listAllChanges(r *request) (any, error) {
	var asked bulk
	if err := readBody(r, &asked); err != nil {
		return nil, err
	}
	if len(asked.Issues) == 0 || len(asked.Issues) > maxBulkIssues || len(asked.Fields) > maxBulkFields {
		return nil, invalid("issueIdsOrKeys must name 1 to %d issues, and fieldIds at most %d fields.", maxBulkIssues, maxBulkFields)
	}
	question := strings.Join(asked.Issues, ",") + "|" + strings.Join(asked.Fields, ",")
	at, err := readToken(asked.Token, question, r.now)
	if err != nil {
		return nil, err
	}
	all := s.happenings(r, asked, at.at)
	first := min(at.offset, len(all))
	last := min(first+min(max(cmp.Or(asked.MaxResults, bulkChanges), 1), maxBulkChanges), len(all))
	answer := bulkPage{Histories: s.histories(all[first:last])}
	if last < len(all) {
		answer.Token = cursor{offset: last, at: at.at}.sign(question)
	}
	return answer, nil
}

// happening is one entry of the history of one issue.
type happening struct {
	issue int // Id.
	tickets.Entry
}

// happenings returns the entries asked for as of an instant, in the order of
// time and then of the issues' ids. Issues that do not exist are left out.
func (s *Server) happenings(r *request, asked bulk, at int64) []happening {
	var indexes []int
	for _, name := range asked.Issues {
		if index, err := s.visible(r, name); err == nil {
			indexes = append(indexes, index)
		}
	}
	slices.Sort(indexes)
	var all []happening
	for _, index := range slices.Compact(indexes) {
		ticket := &r.view.Tickets[index]
		for _, entry := range ticket.Entries[:ticket.State(at).Entries] {
			if entry = restrict(entry, asked.Fields); len(entry.Items) > 0 {
				all = append(all, happening{issue: ticket.ID, Entry: entry})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b happening) int { return cmp.Compare(a.At, b.At) })
	return all
}

// restrict leaves the changes of some fields; without any named, all.
func restrict(entry tickets.Entry, fields []string) tickets.Entry {
	if len(fields) > 0 {
		entry.Items = slices.DeleteFunc(slices.Clone(entry.Items), func(i tickets.Item) bool {
			return !slices.Contains(fields, fieldID(i.Field))
		})
	}
	return entry
}

// histories gathers the entries of a page by issue.
func (s *Server) histories(page []happening) []wireHistory {
	list := []wireHistory{}
	places := map[int]int{}
	for _, one := range page {
		place, ok := places[one.issue]
		if !ok {
			place = len(list)
			places[one.issue] = place
			list = append(list, wireHistory{IssueID: strconv.Itoa(one.issue)})
		}
		wire := s.entry(one.Entry)
		wire.Created = one.At * 1000
		list[place].Entries = append(list[place].Entries, wire)
	}
	return list
}
