package app_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/facts"
	simulatedjira "teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/prometheus"
)

const hiddenPrometheusToken = "p+Sehr&Geheim/z<a>44"

// prometheus are the keys by which Prometheus lets the program in.
func (d disguise) prometheus() string {
	if d.mode == simulatedjira.DataCenter {
		return "authorization: {credentials_file: prometheus.token}"
	}
	return "basic_auth: {username: teamhealth, password_file: prometheus.token}"
}

// hiddenEvents is a Prometheus that lets in whoever has the token, in either way.
func hiddenEvents(t *testing.T, c *config.Config, since time.Time) http.Handler {
	t.Helper()
	events, err := prometheus.New(app.SimulatedEvents(c, since, 1, clock))
	must(t, err)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tokenOf(r) != hiddenPrometheusToken {
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
			return
		}
		events.ServeHTTP(w, r)
	})
}

// A Prometheus that never answered is asked about every hour.
func TestNoAnswerOfPrometheusShowsAPersonOrAToken(t *testing.T) {
	t.Parallel()
	for _, mode := range []simulatedjira.Mode{simulatedjira.Cloud, simulatedjira.DataCenter} {
		h := newHidden(t, disguise{mode: mode})
		h.failEveryWay(t, facts.Prometheus, misbehaviours())
		h.failEveryWay(t, facts.Prometheus, prometheusMisbehaviours())
	}
}

// prometheusMisbehaviours are answers as Prometheus gives them, about series that have what
// they know for a label.
func prometheusMisbehaviours() map[string]http.HandlerFunc {
	answer := func(form string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/api/v1/query" {
				form := `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[%d,"1"]}]}}`
				fmt.Fprintf(w, form, clock().Unix())
				return
			}
			fmt.Fprintf(w, form, tokenOf(r))
		}
	}
	return map[string]http.HandlerFunc{
		"its series are people's": answer(`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"user":"PUSER01"}},` +
			`{"metric":{"user":"puser02@example.com","token":"%s"}}]}}`),
		"its values are tokens": answer(`{"status":"success","data":{"resultType":"matrix","result":[{"values":[[1,"%s"]]}]}}`),
		"it fails and says why": answer(`{"status":"error","error":"5b10a01 may not, by %s"}`),
	}
}
