package documents_test

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"teamhealth/config"
	"teamhealth/internal/generate/documents"
	"teamhealth/internal/measures"
	"teamhealth/scorecard"
)

// rubricOf is the rubric of the example configuration with some objectives put in.
func rubricOf(t *testing.T, objectives string) scorecard.Rubric {
	t.Helper()
	return exampleOf(t, objectives).Rubric
}

func exampleOf(t *testing.T, objectives string) *config.Config {
	t.Helper()
	name := filepath.Join("..", "..", "..", "config", "example.yml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse(name, []byte(strings.Replace(string(text), "\nobjectives:\n", "\nobjectives:\n"+objectives, 1)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func pagesOf(r scorecard.Rubric) map[string]string {
	pages := map[string]string{}
	for _, f := range documents.Files(&r) {
		pages[f.Path] = string(f.Content)
	}
	return pages
}

// sectionOf returns what is below a heading, up to the next one of its level or above.
func sectionOf(page, heading string) string {
	_, text, _ := strings.Cut(page, "\n"+heading+"\n")
	level, _, _ := strings.Cut(heading, " ")
	end := regexp.MustCompile(`(?m)^#{1,` + string(rune('0'+len(level))) + `} `).FindStringIndex(text)
	if end != nil {
		text = text[:end[0]]
	}
	return text
}

func TestEveryMeasureHasAPageThatSaysAllThereIs(t *testing.T) {
	t.Parallel()
	pages := pagesOf(rubricOf(t, ""))
	for _, id := range scorecard.Measures() {
		page, ok := pages["measures/"+string(id)+".md"]
		if !ok {
			t.Errorf("%s has no page", id)
			continue
		}
		m, _ := measures.Of(id)
		wanted := map[string][]string{
			"## Formula":                {m.Reading},
			"## Population":             {m.Population},
			"## The organisation's row": {m.Org},
			"## Evidence":               {m.Evidence},
			"## Where it comes from":    {m.Origin},
		}
		for _, c := range m.Classes {
			wanted["## Population"] = append(wanted["## Population"], "| `"+c.Word+"` |")
		}
		for _, p := range m.Parameters {
			wanted["## Parameters"] = append(wanted["## Parameters"], "| `"+p.Key+"` |", p.Meaning)
		}
		for _, d := range m.Details {
			wanted["## Details"] = append(wanted["## Details"], "| `"+d.Key+"` |", d.Meaning)
		}
		for _, s := range m.Sources {
			wanted["## Sources"] = append(wanted["## Sources"], "| `"+string(s.Name)+"` | "+s.Reads)
		}
		wanted["## Sources"] = append(wanted["## Sources"], m.Needs...)
		for _, c := range m.Caveats {
			wanted["## Caveats"] = append(wanted["## Caveats"], "| "+c.Sentence+" | "+c.Meaning+" |")
		}
		for heading, parts := range wanted {
			for _, part := range parts {
				if !strings.Contains(sectionOf(page, heading), part) {
					t.Errorf("%s does not say under %q: %s", id, heading, part)
				}
			}
		}
	}
	if len(pages) != len(scorecard.Measures())+1 {
		t.Errorf("%d pages", len(pages))
	}
}

func TestEveryObjectiveHasASectionInTheRubricsOrder(t *testing.T) {
	t.Parallel()
	rubric := rubricOf(t, "")
	pages := pagesOf(rubric)
	page, last := pages["objectives.md"], 0
	for _, o := range rubric.Objectives {
		at := strings.Index(page, "\n### "+o.ID+"\n")
		if at < last {
			t.Errorf("%s is not in its place", o.ID)
		}
		last = at
		section := sectionOf(page, "### "+o.ID)
		for _, part := range []string{
			"**" + o.Title + "**", "> " + o.Quote, o.Interpretation, o.Remediation, measures.Formula(o), "measures/" + string(o.Measure) + ".md",
		} {
			if !strings.Contains(section, part) {
				t.Errorf("the section of %s does not say %q:\n%s", o.ID, part, section)
			}
		}
		used := "../objectives.md#" + o.ID + ")"
		if measure := pages["measures/"+string(o.Measure)+".md"]; !strings.Contains(measure, used) {
			t.Errorf("the page of %s does not link %s", o.Measure, o.ID)
		}
	}
	if n := strings.Count(page, "\n### "); n != len(rubric.Objectives) {
		t.Errorf("%d sections of %d objectives", n, len(rubric.Objectives))
	}
}

func TestTheSectionOfAnObjectiveSaysWhatItsKeysSay(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		objective string
		want      []string
	}{
		"everything": {
			"{id: own, measure: coverage, of: runbook, max_age: 90d, target: 0.75, direction: above, scope: [team], lines: [sre], weight: 2.5, min_n: 3}",
			[]string{
				"Target: above 0.75, as `ratio`", "For: teams, line `sre`", "`of: runbook`, `max_age: 90d`",
				"Weight: 2.5; judged from 3 items on", "Sources: `jira`", "Window: the card's period",
			},
		},
		"no target": {
			"{id: own, measure: retention, window: trailing_year, scope: [org]}",
			[]string{"Target: none, tracked", "Window: the 12 months before the card's end", "For: the organisation\n", "Sources: none but the configuration"},
		},
		"the target of the team": {
			"{id: own, measure: rotation_size, target: rotation.size, requires: rotation.24x7, direction: at_most}",
			[]string{"Target: at most `rotation.size` of the team", "with `rotation.24x7`"},
		},
		"a year of records": {
			"{id: own, measure: record_count, metric: books, window: year, direction: below, target: 9}",
			[]string{"Target: below 9, as `count`", "Window: the fiscal year of the card's end", "`metric: books`"},
		},
		"words that would break the page": {
			`{id: own, measure: retention, title: "a | b [c]", quote: "one\n# two"}`,
			[]string{`**a \| b \[c\]**`, "> one # two\n"},
		},
		"a plan": {
			"{id: own, measure: hiring_plan, plan: [{period: 2026-Q1, count: 1}, {period: 2026-Q2, count: 1}]}",
			[]string{"`plan: 2 entries`"},
		},
		"a text with a backtick": {
			"{id: own, measure: events, good: \"sum(increase(a{b=`c`}[1h]))\", total: \"sum(increase(d[1h]))\"}",
			[]string{"`` good: sum(increase(a{b=`c`}[1h])) ``", "Sources: `prometheus`"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			section := sectionOf(pagesOf(rubricOf(t, "  - "+tt.objective+"\n"))["objectives.md"], "### own")
			for _, part := range tt.want {
				if !strings.Contains(section, part) {
					t.Errorf("the section does not say %q:\n%s", part, section)
				}
			}
		})
	}
}

// Cards of a month leave out what the sections say that they leave out.
func TestSectionsSayOnWhichCardsThereIsARow(t *testing.T) {
	t.Parallel()
	policy := exampleOf(t, "").Policy()
	page, now := pagesOf(policy.Rubric)["objectives.md"], time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	only := map[string]bool{}
	for _, o := range policy.Rubric.Objectives {
		only[o.ID] = strings.Contains(sectionOf(page, "### "+o.ID), "on cards of quarters and years only")
	}
	for period, isLong := range map[string]bool{"2026-08": false, "28d": false, "2026-Q3": true, "2025": true} {
		p, err := policy.Calendar.ParsePeriod(period, now)
		if err != nil {
			t.Fatal(err)
		}
		cards := scorecard.Compute(scorecard.Input{Policy: policy, Period: p, AsOf: now})
		for _, o := range policy.Rubric.Objectives {
			has := slices.ContainsFunc(cards, func(c scorecard.Card) bool { return c.Row(o.ID) != nil })
			if has != (isLong || !only[o.ID]) {
				t.Errorf("a card of %s has a row for %s: %t; only quarters and years, its section says: %t", period, o.ID, has, only[o.ID])
			}
		}
	}
}

func TestAMeasureWithoutObjectivesSaysSo(t *testing.T) {
	t.Parallel()
	page := pagesOf(scorecard.Rubric{})["measures/retention.md"]
	if !strings.Contains(page, "No objective of the rubric is measured by it") {
		t.Errorf("the page of a measure without objectives:\n%s", page)
	}
}

var linkForm = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// Links lead to pages that are generated or committed, and to headings that these have.
func TestLinksAndAnchorsResolve(t *testing.T) {
	t.Parallel()
	pages, links := pagesOf(rubricOf(t, "")), 0
	anchors := map[string][]string{}
	for name, page := range pages {
		anchors[name] = anchorsOf(page)
	}
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		for _, found := range linkForm.FindAllStringSubmatch(pages[name], -1) {
			links++
			file, anchor, _ := strings.Cut(found[1], "#")
			target := name
			if file != "" {
				target = path.Join(path.Dir(name), file)
			}
			if anchors[target] == nil {
				committed, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", target))
				if err != nil {
					t.Errorf("%s links %s: %v", name, found[1], err)
				}
				anchors[target] = anchorsOf(string(committed))
			}
			if anchor != "" && !slices.Contains(anchors[target], anchor) {
				t.Errorf("%s links %s, and there is no such heading", name, found[1])
			}
		}
	}
	if links < 200 {
		t.Errorf("found %d links", links)
	}
}

// anchorsOf lists the anchors that GitHub gives the headings of a page, by its
// published rule: lower case, what is neither letter, digit, space, hyphen nor
// underscore taken out, spaces to hyphens.
func anchorsOf(page string) []string {
	var anchors []string
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(page, -1) {
		anchor := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(heading[1]), "")
		anchors = append(anchors, strings.ReplaceAll(anchor, " ", "-"))
	}
	return anchors
}
