package scorecard_test

import (
	"testing"

	"teamhealth/scorecard"
)

func TestNearestFindsWhatWasMeant(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		word  string
		known []string
		want  string
	}{
		"a letter too many":                  {"mysqll", []string{"mongodb", "mysql"}, "mysql"},
		"a letter missing":                   {"servces", []string{"services"}, "services"},
		"another letter":                     {"organisation", []string{"organization"}, "organization"},
		"two letters swapped":                {"jria", []string{"id", "line", "jira"}, "jira"},
		"the first of two as near":           {"lime", []string{"line", "time"}, "line"},
		"the nearer of two":                  {"teams", []string{"team", "teams"}, "teams"},
		"capitals do not matter":             {"TOKEN_FILE", []string{"token_env", "token_file"}, "token_file"},
		"a word too far away is not meant":   {"colour", []string{"id", "name", "line"}, ""},
		"a short word has one letter wrong":  {"dee", []string{"dre"}, "dre"},
		"a short word with two is not meant": {"abe", []string{"dre"}, ""},
		"nothing is known":                   {"x", nil, ""},
		"nothing is asked":                   {"", []string{"line"}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := scorecard.Nearest(c.word, c.known)
			if got != c.want || ok != (c.want != "") {
				t.Errorf("Nearest(%q, %q) = %q, %t; want %q", c.word, c.known, got, ok, c.want)
			}
		})
	}
}
