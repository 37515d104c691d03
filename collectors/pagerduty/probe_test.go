package pagerduty_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors/pagerduty"
)

func (r *rig) probe(t *testing.T) ([]string, error) {
	t.Helper()
	collector, err := pagerduty.New(r.opts)
	if err != nil {
		t.Fatal(err)
	}
	return collector.Probe(t.Context())
}

// refusing answers a path in the account's place.
func refusing(path string, code int, body any) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != path {
			return false
		}
		send(w, code, body)
		return true
	}
}

func TestProbeAsksForLittleAndKeepsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.addIncident("Q1", begun.Add(-time.Minute), time.Time{})
	r.opts.Services = map[string][]string{"mysql": {"PSVC1"}}
	r.opts.Teams = []string{"PTEAM2"}
	if warnings, err := r.probe(t); err != nil || len(warnings) > 0 {
		t.Fatalf("warnings %q, error %v", warnings, err)
	}
	asked := r.asked()
	want := []string{
		"/services", "/teams", "/users", "/priorities", "/escalation_policies", "/maintenance_windows",
		"/incidents", "/log_entries", "/oncalls",
	}
	if diff := cmp.Diff(want, paths(asked)); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	for _, u := range asked[2:] {
		if got := u.Query().Get("limit"); got != "1" {
			t.Errorf("%s: limit %q, want 1", u.Path, got)
		}
	}
	for _, u := range asked[6:8] { // What the token may read of other teams does not matter.
		if got := u.Query()["team_ids[]"]; !slices.Equal(got, []string{"PTEAM2"}) {
			t.Errorf("%s: teams %q, want PTEAM2", u.Path, got)
		}
	}
	if len(r.memory.batches) > 0 {
		t.Error("something was kept")
	}
}

func TestProbeEndsAsACycleWould(t *testing.T) {
	t.Parallel()
	refusal := object{"error": object{"message": "no", "code": 2010}}
	for name, test := range map[string]struct {
		arrange func(*rig)
		want    string
	}{
		"a wrong token":          {func(r *rig) { r.intercept = refusing("/services", 401, refusal) }, "PagerDuty refuses the token"},
		"a wrong site":           {func(r *rig) { r.intercept = refusing("/services", 404, refusal) }, "check url"},
		"an unknown service":     {func(r *rig) { r.opts.Services = map[string][]string{"mysql": {"PSVC9"}} }, "PagerDuty has no service PSVC9 (team mysql)"},
		"an unknown team":        {func(r *rig) { r.opts.Teams = []string{"PTEAM9"} }, "PagerDuty has no team PTEAM9"},
		"users that are refused": {func(r *rig) { r.intercept = refusing("/users", 403, refusal) }, "list one PagerDuty user"},
		"incidents that are refused": {
			func(r *rig) { r.intercept = refusing("/incidents", 403, refusal) }, "list one PagerDuty incident",
		},
		"log entries that are refused": {
			func(r *rig) { r.intercept = refusing("/log_entries", 402, refusal) }, "list one PagerDuty log_entry",
		},
		"an answer without the list": {func(r *rig) { r.intercept = refusing("/users", 200, object{}) }, "list one PagerDuty user"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			test.arrange(r)
			if _, err := r.probe(t); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			if err := r.collect(t); err == nil {
				t.Error("a cycle does not end with an error")
			}
		})
	}
}

func TestProbeWarnsOfWhatACycleGoesWithout(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/teams":               "teams cannot be read, so that nobody can tell whether those that are configured exist: ",
		"/priorities":          "priorities cannot be read, so that no incident has a priority: ",
		"/escalation_policies": "escalation_policies cannot be read, so that rows about rotations know no escalation policy: ",
		"/maintenance_windows": "maintenance_windows cannot be read, so that maintenance counts as downtime: ",
		"/oncalls":             "oncalls cannot be read, so that rows about rotations have no data: ",
	} {
		for _, code := range []int{402, 403, 404} {
			t.Run(path[1:]+" "+http.StatusText(code), func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				r.opts.Teams = []string{"PTEAM1"}
				r.intercept = refusing(path, code, object{"error": object{"message": "Not for you"}})
				warnings, err := r.probe(t)
				if err != nil || len(warnings) != 1 || !strings.HasPrefix(warnings[0], want) || !strings.Contains(warnings[0], "Not for you") {
					t.Errorf("warnings %q, error %v, want one that begins with %q", warnings, err, want)
				}
				r.mustCollect(t)
			})
		}
	}
}
