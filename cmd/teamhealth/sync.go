package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/alecthomas/kingpin/v2"

	"teamhealth/internal/app"
)

type syncCommand struct {
	terminal *terminal
	config   string
}

func addSync(cli *kingpin.Application, t *terminal) (string, func(context.Context) error) {
	s := &syncCommand{terminal: t}
	c := cli.Command("sync", "Read every source once into the store.")
	configFlag(c, &s.config)
	return c.FullCommand(), s.run
}

func (s *syncCommand) run(ctx context.Context) (err error) {
	o, err := s.terminal.options(s.config)
	if err != nil {
		return err
	}
	o.NoCards = true
	a, err := app.New(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	r := newReporter(s.terminal.out)
	err = a.Sync(ctx, r.show)
	r.close()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.terminal.out, "done: every source was read to its end")
	return err
}
