package tickets_test

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/tickets"
)

// end is when the two years of the tests are over: eight whole quarters.
var end = time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC)

// incidents returns the example organisation's incidents, without end unless
// an end is given.
func incidents(tb testing.TB, seed uint64, until time.Time) *history.History {
	tb.Helper()
	o := history.Options{Organization: history.Example(), Seed: seed, Start: end.AddDate(-2, 0, 0), End: until}
	if until.IsZero() {
		o.End, o.Endless = o.Start.AddDate(0, 0, 1), true
	}
	h, err := history.New(o)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

// build makes up tickets; what the options leave out is the example's.
func build(tb testing.TB, o tickets.Options) *tickets.History {
	tb.Helper()
	if o.Incidents == nil {
		o.Incidents = incidents(tb, o.Seed, time.Time{})
	}
	if o.Teams == nil {
		o.Teams, o.People = tickets.Example()
	}
	h, err := tickets.New(o)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

// joined returns tickets of the example with one more thing: the last of the
// first team joins in March 2026.
func joined(t *testing.T) *tickets.History {
	t.Helper()
	org := history.Example()
	org.Teams[0].Users[4].From = time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)
	past, err := history.New(history.Options{Organization: org, Seed: 1, Start: end.AddDate(-2, 0, 0), End: end})
	if err != nil {
		t.Fatal(err)
	}
	return build(t, tickets.Options{Seed: 1, Incidents: past})
}

// seen is a ticket as somebody sees it at an instant.
type seen struct {
	tickets.Ticket
	tickets.State
}

// look returns what can be seen at an instant.
func look(v *tickets.View, now time.Time) []seen {
	at := now.Unix()
	all := make([]seen, 0, v.CreatedBefore(at))
	for i := range v.CreatedBefore(at) {
		one := seen{Ticket: v.Tickets[i], State: v.Tickets[i].State(at)}
		one.Ticket.Entries = append([]tickets.Entry(nil), one.Ticket.Entries[:one.State.Entries]...)
		one.Links = nil
		for _, link := range v.Tickets[i].Links {
			if link.At <= at {
				one.Links = append(one.Links, link)
			}
		}
		all = append(all, one)
	}
	return all
}

// differ compares what was seen; the first ticket that differs stands for all.
func differ(want, got []seen) string {
	if reflect.DeepEqual(want, got) {
		return ""
	}
	for i := range min(len(want), len(got)) {
		if diff := cmp.Diff(want[i], got[i], cmpopts.IgnoreUnexported(tickets.Item{})); diff != "" {
			return diff
		}
	}
	return fmt.Sprintf("%d tickets against %d", len(want), len(got))
}

func TestSameSeedGivesTheSameTickets(t *testing.T) {
	t.Parallel()
	one, two := build(t, tickets.Options{Seed: 7}), build(t, tickets.Options{Seed: 7})
	if d := differ(look(one.At(end), end), look(two.At(end), end)); d != "" {
		t.Errorf("two histories of one seed differ (-one +two):\n%s", d)
	}
	other := build(t, tickets.Options{Seed: 8, Incidents: incidents(t, 7, time.Time{})})
	if d := differ(look(one.At(end), end), look(other.At(end), end)); d == "" {
		t.Error("seeds 7 and 8 give the same tickets about the same incidents")
	}
}

// TestWhatIsKnownStaysWhateverIsAskedLater holds that nothing that happened
// changes when the history goes on, in whatever steps it does.
func TestWhatIsKnownStaysWhateverIsAskedLater(t *testing.T) {
	t.Parallel()
	long := build(t, tickets.Options{Seed: 3}).At(end)
	steps := build(t, tickets.Options{Seed: 3})
	for _, now := range []time.Time{end.AddDate(-1, -9, 3), end.AddDate(-1, 0, 0), end.AddDate(0, -2, -17).Add(13 * time.Hour), end} {
		if d := differ(look(long, now), look(steps.At(now), now)); d != "" {
			t.Fatalf("at %s (-asked at once +asked in steps):\n%.3000s", now, d)
		}
	}
}

func TestFiniteHistoryBeginsLikeAnEndlessOne(t *testing.T) {
	t.Parallel()
	stop := end.AddDate(-1, 0, 0)
	endless := build(t, tickets.Options{Seed: 5}).At(end)
	finite := build(t, tickets.Options{Seed: 5, Incidents: incidents(t, 5, stop), Until: stop}).At(end)
	if d := differ(look(endless, stop), look(finite, stop)); d != "" {
		t.Errorf("(-endless +finite):\n%.3000s", d)
	}
	after := len(finite.Tickets) - finite.CreatedBefore(stop.Unix())
	if after < 1 || after > 60 {
		t.Errorf("%d tickets are created after the end, want only those about the last incidents", after)
	}
}

func TestHistoriesGrowWhileSeveralLook(t *testing.T) {
	t.Parallel()
	h := build(t, tickets.Options{Seed: 2})
	var group sync.WaitGroup
	for i := range 6 {
		group.Go(func() {
			now := end.AddDate(0, -i, 0)
			if v := h.At(now); v.CreatedBefore(now.Unix()) == 0 {
				t.Errorf("there is nothing at %s", now)
			}
		})
	}
	group.Wait()
}

func TestTwoYearsHaveAFewThousandTickets(t *testing.T) {
	t.Parallel()
	for seed := range uint64(seeds) {
		v := build(t, tickets.Options{Seed: seed}).At(end)
		if n := v.CreatedBefore(end.Unix()); n < 2000 || n > 3500 {
			t.Errorf("seed %d: %d tickets in two years, want 2,000 to 3,500", seed, n)
		}
	}
}

func TestHistoriesOfTicketsAreInOrder(t *testing.T) {
	t.Parallel()
	v := build(t, tickets.Options{Seed: 1}).At(end)
	numbers := map[string]int{}
	for i := range v.Tickets {
		ticket := &v.Tickets[i]
		numbers[ticket.Project]++
		if want := fmt.Sprintf("%s-%d", ticket.Project, numbers[ticket.Project]); ticket.Key != want {
			t.Fatalf("ticket %d has the key %s, want %s", i, ticket.Key, want)
		}
		last, id, status := ticket.Created, 0, "10000"
		for _, entry := range ticket.Entries {
			if entry.At <= ticket.Created || entry.At < last || entry.ID <= id {
				t.Errorf("%s: entry %d at %d comes after entry %d at %d", ticket.Key, entry.ID, entry.At, id, last)
			}
			last, id = entry.At, entry.ID
			for _, item := range entry.Items {
				if item.Field == "status" && item.From != status {
					t.Errorf("%s: a status change begins from %s, and the ticket is in %s", ticket.Key, item.From, status)
				}
				if item.Field == "status" {
					status = item.To
				}
			}
		}
		if ticket.Creator == "" {
			t.Errorf("%s (%s) was created by nobody", ticket.Key, ticket.Summary)
		}
	}
}

func TestIncompleteOptionsAreAllReported(t *testing.T) {
	t.Parallel()
	teams, people := tickets.Example()
	for name, test := range map[string]struct {
		options tickets.Options
		want    []string
	}{
		"no incidents": {tickets.Options{Teams: teams, People: people}, []string{"no history of incidents"}},
		"a team without a project and a stranger": {
			tickets.Options{Incidents: incidents(t, 1, time.Time{}), Teams: teams[1:], People: []tickets.Person{{User: "PNOBODY", Account: "x"}}},
			[]string{`team "mysql" has no project`, `user "PNOBODY"`, "nobody has an account"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := tickets.New(test.options)
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %q", err, part)
				}
			}
		})
	}
}

func TestFindKnowsWhatExistsByThen(t *testing.T) {
	t.Parallel()
	v := build(t, tickets.Options{Seed: 1}).At(end)
	ticket := v.Tickets[100]
	for name, test := range map[string]struct {
		name string
		now  int64
		want bool
	}{
		"by key":                {ticket.Key, ticket.Created, true},
		"by key in small print": {strings.ToLower(ticket.Key), ticket.Created, true},
		"by id":                 {strconv.Itoa(ticket.ID), ticket.Created, true},
		"before its creation":   {ticket.Key, ticket.Created - 1, false},
		"the hidden one":        {"SEC-7", end.Unix(), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			index, ok := v.Find(test.name, test.now)
			if ok != test.want || ok && index != 100 {
				t.Errorf("Find(%q) = %d, %v", test.name, index, ok)
			}
		})
	}
}
