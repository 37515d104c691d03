package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

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
	a, err := s.terminal.build(ctx, s.config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	r, left := newReporter(s.terminal.out), omissions{}
	err = a.Sync(ctx, func(p app.Progress) {
		r.show(p)
		left.add(p)
	})
	r.close()
	left.write(s.terminal.err)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.terminal.out, "done: every source was read to its end")
	return err
}

// omission is a kind of item of a source, and why such items were left out.
type omission struct{ source, kind, reason string }

// omissions counts what was left out.
type omissions map[omission]int

func (o omissions) add(p app.Progress) {
	for _, s := range p.Skipped {
		o[omission{p.Source, s.Kind, s.Reason}] += s.Count
	}
}

// write tells what was left out, so that nobody takes the rest for all there is.
func (o omissions) write(w io.Writer) {
	lines := make([]string, 0, len(o))
	for what, n := range o {
		lines = append(lines, fmt.Sprintf("%s: left out: %d of kind %s (%s)\n", what.source, n, what.kind, what.reason))
	}
	slices.Sort(lines)
	for _, line := range lines {
		fmt.Fprint(w, line)
	}
}
