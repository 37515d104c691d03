package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"teamhealth/collectors"
	"teamhealth/collectors/jira"
	"teamhealth/collectors/pagerduty"
	"teamhealth/collectors/prometheus"
	"teamhealth/config"
	"teamhealth/internal/facts"
)

// located is a collector whose complaints about the configuration say where in
// the file to look.
type located struct {
	collector
	config *config.Config
}

func (l *located) Collect(ctx context.Context, m collectors.Memory, save func(facts.Batch) error) error {
	return l.locate(l.collector.Collect(ctx, m, save))
}

func (l *located) Probe(ctx context.Context) ([]string, error) {
	warnings, err := l.collector.Probe(ctx)
	return warnings, l.locate(err)
}

// locate says of a complaint about the configuration where in the file to look.
func (l *located) locate(err error) error {
	var services *pagerduty.UnknownServiceError
	var teams *pagerduty.UnknownTeamError
	var fields *jira.FieldError
	var jql *jira.JQLError
	var expressions prometheus.QueryErrors
	switch {
	case errors.As(err, &jql):
		return l.at("sources.jira.jql", err)
	case errors.As(err, &expressions):
		return l.expressions(expressions)
	case errors.As(err, &fields):
		return l.fields(fields)
	case errors.As(err, &services):
		return l.unknown("service", services.IDs, func(id string) string { return servicePath(l.config, id) })
	case errors.As(err, &teams):
		return l.unknown("team", teams.IDs, func(id string) string {
			return fmt.Sprintf("sources.pagerduty.teams[%d]", slices.Index(l.config.Sources.PagerDuty.Teams, id))
		})
	}
	return err
}

// at says where in the file the key of a path is.
func (l *located) at(path string, problem error) error {
	file, line := l.config.Position(path)
	return fmt.Errorf("%s:%d: %s: %w", file, line, path, problem)
}

// unknown says for each id that PagerDuty does not know where it is configured.
func (l *located) unknown(kind string, ids []string, path func(id string) string) error {
	problems := make([]error, 0, len(ids))
	for _, id := range ids {
		problem := fmt.Errorf("PagerDuty has no %s %s (check the id, and that the token may read it)", kind, id)
		problems = append(problems, l.at(path(id), problem))
	}
	return errors.Join(problems...)
}

// fields says for each name that is no field of the site where it is configured.
func (l *located) fields(e *jira.FieldError) error {
	problems := make([]error, 0, len(e.Fields))
	for _, p := range e.Fields {
		problems = append(problems, l.at(fieldPath(l.config, p.Name), &jira.FieldError{Fields: []jira.FieldProblem{p}}))
	}
	return errors.Join(problems...)
}

// fieldPath is where the configuration names a field of Jira.
func fieldPath(c *config.Config, name string) string {
	if c.Sources.Jira.IncidentField == name {
		return "sources.jira.incident_field"
	}
	for class, matchers := range c.Tickets {
		for i := range matchers {
			if _, named := matchers[i].Fields[name]; named {
				return fmt.Sprintf("tickets.%s[%d].fields.%s", class, i, name)
			}
		}
	}
	return "tickets"
}

// servicePath is where the configuration lists a service.
func servicePath(c *config.Config, id string) string {
	for i, t := range c.Teams {
		if j := slices.Index(t.PagerDuty.Services, id); j >= 0 {
			return fmt.Sprintf("teams[%d].pagerduty.services[%d]", i, j)
		}
	}
	return "teams"
}
