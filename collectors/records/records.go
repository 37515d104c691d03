// Package records reads files of records: what no API knows and somebody
// attests, one line each, as CSV with the header date,metric,team,value,n,note.
//
// One cycle reads every file of the configured patterns and hands over those
// that changed. A file is taken whole or not at all: where one line of it is
// bad, every mistake of the file is reported with its line, and what the file
// said before stays as it was. The other files are taken all the same, but the cycle is
// not complete until all are sound.
//
// The package refuses to guess what a line means, to take the absence of all
// files for the absence of all records, and to repeat in a message what stands
// in a cell: cells may hold what is not for whoever sees the state of a source.
// It asks nobody but the file system, judges nothing, and changes no file.
package records

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"teamhealth/collectors"
	"teamhealth/internal/facts"
)

// Options say which files to read and what may stand in them.
type Options struct {
	// Files are patterns of filepath.Glob. A file that several of them find is
	// read once; one whose name begins with a dot is left alone unless the pattern
	// asks for that. Required.
	Files []string
	// Folder is what the names of records' files are relative to. Defaults to
	// the working directory.
	Folder string
	// Teams are the ids of the teams that a line may be about, besides facts.Everybody. Required.
	Teams []string
	// Since is the day from which on a team, or facts.Everybody, is known to have anybody in
	// it. A line of a day before is kept, and is a warning. Empty for a team of which that is not known.
	Since map[string]string
	// Metrics are those that somebody looks at. A line about another one is
	// kept, and is a warning. Empty: all are looked at.
	Metrics []string
	// Counted are the metrics whose values are numbers of things: whole and not negative.
	Counted []string
	// Nearest finds the known word that a misspelt one most likely means, for
	// hints. Defaults to none.
	Nearest  func(word string, known []string) (string, bool)
	TimeZone *time.Location   // In which today is today. Defaults to UTC.
	Now      func() time.Time // Defaults to time.Now.
	Logger   *slog.Logger     // Defaults to one that drops everything.
}

// Collector reads files of records. It is made by New.
type Collector struct{ opts Options }

// New returns a Collector, or an error that names all options that are missing.
func New(opts Options) (*Collector, error) {
	err := errors.Join(
		collectors.Require("Files", len(opts.Files) > 0),
		collectors.Require("Teams", len(opts.Teams) > 0))
	if err != nil {
		return nil, fmt.Errorf("options of the records collector: %w", err)
	}
	opts.setDefaults()
	return &Collector{opts: opts}, nil
}

func (o *Options) setDefaults() {
	o.Folder = cmp.Or(o.Folder, ".")
	if o.Nearest == nil {
		o.Nearest = func(string, []string) (string, bool) { return "", false }
	}
	o.TimeZone = cmp.Or(o.TimeZone, time.UTC)
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Logger = cmp.Or(o.Logger, slog.New(slog.DiscardHandler))
}

// Source returns facts.Records.
func (*Collector) Source() facts.Source { return facts.Records }

// Collect runs one cycle; see collectors.Collector. Its error is Problems when
// a file is bad, or all files of a pattern are gone. Without any file the cycle
// is complete, and facts.KindRecord unread.
func (c *Collector) Collect(ctx context.Context, memory collectors.Memory, save func(facts.Batch) error) error {
	start := c.opts.Now().UTC().Truncate(time.Second)
	kept, err := memory.Cursor(ctx, facts.Records)
	if err != nil {
		return fmt.Errorf("read the cursor of records: %w", err)
	}
	known, err := parseCursor(kept)
	if err != nil {
		return err
	}
	r := c.read(known)
	batch := facts.Batch{Progress: 1}
	if batch.RecordFiles, batch.Cursor, err = r.changes(known); err != nil {
		return err
	}
	c.warn(r.news(known))
	if len(r.problems) == 0 {
		batch.Complete = &facts.Completion{DataAsOf: start}
		if len(r.files) == 0 {
			batch.Complete.Unread = []string{facts.KindRecord}
		}
	}
	if err := save(batch); err != nil {
		return fmt.Errorf("keep the records: %w", err)
	}
	return r.failure()
}

func (c *Collector) warn(warnings []Problem) {
	for _, w := range warnings {
		c.opts.Logger.Warn("record looks odd", "file", w.File, "line", w.Line, "problem", w.Problem, "hint", w.Hint)
	}
}

// Probe reads all files and keeps nothing; see collectors.Prober. Its error is
// Problems.
func (c *Collector) Probe(context.Context) (warnings []string, err error) {
	r := c.read(nil)
	for _, w := range r.warnings() {
		warnings = append(warnings, w.String())
	}
	return warnings, r.failure()
}
