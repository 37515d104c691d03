package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"teamhealth/config"
	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
	"teamhealth/scorecard"
)

const (
	// demoHeaderTimeout bounds how long a client of the simulated upstreams may take to ask.
	demoHeaderTimeout = 10 * time.Second

	demoToken    = "demo"
	demoInterval = 15 * time.Second
	demoYears    = 2
)

// DemoOptions say how to set up a demonstration.
type DemoOptions struct {
	Dir  string // An existing folder for the configuration, the token and the store. Required.
	Seed uint64 // Of the simulated history.
	Now  func() time.Time
}

// Demo is the example organisation on simulated upstreams: two years of
// history up to now, which goes on as the clock does.
type Demo struct {
	ConfigFile string
	PagerDuty  string // URL of the simulated PagerDuty.

	server *http.Server
	served chan error
}

// StartDemo starts the simulated upstreams on loopback and writes a
// configuration that points to them.
func StartDemo(ctx context.Context, o DemoOptions) (*Demo, error) {
	listeners, err := Listen(ctx, []string{"127.0.0.1:0"})
	if err != nil {
		return nil, err
	}
	d := &Demo{
		ConfigFile: filepath.Join(o.Dir, "teamhealth.yml"),
		PagerDuty:  "http://" + listeners[0].Addr().String(),
		served:     make(chan error, 1),
	}
	handler, err := d.prepare(o)
	if err != nil {
		return nil, errors.Join(err, listeners[0].Close())
	}
	d.serve(listeners[0], handler)
	return d, nil
}

func (d *Demo) serve(l net.Listener, handler http.Handler) {
	d.server = &http.Server{Handler: handler, ReadHeaderTimeout: demoHeaderTimeout}
	go func() { d.served <- d.server.Serve(l) }() // Close waits for it.
}

// Close stops the simulated upstreams.
func (d *Demo) Close() error {
	err := d.server.Close()
	if served := <-d.served; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// prepare makes up the history, writes the files and returns the simulated PagerDuty.
func (d *Demo) prepare(o DemoOptions) (http.Handler, error) {
	now := o.Now().UTC()
	edits := config.ExampleEdits{
		PagerDutyURL: d.PagerDuty, TokenFile: filepath.Join(o.Dir, "pagerduty.token"), Interval: demoInterval,
		Since:    scorecard.Date{Year: now.Year() - demoYears, Month: now.Month(), Day: now.Day()},
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
	return pagerduty.New(pagerduty.Options{History: past, Tokens: []string{demoToken}, Now: o.Now})
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

// write writes the token and the configuration.
func (d *Demo) write(edits config.ExampleEdits) error {
	_, text, err := d.configuration(edits)
	if err != nil {
		return err
	}
	if err := os.WriteFile(edits.TokenFile, []byte(demoToken+"\n"), 0o600); err != nil {
		return fmt.Errorf("write the demo's token: %w", err)
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

// Simulated is the configured organisation as the simulator wants it.
func Simulated(c *config.Config) history.Organization {
	var org history.Organization
	for _, t := range c.Teams {
		team := history.Team{ID: t.ID, Name: t.Name, Services: t.PagerDuty.Services}
		if len(t.PagerDuty.EscalationPolicies) > 0 {
			team.Policy = t.PagerDuty.EscalationPolicies[0]
		}
		if t.Rotation != nil {
			team.Rotation = simulatedRotation(c, t)
		}
		for _, p := range c.People {
			team.Users = append(team.Users, stays(c, t, p)...)
		}
		org.Teams = append(org.Teams, team)
	}
	if pd := c.Sources.PagerDuty; len(pd.Bots) > 0 {
		org.Bot = pd.Bots[0]
	}
	return org
}

// simulatedRotation is a team's rotation. The first team that is on call
// around the clock but one keeps it in a shift-based schedule.
func simulatedRotation(c *config.Config, t config.Team) history.Rotation {
	if t.Rotation.Coverage == scorecard.BusinessHours {
		return history.Rotation{Coverage: history.BusinessHours, TimeZone: c.Organization.TimeZone.String()}
	}
	return history.Rotation{Coverage: history.AroundTheClock, ShiftBased: t.ID != c.Teams[0].ID}
}

// stays are the times that a person spends in a team, each as a user of it.
func stays(c *config.Config, t config.Team, p config.Person) []history.User {
	var list []history.User
	zone := c.Organization.TimeZone
	team, from := p.Team, p.Joined
	add := func(until scorecard.Date) {
		if team != t.ID || p.PagerDuty == "" {
			return
		}
		u := history.User{ID: p.PagerDuty}
		if p.TimeZone != nil {
			u.TimeZone = p.TimeZone.String()
		}
		if !from.IsZero() {
			u.From = from.In(zone)
		}
		if !until.IsZero() {
			u.Until = until.In(zone)
		}
		list = append(list, u)
	}
	for _, m := range p.Moves {
		if m.Team == "" || m.Team == team {
			continue
		}
		add(m.On)
		team, from = m.Team, m.On
	}
	add(p.Left)
	return list
}
