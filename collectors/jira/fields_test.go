package jira_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors/jira"
)

func TestFieldsAreFoundByTheirNameOrId(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		configured []string
		want       []jira.FieldProblem
		text       string
	}{
		"by name":              {configured: []string{"PagerDuty Incident"}},
		"by name in any case":  {configured: []string{"pagerduty incident"}},
		"by id":                {configured: []string{"customfield_10102"}},
		"by untranslated name": {configured: []string{"Root cause"}},
		"a name that two fields bear": {
			configured: []string{"Severity"},
			want:       []jira.FieldProblem{{Name: "Severity", Matches: 2, Candidates: []string{"Severity (customfield_10102)", "Severity (customfield_10103)"}}},
			text:       `Jira has 2 fields "Severity": Severity (customfield_10102), Severity (customfield_10103): write the id of the one that is meant`,
		},
		"a name that is nearly right": {
			configured: []string{"Incident"},
			want:       []jira.FieldProblem{{Name: "Incident", Candidates: []string{"PagerDuty Incident (customfield_10101)"}}},
			text:       `Jira has no field "Incident", but PagerDuty Incident (customfield_10101)`,
		},
		"all that is wrong at once": {
			configured: []string{"Nonsense", "Affected services", "Services"},
			want: []jira.FieldProblem{
				{Name: "Nonsense"},
				{Name: "Services", Candidates: []string{"Affected services (customfield_10104)"}},
			},
			text: `Jira has no field "Nonsense", or the token's account may not see it; Jira has no field "Services", but Affected services (customfield_10104)`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, true)
			r.fields = append(r.fields, "no field", object{"id": nil}, object{"id": "customfield_1", "name": "Ursache", "untranslatedName": "Root cause"})
			r.opts.Fields = test.configured
			r.add("1", begun, begun)
			err := r.collect(t)
			if test.text == "" {
				wantError(t, err, "")
				return
			}
			var unknown *jira.FieldError
			if !errors.As(err, &unknown) {
				t.Fatalf("error %v, want a *FieldError", err)
			}
			if diff := cmp.Diff(test.want, unknown.Fields); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.text, err.Error()); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			if len(r.memory.batches) > 0 || r.asked("search/jql") > 0 {
				t.Error("the cycle went on")
			}
		})
	}
}

func TestNoFieldsAreListedWhereNoneIsConfigured(t *testing.T) {
	t.Parallel()
	r := newRig(t, true)
	r.add("1", begun, begun)
	r.mustCollect(t)
	if got := r.asked("/field"); got != 0 {
		t.Errorf("fields were listed %d times", got)
	}
}
