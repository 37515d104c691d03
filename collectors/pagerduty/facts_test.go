package pagerduty_test

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors/pagerduty"
	"teamhealth/internal/facts"
)

// replies answers requests by the last element of their path, without a network.
type replies map[string][]byte

func (r replies) Do(req *http.Request) (*http.Response, error) {
	key := req.URL.Path[strings.LastIndexByte(req.URL.Path, '/')+1:]
	body, ok := r[key]
	if !ok {
		body = []byte(`{"incident": {"id": "` + key + `", "created_at": "2026-08-01T00:00:00Z", "status": "resolved"}}`)
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: req}, nil
}

// read collects what an account answers whose incidents and log entries are
// given as bodies, over a single window.
func read(tb testing.TB, incidents, entries []byte) (*memory, error) {
	tb.Helper()
	return readAnswers(tb, replies{"incidents": incidents, "log_entries": entries})
}

// emptyAccount answers every list with nothing.
func emptyAccount() replies {
	all := replies{}
	for _, list := range []string{
		"services", "teams", "users", "priorities", "escalation_policies", "schedules", "maintenance_windows",
		"incidents", "log_entries", "oncalls",
	} {
		all[list] = []byte(`{"` + list + `": []}`)
	}
	return all
}

// readAnswers collects what an account answers that is empty but for answers.
func readAnswers(tb testing.TB, answers replies) (*memory, error) {
	tb.Helper()
	all := emptyAccount()
	maps.Copy(all, answers)
	collector, err := pagerduty.New(pagerduty.Options{
		URL: "https://api.pagerduty.invalid", Token: new(keys), Since: begun.AddDate(0, 0, -2),
		HTTP: all, Now: func() time.Time { return begun },
	})
	if err != nil {
		tb.Fatal(err)
	}
	kept := newMemory()
	return kept, collector.Collect(tb.Context(), kept, kept.save)
}

func testdata(tb testing.TB, name string) []byte {
	tb.Helper()
	body, err := os.ReadFile("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	return body
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, "2026-08-02T"+text+"Z")
	if err != nil {
		panic(err) // The text is a literal of a test.
	}
	return t
}

func TestIncidentsBecomeFacts(t *testing.T) {
	t.Parallel()
	kept, err := read(t, testdata(t, "incidents.json"), []byte(`{"log_entries": []}`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]facts.Incident{
		"QRESOLVED": {
			ID: "QRESOLVED", Number: 41, Title: "Replica lag above 60 s", Service: "PSVC1",
			Urgency: facts.UrgencyHigh, Priority: "P2", Status: "resolved",
			CreatedAt: at("02:10:00"), UpdatedAt: at("03:00:01"), ResolvedAt: at("03:00:00"),
			LastChange: facts.Change{At: at("03:00:00"), Actor: facts.Actor{ID: "PUSER1", User: true}},
			URL:        "https://example.pagerduty.com/incidents/QRESOLVED",
		},
		"QOPEN": { // Its resolved_at is of a former resolve; updated_at is not told.
			ID: "QOPEN", Number: 42, Title: "Disk almost full",
			Urgency: facts.UrgencyLow, Priority: "P1", Status: "acknowledged",
			CreatedAt: at("05:00:00"), UpdatedAt: at("05:40:00"),
			LastChange: facts.Change{At: at("05:40:00"), Actor: facts.Actor{ID: "PSVC1"}},
		},
		"QODD": {ID: "QODD", Status: "resolved", CreatedAt: at("05:10:00")}, // Its title is an object.
		"QMERGED": {
			ID: "QMERGED", Number: 43, Title: "Disk almost full again", Service: "PSVC1",
			Urgency: facts.UrgencyHigh, Status: "resolved", MergedInto: "QOPEN",
			CreatedAt: at("05:10:00"), UpdatedAt: at("05:12:00"), ResolvedAt: at("05:12:00"),
		},
	}
	if diff := cmp.Diff(want, kept.incidents); diff != "" {
		t.Errorf("incidents (-want +got):\n%s", diff)
	}
	accepted := map[string]facts.Entry{
		"responder/QOPEN/PUSER2": {
			ID: "responder/QOPEN/PUSER2", Incident: "QOPEN", At: at("05:20:00"),
			Kind: facts.EntryResponderAccept, Actor: facts.Actor{ID: "PUSER2", User: true},
		},
		"responder/QOPEN/PUSER3": {
			ID: "responder/QOPEN/PUSER3", Incident: "QOPEN", At: at("05:21:00"),
			Kind: facts.EntryResponderAccept, Actor: facts.Actor{ID: "PUSER3", User: true},
		},
	}
	if diff := cmp.Diff(accepted, kept.entries); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	// Everything is listed twice: among the open ones, and by its creation.
	skipped := map[string]int{
		"incident/undecodable": 2, "incident/no_time": 2, "incident/no_id": 4,
		"log_entry/no_id": 2, "log_entry/no_time": 2,
	}
	if diff := cmp.Diff(skipped, kept.skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}

func TestLogEntriesBecomeFacts(t *testing.T) {
	t.Parallel()
	incidents := []byte(`{"incidents": [{"id": "QRESOLVED", "created_at": "2026-08-02T02:10:00Z", "status": "resolved"}]}`)
	kept, err := read(t, incidents, testdata(t, "log_entries.json"))
	if err != nil {
		t.Fatal(err)
	}
	ada, bo := facts.Actor{ID: "PUSER1", User: true}, facts.Actor{ID: "PUSER2", User: true}
	service := facts.Actor{ID: "PSVC1"}
	want := map[string]facts.Entry{}
	for _, e := range []facts.Entry{
		{ID: "R01", At: at("02:10:00"), Kind: facts.EntryTrigger, Actor: service, Service: "PSVC2"},
		{ID: "R02", At: at("02:10:00"), Kind: facts.EntryTrigger, Actor: service, Service: "PSVC1"},
		{ID: "R03", At: at("02:10:00"), Kind: facts.EntryAssign, Actor: service, Assignees: []string{"PUSER1", "PUSER2"}},
		{ID: "R04", At: at("02:10:05"), Kind: facts.EntryNotify, Actor: ada, Medium: "push", Page: true},
		{ID: "R05", At: at("02:10:06"), Kind: facts.EntryNotify, Actor: ada, Medium: "phone", Page: true},
		{ID: "R06", At: at("02:10:07"), Kind: facts.EntryNotify, Actor: ada, Medium: "phone", Page: true},
		{ID: "R07", At: at("02:10:08"), Kind: facts.EntryNotify, Actor: ada, Medium: "sms", Page: true},
		{ID: "R08", At: at("02:10:09"), Kind: facts.EntryNotify, Actor: ada, Medium: "email"},
		{ID: "R09", At: at("02:10:10"), Kind: facts.EntryNotify, Actor: ada},
		{ID: "R10", At: at("02:12:00"), Kind: facts.EntryAcknowledge, Actor: ada},
		{ID: "R11", At: at("02:13:00"), Kind: facts.EntryAcknowledge, Actor: bo},
		{ID: "R12", At: at("02:43:00"), Kind: facts.EntryUnacknowledge, Actor: service},
		{ID: "R13", At: at("02:43:01"), Kind: facts.EntryEscalate, Actor: service},
		{ID: "R14", At: at("02:44:00"), Kind: facts.EntryDelegate, Actor: ada, Assignees: []string{}},
		{ID: "R15", At: at("02:45:00"), Kind: facts.EntryUrgencyChange, Actor: ada},
		{ID: "R16", At: at("02:46:00"), Kind: facts.EntryPriorityChange, Actor: ada, Old: "P3", New: "P2"},
		{ID: "R17", At: at("02:47:00"), Kind: facts.EntryPriorityChange, Actor: ada, New: "P1"},
		{ID: "R18", At: at("02:47:30"), Kind: facts.EntryPriorityChange, Actor: ada},
		{ID: "R19", At: at("02:48:00"), Kind: facts.EntryOther, Actor: ada},
		{ID: "R20", At: at("02:49:00"), Kind: facts.EntryResponderAsk, Actor: ada},
		{ID: "R21", At: at("02:50:00"), Kind: facts.EntryResponderAccept, Actor: bo},
		{ID: "R22", At: at("02:51:00"), Kind: facts.EntryStatusUpdate, Actor: bo},
		{ID: "R23", At: at("02:52:00"), Kind: facts.EntryMerge, Actor: bo},
		{ID: "R24", At: at("02:53:00"), Kind: facts.EntrySnooze, Actor: bo},
		{ID: "R25", At: at("02:54:00"), Kind: facts.EntryAnnotate, Actor: bo},
		{ID: "R26", At: at("02:55:00"), Kind: facts.EntryOther},
		{ID: "R27", At: at("02:56:00"), Kind: facts.EntryOther, Actor: facts.Actor{ID: "PBOT"}},
		{ID: "R92", At: at("03:00:00"), Kind: facts.EntryResolve}, // Its agent is no object.
		{ID: "R28", At: at("03:00:00").Add(250 * time.Millisecond), Kind: facts.EntryResolve, Actor: ada},
	} {
		e.Incident = "QRESOLVED"
		want[e.ID] = e
	}
	if diff := cmp.Diff(want, kept.entries); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	skipped := map[string]int{"log_entry/no_time": 1, "log_entry/no_id": 3, "log_entry/undecodable": 1}
	if diff := cmp.Diff(skipped, kept.skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}

func TestReferenceDataBecomesFacts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.services = []any{
		object{"id": "PSVC1", "name": "Orders database", "summary": "Orders", "status": "warning", "html_url": "https://example.pagerduty.com/x", "escalation_policy": object{"id": "PEP1"}},
		object{"id": "PSVC2", "summary": "Billing", "escalation_policy": nil},
		object{"name": "without id"},
		object{"id": 7},
		nil,
	}
	r.teams = []any{object{"id": "PTEAM1", "summary": "Databases"}, nil}
	r.users = []any{object{"id": "PUSER1", "time_zone": nil, "name": "Ada Example", "email": "ada@example.com"}, nil}
	r.priorities = []any{object{"id": "PPRI1", "name": "P1"}, nil, object{"id": "PPRI2", "summary": "P2"}}
	r.mustCollect(t)
	wantServices := map[string]facts.Service{
		"PSVC1": {ID: "PSVC1", Name: "Orders database", Status: "warning", EscalationPolicy: "PEP1", URL: "https://example.pagerduty.com/x"},
		"PSVC2": {ID: "PSVC2", Name: "Billing"},
	}
	if diff := cmp.Diff(wantServices, r.memory.services); diff != "" {
		t.Errorf("services (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]facts.Team{"PTEAM1": {ID: "PTEAM1", Name: "Databases"}}, r.memory.teams); diff != "" {
		t.Errorf("teams (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]facts.User{"PUSER1": {ID: "PUSER1"}}, r.memory.users); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
	wantPriorities := map[string]facts.Priority{"PPRI1": {ID: "PPRI1", Name: "P1"}, "PPRI2": {ID: "PPRI2", Name: "P2", Rank: 1}}
	if diff := cmp.Diff(wantPriorities, r.memory.priorities); diff != "" {
		t.Errorf("priorities (-want +got):\n%s", diff)
	}
	wantSkipped := map[string]int{
		"service/no_id": 2, "service/undecodable": 1, "team/no_id": 1, "user/no_id": 1, "priority/no_id": 1,
	}
	if diff := cmp.Diff(wantSkipped, r.memory.skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
}
