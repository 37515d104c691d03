package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/alecthomas/kingpin/v2"

	"teamhealth/internal/exporters/text"
)

type explainCommand struct {
	question
	objective string
}

func addExplain(cli *kingpin.Application, t *terminal) (string, func(context.Context) error) {
	e := &explainCommand{question: question{terminal: t}}
	c := cli.Command("explain", "Show the numbers, incidents and tickets behind one row, from the store.")
	e.flags(c)
	c.Arg("objective", "Objective id, such as incident_response.").Required().StringVar(&e.objective)
	return c.FullCommand(), e.run
}

func (e *explainCommand) run(ctx context.Context) (err error) {
	reader, asOf, err := e.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	x, err := reader.Explain(ctx, e.objective, e.team, e.period, asOf)
	if err != nil {
		return err
	}
	if err := text.Explain(e.terminal.out, x.Card, x.Row, x.Objective, x.Evidence); err != nil {
		return fmt.Errorf("write the explanation: %w", err)
	}
	return nil
}
