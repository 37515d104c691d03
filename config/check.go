package config

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"teamhealth/internal/secret"
	"teamhealth/scorecard"
)

func (r *reader) checkOrganization(o Organization) {
	week := o.WorkingWeek
	if r.sound("organization.working_week") && week.From >= week.To {
		r.report("organization.working_week.to", "the working day ends after it begins", "is not after from")
	}
	if r.sound("organization.working_week") && len(week.Days) == 0 {
		r.report("organization.working_week.days", "without working days there are no terms in business days", "is empty")
	}
	unique(r, "organization.working_week.days", "day", week.Days)
	unique(r, "organization.holidays", "day", o.Holidays)
}

// unique reports elements of a list that stand in it twice.
func unique[T comparable](r *reader, path, kind string, list []T) {
	first := map[T]int{}
	for i, element := range list {
		at, again := first[element]
		if again && r.sound(item(path, i)) {
			r.report(item(path, i), "keep one of the two", "the %s is in the list already, on line %d", kind, r.places[item(path, at)].line)
		}
		if !again {
			first[element] = i
		}
	}
}

// checkSources wants one source that is asked over the network, and for each
// one that needs a token the place of exactly one.
func (r *reader) checkSources(c *Config) {
	s := c.Sources
	if s.PagerDuty == nil && s.Jira == nil && s.Prometheus == nil && r.sound("sources") {
		r.report("sources", "give one of pagerduty, jira, prometheus with its url", "no source is configured")
	}
	if s.PagerDuty != nil {
		r.checkCredential("sources.pagerduty", &s.PagerDuty.Credential)
	}
	if s.Jira != nil {
		r.checkCredential("sources.jira", &s.Jira.Credential)
	}
	if s.Records != nil {
		r.checkPatterns("sources.records.files", s.Records.Files)
	}
	if s.Prometheus != nil {
		r.checkHTTPConfig("sources.prometheus.http_config", s.Prometheus)
	}
}

func (r *reader) checkCredential(path string, c *Credential) {
	switch {
	case !r.sound(path + ".token"):
	case c.TokenFile == "" && c.TokenEnv == "":
		r.report(path+".token_file", "name a file that holds the token, or an environment variable in token_env", "required")
	case c.TokenFile != "" && c.TokenEnv != "":
		r.report(path+".token_env", "keep one of the two", "token_file and token_env are both given")
	case c.TokenFile != "":
		c.Token = secret.File(c.TokenFile)
	default:
		c.Token = secret.Env(c.TokenEnv)
	}
}

// checkStore finds the file behind the store's URL, which may be relative to
// the folder of the configuration.
func (r *reader) checkStore(s *Store, folder string) {
	path, ok := strings.CutPrefix(s.URL, "sqlite:")
	switch {
	case !r.sound("store"):
	case !ok || path == "":
		r.report("store.url", "write it like sqlite:teamhealth.db", "is not a store that is known")
	case filepath.IsAbs(path):
		s.Path = path
	default:
		s.Path = filepath.Join(folder, path)
		s.URL = "sqlite:" + s.Path
	}
}

// checkIncidents settles what an outage is, and wants its services to be those
// of a team.
func (r *reader) checkIncidents(c *Config) {
	outage := &c.Incidents.Outage
	switch {
	case len(outage.Priorities) > 0 && len(outage.Urgency) > 0:
		r.report("incidents.outage.urgency", "keep one of the two", "priorities and urgency are both given")
	case len(outage.Priorities) == 0 && len(outage.Urgency) == 0:
		outage.Priorities = []string{"P1", "P2"}
	}
	if r.sound("incidents.urgency") && len(c.Incidents.Urgency) == 0 {
		r.report("incidents.urgency", "write [high], or [high, low] for all", "is empty")
	}
	var known []string
	for _, t := range c.Teams {
		known = append(known, t.PagerDuty.Services...)
	}
	for i, service := range c.Incidents.OutageServices {
		if !slices.Contains(known, service) && r.sound("teams") {
			r.report(item("incidents.outage_services", i), suggest(service, known), "service %s is no team's", quote(service))
		}
	}
	r.checkEngagement(c.Engagement)
}

func (r *reader) checkEngagement(e Engagement) {
	if r.sound("engagement") && e.Minimum > e.Maximum {
		r.report("engagement.minimum", "at most engagement.maximum", "is longer than maximum")
	}
}

// checkTickets refuses matchers that take every issue there is.
func (r *reader) checkTickets(classes map[string]Class) {
	for _, name := range slices.Sorted(maps.Keys(classes)) {
		class := classes[name]
		path := join("tickets", name)
		if !idForm.MatchString(name) {
			r.report(path, "lower case letters, digits, - and _; at most 63", "%s is not fit for the name of a class", quote(name))
		}
		if len(class) == 0 && r.sound(path) {
			r.report(path, "write for example {labels: ["+name+"]}", "matches no ticket")
		}
		for i, m := range class {
			at := path
			if r.has(item(path, i)) {
				at = item(path, i)
			}
			r.checkMatcher(at, name, m)
			if m.Template != "" {
				r.readTemplate(at+".template", name, class[:i], &class[i])
			}
		}
	}
}

// readTemplate reads the empty form of the post-mortems, of which there is one:
// a class has it at one of its matchers.
func (r *reader) readTemplate(path, class string, before []Matcher, m *Matcher) {
	switch {
	case class != scorecard.ClassPostmortem:
		r.report(path, "only class postmortem has a template", "has no use here")
	case slices.ContainsFunc(before, func(m Matcher) bool { return m.Template != "" }):
		r.report(path, "keep one of the two", "the class has a template already")
	default:
		if text, ok := r.read(path, m.Template); ok {
			m.Form = string(text)
		}
	}
}

func (r *reader) checkMatcher(path, class string, m Matcher) {
	keys := len(m.Types) + len(m.Labels) + len(m.Components) + len(m.Projects) + len(m.Statuses) + len(m.Resolutions) + len(m.Fields)
	if keys == 0 && r.sound(path) {
		r.report(path, "write for example {labels: ["+class+"]}", "matches every ticket")
	}
}

// checkAlerts wants the names of alerts that exist, and severities that an
// Alertmanager's routes can be written for.
func (r *reader) checkAlerts(a Alerts) {
	known := []string{
		"TeamhealthOncallBurdenHigh", "TeamhealthOncallWeekHeavy", "TeamhealthResponseSlow",
		"TeamhealthUptimeBudgetExhausted", "TeamhealthUptimeBudgetBurning", "TeamhealthPostmortemOverdue",
		"TeamhealthObjectiveMissed", "TeamhealthDataStale", "TeamhealthCollectorFailing",
		"TeamhealthExceptionExpired", "TeamhealthMetricsAbsent",
	}
	severities := []string{"critical", "warning", "info"}
	for _, name := range slices.Sorted(maps.Keys(a.Severities)) {
		severity, path := a.Severities[name], join("alerts.severities", name)
		readable := r.sound(path)
		if !slices.Contains(known, name) {
			r.report(path, suggest(name, known), "unknown alert")
		}
		if !slices.Contains(severities, severity) && readable {
			r.report(path, suggest(severity, severities), "%s is no severity", quote(severity))
		}
	}
}
