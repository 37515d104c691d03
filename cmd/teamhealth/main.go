// Command teamhealth collects what happened from PagerDuty and Jira, scores it against
// an organisation's document of targets, and serves the scorecard. This
// package holds flags, messages and exit statuses; what they do is elsewhere.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // Time zones must not depend on the machine.

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/promslog"
	promslogflag "github.com/prometheus/common/promslog/flag"

	"teamhealth/internal/app"
)

// Exit statuses.
const (
	exitDone   = 0
	exitUsage  = 1 // What the command line, the files or the store show.
	exitSource = 2 // What only a source's answer shows.
	exitMissed = 3 // --fail-on found a row.
)

// errMissed is returned when --fail-on found what it looked for.
var errMissed = errors.New("a row is missed, and --fail-on=missed was given")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // The first signal asks to finish; the second one ends the process.
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is main with its surroundings as arguments.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	t := &terminal{out: out, err: errOut, now: time.Now}
	return t.run(ctx, args)
}

// terminal is where a command talks to.
type terminal struct {
	out, err io.Writer
	log      promslog.Config
	now      func() time.Time
}

// run runs the command that args name and returns its exit status.
func (t *terminal) run(ctx context.Context, args []string) int {
	cli := kingpin.New("teamhealth", "Scores what happened against an organisation's document of targets.")
	cli.UsageWriter(t.err).ErrorWriter(t.err)
	cli.HelpFlag.Short('h')
	promslogflag.AddFlags(cli, &t.log)
	commands := map[string]func(context.Context) error{}
	for _, add := range adders() {
		name, command := add(cli, t)
		commands[name] = command
	}
	if len(args) == 0 {
		cli.Usage(nil)
		return exitUsage
	}
	name, err := cli.Parse(args)
	if err != nil {
		fmt.Fprintf(t.err, "teamhealth: %v (see teamhealth --help)\n", err)
		return exitUsage
	}
	return t.finish(commands[name](ctx))
}

// adders are what adds a command each, in the order of the help: it returns the
// command's full name and what it does.
func adders() []func(*kingpin.Application, *terminal) (string, func(context.Context) error) {
	all := []func(*kingpin.Application, *terminal) (string, func(context.Context) error){
		addServe, addDemo, addSync, addScorecard, addExplain, addCheckConfig, addCheckSources,
	}
	for _, kind := range app.Generators() {
		all = append(all, addGenerate(kind))
	}
	return append(all, addVersion)
}

// build loads a configuration and builds the program from it; the caller closes
// it. With lifecycle, clients may ask for a reload.
func (t *terminal) build(ctx context.Context, configFile string, lifecycle bool) (*app.App, error) {
	o, err := t.options(configFile)
	if err != nil {
		return nil, err
	}
	o.Lifecycle = lifecycle
	return app.New(ctx, o)
}

// options are what a configuration file says, and what the terminal is.
func (t *terminal) options(configFile string) (app.Options, error) {
	c, err := loadConfig(configFile)
	if err != nil {
		return app.Options{}, err
	}
	t.log.Writer = t.err
	return app.Options{Config: c, ConfigFile: configFile, Logger: promslog.New(&t.log), Now: t.now}, nil
}

// finish says what went wrong, if anything did, and returns the exit status.
func (t *terminal) finish(err error) int {
	if err == nil {
		return exitDone
	}
	fmt.Fprintf(t.err, "teamhealth: %v\n", err)
	var source *app.SourceError
	switch {
	case errors.Is(err, errMissed):
		return exitMissed
	case errors.As(err, &source):
		return exitSource
	}
	return exitUsage
}
