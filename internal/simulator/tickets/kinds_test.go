package tickets_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"teamhealth/internal/simulator/tickets"
)

// quarters returns the quarters of the two years that are wholly over.
func quarters() []string {
	var names []string
	for n := range 8 {
		names = append(names, quarterName(end.AddDate(0, -3*n, -40).Unix()))
	}
	return names
}

// completed is when a ticket was delivered, as the tickets of the site tell
// it; 0 when it was not.
func completed(ticket *tickets.Ticket) int64 {
	end := final(ticket)
	switch {
	case end.Status.Category != tickets.CategoryDone, end.Resolution.ID != "" && end.Resolution.Name != "Done":
		return 0
	case end.ResolvedAt > 0:
		return end.ResolvedAt
	default:
		return end.CategoryChangedAt
	}
}

// TestEveryKindOfWorkIsDoneInEveryQuarter counts what was delivered.
func TestEveryKindOfWorkIsDoneInEveryQuarter(t *testing.T) {
	t.Parallel()
	least := map[string]int{
		tickets.TypePostmortem: 100, tickets.TypeChange: 20, tickets.LabelCoding: 10, tickets.LabelMigration: 3, tickets.LabelAction: 10,
		tickets.LabelProcess: 1, tickets.LabelTraining: 3, tickets.LabelTechTalk: 9, tickets.LabelArchitecture: 1, tickets.LabelRetrospective: 3,
	}
	for seed := range uint64(seeds) {
		found := map[string]map[string]int{}
		view := newWorld(t, seed).tickets
		for i := range view.Tickets {
			ticket := &view.Tickets[i]
			q := quarterName(completed(ticket))
			if found[q] == nil {
				found[q] = map[string]int{}
			}
			for kind := range least {
				if ticket.Type == kind || has(ticket, kind) {
					found[q][kind]++
				}
			}
		}
		for _, q := range quarters() {
			for kind, n := range least {
				if found[q][kind] < n {
					t.Errorf("seed %d, %s: %d tickets of %s were delivered, want at least %d", seed, q, found[q][kind], kind, n)
				}
			}
		}
	}
}

// TestTargetsAreBothMetAndMissed holds that no number of talks, reviews or
// improvements is what it is in every quarter.
func TestTargetsAreBothMetAndMissed(t *testing.T) {
	t.Parallel()
	targets := map[string]int{
		tickets.LabelProcess: 4, tickets.LabelTooling: 2, tickets.LabelTechTalk: 13, tickets.LabelArchitecture: 3,
	}
	met, missed := map[string]int{}, map[string]int{}
	for seed := range uint64(seeds) {
		view := newWorld(t, seed).tickets
		for label, target := range targets {
			for _, q := range quarters() {
				n := 0
				for i := range view.Tickets {
					if has(&view.Tickets[i], label) && quarterName(completed(&view.Tickets[i])) == q {
						n++
					}
				}
				if n >= target {
					met[label]++
				} else {
					missed[label]++
				}
			}
		}
	}
	for label := range targets {
		if met[label] < 5 || missed[label] < 5 {
			t.Errorf("%s: the target is met in %d quarters and missed in %d, want at least 5 each", label, met[label], missed[label])
		}
	}
}

func TestActionsGoEveryWayInEveryQuarter(t *testing.T) {
	t.Parallel()
	for seed := range uint64(seeds) {
		found := map[string]map[string]int{}
		linked, parts := 0, 0
		view := newWorld(t, seed).tickets
		for i := range view.Tickets {
			ticket := &view.Tickets[i]
			if !has(ticket, tickets.LabelAction) {
				continue
			}
			if ticket.Parent >= 0 {
				parts++
			} else if len(ticket.Links) > 0 {
				linked++
			}
			q, last := quarterName(ticket.Created), final(ticket)
			if found[q] == nil {
				found[q] = map[string]int{}
			}
			switch at := completed(ticket); {
			case last.Resolution.Name == "Won't Do":
				found[q]["declined"]++
			case at == 0:
				found[q]["open"]++
			case at <= ticket.Created+30*24*60*60:
				found[q]["within 30 days"]++
			default:
				found[q]["late"]++
			}
		}
		for _, q := range quarters() {
			if len(found[q]) < 4 {
				t.Errorf("seed %d, %s: actions went %v, want every way", seed, q, found[q])
			}
		}
		if linked < 100 || parts < 20 {
			t.Errorf("seed %d: %d actions are linked and %d are parts", seed, linked, parts)
		}
	}
}

// TestWhatIsEasilyGotWrongAboutTicketsOccurs counts oddities in two years.
func TestWhatIsEasilyGotWrongAboutTicketsOccurs(t *testing.T) {
	t.Parallel()
	item := func(ticket *tickets.Ticket, holds func(tickets.Item) bool) int64 {
		for _, entry := range ticket.Entries {
			if slices.ContainsFunc(entry.Items, holds) {
				return entry.At
			}
		}
		return 0
	}
	cases := map[string]func(*tickets.Ticket) bool{
		"a workflow is exchanged months after the resolution": func(x *tickets.Ticket) bool {
			at := item(x, func(i tickets.Item) bool { return i.Field == "Workflow" })
			return at > 0 && final(x).ResolvedAt > 0 && at > final(x).ResolvedAt+60*24*60*60
		},
		"done without a resolution": func(x *tickets.Ticket) bool {
			return final(x).Status.Category == tickets.CategoryDone && final(x).Resolution.ID == ""
		},
		"called Done and not done": func(x *tickets.Ticket) bool {
			return final(x).Status.Name == "Done" && final(x).Status.Category == tickets.CategoryNew && has(x, tickets.LabelProcess)
		},
		"a change is taken up again": func(x *tickets.Ticket) bool { return x.Type == tickets.TypeChange && wasReopened(x) },
		"given to somebody else after it was done": func(x *tickets.Ticket) bool {
			at := final(x).ResolvedAt
			return at > 0 && x.State(at).Assignee != final(x).Assignee
		},
		"a change by automation with a reporter": func(x *tickets.Ticket) bool {
			return x.Type == tickets.TypeChange && x.Creator == "5b10bot" && strings.HasPrefix(x.Reporter, "5b10a")
		},
		"a migration is rolled back":           func(x *tickets.Ticket) bool { return has(x, tickets.LabelRolledBack) },
		"a history of more than forty entries": func(x *tickets.Ticket) bool { return len(x.Entries) > 40 },
		"a link to what nobody may see": func(x *tickets.Ticket) bool {
			return slices.ContainsFunc(x.Links, func(l tickets.Link) bool { return l.Other < 0 })
		},
		"nobody has reported it": func(x *tickets.Ticket) bool { return x.Reporter == "" },
		"it has no priority":     func(x *tickets.Ticket) bool { return x.Unranked },
		"a text from the editor": func(x *tickets.Ticket) bool { return x.Document },
		"a text is added to a finished post-mortem": func(x *tickets.Ticket) bool {
			at := item(x, func(i tickets.Item) bool {
				return i.Field == "description" && strings.Contains(i.ToText, "Happened again")
			})
			return at > 0 && x.State(at).Status.Category == tickets.CategoryDone
		},
		"a label for an incident in small letters": func(x *tickets.Ticket) bool {
			return slices.ContainsFunc(x.Labels, small.MatchString)
		},
		"a label for an incident in capitals": func(x *tickets.Ticket) bool {
			return slices.ContainsFunc(x.Labels, capital.MatchString)
		},
		"the field holds an id": func(x *tickets.Ticket) bool { return plainID.MatchString(x.Incident) },
		"a runbook in the component of a service": func(x *tickets.Ticket) bool {
			return has(x, tickets.LabelRunbook) && len(x.Components) == 2
		},
		"automation in a component":        func(x *tickets.Ticket) bool { return has(x, tickets.LabelAutomation) && len(x.Components) == 2 },
		"a training in the other database": func(x *tickets.Ticket) bool { return has(x, tickets.LabelCrossTraining) && completed(x) > 0 },
		"a walkthrough":                    func(x *tickets.Ticket) bool { return has(x, tickets.LabelWalkthrough) && completed(x) > 0 },
		"a post-mortem in Markdown":        func(x *tickets.Ticket) bool { return strings.Contains(final(x).Description, "## Impact") },
		"a post-mortem in wiki text":       func(x *tickets.Ticket) bool { return strings.Contains(final(x).Description, "h2. Impact") },
		"a section says TBD":               func(x *tickets.Ticket) bool { return strings.Contains(final(x).Description, "\n\nTBD") },
		"a section is the form's": func(x *tickets.Ticket) bool {
			return completed(x) > 0 && strings.Contains(final(x).Description, "Ask why once more.")
		},
		"a timeline of three times or more": func(x *tickets.Ticket) bool {
			return len(moment.FindAllString(final(x).Description, -1)) >= 3
		},
		"a timeline of two times": func(x *tickets.Ticket) bool {
			return len(moment.FindAllString(final(x).Description, -1)) == 2
		},
	}
	for seed := range uint64(seeds) {
		view := newWorld(t, seed).tickets
		for name, holds := range cases {
			n := 0
			for i := range view.Tickets {
				if holds(&view.Tickets[i]) {
					n++
				}
			}
			if n < 2 {
				t.Errorf("seed %d: %s %d times, want at least twice", seed, name, n)
			}
		}
	}
}

// TestWhoCrossesTheLineWorksOnBothSides looks at the quarter in which one of
// the example's engineers becomes an SRE.
func TestWhoCrossesTheLineWorksOnBothSides(t *testing.T) {
	t.Parallel()
	move := time.Date(2026, time.February, 16, 0, 0, 0, 0, time.UTC).Unix()
	found := map[string]int{}
	view := newWorld(t, 1).tickets
	for i := range view.Tickets {
		ticket := &view.Tickets[i]
		at := completed(ticket)
		if final(ticket).Assignee != "5b10a10" || quarterName(at) != "2026-Q1" || !strings.Contains(ticket.Summary, "lost primary") && !strings.Contains(ticket.Summary, "new limits") {
			continue
		}
		side := "before"
		if at >= move {
			side = "after"
		}
		found[ticket.Type+" "+side]++
	}
	for _, kind := range []string{"Story before", "Story after", "Change before", "Change after"} {
		if found[kind] < 2 {
			t.Errorf("%s: %d, want at least 2 (%v)", kind, found[kind], found)
		}
	}
}

// TestJoinersArriveWithATicket holds that who joins within the two years has
// one that they are assigned or have reported.
func TestJoinersArriveWithATicket(t *testing.T) {
	t.Parallel()
	h := joined(t)
	view := h.At(end)
	var found []*tickets.Ticket
	for i := range view.CreatedBefore(end.Unix()) {
		if ticket := &view.Tickets[i]; ticket.Type == tickets.TypeOnboarding {
			found = append(found, ticket)
		}
	}
	if len(found) != 1 || final(found[0]).Assignee != "5b10a05" && found[0].Reporter != "5b10a05" {
		t.Errorf("onboarding tickets are %+v, want one of 5b10a05", found)
	}
}

func TestFormIsThatOfPostmortems(t *testing.T) {
	t.Parallel()
	for _, want := range []string{"h2. Summary", "h2. Timeline\n\n* HH:MM", "h2. Action items"} {
		if !strings.Contains(tickets.Form(), want) {
			t.Errorf("the form has no %q: %s", want, tickets.Form())
		}
	}
}
