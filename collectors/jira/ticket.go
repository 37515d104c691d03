package jira

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"teamhealth/internal/facts"
)

// issue is an issue whose history may yet be incomplete.
type issue struct {
	ticket  facts.Ticket // Without changes and remote links.
	history history
	project string // Id, which stays when the key changes.
	lacking bool   // It does not say what every issue has.
}

// issue makes a ticket of what Jira says, or says for which reason there is none.
func (s *session) issue(raw json.RawMessage) (issue, string) {
	var wire wireIssue
	if json.Unmarshal(raw, &wire) != nil || wire.Fields == nil {
		return issue{}, reasonUndecodable
	}
	if wire.ID == "" {
		return issue{}, reasonNoID
	}
	ticket := s.ticket(&wire)
	if ticket.CreatedAt.IsZero() {
		return issue{}, reasonNoTime
	}
	log := wire.Changelog.value
	return issue{
		ticket: ticket, history: newHistory(log, s.cloud), project: string(read[wireNaming](wire.Fields, "project").ID),
		lacking: lacking(&ticket) || read[instant](wire.Fields, "updated").IsZero() || log == nil || log.Histories == nil,
	}, ""
}

// lacking reports whether a ticket is without something that every issue has,
// so that the answer and not the issue is to blame.
func lacking(t *facts.Ticket) bool {
	return t.Key == "" || t.Project == "" || t.Type == "" || t.Status.ID == "" || t.Status.Category == ""
}

// flawed reports whether not all of it could be understood.
func (i *issue) flawed() bool {
	return i.lacking || slices.ContainsFunc(i.history.entries, func(e entry) bool { return e.flawed() })
}

func (s *session) ticket(wire *wireIssue) facts.Ticket {
	f := wire.Fields
	kind, created := read[wireNaming](f, "issuetype"), read[instant](f, "created")
	status, _ := read[wireStatus](f, "status").status()
	description, format := description(f["description"])
	t := facts.Ticket{
		ID:                string(wire.ID),
		Key:               string(wire.Key),
		URL:               s.site.JoinPath("browse", string(wire.Key)).String(),
		Project:           string(read[wireNaming](f, "project").Key),
		Type:              firstOf(string(kind.UntranslatedName), string(kind.Name)),
		Status:            status,
		CategoryChangedAt: read[instant](f, "statuscategorychangedate").Time,
		Resolution:        string(read[wireNaming](f, "resolution").Name),
		CreatedAt:         created.Time,
		UpdatedAt:         laterOf(read[instant](f, "updated").Time, created.Time),
		ResolvedAt:        read[instant](f, "resolutiondate").Time,
		Due:               day(string(read[text](f, "duedate"))),
		Summary:           string(read[text](f, "summary")),
		Description:       description,
		Format:            format,
		Assignee:          read[wireUser](f, "assignee").id(),
		Creator:           read[wireUser](f, "creator").id(),
		Reporter:          read[wireUser](f, "reporter").id(),
		Parent:            string(read[wireNaming](f, "parent").ID),
		Links:             links(read[[]lenient[wireLink]](f, "issuelinks")),
		Fields:            s.values(f),
	}
	for _, label := range read[[]text](f, "labels") {
		t.Labels = append(t.Labels, string(label))
	}
	for _, component := range read[[]lenient[wireNaming]](f, "components") {
		t.Components = append(t.Components, string(component.value.Name))
	}
	t.Labels, t.Components = words(t.Labels), words(t.Components)
	return t
}

// read returns a field; zero where it is missing or of another shape.
func read[T any](fields map[string]json.RawMessage, name string) T {
	var v lenient[T]
	if raw := fields[name]; raw != nil && json.Unmarshal(raw, &v) != nil {
		return *new(T)
	}
	return v.value
}

// words sorts texts, and leaves out empty and repeated ones.
func words(texts []string) []string {
	texts = slices.DeleteFunc(texts, func(t string) bool { return t == "" })
	slices.Sort(texts)
	return slices.Compact(texts)
}

// day is a day as YYYY-MM-DD; what follows the day of a longer text is left out.
func day(s string) string {
	const layout = time.DateOnly
	if len(s) > len(layout) {
		s = s[:len(layout)]
	}
	if _, err := time.Parse(layout, s); err != nil {
		return ""
	}
	return s
}

// links leaves out links to issues that the account may not see: Jira then names none.
func links(all []lenient[wireLink]) []facts.TicketLink {
	var known []facts.TicketLink
	for _, l := range all {
		// The issue that stands in the outward place is the one that this issue's
		// outward words lead to.
		for _, end := range []struct {
			other   *wireNaming
			outward bool
		}{{l.value.Outward.value, true}, {l.value.Inward.value, false}} {
			if end.other == nil || end.other.ID == "" {
				continue
			}
			known = append(known, facts.TicketLink{
				Type: string(l.value.Type.value.Name), Outward: end.outward,
				Ticket: string(end.other.ID), Key: string(end.other.Key),
			})
		}
	}
	slices.SortStableFunc(known, func(a, b facts.TicketLink) int {
		return cmp.Or(cmp.Compare(a.Ticket, b.Ticket), cmp.Compare(a.Type, b.Type))
	})
	return known
}

// values reads the configured fields.
func (s *session) values(fields map[string]json.RawMessage) map[string][]string {
	values := map[string][]string{}
	for name, id := range s.fields {
		if v := words(fieldValues(fields[id])); len(v) > 0 {
			values[name] = v
		}
	}
	if len(values) == 0 {
		return nil
	}
	return values
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
