package requestlog_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/requestlog"
)

// TestEveryAnswerIsCounted asks for what is answered in each way that there is.
func TestEveryAnswerIsCounted(t *testing.T) {
	t.Parallel()
	log := requestlog.New()
	answers := map[string]http.HandlerFunc{
		"/plain":  func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) },
		"/silent": func(http.ResponseWriter, *http.Request) {},
		"/gone":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) },
		"/flushed": func(w http.ResponseWriter, _ *http.Request) {
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Errorf("the writer beneath is hidden: %v", err)
			}
		},
		"/broken": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			panic(http.ErrAbortHandler)
		},
	}
	ask := func(path string) {
		defer func() { _ = recover() }() // As net/http does.
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
		log.Count(path, answers[path]).ServeHTTP(httptest.NewRecorder(), request)
	}
	for path := range answers {
		ask(path)
	}
	ask("/gone")
	want := map[requestlog.Call]int{
		{Path: "/plain", Status: 200}: 1, {Path: "/silent", Status: 200}: 1, {Path: "/gone", Status: 410}: 2,
		{Path: "/flushed", Status: 200}: 1, {Path: "/broken", Status: 502}: 1,
	}
	got := log.Calls()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	clear(got)
	if len(log.Calls()) != len(want) {
		t.Error("who changes what Calls returned changes the log")
	}
}
