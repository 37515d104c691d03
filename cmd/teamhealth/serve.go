package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/alecthomas/kingpin/v2"
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
	a, err := s.terminal.build(ctx, s.config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	listeners, err := listen(ctx, s.web)
	if err != nil {
		return err
	}
	return a.Serve(ctx, listeners, s.web)
}

// listen opens the listeners that the flags name.
func listen(ctx context.Context, flags *web.FlagConfig) ([]net.Listener, error) {
	listeners, err := app.Listen(ctx, *flags.WebListenAddresses)
	if err != nil {
		return nil, fmt.Errorf("%w (choose another address with --web.listen-address)", err)
	}
	return listeners, nil
}
