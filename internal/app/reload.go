package app

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"teamhealth/config"
	"teamhealth/internal/facts"
)

var errNoFile = errors.New("the configuration is from no file that could be read again")

// generation builds the generation of a configuration.
func (a *App) generation(c *config.Config) (*generation, error) {
	var reload func(context.Context) error
	if a.options.Lifecycle {
		reload = a.Reload
	}
	return newGeneration(&a.lasting, c, reload)
}

// Reload reads the configuration file again, with all that it names, and puts it
// to use: when it returns, cards of the stored facts are published by it. Cycles
// that are under way end after the page that they have fetched, and begin anew.
//
// A configuration that cannot be used changes nothing: what was published stays,
// every mistake is in the log and in the error. Reloads come one after the
// other; one that finds nothing changed leaves everything as it is.
func (a *App) Reload(ctx context.Context) error {
	ctx, leave, err := a.life.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	a.reloading.Lock()
	defer a.reloading.Unlock()
	changed, err := a.reload(ctx)
	if ctx.Err() != nil && err != nil {
		return fmt.Errorf("reload the configuration: %w", err) // Which says nothing about the file.
	}
	if err != nil {
		a.reloads.Failed()
		return a.refused(err)
	}
	a.reloads.Succeeded(a.now())
	a.logger.Info("configuration reloaded", "file", a.options.ConfigFile, "changed", changed)
	return nil
}

// reload does it, and reports whether there was a change.
func (a *App) reload(ctx context.Context) (changed bool, err error) {
	if a.options.ConfigFile == "" {
		return false, errNoFile
	}
	old := a.current.Load()
	c, err := config.Load(a.options.ConfigFile)
	if err != nil {
		return false, err
	}
	if problems := slices.Concat(fixedProblems(old.config, c), secretProblems(c)); len(problems) > 0 {
		return false, problems
	}
	if reflect.DeepEqual(old.config, c) {
		return false, nil
	}
	g, err := a.generation(c)
	if err != nil {
		return false, err
	}
	if err := g.scores.Refresh(ctx); err != nil {
		return false, fmt.Errorf("compute cards by the new configuration: %w", err)
	}
	a.current.Store(g)
	close(old.superseded)
	a.warnOfAddress(old.config, c)
	return true, nil
}

// warnOfAddress says what another address means for what was read: nobody can
// tell from it whether the account behind it is another one, too.
func (a *App) warnOfAddress(old, c *config.Config) {
	before, after := old.Sources.PagerDuty, c.Sources.PagerDuty
	if before != nil && after != nil && before.URL != after.URL {
		a.logger.Warn("the address of a source changed; what was read before stays and is not read again: another account needs another store",
			"source", string(facts.PagerDuty))
	}
}

// fixedProblems reports what is changed and cannot be while the program runs.
func fixedProblems(old, c *config.Config) config.Problems {
	if old.Store.Path == c.Store.Path {
		return nil
	}
	return problemAt(c, "store.url", "cannot change while teamhealth runs", "restart it to use another store")
}

// refused logs every mistake, and returns them as one error.
func (a *App) refused(err error) error {
	problems, _ := errors.AsType[config.Problems](err)
	for _, p := range problems {
		a.logger.Error("configuration mistake", "file", p.File, "line", p.Line, "path", p.Path, "problem", p.Problem, "hint", p.Hint)
	}
	const outcome = "the configuration could not be used, and the one before stays in use"
	a.logger.Error(outcome, "file", a.options.ConfigFile, "err", err)
	return fmt.Errorf("%s:\n%w", outcome, err)
}
