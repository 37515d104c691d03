package jira_test

import (
	"net/http"
	"slices"
	"testing"

	"teamhealth/internal/simulator/jira"
)

func TestCloudLooksUpProjects(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{})
	for name, test := range map[string]struct {
		query []string
		want  []string
		total int
		last  bool
	}{
		"all":               {nil, []string{"DRE", "SRE"}, 2, true},
		"one by its id":     {[]string{"id", "10101"}, []string{"SRE"}, 1, true},
		"two by their ids":  {[]string{"id", "10101", "id", "10100", "maxResults", "50"}, []string{"DRE", "SRE"}, 2, true},
		"one that is none":  {[]string{"id", "7"}, nil, 0, true},
		"a page of several": {[]string{"startAt", "1", "maxResults", "1"}, []string{"SRE"}, 2, true},
		"the first of them": {[]string{"maxResults", "1"}, []string{"DRE"}, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var page struct {
				Total  int
				IsLast bool
				Values []struct{ Key string }
			}
			s.get(t, &page, "/rest/api/2/project/search", test.query...)
			var keys []string
			for _, p := range page.Values {
				keys = append(keys, p.Key)
			}
			if !slices.Equal(keys, test.want) || page.Total != test.total || page.IsLast != test.last {
				t.Errorf("%+v, want %v of %d", page, test.want, test.total)
			}
		})
	}
}

func TestDataCenterHasNoSearchForProjects(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{Mode: jira.DataCenter})
	if got := s.ask(t, "GET", "/rest/api/2/project/search", ""); got.status != http.StatusNotFound {
		t.Errorf("%d %s, want 404", got.status, got.body)
	}
}
