package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/version"

	"teamhealth/config"
	"teamhealth/internal/app"
)

// configFlag adds the flag that names the configuration file.
func configFlag(c *kingpin.CmdClause, target *string) {
	c.Flag("config.file", "Configuration file.").Default("teamhealth.yml").StringVar(target)
}

func loadConfig(path string) (*config.Config, error) {
	c, err := config.Load(path)
	if err != nil {
		return nil, fmt.Errorf("the configuration has mistakes:\n%w", err)
	}
	return c, nil
}

// addCheck returns the command to which those that check something belong.
func addCheck(cli *kingpin.Application) *kingpin.CmdClause {
	return group(cli, "check", "Check files and sources.")
}

// group returns the command that holds others, which is made for the first of them.
func group(cli *kingpin.Application, name, help string) *kingpin.CmdClause {
	if c := cli.GetCommand(name); c != nil {
		return c
	}
	return cli.Command(name, help)
}

func addCheckConfig(cli *kingpin.Application, t *terminal) (string, func(context.Context) error) {
	var path string
	c := addCheck(cli).Command("config", "Check the configuration; every mistake is shown in one run.")
	configFlag(c, &path)
	return c.FullCommand(), func(ctx context.Context) error {
		o, err := t.options(path)
		if err != nil {
			return errors.Join(err, t.mistakesInFiles(ctx, path))
		}
		for _, warning := range o.Config.Warnings() {
			fmt.Fprintf(t.out, "warning: %s\n", warning)
		}
		warnings, err := app.CheckFiles(ctx, o)
		for _, warning := range warnings {
			fmt.Fprintf(t.out, "warning: %s\n", warning)
		}
		if err != nil {
			return err
		}
		p := o.Config.Policy()
		_, err = fmt.Fprintf(t.out, "%s: ok: %d teams, %d people, %d objectives\n",
			path, len(p.Teams), len(p.People), len(p.Rubric.Objectives))
		return err
	}
}

// mistakesInFiles looks for more of them than those of the configuration itself: in
// the files that it names, as far as it says for certain what may stand there.
func (t *terminal) mistakesInFiles(ctx context.Context, path string) error {
	draft := config.Draft(path)
	if draft == nil {
		return nil
	}
	_, err := app.CheckFiles(ctx, app.Options{Config: draft, Logger: slog.New(slog.DiscardHandler), Now: t.now})
	if _, unread := errors.AsType[*app.SourceError](err); unread {
		return nil // That is for a sound configuration to tell.
	}
	return err
}

type checkSources struct {
	terminal *terminal
	config   string
}

func addCheckSources(cli *kingpin.Application, t *terminal) (string, func(context.Context) error) {
	s := &checkSources{terminal: t}
	c := addCheck(cli).Command("sources", "Ask every source whether it can be read; nothing is stored, and a running server is not disturbed.")
	configFlag(c, &s.config)
	return c.FullCommand(), s.run
}

func (s *checkSources) run(ctx context.Context) error {
	o, err := s.terminal.options(s.config)
	if err != nil {
		return err
	}
	return app.CheckSources(ctx, o, s.report)
}

// report writes what was found out about a source. What is wrong with it is
// left to the message at the end.
func (s *checkSources) report(c app.SourceCheck) {
	for _, warning := range c.Warnings {
		fmt.Fprintf(s.terminal.out, "%s: warning: %s\n", c.Source, warning)
	}
	if c.Err == nil {
		fmt.Fprintf(s.terminal.out, "%s: ok\n", c.Source)
	}
}

func addVersion(cli *kingpin.Application, t *terminal) (string, func(context.Context) error) {
	c := cli.Command("version", "Print the version.")
	return c.FullCommand(), func(context.Context) error {
		_, err := fmt.Fprintln(t.out, version.Print("teamhealth"))
		return err
	}
}
