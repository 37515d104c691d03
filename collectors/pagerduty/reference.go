package pagerduty

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"

	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
)

// UnknownServiceError says that the configuration lists services that
// PagerDuty does not have, and never had as far as is known.
type UnknownServiceError struct {
	IDs   []string          // Sorted.
	Teams map[string]string // The team that lists each of them.
}

// Error names the services, who lists them, and what to do.
func (e *UnknownServiceError) Error() string {
	var named []string
	for _, id := range e.IDs {
		named = append(named, fmt.Sprintf("%s (team %s)", id, e.Teams[id]))
	}
	return fmt.Sprintf("PagerDuty has no service %s: check the teams' pagerduty.services, and that the token may read them",
		strings.Join(named, ", "))
}

// UnknownTeamError says that incidents are to be read of teams that PagerDuty
// does not have.
type UnknownTeamError struct {
	IDs []string // Sorted.
}

// Error names the teams and what to do.
func (e *UnknownTeamError) Error() string {
	return fmt.Sprintf("PagerDuty has no team %s: check sources.pagerduty.teams, and that the token may read them",
		strings.Join(e.IDs, ", "))
}

// readReference reads what incidents refer to. It hands nothing over before
// all of it is read and the configured services and teams are found.
func (c *cycle) readReference(ctx context.Context) error {
	var all facts.Batch
	if err := c.addAll(ctx, &all, keyServices, kindService, decoder(keyServices, kindService, addService)); err != nil {
		return err
	}
	if err := c.checkServices(ctx, all.Services); err != nil {
		return err
	}
	err := c.addAll(ctx, &all, keyTeams, kindTeam, decoder(keyTeams, kindTeam, addTeam))
	if err == nil {
		err = c.checkTeams(all.Teams)
	}
	if err = c.unlessMissing(err, keyTeams, apiclient.ErrPaymentRequired, apiclient.ErrForbidden, apiclient.ErrNotFound); err != nil {
		return err
	}
	if err := c.addAll(ctx, &all, keyUsers, kindUser, decoder(keyUsers, kindUser, addUser)); err != nil {
		return err
	}
	err = c.addAll(ctx, &all, keyPriorities, kindPriority, decoder(keyPriorities, kindPriority, addPriority))
	err = c.unlessMissing(err, keyPriorities, apiclient.ErrPaymentRequired, apiclient.ErrForbidden, apiclient.ErrNotFound)
	if err != nil {
		return err
	}
	rankPriorities(all.Priorities)
	return c.keep(all, false)
}

func decoder[T any](key, kind string, add func(*page, T)) func([]byte) (page, error) {
	return func(body []byte) (page, error) { return decodePage(body, key, kind, add) }
}

// addAll adds the whole of a list to batch.
func (c *cycle) addAll(ctx context.Context, batch *facts.Batch, key, kind string, decode func([]byte) (page, error)) error {
	l := list{path: key, query: url.Values{}, decode: decode}
	err := c.api.all(ctx, l, false, func(p page) error {
		batch.Services = append(batch.Services, p.facts.Services...)
		batch.Teams = append(batch.Teams, p.facts.Teams...)
		batch.Users = append(batch.Users, p.facts.Users...)
		batch.Priorities = append(batch.Priorities, p.facts.Priorities...)
		batch.Skipped = append(batch.Skipped, p.facts.Skipped...)
		return nil
	})
	if err != nil {
		return fmt.Errorf("list every PagerDuty %s: %w", kind, err)
	}
	return nil
}

// unlessMissing drops an error that says that the account has no such thing.
func (c *cycle) unlessMissing(err error, what string, missing ...error) error {
	if err != nil && slices.ContainsFunc(missing, func(m error) bool { return errors.Is(err, m) }) {
		c.opts.Logger.Info("pagerduty account does without", slog.String("list", what), slog.Any("error", err))
		return nil
	}
	return err
}

// checkServices refuses configured services that PagerDuty has never had. One
// that it had once is only worth a warning: its incidents still count.
func (c *cycle) checkServices(ctx context.Context, listed []facts.Service) error {
	missing := map[string]string{} // By id, the team that lists it.
	for team, ids := range c.opts.Services {
		for _, id := range ids {
			missing[id] = team
		}
	}
	for _, service := range listed {
		delete(missing, service.ID)
	}
	if len(missing) == 0 {
		return nil
	}
	ids := slices.Sorted(maps.Keys(missing))
	known, err := c.memory.KnownServices(ctx, ids)
	if err != nil {
		return fmt.Errorf("look up kept services: %w", err)
	}
	unknown := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return known[id] })
	if len(unknown) > 0 {
		return &UnknownServiceError{IDs: unknown, Teams: missing}
	}
	c.opts.Logger.Warn("configured services are no longer in pagerduty", slog.Any("services", ids))
	return nil
}

// checkTeams refuses teams that PagerDuty does not have: filtered by them, its
// lists are empty, and nothing would seem to have happened.
func (c *cycle) checkTeams(listed []facts.Team) error {
	has := func(id string) bool {
		return slices.ContainsFunc(listed, func(t facts.Team) bool { return t.ID == id })
	}
	if unknown := slices.DeleteFunc(slices.Clone(c.opts.Teams), has); len(unknown) > 0 {
		return &UnknownTeamError{IDs: unknown}
	}
	return nil
}
