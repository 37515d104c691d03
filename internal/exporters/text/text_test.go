package text_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"math"
	"strings"
	"testing"

	"teamhealth/internal/exporters/text"
	"teamhealth/internal/exporters/text/cardtest"
	"teamhealth/internal/facts"
	"teamhealth/internal/goldentest"
	"teamhealth/scorecard"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestRenderersMatchTheirGoldens(t *testing.T) {
	t.Parallel()
	cards := cardtest.Cards()
	tests := map[string]func(io.Writer) error{
		"table.txt":  func(w io.Writer) error { return text.Table(w, cards) },
		"cards.csv":  func(w io.Writer) error { return text.CSV(w, cards) },
		"cards.md":   func(w io.Writer) error { return text.Markdown(w, cards) },
		"cards.json": func(w io.Writer) error { return text.JSON(w, cards...) },
		"card.json":  func(w io.Writer) error { return text.JSON(w, cards[1]) },
		"explain.txt": func(w io.Writer) error {
			return text.Explain(w, cards[1], *cards[1].Row("incident_response"), cardtest.Objective(), cardtest.Evidence())
		},
		"explain_postmortems.txt": func(w io.Writer) error {
			row, o := cardtest.Postmortems(cards[1].Period.Start, cards[1].Period.End), cardtest.PostmortemObjective()
			return text.Explain(w, cards[1], row, o, cardtest.PostmortemEvidence())
		},
		"explain_no_data.txt": func(w io.Writer) error {
			o := scorecard.Objective{ID: "oncall_burden", Measure: scorecard.MeasureOncallBurden}
			return text.Explain(w, cards[2], cards[2].Rows[0], o, nil)
		},
		"explain_missed.txt": func(w io.Writer) error {
			o := scorecard.Objective{
				ID: "database_uptime", Measure: scorecard.MeasureAvailability, Remediation: "Look at the longest outage.",
				Parameters: scorecard.Parameters{Method: "incidents", Aggregate: "worst"},
			}
			row := *cards[0].Row("database_uptime")
			row.Details = scorecard.AvailabilityDetails{
				WorstService: "PMYSQL1", Pooled: scorecard.Ratio(15897520, 15897600), Services: []scorecard.ServiceUptime{
					{Service: "PMYSQL1", Name: "MySQL 1", Team: "mysql", Value: *row.Value, DowntimeSeconds: 80, ElapsedSeconds: 7948800, Outages: 1},
					{Service: "PMYSQL2", Team: "mysql", Value: scorecard.Int(1), ElapsedSeconds: 7948800},
				},
			}
			return text.Explain(w, cards[0], row, o, nil)
		},
		"explain_held_back.txt": func(w io.Writer) error {
			return text.Explain(w, cards[0], heldBack(cards[0].Rows[0]), scorecard.Objective{
				ID: "sre_coding", Measure: scorecard.MeasureCrossLine, Parameters: scorecard.Parameters{Share: "sre_coding"},
			}, nil)
		},
		"explain_count.txt": func(w io.Writer) error {
			return text.Explain(w, cards[0], count(cards[0].Rows[0]), scorecard.Objective{
				ID: "tech_talks", Measure: scorecard.MeasureTicketCount, Parameters: scorecard.Parameters{Of: "tech_talk"},
			}, nil)
		},
	}
	for name, render := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			if err := render(&got); err != nil {
				t.Fatal(err)
			}
			goldentest.Compare(t, *update, name, got.Bytes())
		})
	}
}

// heldBack is a row that must not be shown, made from one that may.
func heldBack(r scorecard.Row) scorecard.Row {
	r.ID, r.Title, r.Measure = "sre_coding", "Coding tasks by SREs", string(scorecard.MeasureCrossLine)
	r.Quote, r.Interpretation = "finding coding tasks that are more straightforward", "The share of delivered coding tasks that an SRE did."
	r.Value, r.Numerator, r.Denominator, r.Target, r.Score, r.Budget = nil, nil, nil, nil, nil, nil
	r.Population = scorecard.Population{Total: 9, Used: 8, Classes: map[string]int{}, Excluded: map[string]int{"not_on_roster": 1}}
	r.Verdict, r.Reason = scorecard.InsufficientData, "Fewer than 10 tickets: too few to tell lines from persons."
	return r
}

// count is a row that counts, with a weight of its own, made from another.
func count(r scorecard.Row) scorecard.Row {
	r.ID, r.Title, r.Measure, r.Unit = "tech_talks", "Weekly tech talks", string(scorecard.MeasureTicketCount), scorecard.UnitCount
	r.Quote, r.Interpretation = "Weekly tech talks", "One tech talk was delivered for each of the quarter's thirteen weeks."
	r.Value, r.Numerator, r.Denominator, r.Target = cardtest.Number("9"), nil, nil, cardtest.Number("13")
	r.Score, r.Budget, r.Weight = nil, nil, cardtest.Number("2.5")
	r.Population = scorecard.Population{Total: 10, Used: 9, Classes: map[string]int{"delivered": 9}, Excluded: map[string]int{"declined": 1}}
	r.Details = scorecard.CountDetails{Pace: new(scorecard.OnTrack)}
	r.Verdict, r.Reason = scorecard.Pending, "Tickets of class tech_talk that were delivered: 9."
	r.NextStep = new("4 more before 1 October meet the target.")
	return r
}

func TestAPlanIsNotSpelledOut(t *testing.T) {
	t.Parallel()
	o := scorecard.Objective{Measure: scorecard.MeasureHiringPlan, Parameters: scorecard.Parameters{
		Plan: []scorecard.PlanEntry{{Period: "2026-Q1", Count: 1}, {Period: "2026-Q2", Count: 1}},
	}}
	card := cardtest.Cards()[0]
	var out bytes.Buffer
	if err := text.Explain(&out, card, card.Rows[0], o, nil); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "hiring_plan, plan of 2 entries\n") || strings.Contains(got, "2026-Q1") || len(o.Plan) != 2 {
		t.Errorf("the plan of 2 entries is explained as\n%s", got)
	}
}

func TestExplainSaysOfEachSourceHowFarItWasRead(t *testing.T) {
	t.Parallel()
	card := cardtest.Cards()[1]
	row := *card.Row("incident_response")
	at := card.AsOf
	for name, tt := range map[string]struct {
		source scorecard.RowSource
		want   string
	}{
		"to an instant":                       {scorecard.RowSource{Name: facts.Jira, DataAsOf: &at, Complete: true}, "complete up to 2026-10-02T08:30:00Z"},
		"not yet":                             {scorecard.RowSource{Name: facts.Jira}, "not read completely yet"},
		"it is not configured":                {scorecard.RowSource{Name: facts.Jira, Unconfigured: true}, "not configured: the configuration has no sources.jira"},
		"it was, and is not configured after": {scorecard.RowSource{Name: facts.Jira, DataAsOf: &at, Complete: true, Unconfigured: true}, "not configured: the configuration has no sources.jira"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shown := row
			shown.Sources = []scorecard.RowSource{tt.source}
			var out bytes.Buffer
			if err := text.Explain(&out, card, shown, cardtest.Objective(), nil); err != nil {
				t.Fatal(err)
			}
			if want := "\nSources\n  jira  " + tt.want + "\n"; !strings.Contains(out.String(), want) {
				t.Errorf("got\n%s\nwant %q", &out, want)
			}
		})
	}
}

func TestEvidenceCountsPeopleInWords(t *testing.T) {
	t.Parallel()
	card := cardtest.Cards()[1]
	for n, want := range map[string]string{"0": "0 people", "1": "1 person", "2": "2 people"} {
		var out bytes.Buffer
		item := scorecard.Evidence{Kind: "person_count", ID: "mentored", Class: "mentored", Counted: scorecard.InNumerator, Value: cardtest.Number(n)}
		if err := text.Explain(&out, card, *card.Row("incident_response"), cardtest.Objective(), []scorecard.Evidence{item}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "  "+want+"  ") {
			t.Errorf("got\n%s\nwant %s", &out, want)
		}
	}
}

func TestJSONReadsBackAsTheSameCard(t *testing.T) {
	t.Parallel()
	want := cardtest.Cards()[1]
	var out bytes.Buffer
	if err := text.JSON(&out, want); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Rows []struct {
			Value       json.Number
			Denominator *float64
			Reason      string
		}
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	// 28/30 unrounded, as a float64 holds it.
	if v := got.Rows[1].Value; v != "0.9333333333333333" {
		t.Errorf("value = %s, want 0.9333333333333333", v)
	}
	if got.Rows[3].Denominator != nil {
		t.Errorf("denominator of a row without data = %v, want null", *got.Rows[3].Denominator)
	}
	if !strings.Contains(out.String(), "<allowed>") {
		t.Error("angle brackets are escaped, want them as they are")
	}
}

func TestJSONOfNoCardsIsAnEmptyList(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := text.JSON(&out); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "{\n  \"cards\": []\n}\n"; got != want {
		t.Errorf("JSON() = %q, want %q", got, want)
	}
}

func TestRenderersRefuseWhatIsNoNumber(t *testing.T) {
	t.Parallel()
	card := cardtest.Cards()[1]
	card.Score = new(math.NaN())
	if err := text.JSON(io.Discard, card); err == nil {
		t.Error("JSON of a score that is not a number succeeded")
	}
	row := card.Rows[0]
	row.Details = "a sentence"
	if err := text.Explain(io.Discard, card, row, cardtest.Objective(), nil); err == nil {
		t.Error("Explain of details without fields succeeded")
	}
}

// broken is a writer whose other end has gone.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestRenderersReportAWriterThatFails(t *testing.T) {
	t.Parallel()
	cards := cardtest.Cards()
	tests := map[string]error{
		"table":    text.Table(broken{}, cards),
		"csv":      text.CSV(broken{}, cards),
		"markdown": text.Markdown(broken{}, cards),
		"json":     text.JSON(broken{}, cards...),
		"explain":  text.Explain(broken{}, cards[1], cards[1].Rows[1], cardtest.Objective(), nil),
	}
	for name, err := range tests {
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s returned %v, want the writer's error", name, err)
		}
	}
}
