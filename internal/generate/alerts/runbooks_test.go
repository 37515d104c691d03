package alerts_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"teamhealth/internal/generate/generatetest"
	"teamhealth/scorecard"
)

// sectionsOf returns the sections of the second level, by their headings.
func sectionsOf(page string) map[string]string {
	sections := map[string]string{}
	for _, part := range strings.Split(page, "\n## ")[1:] {
		heading, text, _ := strings.Cut(part, "\n")
		sections[heading] = text
	}
	return sections
}

// anchorsOf lists the anchors that GitHub gives the headings of a page, by its
// published rule: lower case, what is neither letter, digit, space, hyphen nor
// underscore taken out, spaces to hyphens.
func anchorsOf(page string) []string {
	var anchors []string
	for heading := range sectionsOf(page) {
		anchor := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(heading), "")
		anchors = append(anchors, strings.ReplaceAll(anchor, " ", "-"))
	}
	return anchors
}

func TestEveryAlertHasARunbookAndNothingElseDoes(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	out := generated(t, p, s)
	sections := sectionsOf(out[runbooksPath])
	for _, name := range out.alerts(t) {
		section, ok := sections[name]
		if !ok {
			t.Errorf("%s has no section", name)
		}
		for _, part := range []string{"What it means", "How to check", "What to do", "How to silence", "What silence means"} {
			_, text, _ := strings.Cut(section, "### "+part+"\n")
			text, _, _ = strings.Cut(text, "\n### ")
			if len(strings.Fields(text)) < 10 {
				t.Errorf("the section of %s says next to nothing under %q: %q", name, part, text)
			}
		}
		if !strings.Contains(section, "alertname="+name) {
			t.Errorf("the section of %s has no command that silences it", name)
		}
		delete(sections, name)
	}
	for heading := range sections {
		t.Errorf("the section %q is about no alert", heading)
	}
}

var explainForm = regexp.MustCompile(`(?m)^teamhealth explain (\S+) --team=(\S+) --period=(\S+)$`)

func TestRunbooksExplainRowsThatExist(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	commands := explainForm.FindAllStringSubmatch(generated(t, p, s)[runbooksPath], -1)
	if len(commands) < 5 {
		t.Fatalf("found %d explain commands", len(commands))
	}
	now := time.Date(2026, time.August, 15, 12, 0, 0, 0, time.UTC)
	for _, c := range commands {
		period, err := p.Calendar.ParsePeriod(c[3], now)
		if err != nil {
			t.Errorf("%s: %v", c[0], err)
		}
		if _, err := scorecard.EvidenceFor(scorecard.Input{Policy: p, Period: period, AsOf: now}, c[1], c[2]); err != nil {
			t.Errorf("%s: %v", c[0], err)
		}
	}
}

var queryBlock = regexp.MustCompile("(?s)```promql\n(.*?)\n```")

func TestQueriesOfRunbooksNameOnlyWhatIsExported(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	out := generated(t, p, s)
	made := recorded(t, out.rules(t))
	queries := queryBlock.FindAllStringSubmatch(out[runbooksPath], -1)
	if len(queries) < 20 {
		t.Fatalf("found %d queries", len(queries))
	}
	for _, q := range queries {
		generatetest.CheckNames(t, q[1], made)
	}
}

func TestRunbooksShowTheRules(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	out := generated(t, p, s)
	sections := sectionsOf(out[runbooksPath])
	for _, r := range out.rules(t) {
		shown := queryBlock.FindAllStringSubmatch(sections[r.Alert], 1)
		if r.Alert != "" && (len(shown) == 0 || shown[0][1] != r.Expression) {
			t.Errorf("the section of %s does not begin with its rule", r.Alert)
		}
	}
}

func TestTheListOfAlertsLinksTheirRunbooks(t *testing.T) {
	t.Parallel()
	p, s := example(t)
	out := generated(t, p, s)
	anchors := anchorsOf(out[runbooksPath])
	links := regexp.MustCompile(`\]\(\.\./docs/runbooks\.md#([^)]*)\)`).FindAllStringSubmatch(out["README.md"], -1)
	if len(links) != len(out.alerts(t)) {
		t.Errorf("%d links, want one for each alert", len(links))
	}
	for _, l := range links {
		if !slices.Contains(anchors, l[1]) {
			t.Errorf("%s is no section of the runbooks", l[1])
		}
	}
}
