package pagerduty_test

import (
	"cmp"
	"slices"
	"strconv"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
)

func itoa(n int) string { return strconv.Itoa(n) }

// all reads every page of what matches.
func (a account) all(t *testing.T, parameters ...string) []incident {
	t.Helper()
	var all []incident
	for {
		got := a.get(t, "/incidents", append(slices.Clone(parameters), "limit", "100", "offset", itoa(len(all)))...)
		all = append(all, got.Incidents...)
		if !got.More {
			return all
		}
	}
}

func TestFiltersKeepExactlyWhatTheySay(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	everything := a.all(t, "date_range", "all")
	mine := everything[len(everything)-1].Service.ID
	open := slices.DeleteFunc(slices.Clone(everything), func(i incident) bool { return i.Status == "resolved" })
	if len(open) == 0 {
		t.Fatal("no open incident to look at")
	}
	holder, ok := open[0].Assignments[0]["assignee"].(map[string]any)["id"].(string)
	if !ok {
		t.Fatalf("assignment without assignee: %v", open[0].Assignments)
	}
	tests := map[string]struct {
		parameters []string
		keep       func(incident) bool
	}{
		"one status":   {[]string{"statuses[]", "resolved"}, func(i incident) bool { return i.Status == "resolved" }},
		"two statuses": {[]string{"statuses[]", "triggered", "statuses[]", "acknowledged"}, func(i incident) bool { return i.Status != "resolved" }},
		"low urgency":  {[]string{"urgencies[]", "low"}, func(i incident) bool { return i.Urgency == "low" }},
		"a service":    {[]string{"service_ids[]", mine}, func(i incident) bool { return i.Service.ID == mine }},
		"two services": {[]string{"service_ids[]", mine, "service_ids[]", "PMYSQL1"}, func(i incident) bool { return i.Service.ID == mine || i.Service.ID == "PMYSQL1" }},
		"a team":       {[]string{"team_ids[]", "mongodb"}, func(i incident) bool { return i.Teams[0].ID == "mongodb" }},
		"no such team": {[]string{"team_ids[]", "PNONE"}, func(incident) bool { return false }},
		"all at once": {[]string{"team_ids[]", "mysql", "urgencies[]", "high", "statuses[]", "resolved"}, func(i incident) bool {
			return i.Teams[0].ID == "mysql" && i.Urgency == "high" && i.Status == "resolved"
		}},
		"a user in charge, who of resolved incidents has none": {[]string{"user_ids[]", holder}, func(i incident) bool {
			return slices.ContainsFunc(i.Assignments, func(a map[string]any) bool {
				assignee, _ := a["assignee"].(map[string]any)
				return assignee["id"] == holder
			})
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := slices.DeleteFunc(slices.Clone(everything), func(i incident) bool { return !test.keep(i) })
			if diff := gocmp.Diff(numbers(want), numbers(a.all(t, append(test.parameters, "date_range", "all")...))); diff != "" {
				t.Errorf("incidents (-want +got):\n%s", diff)
			}
			if name != "no such team" && len(want) == 0 {
				t.Error("nothing matches: this shows nothing")
			}
		})
	}
}

func numbers(all []incident) []int {
	list := make([]int, 0, len(all))
	for _, one := range all {
		list = append(list, one.Number)
	}
	return list
}

func TestOrders(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	byNumber := func(x, y incident) int { return cmp.Compare(x.Number, y.Number) }
	byCreation := func(x, y incident) int { return x.CreatedAt.Compare(y.CreatedAt) }
	byUrgency := func(x, y incident) int { return cmp.Compare(x.Urgency, y.Urgency) } // high before low.
	byResolve := func(x, y incident) int {
		if x.ResolvedAt == nil || y.ResolvedAt == nil {
			return cmp.Compare(boolean(x.ResolvedAt == nil), boolean(y.ResolvedAt == nil))
		}
		return x.ResolvedAt.Compare(*y.ResolvedAt)
	}
	down := func(order func(x, y incident) int) func(x, y incident) int {
		return func(x, y incident) int { return -order(x, y) }
	}
	tests := map[string][]func(x, y incident) int{
		"":                             {byNumber},
		"incident_number":              {byNumber},
		"incident_number:desc":         {down(byNumber)},
		"created_at:asc":               {byCreation},
		"created_at:desc":              {down(byCreation)},
		"resolved_at":                  {byResolve},
		"resolved_at:desc":             {down(byResolve)},
		"urgency:desc,created_at:desc": {down(byUrgency), down(byCreation)},
		"urgency,incident_number:desc": {byUrgency, down(byNumber)},
	}
	for sortBy, order := range tests {
		t.Run("sort_by="+sortBy, func(t *testing.T) {
			t.Parallel()
			parameters := []string{"date_range", "all"}
			if sortBy != "" {
				parameters = append(parameters, "sort_by", sortBy)
			}
			got := a.all(t, parameters...)
			if len(got) != a.view.CreatedBefore(now.Unix()+1) {
				t.Fatalf("%d incidents, want all", len(got))
			}
			for i, next := range got[1:] {
				c := order[0](got[i], next)
				if c == 0 && len(order) > 1 {
					c = order[1](got[i], next)
				}
				if c > 0 {
					t.Fatalf("incident %d comes before %d", got[i].Number, next.Number)
				}
			}
		})
	}
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestPriorityIsAReferenceUnlessIncluded(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	plain := a.all(t, "since", "2026-05-01", "until", "2026-07-01")
	full := a.all(t, "since", "2026-05-01", "until", "2026-07-01", "include[]", "priorities")
	with := 0
	for i, one := range plain {
		switch {
		case one.Priority == nil:
			if full[i].Priority != nil {
				t.Errorf("incident %d has a priority only when included", one.Number)
			}
		case one.Priority.Type != "priority_reference" || one.Priority.Name != "" || one.Priority.Summary == "":
			t.Errorf("incident %d has the priority %+v, want a reference with a summary", one.Number, one.Priority)
		case full[i].Priority.Type != "priority" || full[i].Priority.Name != one.Priority.Summary:
			t.Errorf("incident %d has the priority %+v when included, want %s whole", one.Number, full[i].Priority, one.Priority.Summary)
		default:
			with++
		}
	}
	if with == 0 || with == len(plain) {
		t.Errorf("%d of %d incidents have a priority, want some to have none", with, len(plain))
	}
}

// find returns the index of the first incident whose timeline has an event
// that fits, and that event's index.
func find(t *testing.T, view *history.View, fits func(history.Event) bool) (index, event int) {
	t.Helper()
	for i := range view.Incidents {
		if n := slices.IndexFunc(view.Timeline(i), fits); n >= 0 && view.Incidents[i].Created < now.Unix()-90*24*60*60 {
			return i, n
		}
	}
	t.Fatal("no incident has such an event")
	return 0, 0
}

// see returns what an incident looks like some seconds after an event of its.
func (a account) see(t *testing.T, index, event, later int) incident {
	t.Helper()
	inc := &a.view.Incidents[index]
	a.clock.set(time.Unix(inc.At(a.view.Timeline(index)[event]), 0).Add(time.Duration(later) * time.Second))
	return a.get(t, "/incidents/"+inc.ID()).Incident
}

func TestIncidentLooksLikeWhatHadHappened(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	acknowledged := func(e history.Event) bool { return e.Kind == history.Acknowledge && e.After > 30 }
	index, event := find(t, a.view, acknowledged)
	by := a.view.Account.Members[a.view.Timeline(index)[event].By].ID

	before := a.see(t, index, event, -1)
	if before.Status != "triggered" || len(before.Acknowledgements) != 0 || len(before.Assignments) != 1 || before.ResolvedAt != nil {
		t.Errorf("a second before the acknowledgement: %+v", before)
	}
	if !before.ChangedAt.Equal(before.UpdatedAt) {
		t.Errorf("triggered: last_status_change_at is %s, want updated_at, %s", before.ChangedAt, before.UpdatedAt)
	}
	after := a.see(t, index, event, 0)
	if after.Status != "acknowledged" || len(after.Acknowledgements) != 1 || len(after.Assignments) != 1 || after.ResolvedAt != nil {
		t.Errorf("at the acknowledgement: %+v", after)
	}
	if after.ChangedBy.ID != by || !after.ChangedAt.Equal(a.clock.now()) || !after.UpdatedAt.Equal(a.clock.now()) {
		t.Errorf("at the acknowledgement: changed at %s by %s, want now by %s", after.ChangedAt, after.ChangedBy.ID, by)
	}
	if after.Alerts["all"] != 1 || after.Alerts["triggered"] != 1 || after.Alerts["resolved"] != 0 {
		t.Errorf("at the acknowledgement: alerts %v", after.Alerts)
	}
}

func TestResolvedIncidentHasNobodyInCharge(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	index, event := find(t, a.view, func(e history.Event) bool { return e.Kind == history.Resolve })
	got := a.see(t, index, event, 0)
	if got.Status != "resolved" || len(got.Acknowledgements) != 0 || len(got.Assignments) != 0 || got.ResolveReason != nil {
		t.Errorf("resolved: %+v", got)
	}
	if got.ResolvedAt == nil || !got.ResolvedAt.Equal(a.clock.now()) || !got.ChangedAt.Equal(*got.ResolvedAt) {
		t.Errorf("resolved at %v, changed at %s, want now", got.ResolvedAt, got.ChangedAt)
	}
	if got.Alerts["triggered"] != 0 || got.Alerts["resolved"] != got.Alerts["all"] {
		t.Errorf("resolved: alerts %v", got.Alerts)
	}
}

func TestIncidentAppearsWhenItBegins(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	index := 700
	inc := &a.view.Incidents[index]
	a.clock.set(time.Unix(inc.Created-1, 0))
	if got := a.ask(t, "/incidents/"+inc.ID(), "Token token="+testToken); got.status != 404 {
		t.Errorf("a second before: %d, want 404", got.status)
	}
	if got := a.get(t, "/incidents", "sort_by", "created_at:desc").Incidents[0]; got.ID == inc.ID() {
		t.Error("a second before it is in the list")
	}
	a.clock.set(time.Unix(inc.Created, 0))
	if got := a.get(t, "/incidents", "sort_by", "created_at:desc").Incidents[0]; got.ID != inc.ID() || got.Status != "triggered" {
		t.Errorf("at its creation the newest incident is %+v", got)
	}
}

func TestReopenedIncidentIsNotResolved(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	index, event := find(t, a.view, func(e history.Event) bool { return e.Kind == history.Reopen })
	if got := a.see(t, index, event, -1); got.Status != "resolved" || got.ResolvedAt == nil {
		t.Errorf("a second before: %+v, want it resolved", got)
	}
	if got := a.see(t, index, event, 0); got.Status != "triggered" || got.ResolvedAt != nil || len(got.Assignments) != 1 {
		t.Errorf("reopened: %+v, want it triggered and assigned", got)
	}
}

func TestMergedIncidentNamesItsTarget(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	index, event := find(t, a.view, func(e history.Event) bool { return e.Kind == history.Merged })
	target := a.view.Incidents[a.view.Timeline(index)[event].Arg]
	got := a.see(t, index, event, 0)
	if got.Status != "resolved" || got.ResolveReason == nil || got.ResolveReason.Type != "merge_resolve_reason" ||
		got.ResolveReason.Incident.ID != target.ID() || got.Alerts["all"] != 0 {
		t.Errorf("merged: %+v with %+v, want it resolved into %s", got, got.ResolveReason, target.ID())
	}
	if into := a.get(t, "/incidents/"+target.ID()).Incident; into.Alerts["all"] < 2 {
		t.Errorf("the target has %d alerts, want those of the others too", into.Alerts["all"])
	}
}

func TestUrgencyAndPriorityChangeWithTime(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	index, event := find(t, a.view, func(e history.Event) bool { return e.Kind == history.SetUrgency })
	if before, after := a.see(t, index, event, -1), a.see(t, index, event, 0); before.Urgency == after.Urgency {
		t.Errorf("urgency %s before and after its change", before.Urgency)
	}
	index, event = find(t, a.view, func(e history.Event) bool { return e.Kind == history.Prioritise && e.Arg>>4 > 0 })
	if before, after := a.see(t, index, event, -1), a.see(t, index, event, 0); before.Priority.Summary == after.Priority.Summary {
		t.Errorf("priority %s before and after its change", before.Priority.Summary)
	}
}

func TestRespondersJoin(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	index, event := find(t, a.view, func(e history.Event) bool { return e.Kind == history.AcceptHelp })
	before, after := a.see(t, index, event, -1), a.see(t, index, event, 0)
	if len(before.Responders) != 1 || before.Responders[0].State != "pending" {
		t.Errorf("before: responders %+v, want one pending", before.Responders)
	}
	if len(after.Responders) != 1 || after.Responders[0].State != "joined" || !after.Responders[0].UpdatedAt.Equal(a.clock.now()) {
		t.Errorf("after: responders %+v, want one who joined now", after.Responders)
	}
}

func TestAcknowledgementThatLapsesSaysWhen(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	index, event := find(t, a.view, func(e history.Event) bool { return e.Kind == history.Unacknowledge })
	before, after := a.see(t, index, event, -1), a.see(t, index, event, 0)
	if len(before.PendingActions) != 1 || before.PendingActions[0]["at"] != stamp(a.clock.now()) || before.Status != "acknowledged" {
		t.Errorf("before: %s with pending actions %v, want it to lapse at %s", before.Status, before.PendingActions, a.clock.now())
	}
	if len(after.PendingActions) != 0 || len(after.Acknowledgements) != 0 || after.Status != "triggered" {
		t.Errorf("after: %+v, want it triggered again", after)
	}
}
