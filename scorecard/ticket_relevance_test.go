package scorecard_test

import (
	"testing"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func TestTicketsOnWhichARowMayRest(t *testing.T) {
	t.Parallel()
	digester := scorecard.NewTicketDigester(&scorecard.Policy{Tickets: scorecard.TicketRules{Classes: []scorecard.TicketClass{
		typeClass("postmortem", "Post-mortem"),
		{Name: "migration", Matchers: []scorecard.TicketMatcher{{Labels: []string{"migration"}, Statuses: []string{"Done"}}}},
		{Name: "training", Matchers: []scorecard.TicketMatcher{{Fields: map[string][]string{"Kind": {"course"}}}}},
	}}})
	for name, test := range map[string]struct {
		ticket facts.Ticket
		want   bool
	}{
		"one of a class does":                                   {facts.Ticket{Type: "post-mortem"}, true},
		"one that may come to be of a class does":               {facts.Ticket{Labels: []string{"migration"}}, true},
		"one that is of a class by a field does":                {facts.Ticket{Fields: map[string][]string{"Kind": {"Course"}}}, true},
		"one that may name an incident to a post-mortem does":   {facts.Ticket{Links: []facts.TicketLink{{Ticket: "7"}}}, true},
		"one of no class that is linked to nothing does not":    {facts.Ticket{Type: "Task", Labels: []string{"pd-Q1"}}, false},
		"one with another value of a field of a class does not": {facts.Ticket{Fields: map[string][]string{"Kind": {"talk"}}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := digester.Matters(&test.ticket); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
