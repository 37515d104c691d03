package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"golang.org/x/sync/errgroup"

	"teamhealth/internal/app"
)

type demoCommand struct {
	*serving
	seed uint64
}

func addDemo(cli *kingpin.Application, t *terminal) (string, func(context.Context) error) {
	d := &demoCommand{}
	c := cli.Command("demo", "Serve two simulated years of the example organisation.")
	c.Flag("seed", "Seed of the simulated history.").Default("1").Uint64Var(&d.seed)
	d.serving = addServing(c, t)
	return c.FullCommand(), d.run
}

func (d *demoCommand) run(ctx context.Context) error {
	return unlessStopped(ctx, d.inFolder(func(dir string) error { return d.demonstrate(ctx, dir) }))
}

// inFolder calls f with a folder that is gone afterwards.
func (*demoCommand) inFolder(f func(dir string) error) (err error) {
	dir, err := os.MkdirTemp("", "teamhealth-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return f(dir)
}

func (d *demoCommand) demonstrate(ctx context.Context, dir string) (err error) {
	began := d.terminal.now()
	demo, err := app.StartDemo(ctx, app.DemoOptions{Dir: dir, Seed: d.seed, Now: d.terminal.now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, demo.Close()) }()
	return d.open(ctx, demo.ConfigFile, func(ctx context.Context, a *app.App, listeners []net.Listener) error {
		return d.serve(ctx, a, listeners, demo, began)
	})
}

func (d *demoCommand) serve(ctx context.Context, a *app.App, listeners []net.Listener, demo *app.Demo, began time.Time) error {
	address := "http://" + listeners[0].Addr().String()
	d.say("Simulated PagerDuty:  %s\nSimulated Jira:       %s\nSimulated Prometheus: %s\nReading two years of history into %s ...\n",
		demo.PagerDuty, demo.Jira, demo.Prometheus, filepath.Dir(demo.ConfigFile))
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return a.Serve(ctx, listeners, d.web) })
	group.Go(func() error {
		if a.WaitReady(ctx) == nil {
			d.say("Done after %.1f s.\n\n%s", d.terminal.now().Sub(began).Seconds(), tour(address, demo.ConfigFile))
		}
		return nil
	})
	return group.Wait()
}

func (d *demoCommand) say(format string, args ...any) {
	fmt.Fprintf(d.terminal.out, format, args...)
}

// tour is what to look at, each line ready to paste.
func tour(address, configFile string) string {
	command := programName() + " %s --config.file=" + configFile
	return strings.Join([]string{
		"Look around:     " + address + "/",
		"Scorecards:      " + fmt.Sprintf("curl '%s/api/v1/scorecard?period=previous&team=all'", address),
		"Metrics:         " + fmt.Sprintf("curl %s/metrics", address),
		"On the terminal: " + fmt.Sprintf(command, "scorecard") + " --period=previous --team=all --objective=incident_response",
		"Behind a number: " + fmt.Sprintf(command, "explain incident_response") + " --team=mysql --period=previous",
		"What is missing: " + fmt.Sprintf(command, "explain postmortem_completion") + " --team=mysql --period=previous",
		"Stop with Ctrl-C.",
		"",
	}, "\n")
}

// programName is how this program can be called from here.
func programName() string {
	path, err := os.Executable()
	if err != nil {
		return os.Args[0]
	}
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if relative, err := filepath.Rel(here, path); err == nil && !strings.HasPrefix(relative, "..") {
		return "./" + relative
	}
	return path
}
