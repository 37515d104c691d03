package scorecard_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/scorecard"
)

// inWiki, inMarkdown, inBold and underlined are the ways to write a heading.
func inWiki(title string) string     { return "h2. " + title }
func inMarkdown(title string) string { return "## " + title }
func inWikiBold(title string) string { return "*" + title + "*" }
func inBold(title string) string     { return "**" + title + "**" }
func underlined(title string) string { return title + "\n------" }

// postmortem is the text of a complete one.
func postmortem(heading func(string) string) string {
	parts := []string{
		heading("Summary"), "Orders could not be placed.",
		heading("Impact"), "2% of the orders of an hour.",
		heading("Timeline (UTC)"), "* 10:05 the alert fires\n* 10:07 acknowledged\n* 10:31 resolved",
		heading("Root cause"), "The pool was too small.",
		heading("Detection"), "By an alert.",
		heading("Resolution"), "The pool was enlarged.",
		heading("Lessons learned"), "Alerts on the pool came late.",
		heading("Action items"), "They are linked.",
	}
	return strings.Join(parts, "\n\n")
}

func TestCompletePostmortemHasEverySectionInEveryStyle(t *testing.T) {
	t.Parallel()
	for name, heading := range map[string]func(string) string{
		"wiki markup": inWiki, "Markdown": inMarkdown, "bold in wiki markup": inWikiBold, "bold": inBold, "underlined": underlined,
		"underlined twice":             func(title string) string { return title + "\n===" },
		"bold with underscores":        func(title string) string { return "__" + title + "__" },
		"bold before a colon":          func(title string) string { return "*" + title + "*:" },
		"bold with a colon":            func(title string) string { return "**" + title + ":**" },
		"in capitals, numbered":        func(title string) string { return "h1. 2. " + strings.ToUpper(title) },
		"Markdown, closed, emphasised": func(title string) string { return "### **" + title + "** ###" },
		"coloured wiki markup":         func(title string) string { return "h3. {color:#ff0000}" + title + "{color}" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := postmortem(heading)
			for _, ends := range []string{text, strings.ReplaceAll(text, "\n", "\r\n"), text + "\n"} {
				if got := scorecard.MissingSections(ends, ""); len(got) > 0 {
					t.Errorf("%q has no content of its own in %q", got, ends)
				}
			}
			// The seven sections that have text; the action items are tickets.
			if got := scorecard.FilledSections(text, ""); got != 7 {
				t.Errorf("%d sections are filled, want 7", got)
			}
			// A form that is equal leaves nothing.
			if got := scorecard.FilledSections(text, postmortem(inWiki)); got != 0 {
				t.Errorf("%d sections are filled where the form says the same, want none", got)
			}
		})
	}
}

// Each case is the section Impact of a text in Markdown that has no other.
func TestSectionHasContentOfItsOwn(t *testing.T) {
	t.Parallel()
	const template = "## Impact\n\n* Who noticed what, for how long?\n* How many of them?\n\n## Summary\n\nWhat happened?\n"
	tests := map[string]struct {
		body string
		want bool
	}{
		"a sentence":                              {"2% of the orders failed.", true},
		"a number":                                {"17", true},
		"words that are not Latin":                {"订单失败", true},
		"nothing":                                 {"", false},
		"white space":                             {" \t\u00a0\n\n", false},
		"TBD":                                     {"TBD", false},
		"TBD as an item, emphasised":              {"- [ ] *tbd*.", false},
		"TBD as a numbered item":                  {"1. TBD", false},
		"TBD between underscores":                 {"_TBD_", false},
		"dots":                                    {"...", false},
		"an ellipsis":                             {"…", false},
		"an ellipsis between underscores":         {"_…_", false},
		"a question mark":                         {"?", false},
		"a hint between underscores":              {"_Who noticed it?_", false},
		"two words between underscores":           {"_Everybody_ and _nobody_", true},
		"only what is to be filled in":            {"* ...\n* TBD\n----", false},
		"TBD before a sentence":                   {"TBD\n2% of the orders failed.", true},
		"TBD within a sentence":                   {"The number is TBD.", true},
		"a comment":                               {"<!-- Who noticed\nwhat? -->", false},
		"a macro":                                 {"{panel}\n{panel}", false},
		"coloured TBD":                            {"{color:red}TBD{color}", false},
		"the form":                                {"* Who noticed what, for how long?\n* How many of them?", false},
		"the form, in other lines and letters":    {"- who noticed what,\n  FOR how long? How many of them?", false},
		"the form and TBD":                        {"* Who noticed what, for how long?\nTBD\n* How many of them?", false},
		"a part of the form":                      {"* How many of them?", false},
		"the form and a sentence":                 {"* Who noticed what, for how long?\nNobody did.", true},
		"the form of another section":             {"What happened?", true},
		"a lower heading is no content":           {"### Customers", false},
		"below a lower heading":                   {"### Customers\nAll of them.", true},
		"below a bold line":                       {"**Customers**\nAll of them.", true},
		"a bold sentence":                         {"**All of them.**", true},
		"below a heading of the same level":       {"## Customers\nAll of them.", false},
		"below a higher heading":                  {"# Customers\nAll of them.", false},
		"below an underlined heading":             {"\nCustomers\n-----\nAll of them.", false},
		"a paragraph above a ruler":               {"It was all of them,\nfor an hour.\n---", true},
		"an item above a ruler":                   {"\n- all of them\n---", true},
		"code":                                    {"```\n# the pool\nsize = 1\n```", true},
		"below code that looks like a heading":    {"```\n# Root cause\n```\nAll of them.", true},
		"a heading of several stands for each":    {"## Impact and detection\nAll of them.", true},
		"a longer word does not name the section": {"## Impactful\nAll of them.", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := scorecard.MissingSections("# Post-mortem\n\nSomething happened.\n\n## Impact\n"+tt.body, template)
			has := !strings.Contains(strings.Join(got, ","), "impact")
			if has != tt.want {
				t.Errorf("the section has content: %t, want %t (missing %q)", has, tt.want, got)
			}
		})
	}
}

// In wiki markup # begins an item of a list, and a line above a ruler is a paragraph.
func TestWikiMarkupIsNotReadAsMarkdown(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"numbered items":         "h2. Impact\n# orders\n# carts",
		"an item that is a word": "h2. Impact\n# Root cause\n# carts",
		"above a ruler":          "h2. Impact\n\nAll of them.\n----",
		"in a block":             "h2. Impact\n{noformat}\nh2. All of them\n{noformat}",
		"after a block":          "h2. Impact\n{code:sql|title=The query}\nh1. nothing\n{code}",
		"bold headings":          "*Impact*\n# orders\n# carts",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff([]string{"summary", "timeline", "root cause", "detection", "resolution", "lessons"}, scorecard.MissingSections(text, "")); diff != "" {
				t.Errorf("missing (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSectionsGoByTheirNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ title, want string }{
		"root causes":          {"Root causes", "root cause"},
		"contributing factors": {"Contributing Factors", "root cause"},
		"one factor":           {"The contributing factor", "root cause"},
		"customer impact":      {"Customer impact:", "impact"},
		"executive summary":    {"Executive summary", "summary"},
		"a lesson":             {"The lesson", "lessons"},
		"summaries":            {"Summaries", "summary"},
		"impacts":              {"Impacts on customers", "impact"},
		"detections":           {"Detections", "detection"},
		"resolutions":          {"Resolutions", "resolution"},
		"how it was resolved":  {"Mitigation & resolution", "resolution"},
		"something else":       {"Responders", ""},
		"only the cause":       {"Cause", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := []string{"summary", "impact", "timeline", "root cause", "detection", "resolution", "lessons"}
			var want []string
			for _, s := range all {
				if s != tt.want {
					want = append(want, s)
				}
			}
			if diff := cmp.Diff(want, scorecard.MissingSections("h2. "+tt.title+"\nIt is said here.", "")); diff != "" {
				t.Errorf("missing (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTimelineHasTimesOfDay(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		line string
		want int
	}{
		"hours and minutes":                      {"10:05 the alert", 1},
		"one digit":                              {"at 9:05 am", 1},
		"seconds":                                {"10:05:59 and 23:59:00", 2},
		"a span":                                 {"10:05-10:31", 2},
		"an instant with its zone":               {"2026-07-06T10:05:00+02:00, 2026-07-06T08:05:00.5-07:00, 2026-07-06T10:05Z", 3},
		"a time with its zone":                   {"10:05 +02:00", 1},
		"no such hour":                           {"24:05", 0},
		"no such minute":                         {"10:60", 0},
		"an address with a port":                 {"db1:3306 and db1:33", 0},
		"a part of a longer number":              {"01:02:03:04, 10:055, 110:05", 0},
		"a date":                                 {"2026-07-06", 0},
		"a ratio":                                {"3:1", 0},
		"three moments in a row, in small print": {"2026-07-06t10:05:00+02:00 10:06 10:07", 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := scorecard.Moments(tt.line); got != tt.want {
				t.Errorf("%d times of day in %q, want %d", got, tt.line, tt.want)
			}
		})
	}
	for text, want := range map[string]int{
		"## Timelines\n10:05 alert\n10:07 acknowledged\n10:31 resolved": 1,
		"## Timeline\n10:05 alert\n10:07 acknowledged\n10:31 resolved":  1, "## Timeline\n10:05 alert\n10:31 resolved": 0,
		"## Timeline\n10:05 alert\n## Notes\n10:07\n10:31": 0, "## Timeline\n```\n10:05\n10:07\n10:31\n```": 1,
	} {
		if got := scorecard.FilledSections(text, "## Timeline\n\n09:00 what happened"); got != want {
			t.Errorf("%q fills %d sections, want %d", text, got, want)
		}
	}
	// Times of the form's own examples are nobody's.
	if got := scorecard.FilledSections("## Timeline\n09:00 what happened\n10:05 alert\n10:31 resolved", "## Timeline\n\n* 09:00 what happened"); got != 0 {
		t.Errorf("a timeline of two moments fills %d sections, want none", got)
	}
}

// FuzzSections wants that a text does not depend on how its lines end or on what
// white space follows them, that placeholders at its end add nothing, and that
// a text is nothing beside its own form.
func FuzzSections(f *testing.F) {
	for _, heading := range []func(string) string{inWiki, inMarkdown, inWikiBold, inBold, underlined} {
		f.Add(postmortem(heading))
	}
	f.Add("h2. Impact\n{code}\n## Summary\n{code}")
	f.Add("<!-- ## Impact -->\n~~~\n**Impact**\nx")
	f.Add("Impact\n--\n*\n**\n****\n__ __\n#\n# \n=")
	f.Add("h2.\n# code}\n## Summary\n{c")
	f.Add("0\n # Impact \n0)\n")
	f.Add("## Timeline\n1:2:3:4:5 T10:00+0:00 99999999999999999999:00")
	f.Fuzz(func(t *testing.T, text string) {
		got := scorecard.MissingSections(text, "")
		if strings.Contains(text, "\r") {
			return
		}
		for _, same := range []string{strings.ReplaceAll(text, "\n", "\r\n"), strings.ReplaceAll(text, "\n", " \n"), text + "\nTBD\n..."} {
			if diff := cmp.Diff(got, scorecard.MissingSections(same, "")); diff != "" {
				t.Errorf("%q, written otherwise, misses (-want +got):\n%s", text, diff)
			}
		}
		if n := scorecard.FilledSections(text, text); n != 0 {
			t.Errorf("%q fills %d sections beside its own form", text, n)
		}
		if n := scorecard.FilledSections(text, ""); n != 7-len(got) {
			t.Errorf("%q fills %d sections and misses %q", text, n, got)
		}
	})
}
