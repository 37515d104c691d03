package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTargetsThatNoValueMissesOrMeetsAreWarnedOf(t *testing.T) {
	t.Parallel()
	const never, always = "no value can meet it", "no value can miss it"
	for name, tt := range map[string]struct{ objective, want string }{
		"more than all of them":               {"id: incident_response, direction: above, target: 1", never},
		"all of them":                         {"id: incident_response, target: 1", ""},
		"at most all of them":                 {"id: incident_response, direction: at_most, target: 1", always},
		"at least none of them":               {"id: incident_response, target: 0", always},
		"more than none of them":              {"id: incident_response, direction: above, target: 0", ""},
		"none of them":                        {"id: incident_response, direction: at_most, target: 0", ""},
		"fewer than none of them":             {"id: incident_response, direction: below, target: 0", never},
		"none at least of a count":            {"id: tech_talks, target: 0", always},
		"fewer than none of a count":          {"id: tech_talks, direction: below, target: 0", never},
		"a great count":                       {"id: tech_talks, direction: above, target: 1000", ""},
		"a burden may be above all of time":   {"id: oncall_burden, direction: above, target: 1", ""},
		"a burden is not negative":            {"id: oncall_burden, target: 0", never},
		"more may leave than there were":      {"id: retention, direction: below, target: 0", ""},
		"nobody can leave less than nobody":   {"id: retention, direction: at_most, target: 1", always},
		"days are not negative":               {"id: time_to_productivity, target: 0", never},
		"a score may be anything":             {"id: employee_satisfaction, direction: below, target: 0", ""},
		"no target":                           {"id: incident_response, target: null", ""},
		"one that the team has is no number":  {"id: rotation_size, direction: above, target: rotation.size", ""},
		"what was written of it last decides": {"id: postmortem_completion, direction: above", never},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, w := range parse(t, minimal+"objectives:\n  - {"+tt.objective+"}\n").Warnings() {
				got = append(got, w.Problem)
				if w.Line != 5 || w.Path != "objectives[0].target" || w.Hint == "" {
					t.Errorf("the warning is %q, want one at the objective with a hint", w)
				}
			}
			var want []string
			if tt.want != "" {
				want = []string{tt.want}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
	if warnings := parse(t, minimal).Warnings(); len(warnings) > 0 {
		t.Errorf("the built-in rubric has %v", warnings)
	}
}
