package jira

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// The sizes of pages.
const (
	defaultPage = 50
	maxPage     = 100  // Of Cloud, with fields.
	maxIDs      = 5000 // Of Cloud, without.
	maxNumbered = 1000 // Of Data Center.
	maxBody     = 1 << 20
)

// search is what a search asks for, in a body or in parameters.
type search struct {
	JQL        string          `json:"jql"`
	Token      string          `json:"nextPageToken"`
	StartAt    int             `json:"startAt"`
	MaxResults *int            `json:"maxResults"`
	Fields     []string        `json:"fields"`
	Expand     json.RawMessage `json:"expand"` // A text on Cloud, a list on Data Center.
}

// readSearch reads what a search asks for.
func readSearch(r *request) (search, error) {
	var asked search
	if r.Method == http.MethodPost {
		return asked, readBody(r, &asked)
	}
	query := r.URL.Query()
	asked.JQL, asked.Token = query.Get("jql"), query.Get("nextPageToken")
	for _, list := range query["fields"] {
		for name := range strings.SplitSeq(list, ",") {
			if name = strings.TrimSpace(name); name != "" {
				asked.Fields = append(asked.Fields, name)
			}
		}
	}
	asked.Expand = json.RawMessage(strings.Join(query["expand"], ","))
	var err error
	if asked.StartAt, err = number(query.Get("startAt"), 0); err != nil {
		return asked, err
	}
	if query.Has("maxResults") {
		most, err := number(query.Get("maxResults"), defaultPage)
		asked.MaxResults = &most
		return asked, err
	}
	return asked, nil
}

func readBody(r *request, into any) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err == nil {
		err = json.Unmarshal(body, into)
	}
	if err != nil {
		return invalid("There was an error parsing JSON. Check that your request body is valid.")
	}
	return nil
}

// number reads a whole number that is not negative.
func number(text string, otherwise int) (int, error) {
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, invalid("Invalid number '%s'.", text)
	}
	return n, nil
}

// page is how many rows are asked for, of those that one page may have.
func (a *search) page(most int) int {
	if a.MaxResults == nil {
		return min(defaultPage, most)
	}
	return min(max(*a.MaxResults, 0), most)
}

func (a *search) wantsChanges() bool { return strings.Contains(string(a.Expand), "changelog") }

// find returns the indexes of the tickets that a query asked for at an
// instant. Anonymous callers find none.
func (s *Server) find(r *request, text string, at int64, mustBeBounded bool) ([]int, error) {
	query, err := parse(text)
	if err != nil {
		return nil, err
	}
	if mustBeBounded && query.where == nil {
		return nil, invalid("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
	}
	if !r.isKnown {
		return nil, nil
	}
	e := &environment{
		view: r.view, now: at, zone: s.options.TimeZone,
		incident: []string{strings.ToLower(FieldIncident), "cf[" + strings.TrimPrefix(s.incident, "customfield_") + "]"},
	}
	return e.search(query)
}

type tokenPage struct {
	Issues []wireIssue `json:"issues"`
	Token  string      `json:"nextPageToken,omitempty"`
	IsLast bool        `json:"isLast"`
}

// searchByToken answers Cloud's search. Without fields it names only ids.
func (s *Server) searchByToken(r *request) (any, error) {
	asked, err := readSearch(r)
	if err != nil {
		return nil, err
	}
	at, err := readToken(asked.Token, asked.JQL, r.now)
	if err != nil {
		return nil, err
	}
	found, err := s.find(r, asked.JQL, at.at, true)
	if err != nil {
		return nil, err
	}
	fields, most := choose(asked.Fields), maxPage
	if fields.isIDOnly() && !asked.wantsChanges() {
		most = maxIDs
	}
	first := min(at.offset, len(found))
	last := min(first+max(asked.page(most), 1), len(found))
	answer := tokenPage{Issues: []wireIssue{}, IsLast: last == len(found)}
	for _, index := range found[first:last] {
		issue := s.issue(r, index, fields, asked.wantsChanges())
		if len(asked.Fields) == 0 {
			issue = wireIssue{ID: issue.ID, Changelog: issue.Changelog}
		}
		answer.Issues = append(answer.Issues, issue)
	}
	if !answer.IsLast {
		answer.Token = cursor{offset: last, at: at.at}.sign(asked.JQL)
	}
	return answer, nil
}

type numberedPage struct {
	Expand     string      `json:"expand"`
	StartAt    int         `json:"startAt"`
	MaxResults int         `json:"maxResults"`
	Total      int         `json:"total"`
	Issues     []wireIssue `json:"issues"`
}

// searchByNumber answers Data Center's search. Without fields it sends all.
func (s *Server) searchByNumber(r *request) (any, error) {
	asked, err := readSearch(r)
	if err != nil {
		return nil, err
	}
	found, err := s.find(r, asked.JQL, r.now, false)
	if err != nil {
		return nil, err
	}
	if len(asked.Fields) == 0 {
		asked.Fields = []string{"*navigable"}
	}
	page := asked.page(maxNumbered)
	first := min(max(asked.StartAt, 0), len(found))
	answer := numberedPage{
		Expand: "schema,names", StartAt: asked.StartAt, MaxResults: page, Total: len(found), Issues: []wireIssue{},
	}
	for _, index := range found[first:min(first+page, len(found))] {
		answer.Issues = append(answer.Issues, s.issue(r, index, choose(asked.Fields), asked.wantsChanges()))
	}
	return answer, nil
}

// countIssues answers Cloud's estimate of how many issues a query asks for.
func (s *Server) countIssues(r *request) (any, error) {
	var asked struct {
		JQL string `json:"jql"`
	}
	if err := readBody(r, &asked); err != nil {
		return nil, err
	}
	found, err := s.find(r, asked.JQL, r.now, true)
	return map[string]int{"count": len(found)}, err
}
