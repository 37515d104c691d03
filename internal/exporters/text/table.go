package text

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"teamhealth/scorecard"
)

// Table writes each card as a heading, a summary and an aligned table of its
// rows, for a terminal.
func Table(w io.Writer, cards []scorecard.Card) error {
	var out bytes.Buffer
	for i := range cards {
		if i > 0 {
			out.WriteByte('\n')
		}
		c := &cards[i]
		fmt.Fprintf(&out, "%s\n%s\n\n", heading(c), summary(c))
		if err := align(&out, append([][]string{upper(columns())}, rowCells(c)...)); err != nil {
			return fmt.Errorf("align the rows of %s: %w", c.Subject.ID, err)
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

func rowCells(c *scorecard.Card) [][]string {
	lines := make([][]string, 0, len(c.Rows))
	for i := range c.Rows {
		lines = append(lines, cells(&c.Rows[i]))
	}
	return lines
}

func upper(words []string) []string {
	return strings.Split(strings.ToUpper(strings.Join(words, "\n")), "\n")
}

// align writes lines of cells in columns.
func align(out io.Writer, lines [][]string) error {
	tw := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, cells := range lines {
		if _, err := fmt.Fprintln(tw, strings.Join(cells, "\t")); err != nil {
			return err
		}
	}
	return tw.Flush()
}
