package realservers_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"teamhealth/config"
	"teamhealth/internal/app"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/scorecard"
)

// TestABurdenAboveItsTargetReachesAlertmanagerAndItsEndTakesItBack lets incidents
// happen for two months and then none: on the last day of the two months a team has
// spent more than a tenth of its time on call with incidents, and 29 days later the
// last 28 days hold none.
func TestABurdenAboveItsTargetReachesAlertmanagerAndItsEndTakesItBack(t *testing.T) {
	t.Parallel()
	rules := hurried(t, content(t, generatedAlerts(t, example(t)), ruleFile))
	for name, r := range releases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, manager := program(t, r.prometheus), program(t, "prometheus-alertmanager", "alertmanager")
			o := newOrganization(t)
			notices := newNotices(t)
			p := startPrometheus(t, path, observed{
				target: o.address, rules: rules, alertmanager: startAlertmanager(t, manager, notices.url),
			})
			eventually(t, "the burden is scraped", func() bool {
				return len(p.query(t, `teamhealth_oncall_burden_ratio{team="`+heavy+`",window="28d"} > 0.1`)) == 1
			})
			eventually(t, "Alertmanager tells that the alert fires", func() bool { return notices.has("firing") })
			if notices.has("resolved") {
				t.Error("the alert is resolved before the burden is over")
			}
			o.jump(t, 29*24*time.Hour)
			eventually(t, "Alertmanager tells that the alert is resolved", func() bool { return notices.has("resolved") })
		})
	}
}

// heavy is the team whose burden is above the target.
const heavy = "mysql"

// The time in which incidents happen.
var (
	quiet = time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC)
	begin = quiet.AddDate(0, -2, 0)
)

// organization is the whole program with a clock of its own.
type organization struct {
	*app.App
	address string
	now     atomic.Int64 // Seconds since 1970.
}

func (o *organization) clock() time.Time { return time.Unix(o.now.Load(), 0).UTC() }

// newOrganization has read its simulated account, as of the end of the incidents.
func newOrganization(t *testing.T) *organization {
	t.Helper()
	o := &organization{}
	o.now.Store(quiet.Unix())
	upstream := httptest.NewUnstartedServer(nil)
	c := configured(t, "http://"+upstream.Listener.Addr().String())
	past, err := history.New(history.Options{Organization: app.Simulated(c), Seed: 1, Start: begin, End: quiet})
	must(t, err)
	upstream.Config.Handler, err = pagerduty.New(pagerduty.Options{
		History: past, Tokens: []string{"token"}, Now: o.clock, RateLimit: -1,
	})
	must(t, err)
	upstream.Start()
	t.Cleanup(upstream.Close)
	o.App, err = app.New(t.Context(), app.Options{Config: c, Logger: slog.New(slog.DiscardHandler), Now: o.clock})
	must(t, err)
	t.Cleanup(func() { must(t, o.Close()) })
	o.jump(t, 0)
	server := httptest.NewServer(o.Handler())
	t.Cleanup(server.Close)
	o.address = strings.TrimPrefix(server.URL, "http://")
	return o
}

// configured is the example organisation before a simulated PagerDuty.
func configured(t *testing.T, url string) *config.Config {
	t.Helper()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "token"), []byte("token\n"), 0o600))
	text, err := config.Example(config.ExampleEdits{
		PagerDutyURL: url, TokenFile: "token", Interval: time.Minute, StoreURL: "sqlite:teamhealth.db",
		Since: scorecard.Date{Year: begin.Year(), Month: begin.Month(), Day: begin.Day()},
	})
	must(t, err)
	c, err := config.Parse(filepath.Join(dir, "teamhealth.yml"), text)
	must(t, err)
	return c
}

// jump lets time pass, reads what happened, and computes the cards.
func (o *organization) jump(t *testing.T, by time.Duration) {
	t.Helper()
	o.now.Add(int64(by / time.Second))
	must(t, o.Sync(t.Context(), func(app.Progress) {}))
	must(t, o.Recompute(t.Context()))
}

// notices are what an Alertmanager sent.
type notices struct {
	url  string
	mu   sync.Mutex
	told []string // Guarded by mu; the states of the alert that the test is about, as they came.
}

func newNotices(t *testing.T) *notices {
	t.Helper()
	n := &notices{}
	server := httptest.NewServer(n)
	t.Cleanup(server.Close)
	n.url = server.URL
	return n
}

// ServeHTTP is Alertmanager's webhook.
func (n *notices) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var message struct {
		Alerts []struct {
			Status string            `json:"status"`
			Labels map[string]string `json:"labels"`
		} `json:"alerts"`
	}
	if err := json.NewDecoder(r.Body).Decode(&message); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, a := range message.Alerts {
		if a.Labels["alertname"] == "TeamhealthOncallBurdenHigh" && a.Labels["team"] == heavy {
			n.told = append(n.told, a.Status)
		}
	}
}

func (n *notices) has(state string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Contains(n.told, state)
}

// startAlertmanager starts one that tells a webhook everything at once, and
// returns its address.
func startAlertmanager(t *testing.T, path, webhook string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "alertmanager.yml")
	must(t, os.WriteFile(file, []byte(strings.Join([]string{
		"route: {receiver: test, group_by: [alertname, team], group_wait: 100ms, group_interval: 1s, repeat_interval: 1h}",
		"receivers: [{name: test, webhook_configs: [{url: '" + webhook + "', send_resolved: true}]}]",
	}, "\n")), 0o600))
	address := freeAddress(t)
	start(t, "http://"+address+"/-/ready", path,
		"--config.file="+file, "--storage.path="+filepath.Join(dir, "data"), "--log.level=warn",
		"--web.listen-address="+address, "--cluster.listen-address=", // Off the network.
	)
	return address
}
