package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"

	"teamhealth/internal/app"
)

// defaultAddress is loopback: who serves scorecards to others says so.
const defaultAddress = "127.0.0.1:9977"

type serveCommand struct {
	terminal *terminal
	config   string
	web      *web.FlagConfig
}

func addServe(cli *kingpin.Application, t *terminal) (string, func(context.Context) error) {
	s := &serveCommand{terminal: t}
	c := cli.Command("serve", "Collect in the background; serve scorecards and metrics.")
	configFlag(c, &s.config)
	s.web = kingpinflag.AddFlags(c, defaultAddress)
	return c.FullCommand(), s.run
}

func (s *serveCommand) run(ctx context.Context) (err error) {
	c, err := loadConfig(s.config)
	if err != nil {
		return err
	}
	s.terminal.log.Writer = s.terminal.err
	a, err := app.New(ctx, app.Options{Config: c, Logger: promslog.New(&s.terminal.log), Now: s.terminal.now})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	listeners, err := app.Listen(ctx, *s.web.WebListenAddresses)
	if err != nil {
		return fmt.Errorf("%w (choose another with --web.listen-address)", err)
	}
	return a.Serve(ctx, listeners, s.web)
}
