package tickets_test

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/tickets"
)

const seeds = 4

// TestEveryCaseOfAPostmortemOccursInEveryQuarter counts, for the first team,
// what becomes of the incidents that were resolved in each of eight quarters,
// as somebody would find it who reads the tickets.
func TestEveryCaseOfAPostmortemOccursInEveryQuarter(t *testing.T) {
	t.Parallel()
	want := []string{
		"on time", "late", "missing", "never finished", "declined", "shared", "doubled", "older than the incident", "reopened",
		"named by field alone", "named by text alone", "named by summary alone", "named by label alone", "named by link alone", "named by remote alone",
	}
	for seed := range uint64(seeds) {
		w := newWorld(t, seed)
		found := map[string]map[string]int{}
		for index := range w.incidents.Incidents {
			if w.incidents.Account.Services[w.incidents.Incidents[index].Service].Team != 0 || !w.judged(index) {
				continue
			}
			resolved := w.incidents.Resolved(index, math.MaxInt64)
			q := quarterName(resolved)
			if found[q] == nil {
				found[q] = map[string]int{}
			}
			for _, one := range w.casesOf(index, resolved) {
				found[q][one]++
			}
		}
		for quarter := range 8 {
			q := quarterName(end.AddDate(0, -3*quarter, -40).Unix())
			for _, one := range want {
				if found[q][one] == 0 {
					t.Errorf("seed %d, %s: no post-mortem of the first team is %s: %v", seed, q, one, found[q])
				}
			}
		}
	}
}

// world is what the tests look at: a long time after it happened.
type world struct {
	incidents *history.View
	tickets   *tickets.View
	byID      map[string][]naming
}

// naming says that a ticket names an incident.
type naming struct {
	ticket *tickets.Ticket
	way    string
}

// worlds are built once for all tests.
var worlds [seeds]struct {
	sync.Once
	*world
}

func newWorld(t *testing.T, seed uint64) *world {
	t.Helper()
	one := &worlds[seed]
	one.Do(func() {
		past := incidents(t, seed, end)
		one.world = &world{
			incidents: past.At(end), byID: map[string][]naming{},
			tickets: build(t, tickets.Options{Seed: seed, Incidents: past, Until: end}).At(end.AddDate(1, 0, 0)),
		}
		for i := range one.tickets.Tickets {
			if one.tickets.Tickets[i].Type == tickets.TypePostmortem {
				one.read(&one.tickets.Tickets[i])
			}
		}
	})
	return one.world
}

var (
	address = regexp.MustCompile(`https://example\.pagerduty\.com/incidents/(\w+)`)
	label   = regexp.MustCompile(`(?i)^pd-(\w+)$`)
	small   = regexp.MustCompile(`^pd-q[a-z2-7]{13}$`)
	capital = regexp.MustCompile(`^PD-Q[A-Z2-7]{13}$`)
	plainID = regexp.MustCompile(`^Q[A-Z2-7]{13}$`)
	moment  = regexp.MustCompile(`\* \d\d:\d\d UTC`)
)

// read finds the incidents that a post-mortem names.
func (w *world) read(ticket *tickets.Ticket) {
	add := func(way, text string) {
		for _, match := range address.FindAllStringSubmatch(text, -1) {
			w.byID[match[1]] = append(w.byID[match[1]], naming{ticket, way})
		}
	}
	field := func(way string, of *tickets.Ticket) {
		if of.Incident != "" {
			id := of.Incident[strings.LastIndex(of.Incident, "/")+1:]
			w.byID[id] = append(w.byID[id], naming{ticket, way})
		}
	}
	field("field", ticket)
	add("text", final(ticket).Description)
	add("summary", ticket.Summary)
	for _, text := range final(ticket).Labels {
		if match := label.FindStringSubmatch(text); match != nil {
			id := strings.ToUpper(match[1])
			w.byID[id] = append(w.byID[id], naming{ticket, "label"})
		}
	}
	for _, remote := range ticket.Remote {
		add("remote", remote.URL)
	}
	for _, link := range ticket.Links {
		if link.Other >= 0 && w.tickets.Tickets[link.Other].Type == tickets.TypeIncident {
			field("link", &w.tickets.Tickets[link.Other])
		}
	}
}

// casesOf says which cases an incident is.
func (w *world) casesOf(index int, resolved int64) []string {
	inc := &w.incidents.Incidents[index]
	var cases, ways []string
	delivered := map[string]int64{}
	isOlder, isDeclined, isOpen := false, false, false
	for _, n := range w.byID[inc.ID()] {
		last := final(n.ticket)
		ways = append(ways, n.way)
		switch {
		case n.ticket.Created < inc.Created:
			isOlder = true
		case last.Status.Category != tickets.CategoryDone:
			isOpen = true
		case last.Resolution.Name != "Done":
			isDeclined = true
		default:
			delivered[n.ticket.Key] = last.ResolvedAt
		}
		if w.isShared(n.ticket) {
			cases = append(cases, "shared")
		}
		if wasReopened(n.ticket) {
			cases = append(cases, "reopened")
		}
	}
	switch {
	case len(delivered) > 0:
		cases = append(cases, punctuality(delivered, due(resolved)))
	case isOlder:
		cases = append(cases, "older than the incident")
	case isDeclined:
		cases = append(cases, "declined")
	case isOpen:
		cases = append(cases, "never finished")
	default:
		cases = append(cases, "missing")
	}
	if len(delivered) > 1 {
		cases = append(cases, "doubled")
	}
	if len(ways) == 1 {
		cases = append(cases, fmt.Sprintf("named by %s alone", ways[0]))
	}
	return cases
}

// final returns what a ticket looks like in the end.
func final(ticket *tickets.Ticket) tickets.State { return ticket.State(math.MaxInt64) }

// has reports whether a ticket has a label in the end.
func has(ticket *tickets.Ticket, name string) bool {
	return slices.Contains(final(ticket).Labels, name)
}

// punctuality says whether the first of some post-mortems was there by then.
func punctuality(delivered map[string]int64, due int64) string {
	for _, at := range delivered {
		if at <= due {
			return "on time"
		}
	}
	return "late"
}

// isShared reports whether a post-mortem names one incident in its field and
// two others in its text.
func (w *world) isShared(ticket *tickets.Ticket) bool {
	named := address.FindAllString(final(ticket).Description, -1)
	return ticket.Incident != "" && len(named) == 2 && !strings.Contains(final(ticket).Description, ticket.Incident)
}

func wasReopened(ticket *tickets.Ticket) bool {
	return slices.ContainsFunc(ticket.Entries, func(e tickets.Entry) bool {
		return slices.ContainsFunc(e.Items, func(i tickets.Item) bool { return i.Field == "resolution" && i.To == "" })
	})
}

// judged reports whether a post-mortem is asked for: urgent, over, not merged,
// an outage or else not over within 300 s before a person came.
func (w *world) judged(index int) bool {
	inc := &w.incidents.Incidents[index]
	state := w.incidents.State(index, math.MaxInt64)
	if inc.Urgency != history.High || state.Status != history.Resolved || state.MergedInto >= 0 {
		return false
	}
	for _, e := range w.incidents.Timeline(index) {
		person := e.By != history.Machine && !w.incidents.Account.Members[e.By].Bot
		if person && slices.Contains([]history.Kind{history.Acknowledge, history.AcceptHelp, history.Resolve}, e.Kind) {
			return true
		}
		if e.Kind == history.Resolve && e.After <= 300 {
			return state.Priority == 1 || state.Priority == 2
		}
	}
	return true
}

// due is the same time of day on the fifth working day after an instant.
func due(at int64) int64 {
	t := time.Unix(at, 0).UTC()
	for left := 5; left > 0; {
		t = t.AddDate(0, 0, 1)
		if t.Weekday() != time.Saturday && t.Weekday() != time.Sunday {
			left--
		}
	}
	return t.Unix()
}

func quarterName(at int64) string {
	t := time.Unix(at, 0).UTC()
	return fmt.Sprintf("%d-Q%d", t.Year(), (int(t.Month())+2)/3)
}
