package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"teamhealth/config"
	"teamhealth/internal/simulator/history"
	simulatedjira "teamhealth/internal/simulator/jira"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/internal/simulator/prometheus"
	"teamhealth/internal/simulator/tickets"
	"teamhealth/scorecard"
)

const (
	// demoHeaderTimeout bounds how long a client of the simulated upstreams may take to ask.
	demoHeaderTimeout = 10 * time.Second

	demoToken    = "demo"
	demoEmail    = "bot@example.com"
	demoInterval = 15 * time.Second
	demoYears    = 2
)

// DemoOptions say how to set up a demonstration.
type DemoOptions struct {
	Dir  string // An existing folder for the configuration, the tokens and the store. Required.
	Seed uint64 // Of the simulated history.
	Now  func() time.Time
}

// Demo is the example organisation on simulated upstreams: two years of
// history up to now, which goes on as the clock does.
type Demo struct {
	ConfigFile string
	PagerDuty  string // URL of the simulated PagerDuty.
	Jira       string // URL of the simulated Jira.
	Prometheus string // URL of the simulated Prometheus.

	servers []*http.Server
	served  chan error // One of each server.
}

// StartDemo starts the simulated upstreams on loopback and writes a
// configuration that points to them.
func StartDemo(ctx context.Context, o DemoOptions) (*Demo, error) {
	listeners, err := Listen(ctx, slices.Repeat([]string{"127.0.0.1:0"}, 3))
	if err != nil {
		return nil, err
	}
	d := &Demo{
		ConfigFile: filepath.Join(o.Dir, "teamhealth.yml"),
		PagerDuty:  "http://" + listeners[0].Addr().String(),
		Jira:       "http://" + listeners[1].Addr().String(),
		Prometheus: "http://" + listeners[2].Addr().String(),
		served:     make(chan error, len(listeners)),
	}
	handlers, err := d.prepare(o)
	if err != nil {
		for _, l := range listeners {
			err = errors.Join(err, l.Close())
		}
		return nil, err
	}
	for i, l := range listeners {
		d.serve(l, handlers[i])
	}
	return d, nil
}

func (d *Demo) serve(l net.Listener, handler http.Handler) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: demoHeaderTimeout}
	d.servers = append(d.servers, server)
	go func() { d.served <- server.Serve(l) }() // Close waits for it.
}

// Close stops the simulated upstreams.
func (d *Demo) Close() error {
	var errs []error
	for _, server := range d.servers {
		errs = append(errs, server.Close())
	}
	for range d.servers {
		if served := <-d.served; !errors.Is(served, http.ErrServerClosed) {
			errs = append(errs, served)
		}
	}
	return errors.Join(errs...)
}

// prepare makes up the history, writes the files and returns the simulated
// PagerDuty, Jira and Prometheus.
func (d *Demo) prepare(o DemoOptions) ([]http.Handler, error) {
	now := o.Now().UTC()
	edits := config.ExampleEdits{
		PagerDutyURL: d.PagerDuty, TokenFile: filepath.Join(o.Dir, "pagerduty.token"), Interval: demoInterval,
		Jira:          &config.JiraEdits{URL: d.Jira, Flavor: "auto", Email: demoEmail, TokenFile: filepath.Join(o.Dir, "jira.token")},
		PrometheusURL: d.Prometheus,

		Today:    scorecard.Date{Year: now.Year(), Month: now.Month(), Day: now.Day()},
		Since:    scorecard.Date{Year: now.Year() - demoYears, Month: now.Month(), Day: now.Day()},
		Records:  []string{demoRecords + "/*.csv"},
		StoreURL: "sqlite:" + filepath.Join(o.Dir, "teamhealth.db"),
	}
	example, _, err := d.configuration(edits)
	if err != nil {
		return nil, err
	}
	past, err := history.New(history.Options{
		Organization: Simulated(example), Seed: o.Seed, Start: edits.Since.In(time.UTC), End: now, Endless: true,
	})
	if err != nil {
		return nil, err
	}
	if drills := past.Drills(); len(drills) > 0 { // Without incidents it would be about the whole objective.
		edits.Exceptions = []config.Exception{drillException(edits.Since, drills)}
	}
	if err := d.write(edits); err != nil {
		return nil, err
	}
	if err := writeRecords(filepath.Join(o.Dir, demoRecords), SimulatedRecords(example, edits.Since.In(time.UTC), now, o.Seed)); err != nil {
		return nil, err
	}
	return simulatedSources(example, past, edits.Since.In(time.UTC), o)
}

// simulatedSources are the simulated PagerDuty and Jira of one history, and a
// simulated Prometheus that remembers as much.
func simulatedSources(c *config.Config, past *history.History, start time.Time, o DemoOptions) ([]http.Handler, error) {
	incidents, err := pagerduty.New(pagerduty.Options{History: past, Tokens: []string{demoToken}, Now: o.Now})
	if err != nil {
		return nil, err
	}
	work, err := tickets.New(SimulatedTickets(c, past, o.Seed))
	if err != nil {
		return nil, err
	}
	site, err := simulatedjira.New(simulatedjira.Options{History: work, Token: demoToken, Email: demoEmail, Now: o.Now})
	if err != nil {
		return nil, err
	}
	events, err := prometheus.New(SimulatedEvents(c, start, o.Seed, o.Now))
	if err != nil {
		return nil, err
	}
	return []http.Handler{incidents, site, events}, nil
}

// configuration is the example with edits, read and as text.
func (d *Demo) configuration(edits config.ExampleEdits) (*config.Config, []byte, error) {
	text, err := config.Example(edits)
	if err != nil {
		return nil, nil, err
	}
	c, err := config.Parse(d.ConfigFile, text)
	return c, text, err
}

// write writes the tokens and the configuration.
func (d *Demo) write(edits config.ExampleEdits) error {
	_, text, err := d.configuration(edits)
	if err != nil {
		return err
	}
	for _, file := range []string{edits.TokenFile, edits.Jira.TokenFile} {
		if err := os.WriteFile(file, []byte(demoToken+"\n"), 0o600); err != nil {
			return fmt.Errorf("write the demo's token: %w", err)
		}
	}
	if err := os.WriteFile(d.ConfigFile, text, 0o600); err != nil {
		return fmt.Errorf("write the demo's configuration: %w", err)
	}
	return nil
}

// drillException takes the planned failover drills of the history out of the count.
func drillException(since scorecard.Date, drills []string) config.Exception {
	until := since
	until.Year += demoYears + 1
	return config.Exception{
		ID: "failover-drills", Objective: "incident_response", Incidents: drills,
		Reason: "planned failover drill", ApprovedBy: "director", Until: until,
	}
}
