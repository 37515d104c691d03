package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"teamhealth/internal/app"
	"teamhealth/internal/exporters/text"
	"teamhealth/scorecard"
)

// question is what the commands that read the store have in common.
type question struct {
	terminal *terminal
	config   string
	period   string
	team     string
	asOf     string
}

func (q *question) flags(c *kingpin.CmdClause) {
	configFlag(c, &q.config)
	c.Flag("period", "Period: "+scorecard.PeriodForms+".").Default("current").StringVar(&q.period)
	c.Flag("team", "Team id, org for all of them together.").Default(scorecard.OrgID).StringVar(&q.team)
	c.Flag("as-of", "Instant of evaluation, RFC 3339. Default: now.").StringVar(&q.asOf)
}

// open reads the configuration and the store; the caller closes the reader.
func (q *question) open(ctx context.Context) (*app.Reader, time.Time, error) {
	asOf, err := q.instant()
	if err != nil {
		return nil, asOf, err
	}
	c, err := loadConfig(q.config)
	if err != nil {
		return nil, asOf, err
	}
	r, err := app.OpenReader(ctx, c, q.terminal.now)
	return r, asOf, err
}

func (q *question) instant() (time.Time, error) {
	if q.asOf == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, q.asOf)
	if err != nil {
		return t, &scorecard.ParameterError{Parameter: "as-of", Value: q.asOf, Allowed: "an RFC 3339 time such as 2026-10-01T00:00:00Z"}
	}
	return t, nil
}

type scorecardCommand struct {
	question
	format    string
	objective string
	failOn    string
}

func addScorecard(cli *kingpin.Application, t *terminal) (string, func(context.Context) error) {
	s := &scorecardCommand{question: question{terminal: t}}
	c := cli.Command("scorecard", "Print a scorecard from the store; no server is needed.")
	s.flags(c)
	c.GetFlag("team").Help("Team id, org for all of them together, all for every card.")
	c.Flag("format", "Form of the output: table, json, csv or md.").Default("table").EnumVar(&s.format, "table", "json", "csv", "md")
	c.Flag("objective", "Show this objective only.").StringVar(&s.objective)
	c.Flag("fail-on", "Exit with status 3 when a row shown has this verdict: missed.").EnumVar(&s.failOn, string(scorecard.Missed))
	return c.FullCommand(), s.run
}

func (s *scorecardCommand) run(ctx context.Context) (err error) {
	reader, asOf, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	cards, err := reader.CardsOf(ctx, s.team, s.period, asOf)
	if err != nil {
		return err
	}
	if cards, err = s.narrow(ctx, reader, cards); err != nil {
		return err
	}
	if err := s.print(s.terminal.out, cards); err != nil {
		return fmt.Errorf("write the scorecard: %w", err)
	}
	return s.verdict(cards)
}

// narrow leaves the rows of one objective, when one is asked for. That no card has
// one is an error that says why: a script must not take it for nothing missed.
func (s *scorecardCommand) narrow(ctx context.Context, reader *app.Reader, cards []scorecard.Card) ([]scorecard.Card, error) {
	if s.objective == "" {
		return cards, nil
	}
	if _, err := reader.Objective(s.objective); err != nil {
		return nil, err
	}
	narrowed, rows := slices.Clone(cards), 0
	for i := range narrowed {
		narrowed[i].Rows = slices.DeleteFunc(slices.Clone(narrowed[i].Rows), func(r scorecard.Row) bool { return r.ID != s.objective })
		rows += len(narrowed[i].Rows)
	}
	if rows == 0 {
		_, err := reader.Evidence(ctx, s.objective, cards[0].Subject.ID, s.period, cards[0].AsOf)
		return narrowed, err
	}
	return narrowed, nil
}

func (s *scorecardCommand) print(w io.Writer, cards []scorecard.Card) error {
	switch s.format {
	case "json":
		return text.JSON(w, cards...)
	case "csv":
		return text.CSV(w, cards)
	case "md":
		return text.Markdown(w, cards)
	default:
		return text.Table(w, cards)
	}
}

func (s *scorecardCommand) verdict(cards []scorecard.Card) error {
	if s.failOn == "" {
		return nil
	}
	for _, c := range cards {
		if slices.ContainsFunc(c.Rows, func(r scorecard.Row) bool { return string(r.Verdict) == s.failOn }) {
			return errMissed
		}
	}
	return nil
}
