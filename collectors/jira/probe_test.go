package jira_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors/jira"
)

func TestProbeFindsWhatACycleWouldFind(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arrange func(*rig)
		want    string
	}{
		"all is well":       {func(*rig) {}, ""},
		"a wrong token":     {func(r *rig) { r.answering("myself", status(401, "no")) }, "check token_file"},
		"an unknown field":  {func(r *rig) { r.opts.Fields = []string{"Severity"} }, `2 fields "Severity"`},
		"an unbounded JQL":  {func(r *rig) { r.opts.JQL = "" }, "jql is unbounded"},
		"an ORDER BY alone": {func(r *rig) { r.opts.JQL = "order by created" }, "jql is unbounded"},
		"an unknown project": {func(r *rig) {
			r.answering("search/jql", status(400, "The value 'X' does not exist for the field 'project'."))
		}, "check jql"},
		"Data Center's search on Cloud": {func(r *rig) { r.opts.Flavor = jira.FlavorDataCenter }, "set flavor to cloud or auto"},
		"a Data Center token on Cloud": {func(r *rig) {
			r.opts.Email = ""
			r.answering("myself", status(401, "no"))
		}, "Jira Cloud knows an API token by its account: set email; a Data Center token does not work there"},
		"a Data Center token that Cloud cannot parse": {func(r *rig) {
			r.opts.Email, r.opts.Flavor = "", jira.FlavorCloud
			r.answering("serverInfo", status(403, "Failed to parse Connect Session Auth Token"))
		}, "set email"},
		"a Data Center token that Cloud cannot parse, of a flavor that is not known yet": {func(r *rig) {
			r.opts.Email = ""
			r.answering("serverInfo", status(403, "Failed to parse Connect Session Auth Token"))
		}, "Jira Cloud takes an API token, together with email"},
		"a Data Center token that is anonymous on Cloud": {func(r *rig) {
			r.opts.Email = ""
			r.answering("serverInfo", body(`{"deploymentType": "Cloud"}`, "X-Seraph-LoginReason", "AUTHENTICATED_FAILED"))
		}, "set email; a Data Center token does not work there"},
		"a login page that says so": {func(r *rig) {
			r.answering("serverInfo", body("<html>", "X-Seraph-LoginReason", "AUTHENTICATION_DENIED"))
		}, "AUTHENTICATION_DENIED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, true)
			r.add("1", begun, begun)
			test.arrange(r)
			_, err := r.collector(t).Probe(t.Context())
			wantError(t, err, test.want)
			if len(r.memory.batches) > 0 {
				t.Error("something was kept")
			}
			if err := r.collect(t); (err == nil) != (test.want == "") {
				t.Errorf("a cycle ends with %v", err)
			}
		})
	}
}

func TestProbeWarnsOfAJQLThatFindsNothing(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		warnings, err := r.collector(t).Probe(t.Context())
		wantError(t, err, "")
		if diff := cmp.Diff([]string{"the jql finds no issue that the token's account may see"}, warnings); diff != "" {
			t.Errorf("warnings without an issue (-want +got):\n%s", diff)
		}
		r.add("1", begun, begun)
		if warnings, err = r.collector(t).Probe(t.Context()); err != nil || len(warnings) > 0 {
			t.Errorf("with an issue: warnings %q, error %v", warnings, err)
		}
	})
}

func TestWhatIsWrongWithTheJQLIsToldApart(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		jql    string
		status int
		want   bool
	}{
		"it has no condition":      {jql: "ORDER BY created", status: 200, want: true},
		"it has no end":            {jql: "(project = DRE", status: 200, want: true},
		"the site refuses it":      {jql: "project = NONE", status: 400, want: true},
		"the site fails otherwise": {jql: "project = DRE", status: 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, true)
			r.opts.JQL = test.jql
			r.answering("search/jql", status(test.status, "The value 'NONE' does not exist for the field 'project'."))
			_, err := r.collector(t).Probe(t.Context())
			var jql *jira.JQLError
			if err == nil || errors.As(err, &jql) != test.want {
				t.Errorf("error %v; that it is a *JQLError: want %v", err, test.want)
			}
		})
	}
}

func TestProbeAsksForOneIssueOfTheJQLAlone(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		if _, err := r.collector(t).Probe(t.Context()); err != nil {
			t.Fatal(err)
		}
		last := r.requests[len(r.requests)-1].query
		want := []string{"(project in (DRE, SRE)) ORDER BY created ASC, key ASC", "1"}
		if diff := cmp.Diff(want, []string{last.Get("jql"), last.Get("maxResults")}); diff != "" {
			t.Errorf("the search (-want +got):\n%s", diff)
		}
	})
}
