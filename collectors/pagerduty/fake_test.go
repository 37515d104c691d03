package pagerduty_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
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
	"teamhealth/internal/facts"
	"teamhealth/internal/secret"
)

// object is a JSON object as the API sends it.
type object = map[string]any

// account is a PagerDuty account on the wire: what it holds, and how its API
// pages, filters and limits.
type account struct {
	services, teams, users, priorities []any
	incidents                          []object
	entries                            []object
	noTotal                            bool // Leave out total, as the API may.

	// intercept may answer in the account's place; it then returns true.
	intercept func(w http.ResponseWriter, r *http.Request) bool

	mu       sync.Mutex
	requests []*url.URL
	tokens   []string
}

func newAccount() *account {
	return &account{
		services:   []any{object{"id": "PSVC1", "name": "Orders database", "status": "active", "escalation_policy": object{"id": "PEP1"}}},
		teams:      []any{object{"id": "PTEAM1", "name": "Databases"}, object{"id": "PTEAM2", "name": "Networks"}},
		users:      []any{object{"id": "PUSER1", "name": "Ada Example", "time_zone": "Europe/Berlin"}},
		priorities: []any{object{"id": "PPRI1", "name": "P1"}, object{"id": "PPRI2", "summary": "P2"}},
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
	a.entries = append(a.entries, entry)
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
			send(w, 200, object{"incident": incident})
			return
		}
		send(w, 404, object{"error": object{"message": "Not Found", "code": 2100}})
	default:
		lists := map[string][]any{"services": a.services, "teams": a.teams, "users": a.users, "priorities": a.priorities}
		page(w, r, parts[0], lists[parts[0]], a.noTotal)
	}
}

// matching applies the filters of a list, in order of time.
func (a *account) matching(r *http.Request, all []object) []object {
	query := r.URL.Query()
	since, until := query.Get("since"), query.Get("until")
	statuses, teams := query["statuses[]"], query["team_ids[]"]
	var found []object
	for _, item := range all {
		at, _ := item["created_at"].(string)
		status, _ := item["status"].(string)
		inWindow := since == "" || (at >= since && at < until)
		if inWindow && (len(statuses) == 0 || slices.Contains(statuses, status)) && inTeams(item, teams) {
			found = append(found, item)
		}
	}
	if !slices.IsSortedFunc(found, byCreation) {
		slices.SortStableFunc(found, byCreation)
	}
	return found
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
		items[i] = found[i]
	}
	page(w, r, key, items, a.noTotal)
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

func paths(asked []*url.URL) []string {
	var all []string
	for _, u := range asked {
		all = append(all, u.Path)
	}
	return all
}

// memory keeps what a collector hands over, as a store does.
type memory struct {
	cursor     []byte
	services   map[string]facts.Service
	teams      map[string]facts.Team
	users      map[string]facts.User
	priorities map[string]facts.Priority
	incidents  map[string]facts.Incident
	entries    map[string]facts.Entry
	complete   []facts.Completion
	skipped    map[string]int // By kind/reason.
	batches    []facts.Batch

	failAt int // The batch that cannot be kept, counted from 1; 0: none.
}

var errFull = errors.New("disk full")

func newMemory() *memory {
	return &memory{
		services: map[string]facts.Service{}, teams: map[string]facts.Team{}, users: map[string]facts.User{},
		priorities: map[string]facts.Priority{}, incidents: map[string]facts.Incident{}, entries: map[string]facts.Entry{},
		skipped: map[string]int{},
	}
}

func (m *memory) save(batch facts.Batch) error {
	if m.failAt == len(m.batches)+1 {
		return errFull
	}
	m.batches = append(m.batches, batch)
	for _, s := range batch.Services {
		m.services[s.ID] = s
	}
	for _, t := range batch.Teams {
		m.teams[t.ID] = t
	}
	for _, u := range batch.Users {
		m.users[u.ID] = u
	}
	for _, p := range batch.Priorities {
		m.priorities[p.ID] = p
	}
	for _, i := range batch.Incidents {
		if old, ok := m.incidents[i.ID]; !ok || !i.UpdatedAt.Before(old.UpdatedAt) {
			m.incidents[i.ID] = i
		}
	}
	for _, e := range batch.Entries {
		if old, ok := m.entries[e.ID]; !ok || e.At.Before(old.At) {
			m.entries[e.ID] = e
		}
	}
	for _, s := range batch.Skipped {
		m.skipped[s.Kind+"/"+s.Reason] += s.Count
	}
	if batch.Cursor != nil {
		m.cursor = batch.Cursor
	}
	if batch.Complete != nil {
		m.complete = append(m.complete, *batch.Complete)
	}
	return nil
}

func (m *memory) Cursor(context.Context, facts.Source) ([]byte, error) { return m.cursor, nil }

func (m *memory) OpenIncidents(context.Context) ([]string, error) {
	var open []string
	for id, incident := range m.incidents {
		if incident.Open() {
			open = append(open, id)
		}
	}
	slices.Sort(open)
	return open, nil
}

func (m *memory) KnownIncidents(_ context.Context, ids []string) (map[string]facts.Incident, error) {
	kept := map[string]facts.Incident{}
	for _, id := range ids {
		if incident, ok := m.incidents[id]; ok {
			kept[id] = incident
		}
	}
	return kept, nil
}

func (m *memory) KnownServices(_ context.Context, ids []string) (map[string]bool, error) {
	return known(m.services, ids), nil
}

func known[T any](all map[string]T, ids []string) map[string]bool {
	found := map[string]bool{}
	for _, id := range ids {
		if _, ok := all[id]; ok {
			found[id] = true
		}
	}
	return found
}

func (m *memory) incidentIDs() []string { return slices.Sorted(maps.Keys(m.incidents)) }
func (m *memory) entryIDs() []string    { return slices.Sorted(maps.Keys(m.entries)) }

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
