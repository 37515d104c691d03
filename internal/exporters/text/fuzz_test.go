package text_test

import (
	"bytes"
	"encoding/csv"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"teamhealth/internal/exporters/text"
	"teamhealth/internal/exporters/text/cardtest"
	"teamhealth/scorecard"
)

// decimal is what the numbers of a card look like where they come from outside.
var decimal = regexp.MustCompile(`^-?\d{1,18}(\.\d{1,18})?$`)

// FuzzCSV writes a row and reads it back: every cell is as it was, numbers are
// numbers, those below zero included, and no words are a formula.
func FuzzCSV(f *testing.F) {
	for _, reason := range []string{
		"", "28 of 30.", `a "quoted", cell`, "=1+1", "+1", "-1", "@x", "two\nlines", "\tx", "é;x", "\r\n", "\n=1", "\r=1", "＝1", "'=1", "＋", "\xff=1", "\x00",
	} {
		f.Add(reason, "-0.5", "12", 87.5)
		f.Add(reason, "0", "-3", -1e-9)
		f.Add(reason, "0.000000000000000001", "999999999999", 1e21)
	}
	f.Fuzz(func(t *testing.T, reason, value, numerator string, score float64) {
		if !decimal.MatchString(value) || !decimal.MatchString(numerator) || math.IsNaN(score) || math.IsInf(score, 0) {
			return
		}
		v, n := *cardtest.Number(value), *cardtest.Number(numerator)
		card := cardtest.Cards()[1]
		card.Rows = card.Rows[1:2]
		row := &card.Rows[0]
		row.Reason, row.Value, row.Numerator, row.Score = reason, &v, &n, &score
		cells := readBack(t, card)
		want := []string{card.Period.ID, card.Subject.ID, row.ID, "", "", row.Denominator.String(), row.Target.String(), string(row.Direction), string(row.Unit), string(row.Verdict)}
		for i, text := range want {
			if text != "" && cells[i] != text {
				t.Errorf("cell %d is %q, want %q", i, cells[i], text)
			}
		}
		checkNumber(t, cells[3], v)
		checkNumber(t, cells[4], n)
		if got, err := strconv.ParseFloat(cells[11], 64); err != nil || got != score {
			t.Errorf("the score %v became %q", score, cells[11])
		}
		checkWords(t, cells[12], reason)
	})
}

// readBack returns the cells of a card's only row.
func readBack(t *testing.T, card scorecard.Card) []string {
	t.Helper()
	var out bytes.Buffer
	if err := text.CSV(&out, []scorecard.Card{card}); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatalf("reading back: %v", err)
	}
	if len(records) != 2 || len(records[1]) != 13 {
		t.Fatalf("read back %d lines, the last of %d cells; want 2 of 13", len(records), len(records[len(records)-1]))
	}
	return records[1]
}

func checkNumber(t *testing.T, cell string, want scorecard.Number) {
	t.Helper()
	if got, err := strconv.ParseFloat(cell, 64); err != nil || got != want.Float() || cell != want.String() {
		t.Errorf("the number %v became %q", want, cell)
	}
}

func checkWords(t *testing.T, cell, reason string) {
	t.Helper()
	for _, start := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(cell, start) {
			t.Errorf("a spreadsheet would run %q", cell)
		}
	}
	// The reader makes one newline of a carriage return and a newline.
	want := strings.ReplaceAll(reason, "\r\n", "\n")
	if cell != want && cell != "'"+want {
		t.Errorf("read back %q, want %q", cell, want)
	}
}
