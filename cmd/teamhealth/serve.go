package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"
	"golang.org/x/sync/errgroup"

	"teamhealth/internal/app"
)

// defaultAddress is loopback: who serves scorecards to others says so.
const defaultAddress = "127.0.0.1:9977"

// serving is what the commands that serve have in common.
type serving struct {
	terminal  *terminal
	web       *web.FlagConfig
	lifecycle bool
}

func addServing(c *kingpin.CmdClause, t *terminal) *serving {
	s := &serving{terminal: t, web: kingpinflag.AddFlags(c, defaultAddress)}
	c.Flag("web.enable-lifecycle", "Let clients reload the configuration by POST or PUT to /-/reload, as SIGHUP does.").BoolVar(&s.lifecycle)
	return s
}

type serveCommand struct {
	*serving
	config string
}

func addServe(cli *kingpin.Application, t *terminal) (string, func(context.Context) error) {
	s := &serveCommand{}
	c := cli.Command("serve", "Collect in the background; serve scorecards and metrics. SIGHUP reloads the configuration.")
	configFlag(c, &s.config)
	s.serving = addServing(c, t)
	return c.FullCommand(), s.run
}

func (s *serveCommand) run(ctx context.Context) error {
	err := s.open(ctx, s.config, func(ctx context.Context, a *app.App, listeners []net.Listener) error {
		return a.Serve(ctx, listeners, s.web)
	})
	return unlessStopped(ctx, err)
}

// open builds the program, opens the listeners and calls serve with both.
// From the beginning to the end SIGHUP asks for a reload.
func (s *serving) open(ctx context.Context, config string, serve func(context.Context, *app.App, []net.Listener) error) (err error) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	a, err := s.terminal.build(ctx, config, s.lifecycle)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	listeners, err := listen(ctx, s.web)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serve(ctx, a, listeners) })
	group.Go(func() error { return reloadOn(ctx, hangups, a) })
	return group.Wait()
}

// reloadOn reloads the configuration on each signal until ctx ends. What is
// wrong with it is in the log, and no reason to end.
func reloadOn(ctx context.Context, signals <-chan os.Signal, a *app.App) error {
	for {
		select {
		case <-signals:
			_ = a.Reload(ctx) // It has logged its error.
		case <-ctx.Done():
			return nil
		}
	}
}

// unlessStopped is err, or nil when all that went wrong is that ctx ended: whoever
// asks the program to stop, even while it starts, gets what they asked for.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// listen opens the listeners that the flags name. One of the flags comes with the
// others, and is refused rather than passed over.
func listen(ctx context.Context, flags *web.FlagConfig) ([]net.Listener, error) {
	if socket := flags.WebSystemdSocket; socket != nil && *socket {
		return nil, errors.New("--web.systemd-socket is not supported (name an address with --web.listen-address)")
	}
	listeners, err := app.Listen(ctx, *flags.WebListenAddresses)
	if err != nil {
		return nil, fmt.Errorf("%w (choose another address with --web.listen-address)", err)
	}
	return listeners, nil
}
