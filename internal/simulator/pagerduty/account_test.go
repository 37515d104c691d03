package pagerduty_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	pd "github.com/PagerDuty/go-pagerduty"

	"teamhealth/internal/goldentest"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// ask sends a request to a handler, without a network.
func ask(tb testing.TB, handler http.Handler, path string) *httptest.ResponseRecorder {
	tb.Helper()
	request := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	request.Header.Set("Authorization", "Token token="+testToken)
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

func TestAccountListsItsParts(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	tests := map[string]struct {
		path   string
		part   func(page) []map[string]any
		number int
		first  string
	}{
		"services":                            {"/services", func(p page) []map[string]any { return p.Services }, 10, "PMYSQL1"},
		"services of a team":                  {"/services?team_ids[]=mongodb", func(p page) []map[string]any { return p.Services }, 2, "PMONGO1"},
		"teams":                               {"/teams", func(p page) []map[string]any { return p.Teams }, 6, "mysql"},
		"users and the bot":                   {"/users?limit=100", func(p page) []map[string]any { return p.Users }, 28, "PUSER01"},
		"users of a team":                     {"/users?team_ids[]=oncall", func(p page) []map[string]any { return p.Users }, 4, "PUSER16"},
		"priorities":                          {"/priorities", func(p page) []map[string]any { return p.Priorities }, 5, "PPRIO01"},
		"users of a team that one moved from": {"/users?team_ids[]=monitoring", func(p page) []map[string]any { return p.Users }, 3, "PUSER20"},
		"users of a team that one left":       {"/users?team_ids[]=platform", func(p page) []map[string]any { return p.Users }, 4, "PUSER11"},
		"users of a team that one moved to":   {"/users?team_ids[]=automation", func(p page) []map[string]any { return p.Users }, 5, "PUSER23"},
		"policies":                            {"/escalation_policies", func(p page) []map[string]any { return p.Policies }, 6, "EMYSQL"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := a.ask(t, test.path, "Token token="+testToken)
			var p page
			if err := json.Unmarshal(got.body, &p); err != nil {
				t.Fatalf("GET %s: %v", test.path, err)
			}
			items := test.part(p)
			if len(items) != test.number || items[0]["id"] != test.first || p.More {
				t.Errorf("%d items, more %v, want %d that begin with %s: %v", len(items), p.More, test.number, test.first, items)
			}
		})
	}
	if got := a.get(t, "/users"); len(got.Users) != 25 || !got.More {
		t.Errorf("%d users, more %v, want a page of 25 and more", len(got.Users), got.More)
	}
	if got := a.get(t, "/services/PMYSQL2").Service; got["id"] != "PMYSQL2" || got["acknowledgement_timeout"] != 1800.0 {
		t.Errorf("service %v, want PMYSQL2 with an acknowledgement timeout of 1800 s", got)
	}
	if got := a.get(t, "/abilities").Abilities; len(got) == 0 {
		t.Error("the account has no abilities")
	}
}

// TestShapesOnTheWire shows what is sent, so that a change of it is seen.
func TestShapesOnTheWire(t *testing.T) {
	t.Parallel()
	server := standing(t, past(t))
	view := past(t).At(now)
	index, _ := find(t, view, func(e history.Event) bool { return e.Kind == history.AcceptHelp })
	tests := map[string]string{
		"incident.json":          "/incidents/" + view.Incidents[index].ID() + "?include[]=priorities",
		"incidents.json":         "/incidents?since=2026-03-01&limit=2",
		"log_entries.json":       "/incidents/" + view.Incidents[index].ID() + "/log_entries?include[]=channels",
		"log_entries_plain.json": "/log_entries?until=2026-03-01&limit=3",
		"services.json":          "/services?limit=2",
		"users.json":             "/users?limit=2",
		"priorities.json":        "/priorities?limit=2",
		"policies.json":          "/escalation_policies?limit=1",
		"teams.json":             "/teams?limit=1&total=true",
		"oncalls.json":           "/oncalls?since=2026-03-10T00:00:00Z&until=2026-03-10T00:00:00Z&limit=3",
		"schedules.json":         "/schedules?limit=1",
		"schedule.json":          "/schedules/SEONCALL1?since=2026-03-10T12:00:00Z&until=2026-03-11T12:00:00Z",
		"schedules_v3.json":      "/v3/schedules?limit=1",
		"schedule_v3.json":       "/v3/schedules/SEMONGODB1?since=2026-03-09T00:00:00Z&until=2026-03-10T00:00:00Z&include[]=final_schedule",
		"maintenance.json":       "/maintenance_windows?limit=2",
		"notifications.json":     "/notifications?since=2026-03-10&until=2026-03-11&limit=3",
	}
	for name, path := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			if err := json.Indent(&got, ask(t, server, path).Body.Bytes(), "", "  "); err != nil {
				t.Fatalf("GET %s: %v", path, err)
			}
			goldentest.Compare(t, *update, name, got.Bytes())
		})
	}
}

// standing returns a server whose clock stands still.
func standing(tb testing.TB, h *history.History) *pagerduty.Server {
	tb.Helper()
	server, err := pagerduty.New(pagerduty.Options{
		History: h, Tokens: []string{testToken}, Now: func() time.Time { return now }, RateLimit: -1,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return server
}

func TestSameSeedGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	one, two := standing(t, past(t)), standing(t, past(t))
	for _, path := range []string{
		"/incidents?date_range=all&limit=100&include[]=priorities", "/log_entries?limit=100&include[]=channels", "/users?limit=100",
	} {
		if a, b := ask(t, one, path).Body.String(), ask(t, two, path).Body.String(); a != b {
			t.Errorf("GET %s differs between two servers", path)
		}
	}
}

func TestClientOfPagerDutyUnderstandsEveryPage(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	client := pd.NewClient(testToken, pd.WithAPIEndpoint(a.url))
	incidents, err := client.ListIncidentsWithContext(t.Context(), pd.ListIncidentsOptions{
		Limit: 100, Total: true, Since: "2026-03-01T00:00:00Z", Until: "2026-06-01T00:00:00Z",
		Includes: []string{"priorities"}, SortBy: "created_at:asc",
	})
	if err != nil {
		t.Fatalf("ListIncidents: %v", err)
	}
	want := a.view.CreatedBefore(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC).Unix()) -
		a.view.CreatedBefore(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Unix())
	if len(incidents.Incidents) != 100 || int(incidents.Total) != want || !incidents.More || incidents.Incidents[0].Service.ID == "" {
		t.Errorf("%d incidents of %d, want 100 of %d", len(incidents.Incidents), incidents.Total, want)
	}
	for offset := uint(0); ; offset += 100 {
		entries, err := client.ListLogEntriesWithContext(t.Context(), pd.ListLogEntriesOptions{
			Limit: 100, Offset: offset, Since: "2026-04-01T00:00:00Z", Until: "2026-06-01T00:00:00Z", Includes: []string{"channels"},
		})
		if err != nil {
			t.Fatalf("ListLogEntries: %v", err)
		}
		for _, entry := range entries.LogEntries {
			if entry.ID == "" || entry.Channel.Type == "" || entry.Incident.ID == "" || entry.Service.ID == "" {
				t.Fatalf("entry %+v lacks something", entry)
			}
		}
		if !entries.More {
			break
		}
	}
	services, err := client.ListServicesPaginated(t.Context(), pd.ListServiceOptions{Limit: 3})
	if err != nil || len(services) != 10 {
		t.Errorf("ListServices: %d services, %v, want 10", len(services), err)
	}
	if _, err := client.ListPrioritiesWithContext(t.Context(), pd.ListPrioritiesOptions{}); err != nil {
		t.Errorf("ListPriorities: %v", err)
	}
	if _, err := client.ListUsersWithContext(t.Context(), pd.ListUsersOptions{}); err != nil {
		t.Errorf("ListUsers: %v", err)
	}
}

func TestAccountLivesOnWithTheClock(t *testing.T) {
	t.Parallel()
	h, err := history.New(history.Options{
		Organization: history.Example(), Seed: 1, Start: now.AddDate(0, -1, 0), End: now, Endless: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	a := serve(t, pagerduty.Options{History: h})
	before := a.get(t, "/incidents", "date_range", "all", "total", "true")
	later := now.AddDate(0, 4, 0)
	a.clock.set(later)
	after := a.get(t, "/incidents", "date_range", "all", "total", "true", "sort_by", "created_at:desc")
	if *after.Total < 3*(*before.Total) {
		t.Errorf("%d incidents after a month, %d after five", *before.Total, *after.Total)
	}
	if newest := after.Incidents[0].CreatedAt; newest.After(later) || newest.Before(later.AddDate(0, 0, -3)) {
		t.Errorf("at %s the newest incident is of %s", later, newest)
	}
}

func BenchmarkPages(b *testing.B) {
	h, err := history.Bulk(history.BulkOptions{
		Organization: history.Example(), Seed: 1, Start: now.AddDate(-2, 0, 0), End: now, Incidents: 100_000, Entries: 15,
	})
	if err != nil {
		b.Fatal(err)
	}
	server := standing(b, h)
	for name, path := range map[string]string{
		"incidents":     "/incidents?since=2026-03-01&until=2026-04-01&limit=100&offset=2000&sort_by=created_at:asc&include[]=priorities",
		"open":          "/incidents?date_range=all&statuses[]=triggered&statuses[]=acknowledged&limit=100",
		"log entries":   "/log_entries?since=2026-03-01&until=2026-04-01&limit=100&offset=9900&include[]=channels",
		"total entries": "/log_entries?since=2026-03-01&until=2026-04-01&limit=1&total=true",
		"on-calls":      "/oncalls?since=2026-03-01&until=2026-04-01&limit=100",
		"notifications": "/notifications?since=2026-03-01&until=2026-04-01&limit=100",
		"maintenance":   "/maintenance_windows?limit=100",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if got := ask(b, server, path); got.Code != http.StatusOK {
					b.Fatalf("%d %s", got.Code, got.Body)
				}
			}
		})
	}
}
