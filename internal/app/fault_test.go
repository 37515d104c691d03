package app_test

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/internal/simulator/faults"
)

// menu is everything that can go wrong for a while without leaving a trace.
func menu() []faults.Fault {
	return []faults.Fault{
		{Kind: faults.TooMany, Rate: 0.3},
		{Kind: faults.TooManyBare, Rate: 0.3},
		{Kind: faults.ServerError, Rate: 0.4},
		{Kind: faults.BadGateway, Rate: 0.4},
		{Kind: faults.Unavailable, Rate: 0.4},
		{Kind: faults.Truncated, Rate: 0.3},
		{Kind: faults.HTML, Rate: 0.1},
		{Kind: faults.Empty, Rate: 0.1},
		{Kind: faults.Slow, Rate: 0.02},
		{Kind: faults.Reset, Rate: 0.3},
		{Kind: faults.ResetMidway, Rate: 0.3},
		{Kind: faults.Drift, Rate: 1},
		{Kind: faults.EndlessMore, Rate: 0.2},
		{Kind: faults.Null, Rate: 1, Fields: harmless()},
		{Kind: faults.Missing, Rate: 1, Fields: harmless()},
		{Kind: faults.Odd, Rate: 1, Fields: unread()},
		{Kind: faults.Null, Rate: 1, Fields: needed(), Spare: answers()},
		{Kind: faults.Missing, Rate: 1, Fields: needed(), Spare: answers()},
		{Kind: faults.Odd, Rate: 1, Fields: needed()},
		// What is told of who was on call counts for good a day later.
		{Kind: faults.Null, Rate: 1, Fields: onCalls(), Spare: answers(), Until: evaluatedAt.Add(20 * time.Hour)},
		{Kind: faults.Missing, Rate: 1, Fields: onCalls(), Spare: answers(), Until: evaluatedAt.Add(20 * time.Hour)},
		{Kind: faults.Odd, Rate: 1, Fields: onCalls(), Until: evaluatedAt.Add(20 * time.Hour)},
		{Kind: faults.PaymentRequired, Rate: 1, Paths: []string{"/teams", "/priorities", "/maintenance_windows"}},
		{Kind: faults.PaymentRequired, Rate: 1, Paths: []string{"/escalation_policies", "/oncalls"}},
		{Kind: faults.PaymentRequired, Rate: 0.2},
		{Kind: faults.Forbidden, Rate: 1, Paths: []string{"/priorities", "/schedules", "/v3/schedules", "/oncalls"}},
		{Kind: faults.Forbidden, Rate: 1, Paths: []string{"/users"}},
		{Kind: faults.Forbidden, Rate: 1, Paths: []string{"/incidents/*", "/incidents/*/log_entries"}},
		{Kind: faults.Forbidden, Rate: 0.2},
	}
}

// unread are fields that no fact is made of.
func unread() []string {
	return []string{
		"incidents.assignments", "incidents.acknowledgements", "incidents.alert_counts", "incidents.is_mergeable",
		"incidents.pending_actions", "incidents.incident_key", "incidents.teams", "incidents.escalation_policy",
		"incidents.first_trigger_log_entry", "incidents.summary", "incidents.self", "incidents.assigned_via",
		"incidents.incident_type", "incidents.responder_requests", "incidents.type", "incidents.service.summary",
		"incident.assignments", "incident.alert_counts", "incident.teams", "incident.first_trigger_log_entry",
		"log_entries.event_details", "log_entries.channel.type", "log_entries.channel.summary",
		"log_entries.channel.notification.address", "log_entries.teams", "log_entries.contexts", "log_entries.summary",
		"log_entries.acknowledgement_timeout", "log_entries.changed_actions", "log_entries.self", "log_entries.html_url",
		"log_entries.agent.summary", "log_entries.incident.summary", "log_entries.incident.type",
		"services.integrations", "services.teams", "services.description", "services.created_at", "services.alert_creation",
		"teams.description", "users.name", "users.email", "users.role", "users.job_title", "users.teams",
		"escalation_policies.services", "escalation_policies.num_loops", "escalation_policies.escalation_rules.targets",
		"schedules.users", "schedules.escalation_policies", "maintenance_windows.description", "maintenance_windows.teams",
		"maintenance_windows.created_by", "maintenance_windows.sequence_number", "oncalls.user.summary",
		"oncalls.schedule.summary", "oncalls.escalation_policy.summary", "limit", "offset",
	}
}

// harmless are fields without which the facts are the same, because nothing is
// made of them or because something else says the same.
func harmless() []string {
	return append(unread(), "services.name", "escalation_policies.name", "schedules.name", "log_entries.channel.type", "total", "more")
}

// needed are the items of every list but one, and what facts are made of within them.
func needed() []string {
	return []string{
		"services.*", "services.escalation_policy.*", "teams.*", "users.*", "priorities.*", "escalation_policies.*", "schedules.*",
		"maintenance_windows.*", "maintenance_windows.services.*",
		"incidents.*", "incidents.service.*", "incidents.priority.*", "incidents.resolve_reason.*", "incidents.resolve_reason.incident.*",
		"incidents.last_status_change_by.*", "incidents.incidents_responders.*", "incidents.incidents_responders.user.*",
		"incident.*", "incident.service.*", "incident.priority.*", "incident.resolve_reason.*", "incident.incidents_responders.*",
		"log_entries.*", "log_entries.agent.*", "log_entries.user.*", "log_entries.incident.*", "log_entries.service.*",
		"log_entries.assignees.*", "log_entries.channel.notification.*", "log_entries.channel.changeset.application_fields.*",
	}
}

// onCalls are the items of the remaining list.
func onCalls() []string {
	return []string{"oncalls.*", "oncalls.user.*", "oncalls.escalation_policy.*", "oncalls.schedule.*"}
}

// answers are fields of which null, or nothing, is an answer: no priority, not
// merged, nobody asked to help or told to be in charge, on call without end. Nobody can tell
// it from the truth.
func answers() []string {
	return []string{
		"incidents.priority", "incidents.resolve_reason", "incidents.incidents_responders",
		"incident.priority", "incident.resolve_reason", "incident.incidents_responders",
		"log_entries.assignees", "log_entries.channel.changeset.application_fields.old_value", "oncalls.start", "oncalls.end",
	}
}

// TestFaultsThatEndChangeNoByteOfAnyCard tries mixes of everything that can go
// wrong; the long form tries each thing by itself, too. A seed that fails is
// tried again with
//
//	TEAMHEALTH_SOAK=<more than the seed> go test ./internal/app -run 'TestFaultsThatEnd/mixes/^seed_<seed>$'
func TestFaultsThatEndChangeNoByteOfAnyCard(t *testing.T) {
	t.Parallel()
	base := newSetting(t)
	o := ordeal{
		stage: func(t *testing.T, _ uint64) *stage { t.Helper(); return base.stage(t) },
		menu:  menu(), mix: func(seed uint64) []faults.Fault { return faults.Mix(seed, menu(), 600) }, few: 8,
	}
	o.want, _ = base.stage(t).live(t, 0, nil)
	o.tryMixes(t)
	for i, f := range menu() {
		if soaking() {
			t.Run(fmt.Sprintf("alone, fault %d, %s", i, f.Kind), func(t *testing.T) {
				t.Parallel()
				f.Requests = 300
				if struck := o.try(t, uint64(i), []faults.Fault{f}); len(struck) == 0 {
					t.Errorf("%+v struck nothing", f)
				}
			})
		}
	}
}

// TestWhatArrivesDuringACycleIsJudgedAfterIt lets time run while a cycle reads.
// What comes then may be kept in part, and so must not be seen yet.
func TestWhatArrivesDuringACycleIsJudgedAfterIt(t *testing.T) {
	t.Parallel()
	base := newSetting(t)
	start := evaluatedAt.Add(26 * time.Hour)
	still := base.readStage(t)
	still.now.Store(start.Unix())
	must(t, still.cycle(t))
	want := still.cardsAsOf(t, start)
	for _, pace := range []time.Duration{time.Second, 11 * time.Minute, 70 * time.Minute} {
		t.Run(pace.String(), func(t *testing.T) {
			t.Parallel()
			s := base.readStage(t)
			s.pace = int64(pace / time.Second)
			s.now.Store(start.Unix())
			x := s.suffer(t, 0, []faults.Fault{{Kind: faults.Drift, Rate: 1}})
			must(t, s.cycle(t))
			if n := x.Struck()[faults.Drift]; n < 10 {
				t.Errorf("the clock moved %d times only", n)
			}
			if diff := cmp.Diff(want, s.cardsAsOf(t, start)); diff != "" {
				t.Errorf("cards as of the cycle's start differ (-clock stood +clock ran):\n%s", diff)
			}
			states, err := s.store.Sources(context.Background())
			must(t, err)
			if got := states[0].DataAsOf; !got.Equal(start) {
				t.Errorf("the data is as of %v, want the cycle's start, %v", got, start)
			}
		})
	}
}

// TestItemsThatCannotBeUnderstoodAreLeftOutUntilTheyCan takes from many log
// entries what makes them one. The others are kept as they would be, and those
// are read once they are told.
func TestItemsThatCannotBeUnderstoodAreLeftOutUntilTheyCan(t *testing.T) {
	t.Parallel()
	base := newSetting(t)
	plain := base.readStage(t)
	records, err := plain.store.Records(context.Background(), facts.PagerDuty)
	must(t, err)
	plain.now.Add(6 * 60)
	must(t, plain.cycle(t))
	later, err := plain.store.Records(context.Background(), facts.PagerDuty)
	must(t, err)
	for _, kind := range []faults.Kind{faults.Null, faults.Missing, faults.Odd} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s := base.stage(t)
			s.suffer(t, 5, []faults.Fault{{
				Kind: kind, Rate: 1, Paths: []string{"/log_entries"}, Fields: []string{"log_entries.id", "log_entries.created_at"},
			}})
			must(t, s.cycle(t))
			left := int(s.skipped.Load())
			s.requireRecords(t, records, left, []string{facts.KindSomeIncidents})
			if left < 100 {
				t.Errorf("only %d log entries were struck", left)
			}
			s.injector.Store(nil)
			s.now.Add(6 * 60)
			must(t, s.cycle(t))
			s.requireRecords(t, later, 0, nil)
		})
	}
}

// requireRecords compares what is kept with what is there, less some log
// entries, and what the last cycle says that it was told badly.
func (s *stage) requireRecords(t *testing.T, there map[string]int, left int, unread []string) {
	t.Helper()
	got, err := s.store.Records(context.Background(), facts.PagerDuty)
	must(t, err)
	want := maps.Clone(there)
	want["log_entry"] -= left
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records with %d left out (-want +got):\n%s", left, diff)
	}
	states, err := s.store.Sources(context.Background())
	must(t, err)
	if diff := cmp.Diff(unread, states[0].Unread); diff != "" {
		t.Errorf("told badly (-want +got):\n%s", diff)
	}
}
