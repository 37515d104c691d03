package jira_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
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
