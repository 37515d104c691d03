package records_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/collectors/records"
	"teamhealth/internal/facts"
)

const header = "date,metric,team,value,n,note\n"

// options are those of an organisation of two teams, on an evening in August that is the next day in Berlin.
func options(tb testing.TB) records.Options {
	tb.Helper()
	return records.Options{
		Files: []string{"records/*.csv"}, Teams: []string{"mysql", "mongodb"},
		Metrics: []string{"satisfaction", "certification"}, Counted: []string{"certification"},
		Nearest:  func(string, []string) (string, bool) { return "", false },
		TimeZone: time.FixedZone("Berlin", 2*3600),
		Now:      func() time.Time { return time.Date(2026, 8, 31, 23, 0, 0, 0, time.UTC) },
	}
}

func newCollector(tb testing.TB, o records.Options) *records.Collector {
	tb.Helper()
	c, err := records.New(o)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestLinesBecomeRecords(t *testing.T) {
	t.Parallel()
	full := facts.Record{File: "a.csv", Line: 2, Date: "2026-08-15", Metric: "satisfaction", Team: "mysql", Value: "4.50", N: 12, Note: `said "fine", mostly`}
	bare := facts.Record{File: "a.csv", Line: 3, Date: "2026-08-31", Metric: "certification", Team: "org", Value: "1"}
	at := func(r facts.Record, line int) facts.Record { r.Line = line; return r }
	one := `2026-08-15,satisfaction,mysql,4.50,12,"said ""fine"", mostly"` + "\n"
	two := "2026-08-31,certification,org,1,,\n"
	tests := map[string]struct {
		text string
		want []facts.Record
	}{
		"every cell":                              {header + one + two, []facts.Record{full, bare}},
		"the header alone":                        {header, nil},
		"without a newline at the end":            {header + strings.TrimSuffix(two, "\n"), []facts.Record{at(bare, 2)}},
		"a byte order mark":                       {"\ufeff" + header + two, []facts.Record{at(bare, 2)}},
		"lines that end as on Windows":            {strings.ReplaceAll(header+one+two, "\n", "\r\n"), []facts.Record{full, bare}},
		"quoted cells":                            {`"date","metric","team","value","n","note"` + "\n" + `"2026-08-31","certification","org","1","",""` + "\n", []facts.Record{at(bare, 2)}},
		"spaces around cells":                     {"date , metric,team,value,n,note\n 2026-08-31 , certification , org , 1 , , \n", []facts.Record{at(bare, 2)}},
		"empty lines, and those of a spreadsheet": {header + "\n,,,,,\n" + two + ",,,\n", []facts.Record{at(bare, 4)}},
		"a note of two lines": {
			header + "2026-08-31,certification,org,1,,\"one\ntwo\"\n" + two,
			[]facts.Record{{File: "a.csv", Line: 2, Date: "2026-08-31", Metric: "certification", Team: "org", Value: "1", Note: "one\ntwo"}, at(bare, 4)},
		},
		"two things on one day, told apart by note": {
			header + "2026-08-31,certification,org,1,,first\n" + two,
			[]facts.Record{{File: "a.csv", Line: 2, Date: "2026-08-31", Metric: "certification", Team: "org", Value: "1", Note: "first"}, bare},
		},
		"a value below zero": {
			header + "2026-08-31,satisfaction,org,-0.5,,\n",
			[]facts.Record{{File: "a.csv", Line: 2, Date: "2026-08-31", Metric: "satisfaction", Team: "org", Value: "-0.5"}},
		},
		"a count that is written with places": {
			header + "2026-08-31,certification,org,2.0,0,\n",
			[]facts.Record{{File: "a.csv", Line: 2, Date: "2026-08-31", Metric: "certification", Team: "org", Value: "2.0"}},
		},
		"today in the organisation's zone": {
			header + "2026-09-01,certification,org,1,,\n",
			[]facts.Record{{File: "a.csv", Line: 2, Date: "2026-09-01", Metric: "certification", Team: "org", Value: "1"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, problems, warnings := newCollector(t, options(t)).Decode("a.csv", []byte(tt.text))
			if len(problems)+len(warnings) > 0 {
				t.Errorf("problems %v, warnings %v", problems, warnings)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBadLinesAreReportedWithTheirPlace(t *testing.T) {
	t.Parallel()
	const good = "2026-08-15,satisfaction,mysql,4.5,12,\n"
	tests := map[string]struct {
		text string
		want []string
	}{
		"nothing at all":        {"", []string{"a.csv:1: the file is empty (the first line is date,metric,team,value,n,note)"}},
		"no header":             {good, []string{"a.csv:1: is not the header (the first line is date,metric,team,value,n,note)"}},
		"another header":        {"date,metric,team,value\n" + good, []string{"a.csv:1: is not the header (the first line is date,metric,team,value,n,note)"}},
		"a header in one cell":  {`"date,metric,team,value,n,note"` + "\n", []string{"a.csv:1: is not the header (the first line is date,metric,team,value,n,note)"}},
		"a header below others": {"\n\ntitle\n" + header, []string{"a.csv:3: is not the header (the first line is date,metric,team,value,n,note)"}},
		"semicolons":            {"date;metric;team;value;n;note\n", []string{"a.csv:1: is not the header (separate cells by commas: date,metric,team,value,n,note)"}},
		"tabs":                  {"date\tmetric\tteam\tvalue\tn\tnote\n", []string{"a.csv:1: is not the header (separate cells by commas: date,metric,team,value,n,note)"}},
		"a broken header":       {"date,\"metric\n", []string{"a.csv:1: is not the header (the first line is date,metric,team,value,n,note)"}},
		"too few cells": {
			header + "2026-08-15,satisfaction,mysql,4.5,12\n",
			[]string{"a.csv:2: has 5 cells instead of 6 (they are date,metric,team,value,n,note; a cell that holds a comma stands in quotes)"},
		},
		"too many cells": {
			header + "2026-08-15,satisfaction,mysql,4,5,12,\n",
			[]string{"a.csv:2: has 7 cells instead of 6 (they are date,metric,team,value,n,note; a cell that holds a comma stands in quotes)"},
		},
		"quotes that do not fit": {
			header + "2026-08-15,satisfaction,mysql,4.5,12,a \"b\" c\n" + "2026-08-15,satisfaction,nobody,4.5,12,\n",
			[]string{
				`a.csv:2: has quotes that do not fit (a cell that holds a comma or a quote stands in quotes, and each quote in it is doubled: "a ""b"", c")`,
				`a.csv:3: team "nobody" is not configured (known: mysql, mongodb, org)`,
			},
		},
		"a quote that never ends": {
			header + good + "2026-08-16,satisfaction,mysql,4.5,12,\"so\n" + good,
			[]string{`a.csv:3: has quotes that do not fit (a cell that holds a comma or a quote stands in quotes, and each quote in it is doubled: "a ""b"", c")`},
		},
		"dates that are none": {
			header + "15.08.2026,satisfaction,mysql,4,12,\n2026-02-30,satisfaction,mysql,4,12,\n,satisfaction,mysql,4,12,\n0226-08-15,satisfaction,mysql,4,12,\n",
			[]string{
				"a.csv:2: date is not a day (write it like 2026-08-31)", "a.csv:3: date is not a day (write it like 2026-08-31)",
				"a.csv:4: date is empty (write it like 2026-08-31)", "a.csv:5: date lies before 2000-01-01 (look at the year)",
			},
		},
		"metrics that are none": {
			header + "2026-08-15,,mysql,4,12,\n2026-08-15,Employee Satisfaction,mysql,4,12,\n",
			[]string{
				"a.csv:2: metric is empty (what the line is about, such as certification)",
				"a.csv:3: metric is not a word (lower case letters, digits, - and _; at most 63)",
			},
		},
		"teams that are none": {
			header + "2026-08-15,satisfaction,mysqll,4,12,\n2026-08-15,satisfaction,,4,12,\n2026-08-15,satisfaction,Ada Lovelace,4,12,\n",
			[]string{
				`a.csv:2: team "mysqll" is not configured (known: mysql, mongodb, org)`, "a.csv:3: team is empty (known: mysql, mongodb, org)",
				"a.csv:4: team is not a team (known: mysql, mongodb, org)",
			},
		},
		"values that are none": {
			header + "2026-08-15,satisfaction,mysql,,12,\n2026-08-15,satisfaction,mysql,\"4,5\",12,\n2026-08-15,satisfaction,mysql,85%,12,\n" +
				"2026-08-15,satisfaction,mysql,NaN,12,\n2026-08-15,satisfaction,mysql,1e3,12,\n2026-08-15,satisfaction,mysql,0x10,12,\n",
			[]string{
				"a.csv:2: value is empty (write a number, such as 1 or 4.5)", "a.csv:3: value is not a number (write a point instead of the comma)",
				"a.csv:4: value is not a number (write digits alone, such as 1 or 4.5)", "a.csv:5: value is not a number (write digits alone, such as 1 or 4.5)",
				"a.csv:6: value is not a number (write digits alone, such as 1 or 4.5)", "a.csv:7: value is not a number (write digits alone, such as 1 or 4.5)",
			},
		},
		"halves of what is counted": {
			header + "2026-08-15,certification,mysql,1.5,,\n2026-08-15,certification,mysql,-1,,\n",
			[]string{
				`a.csv:2: value is not a whole number of things (metric "certification" is counted: write how many there were)`,
				`a.csv:3: value is not a whole number of things (metric "certification" is counted: write how many there were)`,
			},
		},
		"respondents that are none": {
			header + "2026-08-15,satisfaction,mysql,4,-1,\n2026-08-15,satisfaction,mysql,4,4.5,\n2026-08-15,satisfaction,mysql,4,many,\n2026-08-15,satisfaction,mysql,4,10000000,\n",
			[]string{
				"a.csv:2: n is negative (how many people answered, or nothing)", "a.csv:3: n is not a whole number of people (how many people answered, or nothing)",
				"a.csv:4: n is not a whole number of people (how many people answered, or nothing)", "a.csv:5: n is not a whole number of people (how many people answered, or nothing)",
			},
		},
		"a line that is there twice": {
			header + good + "2026-08-16,satisfaction,mysql,4.5,12,\n" + strings.ReplaceAll(good, ",4.5,", ", 4.5 ,"),
			[]string{"a.csv:4: is the same as line 2 (remove one of the two; if they are two things, tell them apart in note)"},
		},
		"several mistakes in a line": {
			header + "never,satisfaction,nobody,much,-1,\n",
			[]string{
				"a.csv:2: date is not a day (write it like 2026-08-31)", `a.csv:2: team "nobody" is not configured (known: mysql, mongodb, org)`,
				"a.csv:2: value is not a number (write digits alone, such as 1 or 4.5)", "a.csv:2: n is negative (how many people answered, or nothing)",
			},
		},
		"another encoding": {
			header + good + "2026-08-16,satisfaction,mysql,4.5,12,gr\xfc\xdfe\n2026-08-16,satisfaction,nobody,4.5,12,\xfc\n",
			[]string{"a.csv:3: is not UTF-8 (save the file as UTF-8)", `a.csv:4: team "nobody" is not configured (known: mysql, mongodb, org)`},
		},
		"UTF-16": {"\xff\xfed\x00a\x00", []string{"a.csv:1: is not UTF-8 (save the file as UTF-8)", "a.csv:1: is not the header (the first line is date,metric,team,value,n,note)"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kept, problems, _ := newCollector(t, options(t)).Decode("a.csv", []byte(tt.text))
			if len(kept) > 0 {
				t.Errorf("%d records of a bad file are taken", len(kept))
			}
			if diff := cmp.Diff(tt.want, words(problems)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func words(list []records.Problem) []string {
	var all []string
	for _, p := range list {
		all = append(all, p.String())
	}
	return all
}

func TestOddLinesAreTakenWithAWarning(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.Nearest = func(word string, known []string) (string, bool) { return known[0], word == "satisfacton" }
	o.Since = map[string]string{"mysql": "2025-03-01", "mongodb": ""}
	text := header + "2026-09-02,satisfaction,mysql,4,12,\n2026-08-15,satisfacton,mysql,4,12,\n2026-08-16,satisfacton,mysql,4,12,\n2026-08-15,patent,mysql,1,,\n" +
		"2025-02-28,satisfaction,mysql,4,12,\n2025-03-01,satisfaction,mysql,4,12,\n2001-01-01,satisfaction,mongodb,4,12,\n2001-01-01,satisfaction,org,4,12,\n"
	kept, problems, warnings := newCollector(t, o).Decode("a.csv", []byte(text))
	want := []string{
		"a.csv:2: date lies in the future: the line counts from then on (look at the year)",
		`a.csv:3: no objective looks at metric "satisfacton" (did you mean "satisfaction"?)`, // Once for each metric.
		`a.csv:5: no objective looks at metric "patent" (known: satisfaction, certification)`,
		"a.csv:6: nobody of the roster was in the team on that day: the line counts all the same (look at the year, and for those who left in people)",
	}
	if diff := cmp.Diff(want, words(warnings)); diff != "" || len(kept) != 8 || len(problems) > 0 {
		t.Errorf("%d records, problems %v, warnings (-want +got):\n%s", len(kept), problems, diff)
	}
}

func TestFileOfAnotherKindIsReportedInShort(t *testing.T) {
	t.Parallel()
	text := header + strings.Repeat("what,is,this\n", 250)
	_, problems, _ := newCollector(t, options(t)).Decode("a.csv", []byte(text))
	const want = "a.csv:102: 150 more problems from here on (mend those above first)" // Line 2 is the first, line 101 the hundredth.
	if got := fmt.Sprint(problems[len(problems)-1]); len(problems) != 101 || got != want {
		t.Errorf("%d problems that end with %q, want 101 that end with %q", len(problems), got, want)
	}
}
