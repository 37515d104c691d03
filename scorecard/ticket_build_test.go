package scorecard_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// The statuses of the tests' site. There is one named Done that means nothing
// of the kind.
const (
	toDo       = "10"
	inProgress = "20"
	done       = "30"
	closed     = "40"
	doneInName = "50"
)

func ticketStatuses() []facts.TicketStatus {
	return []facts.TicketStatus{
		{ID: toDo, Name: "To Do", Category: facts.CategoryNew},
		{ID: inProgress, Name: "In Progress", Category: facts.CategoryInProgress},
		{ID: done, Name: "Fertig", Category: facts.CategoryDone},
		{ID: closed, Name: "Closed", Category: facts.CategoryDone},
		{ID: doneInName, Name: "Done", Category: facts.CategoryNew},
	}
}

// Jira accounts of the roster's people.
const (
	jiraAda   = "5b10a1"
	jiraBo    = "5b10a2"
	jiraDee   = "5b10a4"
	jiraRobot = "5b10bot"
)

// doing is something that is done to a ticket.
type doing func(*facts.Ticket)

// ticket is one of the mysql team, by Ada, which nobody has begun with.
func ticket(key string, created time.Time, what ...doing) facts.Ticket {
	t := facts.Ticket{
		ID: "id-" + key, Key: key, URL: "https://example.atlassian.net/browse/" + key, Project: "DRE", Type: "Task",
		Status: facts.TicketStatus{ID: toDo, Name: "To Do", Category: facts.CategoryNew}, CreatedAt: created, UpdatedAt: created,
		Components: []string{"mysql"}, Creator: jiraAda, Reporter: jiraAda, Fields: map[string][]string{},
	}
	for _, d := range what {
		d(&t)
	}
	return t
}

func labelled(labels ...string) doing {
	return func(t *facts.Ticket) { t.Labels = append(t.Labels, labels...) }
}

func ofType(name string) doing { return func(t *facts.Ticket) { t.Type = name } }

// ofTeam puts the ticket into a project, and into components if it has some.
func ofTeam(project string, components ...string) doing {
	return func(t *facts.Ticket) { t.Project, t.Components = project, components }
}

func createdBy(account string) doing { return func(t *facts.Ticket) { t.Creator = account } }

func reportedBy(account string) doing { return func(t *facts.Ticket) { t.Reporter = account } }

func goneAt(at time.Time) doing { return func(t *facts.Ticket) { t.GoneAt = at } }

// change adds an entry to the history.
func change(t *facts.Ticket, at time.Time, c facts.TicketChange) {
	c.History, c.At = strconv.Itoa(1000+len(t.Changes)), at
	t.Changes = append(t.Changes, c)
	t.UpdatedAt = at
}

// moved gives the ticket a status at an instant.
func moved(at time.Time, status string) doing {
	return func(t *facts.Ticket) {
		all := ticketStatuses()
		next := all[slices.IndexFunc(all, func(s facts.TicketStatus) bool { return s.ID == status })]
		change(t, at, facts.TicketChange{
			Field: facts.FieldStatus, From: t.Status.ID, FromName: t.Status.Name, To: next.ID, ToName: next.Name,
		})
		if next.Category != t.Status.Category {
			t.CategoryChangedAt = at
		}
		t.Status = next
	}
}

// resolvedAs gives the ticket a resolution at an instant; an empty one takes it away.
func resolvedAs(at time.Time, resolution string) doing {
	return func(t *facts.Ticket) {
		change(t, at, facts.TicketChange{
			Field: facts.FieldResolution, From: t.Resolution, FromName: t.Resolution, To: resolution, ToName: resolution,
		})
		t.Resolution, t.ResolvedAt = resolution, at
		if resolution == "" {
			t.ResolvedAt = time.Time{}
		}
	}
}

// deliveredAt finishes the ticket as most workflows do.
func deliveredAt(at time.Time) doing {
	return func(t *facts.Ticket) {
		moved(at, done)(t)
		resolvedAs(at, "Done")(t)
	}
}

func declinedAt(at time.Time) doing {
	return func(t *facts.Ticket) {
		moved(at, closed)(t)
		resolvedAs(at, "Won't Do")(t)
	}
}

// assignedTo gives the ticket to an account at an instant.
func assignedTo(at time.Time, account string) doing {
	return func(t *facts.Ticket) {
		change(t, at, facts.TicketChange{Field: facts.FieldAssignee, From: t.Assignee, To: account})
		t.Assignee = account
	}
}

// migratedAt is a change of the workflow long after.
func migratedAt(at time.Time, status string) doing {
	return func(t *facts.Ticket) {
		moved(at, status)(t)
		t.Changes[len(t.Changes)-1].Migrated = true
	}
}

// ticketWorld is a world with Jira.
type ticketWorld struct {
	world
	tickets  []facts.Ticket
	shifts   []facts.Shift
	services []facts.Service
	named    []facts.Incident
}

// newTicketWorld is the third quarter of 2026 with one objective, seen ten days after its end.
func newTicketWorld(tb testing.TB, o scorecard.Objective, tickets ...facts.Ticket) ticketWorld {
	tb.Helper()
	w := ticketWorld{world: newWorld(tb), tickets: tickets}
	p := w.policy
	p.Calendar.Week = scorecard.WorkingWeek{
		Hours: 40, Days: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
		From: 9 * time.Hour, To: 17 * time.Hour,
	}
	p.Sources = append(p.Sources, scorecard.SourceRules{Source: facts.Jira, Built: true, Interval: 10 * time.Minute, Bots: []string{jiraRobot}})
	p.Teams[0].Tickets = scorecard.TeamTickets{Projects: []string{"DRE"}, Components: []string{"mysql"}}
	p.Teams[1].Tickets = scorecard.TeamTickets{Projects: []string{"SRE"}}
	p.People = []scorecard.Person{
		{ID: "p01", Team: "mysql", Line: scorecard.LineEngineer, PagerDuty: ada, Jira: jiraAda, FTE: 1},
		{ID: "p02", Team: "mysql", Line: scorecard.LineEngineer, PagerDuty: bo, Jira: jiraBo, FTE: 1},
		{ID: "p04", Team: "oncall", Line: scorecard.LinePersonSRE, PagerDuty: dee, Jira: jiraDee, FTE: 1},
	}
	p.Tickets = scorecard.TicketRules{
		Classes: []scorecard.TicketClass{
			labelClass("action_item", "postmortem-action"), typeClass("change_request", "Change"), labelClass("coding", "coding"),
			labelClass("migration", "migration"), typeClass("onboarding", "Onboarding"), typeClass("postmortem", "Post-mortem"),
			labelClass("rollback", "rolled-back"), labelClass("runbook", "runbook"), labelClass("tech_talk", "tech-talk"),
		},
		Declined: []string{"Won't Do", "Duplicate"}, IncidentField: "PagerDuty Incident",
	}
	p.Rubric.Objectives = []scorecard.Objective{o}
	return w.readUntil(w.asOf.Add(-time.Minute))
}

func labelClass(name, label string) scorecard.TicketClass {
	return scorecard.TicketClass{Name: name, Matchers: []scorecard.TicketMatcher{{Labels: []string{label}}}}
}

func typeClass(name, kind string) scorecard.TicketClass {
	return scorecard.TicketClass{Name: name, Matchers: []scorecard.TicketMatcher{{Types: []string{kind}}}}
}

// readUntil sets up to when both sources were read.
func (w ticketWorld) readUntil(at time.Time) ticketWorld {
	jira := readUntil(at)
	jira.Source = facts.Jira
	w.sources = []facts.SourceState{readUntil(at), jira}
	return w
}

// horizonAt sets both the instant of evaluation and the last complete cycles.
func (w ticketWorld) horizonAt(at time.Time) ticketWorld {
	w.asOf = at
	return w.readUntil(at)
}

func (w ticketWorld) input(tb testing.TB) scorecard.Input {
	tb.Helper()
	in := w.world.input(tb)
	digester := scorecard.NewTicketDigester(w.policy)
	for i := range w.tickets {
		d := digester.Digest(&w.tickets[i])
		in.Facts.Tickets = append(in.Facts.Tickets, &d)
	}
	in.Facts.TicketStatuses, in.Facts.Shifts, in.Facts.Services = ticketStatuses(), w.shifts, w.services
	in.Facts.Named = w.named
	return in
}

// row is the row of the world's one objective.
func (w ticketWorld) row(tb testing.TB, subject string) scorecard.Row {
	tb.Helper()
	for _, c := range scorecard.Compute(w.input(tb)) {
		if c.Subject.ID == subject && len(c.Rows) == 1 {
			return c.Rows[0]
		}
	}
	tb.Fatalf("%s has no row", subject)
	return scorecard.Row{}
}

func (w ticketWorld) evidence(tb testing.TB, subject string) []scorecard.Evidence {
	tb.Helper()
	items, err := scorecard.EvidenceFor(w.input(tb), w.policy.Rubric.Objectives[0].ID, subject)
	if err != nil {
		tb.Fatalf("evidence for %s: %v", subject, err)
	}
	return items
}

// ticketObjective is an objective about tickets; an empty target is none.
func ticketObjective(id string, m scorecard.Measure, unit scorecard.Unit, target string, p scorecard.Parameters) scorecard.Objective {
	o := incidentResponse()
	o.ID, o.Measure, o.Unit, o.Target, o.Parameters = id, m, unit, decimal(target), p
	return o
}
