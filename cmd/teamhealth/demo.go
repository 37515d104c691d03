package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"
	"golang.org/x/sync/errgroup"

	"teamhealth/internal/app"
)

type demoCommand struct {
	terminal *terminal
	seed     uint64
	web      *web.FlagConfig
}

func addDemo(cli *kingpin.Application, t *terminal) (string, func(context.Context) error) {
	d := &demoCommand{terminal: t}
	c := cli.Command("demo", "Serve two simulated years of the example organisation.")
	c.Flag("seed", "Seed of the simulated history.").Default("1").Uint64Var(&d.seed)
	d.web = kingpinflag.AddFlags(c, defaultAddress)
	return c.FullCommand(), d.run
}

func (d *demoCommand) run(ctx context.Context) (err error) {
	began := d.terminal.now()
	dir, err := os.MkdirTemp("", "teamhealth-demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	demo, err := app.StartDemo(ctx, app.DemoOptions{Dir: dir, Seed: d.seed, Now: d.terminal.now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, demo.Close()) }()
	return d.serve(ctx, demo, began)
}

func (d *demoCommand) serve(ctx context.Context, demo *app.Demo, began time.Time) (err error) {
	a, err := d.terminal.build(ctx, demo.ConfigFile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	listeners, err := listen(ctx, d.web)
	if err != nil {
		return err
	}
	address := "http://" + listeners[0].Addr().String()
	d.say("Simulated PagerDuty: %s\nReading two years of history into %s ...\n", demo.PagerDuty, filepath.Dir(demo.ConfigFile))
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
