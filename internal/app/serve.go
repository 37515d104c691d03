package app

import (
	"context"
	"errors"
	"net"

	toolkit "github.com/prometheus/exporter-toolkit/web"
	"golang.org/x/sync/errgroup"

	"teamhealth/internal/web"
)

// Listen opens a listener for every address; when one cannot be opened, none
// stays open.
func Listen(ctx context.Context, addresses []string) ([]net.Listener, error) {
	return web.Listen(ctx, addresses)
}

// Serve collects, computes and answers requests until ctx ends or the program is
// closed, then finishes what is in flight. With an unusable web configuration it
// closes the listeners and does nothing. The flags' addresses are not looked at.
func (a *App) Serve(ctx context.Context, listeners []net.Listener, flags *toolkit.FlagConfig) error {
	server, err := web.New(web.Options{Handler: a.Handler(), Logger: a.logger, ConfigFile: *flags.WebConfigFile})
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}
	ctx, leave, err := a.life.enter(ctx)
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}
	defer leave()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return a.Run(ctx) })
	group.Go(func() error { return server.Serve(ctx, listeners) })
	return group.Wait()
}

func closeAll(listeners []net.Listener) error {
	var errs []error
	for _, l := range listeners {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}
