package text_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/exporters/text"
	"teamhealth/internal/exporters/text/cardtest"
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
			return text.Explain(w, cards[0], *cards[0].Row("database_uptime"), o, nil)
		},
	}
	for name, render := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			if err := render(&got); err != nil {
				t.Fatal(err)
			}
			golden(t, name, got.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
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
