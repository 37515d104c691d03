package pagerduty_test

import (
	"slices"
	"testing"
	"time"

	pd "github.com/PagerDuty/go-pagerduty"
	gocmp "github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/history"
	"teamhealth/internal/simulator/pagerduty"
)

type window struct {
	Named
	Number   int       `json:"sequence_number"`
	Start    time.Time `json:"start_time"`
	End      time.Time `json:"end_time"`
	Services []Named   `json:"services"`
	Teams    []Named   `json:"teams"`
}

// maintenance reads every page of what matches.
func (a account) maintenance(t *testing.T, parameters ...string) []window {
	t.Helper()
	var all []window
	for {
		got := a.get(t, "/maintenance_windows", append(slices.Clone(parameters), "limit", "100", "offset", itoa(len(all)))...)
		all = append(all, got.Windows...)
		if !got.More {
			return all
		}
	}
}

func TestMaintenanceIsFilteredByStateServiceAndTeam(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	known := a.view.Maintenance(now.Unix())
	middle := known[len(known)/2]
	at := time.Unix((middle.Start+middle.End)/2, 0).UTC()
	a.clock.set(at) // While one is going on.
	everything := a.maintenance(t)
	if diff := gocmp.Diff(everything, a.maintenance(t, "filter", "all")); diff != "" {
		t.Errorf("all is not what there is without a filter:\n%s", diff)
	}
	onService := func(id string) func(window) bool {
		return func(w window) bool {
			return slices.ContainsFunc(w.Services, func(n Named) bool { return n.ID == id })
		}
	}
	tests := map[string]struct {
		parameters []string
		keep       func(window) bool
	}{
		"past":      {[]string{"filter", "past"}, func(w window) bool { return !w.End.After(at) }},
		"future":    {[]string{"filter", "future"}, func(w window) bool { return w.Start.After(at) }},
		"ongoing":   {[]string{"filter", "ongoing"}, func(w window) bool { return !w.Start.After(at) && w.End.After(at) }},
		"open":      {[]string{"filter", "open"}, func(w window) bool { return w.End.After(at) }},
		"a service": {[]string{"service_ids[]", "PMYSQL2"}, onService("PMYSQL2")},
		"a team":    {[]string{"team_ids[]", "oncall"}, func(w window) bool { return w.Teams[0].ID == "oncall" }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := slices.DeleteFunc(slices.Clone(everything), func(w window) bool { return !test.keep(w) })
			if diff := gocmp.Diff(want, a.maintenance(t, test.parameters...)); diff != "" || len(want) == 0 {
				t.Errorf("windows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestClientReadsMaintenance(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	client := pd.NewClient(testToken, pd.WithAPIEndpoint(a.url))
	got, err := client.ListMaintenanceWindowsWithContext(t.Context(), pd.ListMaintenanceWindowsOptions{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range a.view.Maintenance(now.Unix()) {
		if i == len(got.MaintenanceWindows) {
			break
		}
		one := got.MaintenanceWindows[i]
		if one.ID != w.ID() || one.StartTime != stamp(time.Unix(w.Start, 0).UTC()) || one.EndTime != stamp(time.Unix(w.End, 0).UTC()) ||
			len(one.Services) != len(w.Services) || one.Services[0].ID != a.view.Account.Services[w.Services[0]].ID {
			t.Errorf("window %d is %+v, want %+v", i, one, w)
		}
	}
}

type notice struct {
	Named
	StartedAt time.Time `json:"started_at"`
	Address   string    `json:"address"`
	User      Named     `json:"user"`
}

// TestNotificationsAreThoseOfTheTimelines counts a month of them by type.
func TestNotificationsAreThoseOfTheTimelines(t *testing.T) {
	t.Parallel()
	a := serve(t, pagerduty.Options{})
	from, until := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	want := map[string]int{}
	names := map[history.Via]string{
		history.ByPush: "push_notification", history.ByPhone: "phone_notification",
		history.BySMS: "sms_notification", history.ByEmail: "email_notification",
	}
	for _, ref := range a.view.Log[a.view.LoggedBefore(from.Unix()):a.view.LoggedBefore(until.Unix())] {
		if event := a.view.Timeline(int(ref.Incident))[ref.Event]; event.Kind == history.Notify {
			want[names[event.Via]]++
		}
	}
	bounds := []string{"since", stamp(from), "until", stamp(until), "total", "true", "limit", "100"}
	sum := 0
	for kind, n := range want {
		got := a.get(t, "/notifications", append(slices.Clone(bounds), "filter", kind)...)
		if *got.Total != n || got.Notices[0].Type != kind || (got.Notices[0].Address == "") != (kind == "push_notification") {
			t.Errorf("%d of type %s, want %d: %+v", *got.Total, kind, n, got.Notices[0])
		}
		sum += n
	}
	all := a.get(t, "/notifications", bounds...)
	if *all.Total != sum || len(want) != 4 {
		t.Errorf("%d in all, want %d of four types", *all.Total, sum)
	}
	if !slices.IsSortedFunc(all.Notices, func(x, y notice) int { return y.StartedAt.Compare(x.StartedAt) }) {
		t.Error("they do not come newest first")
	}
	client := pd.NewClient(testToken, pd.WithAPIEndpoint(a.url))
	read, err := client.ListNotificationsWithContext(t.Context(), pd.ListNotificationOptions{Limit: 100, Since: stamp(from), Until: stamp(until)})
	if err != nil || len(read.Notifications) != 100 || read.Notifications[0].User.ID != all.Notices[0].User.ID {
		t.Errorf("ListNotifications: %v", err)
	}
}
