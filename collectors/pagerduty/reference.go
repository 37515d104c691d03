package pagerduty

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
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

// reference is a list that every cycle reads whole.
type reference struct {
	path   string
	kind   string // Of its items.
	decode func(body []byte) (page, error)
	// lacking are the statuses that leave the list unread: the account has no
	// such thing, or the token may not read it.
	lacking []int
}

// pathShiftBased is the list of the newer schedules. An account without any may refuse it.
const pathShiftBased = "v3/" + keySchedules

// optional are the statuses of a list that an account can do without.
func optional() []int {
	return []int{http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound}
}

// references are the lists beside services, teams and maintenance windows.
func references() []reference {
	return []reference{
		{keyUsers, kindUser, decoder(keyUsers, kindUser, addUser), nil},
		{keyPriorities, kindPriority, decoder(keyPriorities, kindPriority, addPriority), optional()},
		{keyPolicies, kindPolicy, decoder(keyPolicies, kindPolicy, addPolicy), optional()},
		{keySchedules, kindSchedule, decoder(keySchedules, kindSchedule, addSchedule(false)), optional()},
		{
			pathShiftBased, kindSchedule, decoder(keySchedules, kindSchedule, addSchedule(true)),
			append(optional(), http.StatusBadRequest),
		},
	}
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

func decoder[T any](key, kind string, add func(*page, T)) func([]byte) (page, error) {
	return func(body []byte) (page, error) { return decodePage(body, key, kind, add) }
}

// readReference reads what incidents and on-calls refer to. It hands nothing
// over before all of it is read and the configured services and teams are found.
func (c *cycle) readReference(ctx context.Context) error {
	var all facts.Batch
	services := reference{keyServices, kindService, decoder(keyServices, kindService, addService), nil}
	if _, err := c.addAll(ctx, &all, services); err != nil {
		return err
	}
	if err := c.checkServices(ctx, all.Services); err != nil {
		return err
	}
	teams := reference{keyTeams, kindTeam, decoder(keyTeams, kindTeam, addTeam), optional()}
	read, err := c.addAll(ctx, &all, teams)
	if read {
		err = c.opts.checkTeams(all.Teams)
	}
	if err != nil {
		return err
	}
	for _, r := range references() {
		if _, err := c.addAll(ctx, &all, r); err != nil {
			return err
		}
	}
	markUnlisted(&all)
	if err := c.addMaintenance(ctx, &all); err != nil {
		return err
	}
	rankPriorities(all.Priorities)
	return c.keep(all, false)
}

// addAll adds the whole of a list to batch, or nothing of one that is lacking,
// and reports which of the two.
func (c *cycle) addAll(ctx context.Context, batch *facts.Batch, r reference) (bool, error) {
	var read facts.Batch
	err := c.api.all(ctx, list{path: r.path, query: url.Values{}, decode: r.decode}, false, func(p page) error {
		add(&read, &p.facts)
		return nil
	})
	if lacks(err, r.lacking...) {
		c.leaveUnread(r.path, err)
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("list every PagerDuty %s: %w", r.kind, err)
	}
	add(batch, &read)
	return true, nil
}

// add adds to batch what lists of reference data hold.
func add(batch, more *facts.Batch) {
	batch.Services = append(batch.Services, more.Services...)
	batch.Teams = append(batch.Teams, more.Teams...)
	batch.Users = append(batch.Users, more.Users...)
	batch.Priorities = append(batch.Priorities, more.Priorities...)
	batch.Policies = append(batch.Policies, more.Policies...)
	batch.Schedules = append(batch.Schedules, more.Schedules...)
	batch.Skipped = append(batch.Skipped, more.Skipped...)
}

// addMaintenance adds all maintenance windows that there ever were. Where they
// are more than can be listed, it adds those that are not over: cycle by cycle
// they are kept as they come.
func (c *cycle) addMaintenance(ctx context.Context, batch *facts.Batch) error {
	windows, skipped, err := c.maintenance(ctx, url.Values{})
	if errors.Is(err, errTooMany) {
		c.opts.Logger.Warn("past pagerduty maintenance windows are left out", slog.Any("error", err))
		windows, skipped, err = c.maintenance(ctx, url.Values{"filter": {"open"}})
	}
	if lacks(err, http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound) {
		c.leaveUnread(keyMaintenance, err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("list every PagerDuty %s: %w", kindMaintenance, err)
	}
	batch.Maintenance = &facts.MaintenanceReading{At: c.start, Windows: windows}
	batch.Skipped = append(batch.Skipped, skipped...)
	return nil
}

func (c *cycle) maintenance(ctx context.Context, query url.Values) (windows []facts.MaintenanceWindow, skipped []facts.Skip, err error) {
	l := list{path: keyMaintenance, query: query, decode: decoder(keyMaintenance, kindMaintenance, addMaintenance)}
	err = c.api.all(ctx, l, true, func(p page) error {
		windows = append(windows, p.maintenance...)
		skipped = append(skipped, p.facts.Skipped...)
		return nil
	})
	return windows, skipped, err
}

// lacks reports whether err is an answer of one of the statuses.
func lacks(err error, statuses ...int) bool {
	answer, ok := errors.AsType[*apiclient.StatusError](err)
	return ok && slices.Contains(statuses, answer.Code)
}

// restedOn are the lists that rows rest on, and the kinds of facts that they hold.
var restedOn = map[string]string{
	keyPolicies: facts.KindPolicy, keyMaintenance: facts.KindMaintenance, keyOnCalls: facts.KindShift,
}

func (c *cycle) leaveUnread(path string, err error) {
	if kind, ok := restedOn[path]; ok {
		c.refusedKinds = append(c.refusedKinds, kind)
	}
	c.opts.Logger.Info("pagerduty list is left unread", slog.String("list", path), slog.Any("error", err))
}

// checkServices refuses configured services that PagerDuty has never had. One
// that it had once is only worth a warning: its incidents still count.
func (c *cycle) checkServices(ctx context.Context, listed []facts.Service) error {
	missing := c.opts.servicesBeside(listed)
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

// servicesBeside are the configured services that are not listed, with the team of each.
func (o *Options) servicesBeside(listed []facts.Service) map[string]string {
	missing := map[string]string{}
	for team, ids := range o.Services {
		for _, id := range ids {
			missing[id] = team
		}
	}
	for _, service := range listed {
		delete(missing, service.ID)
	}
	return missing
}

// checkTeams refuses teams that PagerDuty does not have: filtered by them, its
// lists are empty, and nothing would seem to have happened.
func (o *Options) checkTeams(listed []facts.Team) error {
	has := func(id string) bool {
		return slices.ContainsFunc(listed, func(t facts.Team) bool { return t.ID == id })
	}
	if unknown := slices.DeleteFunc(slices.Clone(o.Teams), has); len(unknown) > 0 {
		return &UnknownTeamError{IDs: unknown}
	}
	return nil
}
