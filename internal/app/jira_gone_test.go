package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"
)

// hiding is a Jira that no longer shows an issue in any search.
func hiding(key string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			whole := httptest.NewRecorder()
			next.ServeHTTP(whole, r)
			var page map[string]any
			issues, isPage := []any(nil), false
			if json.Unmarshal(whole.Body.Bytes(), &page) == nil {
				issues, isPage = page["issues"].([]any)
			}
			if !isPage {
				w.WriteHeader(whole.Code)
				_, _ = w.Write(whole.Body.Bytes()) // The client may be gone.
				return
			}
			page["issues"] = slices.DeleteFunc(issues, func(one any) bool { return one.(map[string]any)["key"] == key })
			_ = json.NewEncoder(w).Encode(page)
		})
	}
}

// talkEvidence are the keys of the tech talks that were delivered in the quarter.
func (p *program) talkEvidence(t *testing.T, query string) []string {
	t.Helper()
	code, body := p.get("/api/v1/evidence?objective=tech_talks&team=org&period=2026-Q2" + query)
	var content struct {
		Items []struct{ ID, Counted string }
	}
	if err := json.Unmarshal([]byte(body), &content); err != nil || code != http.StatusOK {
		t.Fatalf("%d %s: %v", code, body, err)
	}
	var keys []string
	for _, item := range content.Items {
		if item.Counted == "numerator" {
			keys = append(keys, item.ID)
		}
	}
	return keys
}

// TestADeletedTicketCountsUntilItIsMissed deletes a talk that was given. A day later
// it is missed, and counts no more; as of the day before it still does.
func TestADeletedTicketCountsUntilItIsMissed(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t, time.Time{})
	p := w.synced(t)
	before := p.talkEvidence(t, "")
	if len(before) < 2 {
		t.Fatalf("talks are %v: there is nothing to see here", before)
	}
	door := hiding(before[0])
	w.door.Store(&door)
	w.now.Store(outageBegins.Add(23 * time.Hour).Unix())
	must(t, p.sync(t))
	if got := p.talkEvidence(t, ""); !slices.Contains(got, before[0]) {
		t.Errorf("%s is gone before anybody looked for it", before[0])
	}
	yesterday := "&as_of=" + w.clock().Format(time.RFC3339)
	w.now.Store(outageBegins.Add(25 * time.Hour).Unix())
	must(t, p.sync(t))
	if got := p.talkEvidence(t, ""); slices.Contains(got, before[0]) || !slices.Contains(got, before[1]) {
		t.Errorf("talks are %v, want them without %s", got, before[0])
	}
	if got := p.talkEvidence(t, yesterday); !slices.Contains(got, before[0]) {
		t.Errorf("as of yesterday talks are %v, want them with %s", got, before[0])
	}
	// It was but moved, and comes back.
	w.door.Store(nil)
	w.now.Store(outageBegins.Add(50 * time.Hour).Unix())
	must(t, p.sync(t))
	if got := p.talkEvidence(t, ""); !slices.Contains(got, before[0]) {
		t.Errorf("%s is back, and talks are %v", before[0], got)
	}
}
