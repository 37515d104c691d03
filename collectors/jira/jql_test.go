package jira_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTheJQLIsPutInParenthesesWithoutItsOrder(t *testing.T) {
	t.Parallel()
	// 35 days before the history's beginning to the clock: 35 + 214 days and 10
	// hours are 359,160 minutes, and one for the way.
	const bound = ` AND updated >= "-359161m" ORDER BY created ASC, key ASC`
	for name, test := range map[string]struct{ jql, want string }{
		"a condition":                        {"project in (DRE, SRE)", "(project in (DRE, SRE))" + bound},
		"an OR stays together":               {"project = A OR labels = b", "(project = A OR labels = b)" + bound},
		"an ORDER BY goes":                   {"project = A ORDER BY updated DESC", "(project = A)" + bound},
		"in any case and over two lines":     {"project = A\norder\n  by updated", "(project = A)" + bound},
		"right behind a parenthesis":         {"(project = A)ORDER BY updated", "((project = A))" + bound},
		"right behind a quotation":           {`project = "A"order by updated`, `(project = "A")` + bound},
		"an order in quotation marks stays":  {`summary ~ "order by phone"`, `(summary ~ "order by phone")` + bound},
		"and in single ones":                 {`summary ~ 'the order by phone'`, `(summary ~ 'the order by phone')` + bound},
		"an escaped mark ends no quotation":  {`summary ~ "say \" order by phone"`, `(summary ~ "say \" order by phone")` + bound},
		"a field whose name has it stays":    {"reorder byte = 3", "(reorder byte = 3)" + bound},
		"an order without by is a condition": {"order = 3", "(order = 3)" + bound},
		"a parenthesis in a quotation":       {`summary ~ ":)"`, `(summary ~ ":)")` + bound},
		"letters of other scripts":           {"project = Übung ORDER BY rang", "(project = Übung)" + bound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, false)
			r.opts.JQL = test.jql
			r.add("1", begun, begun)
			r.mustCollect(t)
			if diff := cmp.Diff(test.want, r.requests[len(r.requests)-1].query.Get("jql")); diff != "" {
				t.Errorf("jql (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAJQLThatMeansTheWholeSiteIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ jql, want string }{
		"none":                                   {"", "jql is unbounded"},
		"blanks":                                 {" \n", "jql is unbounded"},
		"an order":                               {"ORDER BY created", "jql is unbounded"},
		"one that leaves its parentheses":        {"project = A) OR (project = B", "no partner"},
		"a parenthesis too many":                 {"project in (A, B", "no partner"},
		"a quotation that does not end":          {`project = "A`, "no partner"},
		"an order that hides in a parenthesis":   {"(project = A ORDER BY created", "no partner"},
		"an order behind one that was left open": {`project = "A ORDER BY created`, "no partner"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, false)
			r.opts.JQL = test.jql
			wantError(t, r.collect(t), test.want)
			if len(r.requests) > 0 {
				t.Error("Jira was asked all the same")
			}
		})
	}
}

func TestTheSearchNamesItsFieldsAndAsksForTheHistory(t *testing.T) {
	t.Parallel()
	flavors(t, func(t *testing.T, r *rig) {
		r.opts.Fields = []string{"PagerDuty Incident", "Affected services"}
		r.add("1", begun, begun.Add(-time.Hour))
		r.mustCollect(t)
		query := r.requests[len(r.requests)-1].query
		want := []string{
			"summary,issuetype,project,status,statuscategorychangedate,resolution,created,updated,resolutiondate,duedate," +
				"labels,components,assignee,creator,reporter,issuelinks,parent,description,customfield_10101,customfield_10104",
			"changelog", "100",
		}
		got := []string{query.Get("fields"), query.Get("expand"), query.Get("maxResults")}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("what is asked for (-want +got):\n%s", diff)
		}
	})
}

func FuzzJQL(f *testing.F) {
	for _, seed := range []string{"project = A ORDER BY b", `a ~ "(\"" ORDER BY`, "a) OR (b", "((", `'`, "orderby", "order by", ") order by"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, jql string) {
		r := newRig(t, false)
		r.opts.JQL = jql
		if _, err := r.collector(t).Probe(t.Context()); err != nil {
			return
		}
		depth := 0
		sent := r.requests[len(r.requests)-1].query.Get("jql")
		condition, ok := cutAffixes(sent, "(", ") ORDER BY created ASC, key ASC")
		if !ok || condition == "" {
			t.Fatalf("%q became %q", jql, sent)
		}
		quote, escaped := rune(0), false
		for _, c := range condition {
			switch {
			case escaped:
				escaped = false
			case quote != 0:
				escaped = c == '\\'
				if c == quote {
					quote = 0
				}
			case c == '"' || c == '\'':
				quote = c
			case c == '(':
				depth++
			case c == ')':
				depth--
			}
			if depth < 0 {
				t.Fatalf("%q leaves its parentheses in %q", jql, sent)
			}
		}
		if depth != 0 || quote != 0 {
			t.Fatalf("%q is not closed in %q", jql, sent)
		}
	})
}

// cutAffixes returns text without what it begins and ends with.
func cutAffixes(text, prefix, suffix string) (string, bool) {
	text, begins := strings.CutPrefix(text, prefix)
	text, ends := strings.CutSuffix(text, suffix)
	return text, begins && ends
}
