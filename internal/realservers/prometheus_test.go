package realservers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// scrapeEvery is how often the servers of the tests scrape and evaluate. No scrape may
// take longer than that, however slow the machine is: one that fails ends every series.
const scrapeEvery = "5s"

// rateOver is over how long Grafana would look for a rate: four scrapes.
const rateOver = "20s"

// prometheus is one that runs.
type prometheus struct{ url string }

// observed says what a Prometheus is to look at.
type observed struct {
	target       string // HOST:PORT of teamhealth.
	rules        []byte // A file of rules.
	alertmanager string // HOST:PORT; none where empty.
}

// startPrometheus starts a server on an empty database.
func startPrometheus(t *testing.T, path string, o observed) *prometheus {
	t.Helper()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "rules.yml"), o.rules, 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "prometheus.yml"), []byte(o.config()), 0o600))
	address := freeAddress(t)
	p := &prometheus{url: "http://" + address}
	start(t, p.url+"/-/ready", path,
		"--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address="+address, "--enable-feature=exemplar-storage", "--log.level=warn",
	)
	return p
}

func (o observed) config() string {
	lines := []string{
		"global: {scrape_interval: " + scrapeEvery + ", evaluation_interval: " + scrapeEvery + "}",
		"rule_files: [rules.yml]",
		"scrape_configs:",
		"  - job_name: teamhealth",
		"    static_configs: [{targets: ['" + o.target + "']}]",
	}
	if o.alertmanager != "" {
		lines = append(lines, "alerting: {alertmanagers: [{static_configs: [{targets: ['"+o.alertmanager+"']}]}]}")
	}
	return strings.Join(lines, "\n") + "\n"
}

// sample is one series of an answer.
type sample struct {
	Metric map[string]string
	Value  float64
}

// query returns what an expression is now.
func (p *prometheus) query(t *testing.T, expression string) []sample {
	t.Helper()
	var answer struct {
		Result []struct {
			Metric map[string]string `json:"metric"`
			Value  [2]any            `json:"value"`
		} `json:"result"`
	}
	p.ask(t, "/api/v1/query?query="+url.QueryEscape(expression), &answer)
	samples := make([]sample, 0, len(answer.Result))
	for _, r := range answer.Result {
		value, err := strconv.ParseFloat(fmt.Sprint(r.Value[1]), 64)
		must(t, err)
		samples = append(samples, sample{r.Metric, value})
	}
	return samples
}

// ask puts the data that an endpoint answers with into target.
func (p *prometheus) ask(t *testing.T, path string, target any) {
	t.Helper()
	status, body := get(t.Context(), p.url+path)
	if status != http.StatusOK {
		t.Fatalf("GET %s: status %d: %s", path, status, body)
	}
	var envelope struct {
		Data json.RawMessage `json:"data"`
	}
	must(t, json.Unmarshal(body, &envelope))
	must(t, json.Unmarshal(envelope.Data, target))
}

// rule is one that a server has evaluated.
type rule struct {
	Name      string `json:"name"`
	Health    string `json:"health"`
	LastError string `json:"lastError"`
}

func (p *prometheus) rules(t *testing.T) []rule {
	t.Helper()
	var answer struct {
		Groups []struct {
			Rules []rule `json:"rules"`
		} `json:"groups"`
	}
	p.ask(t, "/api/v1/rules", &answer)
	var all []rule
	for _, g := range answer.Groups {
		all = append(all, g.Rules...)
	}
	return all
}
