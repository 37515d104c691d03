package jira_test

import (
	"encoding/json"
	"strings"
	"testing"

	"teamhealth/internal/simulator/jira"
)

func TestTextsAreTrees(t *testing.T) {
	t.Parallel()
	jql := []string{"jql", "issuetype = Post-mortem", "fields", "description", "maxResults", "100"}
	count := func(s site, path string) (texts, trees int) {
		var page issues
		s.get(t, &page, path, jql...)
		for _, one := range page.Issues {
			if _, ok := one.Fields["description"].(string); ok {
				texts++
			} else if text(one.Fields["description"], "type") == "doc" {
				trees++
			}
		}
		return texts, trees
	}
	if texts, trees := count(serve(t, jira.Options{}), "/rest/api/2/search/jql"); texts != 100 || trees != 0 {
		t.Errorf("version 2 has %d texts and %d trees, want texts alone", texts, trees)
	}
	if texts, trees := count(serve(t, jira.Options{}), "/rest/api/3/search/jql"); texts != 0 || trees != 100 {
		t.Errorf("version 3 has %d texts and %d trees, want trees alone", texts, trees)
	}
	if texts, trees := count(serve(t, jira.Options{Documents: true}), "/rest/api/2/search/jql"); texts == 0 || trees == 0 {
		t.Errorf("with documents version 2 has %d texts and %d trees, want both", texts, trees)
	}
	if texts, trees := count(serve(t, jira.Options{Mode: jira.DataCenter, Documents: true}), "/rest/api/2/search"); texts != 100 || trees != 0 {
		t.Errorf("Data Center has %d texts and %d trees, want texts alone", texts, trees)
	}
}

// TestTreeHoldsWhatTheTextSays compares the kinds of nodes of a post-mortem.
func TestTreeHoldsWhatTheTextSays(t *testing.T) {
	t.Parallel()
	s := serve(t, jira.Options{})
	var page issues
	s.get(t, &page, "/rest/api/3/search/jql", "jql", `issuetype = Post-mortem AND description ~ "incidents" AND description ~ "h2."`, "fields", "description", "maxResults", "1")
	encoded, err := json.Marshal(page.Issues[0].Fields["description"])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"type":"heading"`, `"level":2`, `"type":"inlineCard"`, `"url":"https://example.pagerduty.com/incidents/Q`, `"type":"bulletList"`, `"type":"listItem"`, `"text":"Impact"`} {
		if !strings.Contains(string(encoded), want) {
			t.Errorf("the tree has no %s: %s", want, encoded)
		}
	}
	if strings.Contains(string(encoded), "h2.") {
		t.Errorf("the tree has marks of headings: %s", encoded)
	}
}
