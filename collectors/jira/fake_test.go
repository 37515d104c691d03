package jira_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"teamhealth/collectors/jira"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
	"teamhealth/internal/secret"
)

// object is a JSON object as the API sends it.
type object = map[string]any

// The clock of most tests, and where the history begins.
var (
	begun = time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	since = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
)

// site is a Jira on the wire: what it holds, and how its API pages and limits.
type site struct {
	cloud    bool
	info     object
	fields   []any
	statuses []any
	issues   []object
	projects []any
	remote   map[string]any // Remote links by issue.

	now         func() time.Time
	pageCap     int  // The most issues of a page.
	inlineCap   int  // The most histories that a search of Cloud tells.
	honestTotal bool // The total of a cut changelog tells that it is cut.
	noTotal     bool // A search of Data Center leaves out its total.
	noBulk      bool // There are no changelogs of many issues at once.
	bulkCap     int  // The most histories of a page of them.

	// intercept may answer in the site's place; it then returns true.
	intercept func(w http.ResponseWriter, r *http.Request) bool
	// damage may change what a page of a search shows of an issue.
	damage func(one object)
	// searched is called before each page of a search is answered.
	searched func(nth int)

	mu       sync.Mutex
	searches int
	requests []request
}

// request is what the site was asked.
type request struct {
	method, path string
	query        url.Values
	header       http.Header
}

func newSite(cloud bool) *site {
	s := &site{
		cloud: cloud, pageCap: 100, inlineCap: 40, bulkCap: 1000,
		info: object{"baseUrl": "https://jira.example.com/base", "deploymentType": "Server", "version": "10.3.0"},
		fields: []any{
			object{"id": "summary", "name": "Summary", "custom": false},
			object{"id": "customfield_10101", "name": "PagerDuty Incident", "custom": true},
			object{"id": "customfield_10102", "name": "Severity", "custom": true},
			object{"id": "customfield_10103", "name": "Severity", "custom": true},
			object{"id": "customfield_10104", "name": "Affected services", "custom": true},
		},
		statuses: []any{
			object{"id": "1", "name": "To Do", "statusCategory": object{"id": 2, "key": "new"}},
			object{"id": "3", "name": "In Progress", "statusCategory": object{"id": 4, "key": "indeterminate"}},
			object{"id": "10001", "name": "已完成", "statusCategory": object{"id": 3, "key": "done"}},
		},
		projects: []any{object{"id": "10000", "key": "DRE"}},
		remote:   map[string]any{},
	}
	if cloud {
		s.info["deploymentType"] = "cloud"
	}
	return s
}

// zone is the profile's: Jira writes times in it.
var zone = time.FixedZone("", 8*3600)

func wire(t time.Time) string { return t.In(zone).Format("2006-01-02T15:04:05.000-0700") }

// add adds an issue that was created and updated at the given times.
func (s *site) add(id string, created, updated time.Time) object {
	one := object{
		"id": id, "key": "DRE-" + id, "self": "https://jira.example.com/base/rest/api/2/issue/" + id,
		"fields": object{
			"summary": "Ticket " + id, "created": wire(created), "updated": wire(updated),
			"project":   object{"id": "10000", "key": "DRE"},
			"issuetype": object{"id": "10", "name": "Task"},
			"status":    object{"id": "1", "name": "To Do", "statusCategory": object{"key": "new"}},
		},
		"changelog": []any{},
	}
	s.issues = append(s.issues, one)
	return one
}

func fieldsOf(one object) object {
	fields, _ := one["fields"].(object)
	return fields
}

// addHistory adds an entry of one item to an issue's changelog.
func addHistory(one object, id string, at time.Time, items ...any) {
	entry := object{"id": id, "author": person("5b10a0"), "created": wire(at), "items": items}
	one["changelog"] = append(one["changelog"].([]any), entry)
}

func person(id string) object {
	return object{"accountId": id, "displayName": "Ada Example", "emailAddress": "ada@example.com"}
}

func statusItem(from, to string) object {
	return object{
		"field": "status", "fieldtype": "jira", "fieldId": "status",
		"from": from, "fromString": "was " + from, "to": to, "toString": "is " + to,
	}
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, request{r.Method, r.URL.Path, r.URL.Query(), r.Header})
	if s.intercept != nil && s.intercept(w, r) {
		return
	}
	path := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch at := strings.TrimPrefix(r.URL.Path, "/rest/api/"); {
	case at == "2/serverInfo":
		send(w, 200, s.info)
	case at == "2/myself":
		send(w, 200, object{"accountId": "5bot", "timeZone": "Asia/Shanghai"})
	case at == "2/field":
		send(w, 200, s.fields)
	case at == "2/status":
		send(w, 200, s.statuses)
	case at == "2/search/jql" && s.cloud, at == "2/search" && !s.cloud:
		s.searches++
		if s.searched != nil {
			s.searched(s.searches)
		}
		s.answerSearch(w, r)
	case at == "2/project" && !s.cloud:
		send(w, 200, s.projects)
	case at == "2/project/search" && s.cloud:
		s.answerProjects(w, r)
	case at == "2/search" && s.cloud:
		send(w, 410, object{"errorMessages": []any{"The requested API has been removed."}, "errors": object{}})
	case at == "3/changelog/bulkfetch" && s.cloud && !s.noBulk:
		s.answerBulk(w, r)
	case len(path) == 6 && path[5] == "changelog" && s.cloud:
		s.answerChangelog(w, r, path[4])
	case len(path) == 6 && path[5] == "remotelink" && s.remote[path[4]] != nil:
		send(w, 200, s.remote[path[4]])
	default:
		send(w, 404, object{"errorMessages": []any{"Issue does not exist or you do not have permission to see it."}})
	}
}

func send(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body)
}

// answerProjects lists those of the projects whose ids are asked for.
func (s *site) answerProjects(w http.ResponseWriter, r *http.Request) {
	found := slices.DeleteFunc(slices.Clone(s.projects), func(one any) bool {
		return !slices.Contains(r.URL.Query()["id"], one.(object)["id"].(string))
	})
	send(w, 200, object{"values": found, "isLast": true, "total": len(found)})
}

// matching applies the JQL: its condition is taken to fit every issue.
func (s *site) matching(jql string) []object {
	updated, created, latest := s.bound(jql, "updated >="), s.bound(jql, "created >="), cmp.Or(s.bound(jql, "created <="), "~")
	names := named(jql)
	var found []object
	for _, one := range s.issues {
		if textOf(one, "updated") < updated || textOf(one, "created") < created || textOf(one, "created") > latest {
			continue
		}
		if names == nil || slices.ContainsFunc(names, func(name string) bool { return isNamed(one, name) }) {
			found = append(found, one)
		}
	}
	inOrder := func(a, b object) int {
		return cmp.Or(cmp.Compare(textOf(a, "created"), textOf(b, "created")), cmp.Compare(a["key"].(string), b["key"].(string)))
	}
	if !slices.IsSortedFunc(found, inOrder) {
		slices.SortStableFunc(found, inOrder)
	}
	return found
}

// named are the ids and keys that are asked for; nil when all are.
func named(jql string) []string {
	list := regexp.MustCompile(`key in \((.*?)\)`).FindStringSubmatch(jql)
	if list == nil {
		return nil
	}
	return strings.Split(list[1], ", ")
}

func isNamed(one object, name string) bool { return one["id"] == name || one["key"] == name }

// textOf is a time as the API writes it: all are in one zone, and so in the order
// of their texts.
func textOf(one object, field string) string {
	text, _ := fieldsOf(one)[field].(string)
	return text
}

// bound is the time of a bound by relative minutes, which Jira counts back from its
// own clock; empty where there is none.
func (s *site) bound(jql, field string) string {
	told := regexp.MustCompile(field + ` "-(\d+)m"`).FindStringSubmatch(jql)
	if told == nil {
		return ""
	}
	minutes, _ := strconv.Atoi(told[1])
	return wire(s.now().Add(-time.Duration(minutes) * time.Minute))
}

func (s *site) answerSearch(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	for _, name := range named(query.Get("jql")) {
		if !slices.ContainsFunc(s.issues, func(one object) bool { return isNamed(one, name) }) {
			send(w, 400, object{"errorMessages": []any{"An issue with key '" + name + "' does not exist for field 'key'."}})
			return
		}
	}
	found := s.matching(query.Get("jql"))
	size, _ := strconv.Atoi(query.Get("maxResults"))
	size = min(size, s.pageCap)
	start, _ := strconv.Atoi(cmp.Or(query.Get("startAt"), strings.TrimPrefix(query.Get("nextPageToken"), "token-"), "0"))
	start = min(start, len(found))
	end := min(start+size, len(found))
	answer := object{"issues": s.rows(found[start:end], query)}
	switch {
	case !s.cloud && s.noTotal:
	case !s.cloud:
		answer["startAt"], answer["maxResults"], answer["total"] = start, size, len(found)
	case end < len(found):
		answer["nextPageToken"] = fmt.Sprintf("token-%d", end)
	default:
		answer["isLast"] = true
	}
	send(w, 200, answer)
}

// rows shows what is asked for of issues, and of Cloud's changelogs the newest part.
func (s *site) rows(found []object, query url.Values) []any {
	rows := make([]any, len(found))
	for i, one := range found {
		if s.damage != nil {
			one = maps.Clone(one)
			one["fields"] = maps.Clone(fieldsOf(one))
			s.damage(one)
		}
		row := object{"id": one["id"], "key": one["key"]}
		if query.Get("fields") != "" {
			row["fields"] = one["fields"]
		}
		if log, ok := one["changelog"].([]any); ok && query.Get("expand") == "changelog" {
			newestFirst := slices.Clone(log)
			slices.Reverse(newestFirst)
			total := len(newestFirst)
			if s.cloud && total > s.inlineCap {
				newestFirst = newestFirst[:s.inlineCap]
			}
			if !s.honestTotal {
				total = len(newestFirst)
			}
			row["changelog"] = object{"startAt": 0, "maxResults": len(newestFirst), "total": total, "histories": newestFirst}
		}
		rows[i] = row
	}
	return rows
}

func (s *site) issue(id string) object {
	i := slices.IndexFunc(s.issues, func(one object) bool { return one["id"] == id })
	if i < 0 {
		return object{"changelog": []any{}}
	}
	return s.issues[i]
}

func (s *site) answerChangelog(w http.ResponseWriter, r *http.Request, id string) {
	log := s.issue(id)["changelog"].([]any)
	start, _ := strconv.Atoi(r.URL.Query().Get("startAt"))
	size, _ := strconv.Atoi(r.URL.Query().Get("maxResults"))
	start = min(start, len(log))
	end := min(start+min(size, 100), len(log))
	send(w, 200, object{"startAt": start, "maxResults": size, "total": len(log), "isLast": end == len(log), "values": log[start:end]})
}

// answerBulk gives the items of the chosen fields only, with times in milliseconds.
func (s *site) answerBulk(w http.ResponseWriter, r *http.Request) {
	var question struct {
		Issues []string `json:"issueIdsOrKeys"`
		Fields []string `json:"fieldIds"`
		Most   int      `json:"maxResults"`
		Token  string   `json:"nextPageToken"`
	}
	if err := json.NewDecoder(r.Body).Decode(&question); err != nil || len(question.Issues) > 1000 || len(question.Fields) > 10 {
		send(w, 400, object{"errorMessages": []any{"bad question"}})
		return
	}
	type entry struct {
		issue string
		entry object
	}
	var all []entry
	for _, id := range question.Issues {
		for _, raw := range s.issue(id)["changelog"].([]any) {
			if one := chosen(raw.(object), question.Fields); one != nil {
				all = append(all, entry{id, one})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(a.entry["created"].(int64), b.entry["created"].(int64)) })
	start, _ := strconv.Atoi(question.Token)
	end := min(start+min(question.Most, s.bulkCap), len(all))
	answer := object{"nextPageToken": nil}
	logs := []any{}
	for _, e := range all[start:end] {
		logs = append(logs, object{"issueId": e.issue, "changeHistories": []any{e.entry}})
	}
	answer["issueChangeLogs"] = logs
	if end < len(all) {
		answer["nextPageToken"] = strconv.Itoa(end)
	}
	send(w, 200, answer)
}

func chosen(entry object, fields []string) object {
	var items []any
	for _, item := range entry["items"].([]any) {
		if id, _ := item.(object)["fieldId"].(string); slices.Contains(fields, id) {
			items = append(items, item)
		}
	}
	at, err := time.Parse("2006-01-02T15:04:05.000-0700", entry["created"].(string))
	if len(items) == 0 || err != nil {
		return nil
	}
	return object{"id": entry["id"], "author": entry["author"], "created": at.UnixMilli(), "items": items}
}

// tokens gives a new token each time.
type tokens struct{ read int }

func (t *tokens) Read() (secret.Secret, error) {
	t.read++
	return secret.New(fmt.Sprintf("token-%d", t.read)), nil
}

// rig is a collector before a site, with a memory and a clock that tests move.
type rig struct {
	*site
	url    string
	opts   jira.Options
	memory *memory
	clock  time.Time
	slept  []time.Duration
}

func newRig(t *testing.T, cloud bool) *rig {
	t.Helper()
	r := &rig{site: newSite(cloud), memory: newMemory(), clock: begun}
	r.now = func() time.Time { return r.clock }
	server := httptest.NewServer(r.site)
	t.Cleanup(server.Close)
	r.url = server.URL
	r.opts = jira.Options{
		URL: server.URL, Email: "bot@example.com", Token: &tokens{}, Since: since, JQL: "project in (DRE, SRE) ORDER BY rank",
		Now: func() time.Time { return r.clock },
		HTTP: apiclient.New(apiclient.Options{
			Now: func() time.Time { return r.clock },
			Sleep: func(ctx context.Context, d time.Duration) error {
				r.slept = append(r.slept, d)
				return ctx.Err()
			},
		}),
	}
	return r
}

func (r *rig) collector(t *testing.T) *jira.Collector {
	t.Helper()
	c, err := jira.New(r.opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (r *rig) collect(t *testing.T) error {
	t.Helper()
	return r.collector(t).Collect(t.Context(), r.memory, r.memory.save)
}

func (r *rig) mustCollect(t *testing.T) {
	t.Helper()
	if err := r.collect(t); err != nil {
		t.Fatal(err)
	}
}

// asked returns how often a path was asked for since the requests were forgotten.
func (r *rig) asked(path string) int {
	n := 0
	for _, one := range r.requests {
		if strings.HasSuffix(one.path, path) {
			n++
		}
	}
	return n
}

func (r *rig) forget() { r.requests, r.searches = nil, 0 }

// answering answers one path in the site's place.
func (r *rig) answering(path string, answer http.HandlerFunc) {
	r.intercept = func(w http.ResponseWriter, req *http.Request) bool {
		if !strings.HasSuffix(req.URL.Path, path) {
			return false
		}
		answer(w, req)
		return true
	}
}

// memory keeps what is handed over, as a store does.
type memory struct {
	cursor   []byte
	tickets  map[string]facts.Ticket
	statuses map[string]facts.TicketStatus
	skipped  []facts.Skip
	complete []facts.Completion
	batches  []facts.Batch
	fail     func(facts.Batch) error
}

func newMemory() *memory {
	return &memory{tickets: map[string]facts.Ticket{}, statuses: map[string]facts.TicketStatus{}}
}

func (m *memory) save(b facts.Batch) error {
	if m.fail != nil {
		if err := m.fail(b); err != nil {
			return err
		}
	}
	m.batches = append(m.batches, b)
	for _, t := range b.Tickets {
		m.tickets[t.ID] = t
	}
	if b.Absence != nil {
		for _, id := range b.Absence.Tickets {
			one := m.tickets[id]
			one.GoneAt = b.Absence.At
			m.tickets[id] = one
		}
	}
	for _, s := range b.TicketStatuses {
		m.statuses[s.ID] = s
	}
	for _, one := range b.Skipped {
		m.skip(one)
	}
	if b.Cursor != nil {
		m.cursor = b.Cursor
	}
	if b.Complete != nil {
		m.complete = append(m.complete, *b.Complete)
	}
	return nil
}

// skip adds to the count of a kind and reason.
func (m *memory) skip(one facts.Skip) {
	same := func(s facts.Skip) bool { return s.Kind == one.Kind && s.Reason == one.Reason }
	if i := slices.IndexFunc(m.skipped, same); i >= 0 {
		m.skipped[i].Count += one.Count
		return
	}
	m.skipped = append(m.skipped, one)
}

func (m *memory) ids() []string {
	var ids []string
	for id := range m.tickets {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return ids
}

func (m *memory) Cursor(context.Context, facts.Source) ([]byte, error) { return m.cursor, nil }

func (*memory) OpenIncidents(context.Context) ([]string, error) { return nil, nil }

func (*memory) KnownIncidents(context.Context, []string) (map[string]facts.Incident, error) {
	return nil, nil
}

func (*memory) KnownServices(context.Context, []string) (map[string]bool, error) { return nil, nil }

func (m *memory) KnownTickets(_ context.Context, ids []string) (map[string]bool, error) {
	known := map[string]bool{}
	for _, id := range ids {
		if _, kept := m.tickets[id]; kept {
			known[id] = true
		}
	}
	return known, nil
}

func (m *memory) TicketsBehind(_ context.Context, created time.Time, id string, limit int) ([]facts.Ticket, error) {
	inOrder := func(a, b facts.Ticket) int { return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID)) }
	place := facts.Ticket{CreatedAt: created, ID: id}
	list := slices.SortedFunc(maps.Values(m.tickets), inOrder)
	list = slices.DeleteFunc(list, func(t facts.Ticket) bool { return inOrder(t, place) <= 0 })
	return list[:min(limit, len(list))], nil
}
