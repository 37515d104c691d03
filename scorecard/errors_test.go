package scorecard_test

import (
	"testing"

	"teamhealth/scorecard"
)

func TestErrorsNameTheThingAndWhatToDo(t *testing.T) {
	t.Parallel()
	teams := []string{"org", "mysql", "mongodb", "oncall"}
	tests := map[string]struct {
		err  error
		want string
	}{
		"one letter too many suggests the team": {
			&scorecard.UnknownError{Kind: "team", ID: "mysqll", Known: teams},
			`unknown team "mysqll" (did you mean "mysql"?)`,
		},
		"another case suggests the team": {
			&scorecard.UnknownError{Kind: "team", ID: "MongoDB", Known: teams},
			`unknown team "MongoDB" (did you mean "mongodb"?)`,
		},
		"the nearer of two is suggested": {
			// incident_responses is 1 edit from the second, 2 from the first.
			&scorecard.UnknownError{Kind: "objective", ID: "incident_responses", Known: []string{"incident_responders", "incident_response"}},
			`unknown objective "incident_responses" (did you mean "incident_response"?)`,
		},
		"nothing near lists what there is": {
			&scorecard.UnknownError{Kind: "team", ID: "payments", Known: teams},
			`unknown team "payments" (known: org, mysql, mongodb, oncall)`,
		},
		"three edits are too many for a name of five letters": {
			&scorecard.UnknownError{Kind: "team", ID: "mabcl", Known: []string{"mysql"}},
			`unknown team "mabcl" (known: mysql)`,
		},
		"an empty id suggests nothing": {
			&scorecard.UnknownError{Kind: "team", Known: teams},
			`unknown team "" (known: org, mysql, mongodb, oncall)`,
		},
		"where there is none, none is said": {
			&scorecard.UnknownError{Kind: "parameter", ID: "team"},
			`unknown parameter "team" (known: none)`,
		},
		"a bad value is quoted": {
			&scorecard.ParameterError{Parameter: "period", Value: "2026-Q5", Allowed: "2026-Q1 to 2026-Q4"},
			`period "2026-Q5" is not valid (allowed: 2026-Q1 to 2026-Q4)`,
		},
		"a value that is known is said to be out of place": {
			&scorecard.ParameterError{Parameter: "objective", Value: "retention", Why: "is on the organisation's card only", Allowed: "those on this card: a, b"},
			`objective "retention" is on the organisation's card only (allowed: those on this card: a, b)`,
		},
		"what is known to be left out is not guessed at": {
			&scorecard.UnknownError{Kind: "objective", ID: "retention", Why: "is disabled by the configuration", Known: []string{"retentions"}},
			`objective "retention" is disabled by the configuration`,
		},
		"a missing value is said to be missing": {
			&scorecard.ParameterError{Parameter: "objective", Allowed: "the id of an objective"},
			`objective needs a value (allowed: the id of an objective)`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.err.Error(); got != tt.want {
				t.Errorf("Error() = %s, want %s", got, tt.want)
			}
		})
	}
}
