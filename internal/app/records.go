package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"teamhealth/collectors/records"
	"teamhealth/config"
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func (s *sources) records(r *config.Records) (*records.Collector, error) {
	metrics, counted := s.config.Metrics()
	teams := make([]string, 0, len(s.config.Teams))
	for _, t := range s.config.Teams {
		teams = append(teams, t.ID)
	}
	file, _ := s.config.Position("")
	return records.New(records.Options{
		Files: r.Files, Folder: filepath.Dir(file), Teams: teams, Since: staffedSince(s.config), Metrics: metrics, Counted: counted,
		Nearest: scorecard.Nearest, TimeZone: s.config.Organization.TimeZone, Now: s.now, Logger: s.logger,
	})
}

// staffedSince is the day from which on each team, and all together, has anybody of the
// roster in it: empty where somebody was there always, and absent where nobody ever was.
func staffedSince(c *config.Config) map[string]string {
	since := map[string]string{}
	came := func(team string, on scorecard.Date) {
		day := ""
		if !on.IsZero() {
			day = on.In(time.UTC).Format(time.DateOnly)
		}
		if first, known := since[team]; !known || day < first {
			since[team] = day
		}
	}
	for _, p := range c.People {
		came(facts.Everybody, p.Joined)
		came(p.Team, p.Joined)
		for _, m := range p.Moves {
			if m.Team != "" {
				came(m.Team, m.On)
			}
		}
	}
	return since
}

// CheckFiles reads the files that the configuration names and that only a cycle
// reads otherwise. The error lists every mistake in them.
func CheckFiles(ctx context.Context, o Options) (warnings []string, err error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	configured := o.Config.Sources.Records
	if configured == nil {
		return nil, nil
	}
	s := &sources{config: o.Config, now: o.Now, logger: o.Logger}
	c, err := s.records(configured)
	if err != nil {
		return nil, err
	}
	warnings, err = c.Probe(ctx)
	return warnings, blame(facts.Records, err)
}

// mistakesOf is what a reading of records found wrong with the files; nil where err is something else.
func mistakesOf(err error) error {
	problems, ok := errors.AsType[records.Problems](err)
	if !ok {
		return nil
	}
	return fmt.Errorf("the records have mistakes:\n%w", problems)
}
