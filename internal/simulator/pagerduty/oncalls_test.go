package pagerduty_test

import (
	"cmp"
	"net/http"
	"slices"
	"testing"
	"time"

	pd "github.com/PagerDuty/go-pagerduty"
	gocmp "github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
)

type onCall struct {
	User     Named      `json:"user"`
	Schedule *Named     `json:"schedule"`
	Policy   Named      `json:"escalation_policy"`
	Level    int        `json:"escalation_level"`
	Start    *time.Time `json:"start"`
	End      *time.Time `json:"end"`
}

// onCalls reads every page of what matches.
func (a account) onCalls(t *testing.T, parameters ...string) []onCall {
	t.Helper()
	var all []onCall
	for {
		got := a.get(t, "/oncalls", append(slices.Clone(parameters), "limit", "100", "offset", itoa(len(all)))...)
		all = append(all, got.OnCalls...)
		if !got.More {
			return all
		}
	}
}

func TestNowThreeLevelsOfEachTeamAreOnCall(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	got := a.onCalls(t)
	if len(got) != 6*3 {
		t.Fatalf("%d rows, want three levels of each of six teams: %v", len(got), got)
	}
	for i, row := range got {
		level, team := i%3+1, a.view.Account.Teams[i/3]
		if row.Level != level || row.Policy.ID != team.Policy {
			t.Errorf("row %d is of %s, level %d, want %s, %d", i, row.Policy.ID, row.Level, team.Policy, level)
		}
		if level == 3 {
			if row.Start != nil || row.End != nil || row.Schedule != nil || row.User.ID != team.Users[0].ID {
				t.Errorf("level 3 of %s is %+v, want its lead for good", team.ID, row)
			}
			continue
		}
		if row.Start.After(now) || !row.End.After(now) || row.Schedule.ID != "S"+team.Policy+itoa(level) {
			t.Errorf("level %d of %s is %+v, want a shift that lasts", level, team.ID, row)
		}
	}
	at := a.view.Account.Shifts(0, 1, now.Unix(), now.Unix()+1)[0]
	if got[0].User.ID != a.view.Account.Members[at.Who].ID || got[0].Start.Unix() != at.Start || got[0].End.Unix() != at.End {
		t.Errorf("the first is %+v, want %+v whole", got[0], at)
	}
}

func TestOnCallsFollowTheirParameters(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	from, until := now.AddDate(0, -3, 0), now.AddDate(0, 1, 0)
	bounds := []string{"since", stamp(from), "until", stamp(until)}
	everything := a.onCalls(t, bounds...)
	someone := everything[0].User.ID
	tests := map[string]struct {
		parameters []string
		keep       func(onCall) bool
	}{
		"a user":                  {[]string{"user_ids[]", someone}, func(o onCall) bool { return o.User.ID == someone }},
		"a policy":                {[]string{"escalation_policy_ids[]", "EONCALL"}, func(o onCall) bool { return o.Policy.ID == "EONCALL" }},
		"a schedule":              {[]string{"schedule_ids[]", "SEMYSQL2"}, func(o onCall) bool { return o.Schedule != nil && o.Schedule.ID == "SEMYSQL2" }},
		"whoever has no schedule": {[]string{"schedule_ids[]", "null"}, func(o onCall) bool { return o.Schedule == nil }},
		"a policy and a user": {[]string{"escalation_policy_ids[]", "EMYSQL", "user_ids[]", someone}, func(o onCall) bool {
			return o.Policy.ID == "EMYSQL" && o.User.ID == someone
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := slices.DeleteFunc(slices.Clone(everything), func(o onCall) bool { return !test.keep(o) })
			if diff := gocmp.Diff(want, a.onCalls(t, append(test.parameters, bounds...)...)); diff != "" || len(want) == 0 {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
	for _, row := range everything {
		if row.Start != nil && (!row.Start.Before(until) || !row.End.After(from)) {
			t.Errorf("%+v does not overlap what was asked for", row)
		}
	}
	if first := everything[0]; !first.Start.Before(from) {
		t.Errorf("the first shift begins at %s, want it whole: before %s", first.Start, from)
	}
}

func TestEarliestKeepsOneOfEachPolicyLevelAndUser(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	bounds := []string{"since", stamp(now), "until", stamp(now.AddDate(0, 2, 0))}
	type key struct {
		policy, user string
		level        int
	}
	first := map[key]onCall{}
	for _, row := range a.onCalls(t, bounds...) {
		k := key{row.Policy.ID, row.User.ID, row.Level}
		if known, seen := first[k]; !seen || row.Start != nil && row.Start.Before(*known.Start) {
			first[k] = row
		}
	}
	got := a.onCalls(t, append(bounds, "earliest", "true")...)
	if len(got) != len(first) {
		t.Errorf("%d rows, want %d", len(got), len(first))
	}
	for _, row := range got {
		if diff := gocmp.Diff(first[key{row.Policy.ID, row.User.ID, row.Level}], row); diff != "" {
			t.Errorf("row (-want +got):\n%s", diff)
		}
	}
}

func TestOnCallsBeyondTheirReachAreNotTold(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	last := now.AddDate(0, 0, 90)
	ahead := a.onCalls(t, "since", stamp(now), "until", stamp(now.AddDate(1, 0, 0)), "schedule_ids[]", "SEMYSQL2")
	if end := ahead[len(ahead)-1]; !end.Start.Before(last) || end.End.Before(last) {
		t.Errorf("the last shift is from %s to %s, want the one in 90 days, %s", end.Start, end.End, last)
	}
	if rows := a.onCalls(t, "since", stamp(last), "until", stamp(last.AddDate(0, 0, 7))); len(rows) != 0 {
		t.Errorf("%d rows of what is more than 90 days ahead", len(rows))
	}
	begin := time.Unix(a.view.Since, 0)
	if rows := a.onCalls(t, "since", stamp(begin.AddDate(-1, 0, 0)), "until", stamp(begin)); len(rows) != 0 {
		t.Errorf("%d rows of before the account's history", len(rows))
	}
}

// TestOnCallsAreThoseOfTheHistory reads a year as the client does, and puts the
// shifts of each level together.
func TestOnCallsAreThoseOfTheHistory(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	client := pd.NewClient(testToken, pd.WithAPIEndpoint(a.url))
	options := pd.ListOnCallOptions{
		Limit: 100, Since: stamp(now.AddDate(-1, 0, 0)), Until: stamp(now), EscalationPolicyIDs: []string{"EMYSQL"}, TimeZone: "UTC",
	}
	var got []history.Shift
	permanent := 0
	for {
		page, err := client.ListOnCallsWithContext(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.OnCalls {
			switch {
			case row.Start == "":
				permanent++
			case row.EscalationLevel == 1 && row.Schedule.ID == "SEMYSQL1":
				got = append(got, a.shift(t, row.User.ID, row.Start, row.End))
			}
		}
		if !page.More {
			break
		}
		options.Offset += options.Limit
	}
	want := a.view.Account.Shifts(0, 1, now.AddDate(-1, 0, 0).Unix(), now.Unix())
	for i := range want {
		want[i].Swapped = false
	}
	if diff := gocmp.Diff(want, got); diff != "" || permanent != 1 {
		t.Errorf("%d permanent rows, want 1; shifts (-want +got):\n%s", permanent, diff)
	}
}

// shift reads what the wire tells of one.
func (a account) shift(t *testing.T, user, start, end string) history.Shift {
	t.Helper()
	from, errFrom := time.Parse(time.RFC3339, start)
	until, errUntil := time.Parse(time.RFC3339, end)
	who := slices.IndexFunc(a.view.Account.Members, func(m history.Member) bool { return m.ID == user })
	if err := cmp.Or(errFrom, errUntil); err != nil || who < 0 {
		t.Fatalf("shift of %q from %q to %q: %v", user, start, end, err)
	}
	return history.Shift{Who: history.Actor(who), Start: from.Unix(), End: until.Unix()}
}

func TestOnCallsMayHaveALimitOfTheirOwn(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{RateLimit: 100, OnCallLimit: 2})
	expect := func(path string, status int, limit string) {
		t.Helper()
		got := a.ask(t, path, "Token token="+testToken)
		if got.status != status || got.header.Get("ratelimit-limit") != limit {
			t.Errorf("GET %s: %d with a limit of %s, want %d with %s", path, got.status, got.header.Get("ratelimit-limit"), status, limit)
		}
	}
	expect("/oncalls", http.StatusOK, "2")
	expect("/oncalls", http.StatusOK, "2")
	expect("/oncalls", http.StatusTooManyRequests, "2")
	expect("/abilities", http.StatusOK, "100")
	a.clock.set(now.Add(time.Minute))
	expect("/oncalls", http.StatusOK, "2")
}
