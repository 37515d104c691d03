package collectors

import (
	"fmt"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamhealth/internal/facts"
)

// Metrics tells how collecting goes, by collector. It is safe for concurrent use.
type Metrics struct {
	up          *prometheus.GaugeVec
	lastSuccess *prometheus.GaugeVec
	duration    *prometheus.GaugeVec
	records     *prometheus.GaugeVec
	remaining   *prometheus.GaugeVec
	skipped     *prometheus.CounterVec
	errors      *prometheus.CounterVec
	requests    *prometheus.CounterVec
}

// NewMetrics returns Metrics that are registered with registerer, or the error
// of the registration.
func NewMetrics(registerer prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{
		up: gauge("collector_up",
			"Whether the last cycle that read the source in the background succeeded.", "collector"),
		lastSuccess: gauge("collector_last_success_timestamp_seconds",
			"When the last complete cycle ended. Upstream data is collected in the background and is as old as this.", "collector"),
		duration: gauge("collector_duration_seconds",
			"How long the last cycle took, in the background and not during a scrape.", "collector"),
		records: gauge("collector_records",
			"Facts in the store that were collected in the background, by kind.", "collector", "kind"),
		remaining: gauge("api_ratelimit_remaining",
			"Requests that the source's API still allowed in its present interval, as of the last answer.", "collector"),
		skipped: counter("collector_skipped_total",
			"Items that were left out because they could not be understood or read, by reason.", "collector", "reason"),
		errors: counter("collector_errors_total",
			"Cycles that failed.", "collector"),
		requests: counter("api_requests_total",
			"Attempts of requests to the source's API, by status code; error where there was no answer.", "collector", "code"),
	}
	for _, c := range []prometheus.Collector{
		m.up, m.lastSuccess, m.duration, m.records, m.remaining, m.skipped, m.errors, m.requests,
	} {
		if err := registerer.Register(c); err != nil {
			return nil, fmt.Errorf("register the collectors' metrics: %w", err)
		}
	}
	return m, nil
}

func gauge(name, help string, labels ...string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "teamhealth", Name: name, Help: help}, labels)
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "teamhealth", Name: name, Help: help}, labels)
}

// Restore shows what is known of a source from before the process started. Of
// a source that was never read nothing is shown.
func (m *Metrics) Restore(state facts.SourceState) {
	source := string(state.Source)
	m.errors.WithLabelValues(source)
	if !state.LastSuccess.IsZero() {
		m.lastSuccess.WithLabelValues(source).Set(unixSeconds(state.LastSuccess))
	}
	if !state.LastSuccess.IsZero() || !state.LastErrorAt.IsZero() {
		m.up.WithLabelValues(source).Set(number(state.LastError == ""))
	}
}

// SetRecords shows how many facts of each kind the store keeps for source.
func (m *Metrics) SetRecords(source facts.Source, counts map[string]int) {
	for kind, count := range counts {
		m.records.WithLabelValues(string(source), kind).Set(float64(count))
	}
}

// Request counts an attempt of a request. The code is a status as text, or
// "error"; a status that is none counts as "error" too.
func (m *Metrics) Request(source facts.Source, code string) {
	if n, err := strconv.Atoi(code); err != nil || n < 100 || n > 999 {
		code = "error"
	}
	m.requests.WithLabelValues(string(source), code).Inc()
}

// RateLimit shows how many requests the API still allows.
func (m *Metrics) RateLimit(source facts.Source, remaining int) {
	m.remaining.WithLabelValues(string(source)).Set(float64(remaining))
}

func (m *Metrics) skip(source facts.Source, skipped []facts.Skip) {
	for _, s := range skipped {
		m.skipped.WithLabelValues(string(source), s.Reason).Add(float64(s.Count))
	}
}

func (m *Metrics) cycle(source facts.Source, took time.Duration, finished time.Time, err error) {
	m.duration.WithLabelValues(string(source)).Set(took.Seconds())
	m.up.WithLabelValues(string(source)).Set(number(err == nil))
	if err != nil {
		m.errors.WithLabelValues(string(source)).Inc()
		return
	}
	m.lastSuccess.WithLabelValues(string(source)).Set(unixSeconds(finished))
}

func unixSeconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
