package scorecard

import (
	"maps"
	"slices"
	"strings"

	"teamhealth/internal/facts"
)

// TicketRules say which tickets count for what.
type TicketRules struct {
	Classes []TicketClass
	// Declined are the names of the resolutions that finish a ticket without delivering it.
	Declined []string
	// IncidentField is the name of the custom field that holds incident ids or URLs; empty when there is none.
	IncidentField string
	// Template is the empty form of post-mortems, as text; empty when there is none.
	Template string
}

// TicketClass is a kind of tickets: those that fit one of the matchers.
type TicketClass struct {
	Name     string
	Matchers []TicketMatcher
}

// ClassPostmortem and ClassActionItem are the classes that measures look for by name.
const (
	ClassPostmortem    = "postmortem"
	ClassActionItem    = "action_item"
	classChangeRequest = "change_request"
	classCoding        = "coding"
)

// TicketMatcher takes the tickets that fit every list it has; a list fits when one of its values does. Names
// are compared without regard to case, as Jira's own searches do.
type TicketMatcher struct {
	Types       []string
	Labels      []string
	Components  []string
	Projects    []string
	Statuses    []string // Compared with the state at the horizon, like Resolutions.
	Resolutions []string
	Fields      map[string][]string
}

// TeamTickets says which tickets are a team's: those of its projects and
// components. Without either, none is.
type TeamTickets struct {
	Projects   []string
	Components []string
}

// takes reports whether tickets of a project with these components are the team's.
func (t TeamTickets) takes(project string, components []string) bool {
	if !t.some() {
		return false
	}
	return fits(t.Projects, project) && fits(t.Components, components...)
}

// fitsAlways reports whether what does not change with time fits.
func (m *TicketMatcher) fitsAlways(t *facts.Ticket) bool {
	for name, wanted := range m.Fields {
		if !fits(wanted, t.Fields[name]...) {
			return false
		}
	}
	return fits(m.Types, t.Type) && fits(m.Projects, t.Project) && fits(m.Labels, t.Labels...) && fits(m.Components, t.Components...)
}

// fits reports whether one of the values is wanted, or nothing in particular is.
func fits(wanted []string, values ...string) bool {
	if len(wanted) == 0 {
		return true
	}
	return slices.ContainsFunc(values, func(v string) bool { return containsFold(wanted, v) })
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(one string) bool { return strings.EqualFold(one, s) })
}

// FieldNames lists the custom fields that the rules look at, sorted.
func (r *TicketRules) FieldNames() []string {
	var names []string
	if r.IncidentField != "" {
		names = append(names, r.IncidentField)
	}
	for _, m := range r.matchers() {
		names = slices.AppendSeq(names, maps.Keys(m.Fields))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// NeedsRemoteLinks reports whether a ticket may be a post-mortem of which nothing
// but a link to elsewhere can tell what incident it is about.
func (r *TicketRules) NeedsRemoteLinks(t facts.Ticket) bool {
	return slices.ContainsFunc(r.matchers(), func(m numberedMatcher) bool {
		return m.class == ClassPostmortem && m.fitsAlways(&t)
	}) && !namesIncident(&t, r.IncidentField)
}
