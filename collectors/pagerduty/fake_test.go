package pagerduty_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"teamhealth/collectors/pagerduty"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/secret"
)

// object is a JSON object as the API sends it.
type object = map[string]any

// account is a PagerDuty account on the wire: what it holds, and how its API
// pages, filters and limits.
type account struct {
	services, teams, users, priorities     []any
	policies, schedules, shiftBased, works []any // works are maintenance windows.
	incidents                              []object
	entries                                []object
	onCalls                                []object
	noTotal                                bool // Leave out total, as the API may.

	// told, if set, is how an incident, a log entry or an on-call is told.
	told func(object) object

	// intercept may answer in the account's place; it then returns true.
	intercept func(w http.ResponseWriter, r *http.Request) bool

	mu       sync.Mutex
	sorted   []object // A long list, in order.
	unsorted any      // The id of the first item of that list as it was.
	requests []*url.URL
	tokens   []string
}

func newAccount() *account {
	return &account{
		services:   []any{object{"id": "PSVC1", "name": "Orders database", "status": "active", "escalation_policy": object{"id": "PEP1"}}},
		teams:      []any{object{"id": "PTEAM1", "name": "Databases"}, object{"id": "PTEAM2", "name": "Networks"}},
		users:      []any{object{"id": "PUSER1", "name": "Ada Example", "time_zone": "Europe/Berlin"}},
		priorities: []any{object{"id": "PPRI1", "name": "P1"}, object{"id": "PPRI2", "summary": "P2"}},
		policies:   []any{object{"id": "PEP1", "name": "Databases", "escalation_rules": []any{object{}, object{}}}},
		schedules:  []any{object{"id": "PSCHED1", "name": "Databases, primary", "time_zone": "Europe/Berlin"}},
		shiftBased: []any{},
		works:      []any{},
	}
}

// addIncident adds an incident with its trigger and, unless resolved is zero,
// its resolve.
func (a *account) addIncident(id string, created, resolved time.Time) object {
	incident := object{
		"id": id, "incident_number": len(a.incidents) + 1, "title": "Replication lag", "status": "triggered", "urgency": "high",
		"created_at": wire(created), "updated_at": wire(created), "service": object{"id": "PSVC1", "type": "service_reference"},
		"teams": []any{object{"id": "PTEAM1"}},
	}
	a.addEntry(id, id+"-trigger", "trigger", created)
	if !resolved.IsZero() {
		incident["status"], incident["resolved_at"], incident["updated_at"] = "resolved", wire(resolved), wire(resolved)
		a.addEntry(id, id+"-resolve", "resolve", resolved)
	}
	a.incidents = append(a.incidents, incident)
	return incident
}

func (a *account) addEntry(incident, id, kind string, at time.Time) {
	entry := object{
		"id": id, "type": kind + "_log_entry", "created_at": wire(at),
		"incident": object{"id": incident, "type": "incident_reference"},
		"agent":    object{"id": "PUSER1", "type": "user_reference"},
		"channel":  object{"type": "api"},
		"teams":    []any{object{"id": "PTEAM1"}},
	}
	if kind == "notify" {
		entry["user"], entry["channel"] = entry["agent"], object{"type": "auto", "notification": object{"type": "sms"}}
	}
	a.entries = append(a.entries, entry)
}

// addOnCall puts a user on call at level 1 of PEP1, by a schedule, for ever
// where both times are zero.
func (a *account) addOnCall(user string, start, end time.Time) object {
	onCall := object{
		"escalation_policy": object{"id": "PEP1"}, "escalation_level": 1, "user": object{"id": user, "type": "user_reference"},
		"schedule": object{"id": "PSCHED1"}, "start": nil, "end": nil,
	}
	if !start.IsZero() {
		onCall["start"] = wire(start)
	}
	if !end.IsZero() {
		onCall["end"] = wire(end)
	}
	a.onCalls = append(a.onCalls, onCall)
	return onCall
}

func wire(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (a *account) incident(id string) object {
	i := slices.IndexFunc(a.incidents, func(o object) bool { return o["id"] == id })
	if i < 0 {
		return nil
	}
	return a.incidents[i]
}

func (a *account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.requests = append(a.requests, r.URL)
	a.tokens = append(a.tokens, r.Header.Get("Authorization"))
	if a.intercept != nil && a.intercept(w, r) {
		return
	}
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case len(parts) == 1 && parts[0] == "incidents":
		a.answer(w, r, "incidents", a.matching(r, a.incidents))
	case len(parts) == 1 && parts[0] == "log_entries":
		newestFirst := slices.Clone(a.matching(r, a.entries))
		slices.Reverse(newestFirst)
		a.answer(w, r, "log_entries", newestFirst)
	case len(parts) == 3 && parts[0] == "incidents" && parts[2] == "log_entries":
		own := slices.DeleteFunc(slices.Clone(a.entries), func(e object) bool { return e["incident"].(object)["id"] != parts[1] })
		a.answer(w, r, "log_entries", a.matching(r, own))
	case len(parts) == 2 && parts[0] == "incidents":
		if incident := a.incident(parts[1]); incident != nil {
			send(w, 200, object{"incident": a.tell(incident)})
			return
		}
		send(w, 404, object{"error": object{"message": "Not Found", "code": 2100}})
	case parts[0] == "oncalls":
		a.answerOnCalls(w, r)
	case r.URL.Path == "/v3/schedules":
		page(w, r, "schedules", a.shiftBased, a.noTotal)
	default:
		lists := map[string][]any{
			"services": a.services, "teams": a.teams, "users": a.users, "priorities": a.priorities,
			"escalation_policies": a.policies, "schedules": a.schedules, "maintenance_windows": a.works,
		}
		page(w, r, parts[0], lists[parts[0]], a.noTotal)
	}
}

// answerOnCalls gives the whole of what overlaps the time that is asked for,
// and refuses more than three months.
func (a *account) answerOnCalls(w http.ResponseWriter, r *http.Request) {
	since, err := time.Parse(time.RFC3339, r.URL.Query().Get("since"))
	until, err2 := time.Parse(time.RFC3339, r.URL.Query().Get("until"))
	if err != nil || err2 != nil || until.After(since.AddDate(0, 3, 0)) {
		send(w, 400, object{"error": object{"message": "Invalid Input Provided", "code": 2001}})
		return
	}
	from, to := wire(since), wire(until)
	a.answer(w, r, "oncalls", slices.DeleteFunc(slices.Clone(a.onCalls), func(o object) bool {
		start, hasStart := o["start"].(string)
		end, hasEnd := o["end"].(string)
		return (hasStart && start >= to) || (hasEnd && end < from) // To the end, inclusive.
	}))
}

// matching applies the filters of a list, in order of time.
func (a *account) matching(r *http.Request, all []object) []object {
	query := r.URL.Query()
	since, until := query.Get("since"), query.Get("until")
	statuses, teams := query["statuses[]"], query["team_ids[]"]
	var found []object
	for _, item := range a.inOrder(all) {
		at, _ := item["created_at"].(string)
		status, _ := item["status"].(string)
		inWindow := since == "" || (at >= since && at < until)
		if inWindow && (len(statuses) == 0 || slices.Contains(statuses, status)) && inTeams(item, teams) {
			found = append(found, item)
		}
	}
	return found
}

// inOrder sorts items by their creation. Of a long list it remembers how.
func (a *account) inOrder(all []object) []object {
	const long = 1000
	if len(all) > long && len(all) == len(a.sorted) && all[0]["id"] == a.unsorted {
		return a.sorted
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, byCreation)
	if len(all) > long {
		a.sorted, a.unsorted = sorted, all[0]["id"]
	}
	return sorted
}

func byCreation(x, y object) int {
	at := func(o object) string { text, _ := o["created_at"].(string); return text }
	return cmp.Compare(at(x), at(y))
}

func inTeams(item object, teams []string) bool {
	if len(teams) == 0 {
		return true
	}
	own, _ := item["teams"].([]any)
	return slices.ContainsFunc(own, func(team any) bool { return slices.Contains(teams, team.(object)["id"].(string)) })
}

func (a *account) answer(w http.ResponseWriter, r *http.Request, key string, found []object) {
	items := make([]any, len(found))
	for i := range found {
		items[i] = a.tell(found[i])
	}
	page(w, r, key, items, a.noTotal)
}

func (a *account) tell(item object) object {
	if a.told == nil {
		return item
	}
	return a.told(item)
}

func page(w http.ResponseWriter, r *http.Request, key string, items []any, noTotal bool) {
	query := r.URL.Query()
	limit, offset := number(query.Get("limit"), 25), number(query.Get("offset"), 0)
	if offset+limit > 10000 {
		send(w, 400, object{"error": object{"message": "Arguments Caused Error", "code": 2002}})
		return
	}
	limit = min(limit, 100)
	first, last := min(offset, len(items)), min(offset+limit, len(items))
	answer := object{key: items[first:last], "limit": limit, "offset": offset, "more": last < len(items), "total": nil}
	if query.Get("total") == "true" && !noTotal {
		answer["total"] = len(items)
	}
	send(w, 200, answer)
}

func number(text string, standard int) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return standard
}

func send(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		panic(err) // The body is a literal of a test.
	}
}

// asked returns the paths of all requests since the last call, with their queries.
func (a *account) asked() []*url.URL {
	a.mu.Lock()
	defer a.mu.Unlock()
	asked := a.requests
	a.requests = nil
	return asked
}

// windows lists the times that were asked for at a path, as asked lists requests.
func (a *account) windows(path string) []string {
	var list []string
	for _, u := range a.asked() {
		if u.Path == path {
			list = append(list, u.Query().Get("since")+" "+u.Query().Get("until"))
		}
	}
	return list
}

func paths(asked []*url.URL) []string {
	var all []string
	for _, u := range asked {
		all = append(all, u.Path)
	}
	return all
}

// keys is a token source of which each read gives the next key.
type keys struct{ reads int }

func (k *keys) Read() (secret.Secret, error) {
	k.reads++
	return secret.New(fmt.Sprintf("key-%d", k.reads)), nil
}

// rig is a collector over an account, with a clock and without waits.
type rig struct {
	*account
	memory *memory
	opts   pagerduty.Options
	now    time.Time
}

// since is where the tests' history begins, and begun where their clock stands.
var (
	since = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	begun = time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
)

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{account: newAccount(), memory: newMemory(), now: begun}
	server := httptest.NewServer(r.account)
	t.Cleanup(server.Close)
	r.opts = pagerduty.Options{
		URL: server.URL, Token: new(keys), Since: since,
		Now:  func() time.Time { return r.now },
		HTTP: apiclient.New(apiclient.Options{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}),
	}
	return r
}

func (r *rig) collect(t *testing.T) error {
	t.Helper()
	collector, err := pagerduty.New(r.opts)
	if err != nil {
		t.Fatal(err)
	}
	return collector.Collect(t.Context(), r.memory, r.memory.save)
}

func (r *rig) mustCollect(t *testing.T) {
	t.Helper()
	if err := r.collect(t); err != nil {
		t.Fatal(err)
	}
}
