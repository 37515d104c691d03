package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"teamhealth/internal/app"
	"teamhealth/internal/simulator/history"
	simulatedjira "teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/tickets"
	"teamhealth/internal/store"
)

// hiddenEmail is the account's of a token of Cloud; Data Center's need none.
func hiddenEmail(mode simulatedjira.Mode) string {
	if mode == simulatedjira.Cloud {
		return demoEmail
	}
	return ""
}

// gossip is what tickets say of people: by a name, an address, the roster's id, and
// the ids that PagerDuty and Jira know them by.
const gossip = "Engineer 05 <puser05@example.com>, p05, asks [~5b10a05] about PUSER05"

// gossipingSite is a Jira whose tickets name people wherever somebody can write.
func (h *hidden) gossipingSite(t *testing.T, past *history.History, mode simulatedjira.Mode) http.Handler {
	t.Helper()
	work, err := tickets.New(app.SimulatedTickets(h.config, past, 1))
	must(t, err)
	site, err := simulatedjira.New(simulatedjira.Options{
		History: work, Mode: mode, Token: hiddenJiraToken, Email: hiddenEmail(mode), Now: clock, RateLimit: -1,
		Documents: true, Middleware: []func(http.Handler) http.Handler{gossiping},
	})
	must(t, err)
	return site
}

// gossiping adds gossip to what a site sends.
func gossiping(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent := httptest.NewRecorder()
		next.ServeHTTP(sent, r)
		var content any
		if sent.Code != http.StatusOK || json.Unmarshal(sent.Body.Bytes(), &content) != nil {
			sent.Code = http.StatusInternalServerError // Which no test here expects.
		}
		addGossip(content)
		maps.Copy(w.Header(), sent.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(sent.Code)
		_ = json.NewEncoder(w).Encode(content) // The test sees what is missing.
	})
}

// addGossip adds gossip to every text that people write, and puts it in the place
// of what it makes unreadable: some tickets' times.
func addGossip(content any) {
	switch content := content.(type) {
	case []any:
		for _, element := range content {
			addGossip(element)
		}
	case map[string]any:
		for key, value := range content {
			text, isText := value.(string)
			switch {
			case isText && (strings.HasPrefix(key, "description") || key == "summary" || key == "environment"):
				content[key] = text + "\n" + gossip
			case isText && key == "created" && strings.Contains(text, "03.000"):
				content[key] = gossip
			case key == "labels":
				if labels, ok := value.([]any); ok {
					content[key] = append(labels, "p05", "Engineer-05")
				}
			default:
				addGossip(value)
			}
		}
		if content["type"] == "doc" {
			paragraphs, _ := content["content"].([]any)
			content["content"] = append(paragraphs, map[string]any{"type": "paragraph", "content": []any{
				map[string]any{"type": "mention", "attrs": map[string]any{"id": "5b10a05", "text": "@Engineer 05"}},
				map[string]any{"type": "text", "text": gossip},
			}})
		}
	}
}

// requireGossip makes sure that there is something to hide: tickets that say who
// wrote and did them, and texts that name people.
func (h *hidden) requireGossip(t *testing.T) {
	t.Helper()
	kept, err := store.Open(t.Context(), store.Options{URL: filepath.Join(filepath.Dir(h.configFile()), "teamhealth.db"), ReadOnly: true})
	must(t, err)
	defer func() { must(t, kept.Close()) }()
	people, texts := map[string]bool{}, 0
	for ticket, err := range kept.Tickets(t.Context(), store.TicketQuery{}) {
		must(t, err)
		people[ticket.Creator], people[ticket.Assignee] = true, true
		if strings.Contains(ticket.Summary, gossip) && strings.Contains(ticket.Description, "5b10a05") {
			texts++
		}
	}
	if len(people) < 20 || texts < 5 {
		t.Fatalf("%d people do the tickets, and %d tickets gossip: there is nothing to hide", len(people), texts)
	}
	metrics := exchange(h.Handler(), http.MethodGet, "/metrics", nil).body
	if !strings.Contains(metrics, `teamhealth_collector_skipped_total{collector="jira",reason="no_time"`) {
		t.Errorf("no malformed ticket is skipped:\n%s", metrics)
	}
}

// jiraMisbehaviours are what only a Jira does, and does well up to a point.
func jiraMisbehaviours(h *hidden) map[string]http.HandlerFunc {
	good := h.site
	instead := func(path string, answer http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, path) {
				answer(w, r)
				return
			}
			good.ServeHTTP(w, r)
		}
	}
	say := func(status int, form string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			_, _ = fmt.Fprint(w, strings.NewReplacer("TOKEN", tokenOf(r), "HEADER", r.Header.Get("Authorization")).Replace(form))
		}
	}
	stranger := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
		w.Header().Set("X-AUSERNAME", "puser05@example.com "+tokenOf(r))
		_, _ = fmt.Fprint(w, `{"accountId": "5b10a05", "emailAddress": "puser05@example.com", "displayName": "Engineer 05"}`)
	}
	return map[string]http.HandlerFunc{
		"it takes the token for another's":       instead("/myself", stranger),
		"it says who is nobody":                  instead("/myself", say(http.StatusOK, `{"emailAddress": "puser05@example.com", "displayName": "Engineer 05"}`)),
		"it refuses the search by a name":        instead("/search", say(http.StatusBadRequest, `{"errorMessages": ["The value 'puser05@example.com' does not exist (HEADER)", "The value '5b10a05' does not exist"]}`)),
		"it sends an issue that is no issue":     instead("/search", say(http.StatusOK, `{"issues": "5b10a05 TOKEN"}`)),
		"it sends issues that cannot be read":    instead("/search", say(http.StatusOK, unreadable())),
		"it sends statuses that cannot be read":  instead("/status", say(http.StatusOK, `{"5b10a05": "TOKEN"}`)),
		"it has fields that cannot be read":      instead("/field", say(http.StatusOK, `{"5b10a05": "TOKEN"}`)),
		"it is another kind of site than it was": instead("/serverInfo", say(http.StatusOK, `{"baseUrl": "https://puser05@TOKEN", "serverTitle": "Engineer 05"}`)),
	}
}

// unreadable is a page of issues that have nothing but gossip.
func unreadable() string {
	var page bytes.Buffer
	page.WriteString(`{"issues": [`)
	for i := range 12 {
		fmt.Fprintf(&page, `{"id": "%d", "key": "p05", "fields": {"created": "Engineer 05", "creator": "5b10a05", "summary": "TOKEN"}},`, i)
	}
	page.WriteString(`"HEADER"], "total": 13}`)
	return page.String()
}
