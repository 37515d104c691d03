package storetest

import (
	"context"
	"testing"

	"teamhealth/internal/facts"
)

func referenceTests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"reference data comes back in order":                    referencesInOrder,
		"the last form of a service holds, and none is removed": lastFormHolds,
		"what the last form does not tell is as it was before":  fillsFormerForm,
		"a policy names the schedules of its last form":         lastSchedulesHold,
		"known services are those that were saved":              knownServices,
		"a service without an id is an error":                   serviceWithoutID,
		"records are counted by kind and source":                countedRecords,
		"a store takes room":                                    takesRoom,
	}
}

func referencesInOrder(t *testing.T, s Store) {
	services := []facts.Service{{ID: "P1", Name: "MySQL", Status: "active", EscalationPolicy: "E1", URL: "https://x/P1"}, {ID: "P2"}}
	teams := []facts.Team{{ID: "T1", Name: "MySQL Team"}, {ID: "T2"}}
	users := []facts.User{{ID: "U1", TimeZone: "Europe/Berlin"}, {ID: "U2"}}
	priorities := []facts.Priority{{ID: "PZ", Name: "P1"}, {ID: "PA", Name: "P2", Rank: 1}}
	policies := []facts.EscalationPolicy{
		{
			ID: "E1", Name: "MySQL", Levels: 3, URL: "https://x/E1",
			Schedules: []facts.PolicySchedule{{Level: 1, ID: "S1"}, {Level: 2, ID: "S9", Unlisted: true}},
		}, {ID: "E2"},
	}
	schedules := []facts.Schedule{{ID: "S1", Name: "weekly", TimeZone: "Europe/Berlin", ShiftBased: true, URL: "https://x/S1"}, {ID: "S2"}}
	save(t, s, facts.Batch{
		Policies:   []facts.EscalationPolicy{policies[1], policies[0]},
		Schedules:  []facts.Schedule{schedules[1], schedules[0]},
		Services:   []facts.Service{services[1], services[0]},
		Teams:      []facts.Team{teams[1], teams[0]},
		Users:      []facts.User{users[1], users[0]},
		Priorities: []facts.Priority{priorities[1], priorities[0]},
	})
	want(t, "content", contentOf(t, s), content{
		Services: services, Teams: teams, Users: users, Priorities: priorities,
		Policies: policies, Schedules: schedules, Active: []string{},
		Records: map[string]int{"service": 2, "team": 2, "user": 2, "priority": 2, "escalation_policy": 2, "schedule": 2},
	})
}

func lastFormHolds(t *testing.T, s Store) {
	save(t, s,
		facts.Batch{Services: []facts.Service{{ID: "P1", Name: "old"}, {ID: "P2"}}},
		facts.Batch{Services: []facts.Service{{ID: "P1", Name: "new", Status: "disabled"}}})
	want(t, "services", got(s.Services(context.Background()))(t),
		[]facts.Service{{ID: "P1", Name: "new", Status: "disabled"}, {ID: "P2"}})
}

func fillsFormerForm(t *testing.T, s Store) {
	whole := facts.Service{ID: "P1", Name: "MySQL", Status: "active", EscalationPolicy: "E1", URL: "https://x/P1"}
	user := facts.User{ID: "U1", TimeZone: "Europe/Berlin"}
	save(t, s,
		facts.Batch{Services: []facts.Service{whole}, Users: []facts.User{user}, Policies: []facts.EscalationPolicy{{ID: "E1", Name: "MySQL", Levels: 3}}},
		facts.Batch{
			Services: []facts.Service{{ID: "P1", Status: "disabled"}}, Users: []facts.User{{ID: "U1"}},
			Policies: []facts.EscalationPolicy{{ID: "E1"}},
		})
	whole.Status = "disabled"
	ctx := context.Background()
	want(t, "services", got(s.Services(ctx))(t), []facts.Service{whole})
	want(t, "users", got(s.Users(ctx))(t), []facts.User{user})
	want(t, "policies", got(s.Policies(ctx))(t), []facts.EscalationPolicy{{ID: "E1", Name: "MySQL"}}) // No level is a number.
}

func lastSchedulesHold(t *testing.T, s Store) {
	policy := func(schedules ...facts.PolicySchedule) facts.Batch {
		return facts.Batch{Policies: []facts.EscalationPolicy{{ID: "E1", Levels: 1, Schedules: schedules}}}
	}
	one, other := facts.PolicySchedule{Level: 1, ID: "S1", Unlisted: true}, facts.PolicySchedule{Level: 1, ID: "S2"}
	for _, step := range [][]facts.PolicySchedule{{one}, {one, other}, {other}, nil} {
		save(t, s, policy(step...))
		want(t, "policies", got(s.Policies(context.Background()))(t), policy(step...).Policies)
	}
}

func knownServices(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, facts.Batch{Services: []facts.Service{{ID: "P1"}, {ID: "P2"}}})
	want(t, "known services", got(s.KnownServices(ctx, []string{"P2", "P3"}))(t), map[string]bool{"P2": true})
}

func serviceWithoutID(t *testing.T, s Store) {
	b := facts.Batch{Teams: []facts.Team{{ID: "T1"}}, Services: []facts.Service{{ID: "P1"}, {Name: "nameless"}}}
	if err := s.Save(context.Background(), facts.PagerDuty, b); err == nil {
		t.Fatal("a service without an id was taken")
	}
	wantNothing(t, s)
}

func countedRecords(t *testing.T, s Store) {
	ctx := context.Background()
	page := facts.Batch{
		Services: []facts.Service{{ID: "P1"}}, Incidents: []facts.Incident{incident("Q1", 1), incident("Q2", 1)},
		Entries: []facts.Entry{entry("Q1", "R1", 3), entry("Q1", "R2", 1), entry("Q2", "R1", 1)},
	}
	save(t, s, page, page, incidents(incident("Q1", 2)), entries(entry("Q1", "R1", 1)))
	want(t, "records", got(s.Records(ctx, facts.PagerDuty))(t), map[string]int{"service": 1, "incident": 2, "log_entry": 3})
	want(t, "records of another source", got(s.Records(ctx, facts.Jira))(t), map[string]int{})
}

func takesRoom(t *testing.T, s Store) {
	if size := got(s.Size(context.Background()))(t); size <= 0 {
		t.Fatalf("the size is %d", size)
	}
}
