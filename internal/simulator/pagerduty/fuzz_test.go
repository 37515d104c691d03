package pagerduty_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"teamhealth/internal/simulator/history"
)

// FuzzParameters holds that whatever is asked, the answer is a page or a
// complaint, and JSON.
func FuzzParameters(f *testing.F) {
	h, err := history.New(history.Options{
		Organization: history.Example(), Seed: 1, Start: now.AddDate(0, -2, 0), End: now.Add(time.Hour),
	})
	if err != nil {
		f.Fatal(err)
	}
	server := standing(f, h)
	for _, seed := range []string{
		"", "limit=100&offset=9900&total=true", "since=2026-06-01T00:00:00Z&until=2026-06-02", "until=0001-01-01T00:00:00Z",
		"since=9999-12-31T23:59:59Z", "statuses[]=triggered&urgencies[]=low", "sort_by=urgency:desc,resolved_at", "sort_by=,",
		"date_range=all&user_ids[]=PUSER01&team_ids[]=mysql", "include[]=priorities&include[]=channels&is_overview=true",
		"time_zone=Asia/Kolkata", "%zz=;", "limit=-1", "since=0001-01-01&until=9999-12-31&include[]=final_schedule&overflow=true",
		"earliest=true&schedule_ids[]=null&filter=open",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, parameters string) {
		for _, path := range []string{
			"/incidents", "/log_entries", "/oncalls", "/schedules/SEMYSQL1", "/v3/schedules/SEMONGODB1",
			"/maintenance_windows", "/notifications",
		} {
			request := httptest.NewRequest(http.MethodGet, path, http.NoBody)
			request.URL.RawQuery = parameters
			request.Header.Set("Authorization", "Token token="+testToken)
			recorder := httptest.NewRecorder()
			server.ServeHTTP(recorder, request)
			if recorder.Code != http.StatusOK && recorder.Code != http.StatusBadRequest {
				t.Errorf("GET %s?%s: %d", path, parameters, recorder.Code)
			}
			if !json.Valid(recorder.Body.Bytes()) {
				t.Errorf("GET %s?%s: the answer is no JSON: %s", path, parameters, recorder.Body)
			}
		}
	})
}
