package text

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"teamhealth/scorecard"
)

// Markdown writes each card as a section with a table, for a review's
// document. Words of the configuration cannot break out of their cells.
func Markdown(w io.Writer, cards []scorecard.Card) error {
	var out bytes.Buffer
	for i := range cards {
		if i > 0 {
			out.WriteByte('\n')
		}
		c := &cards[i]
		fmt.Fprintf(&out, "## %s\n\n%s.\n\n", escape(heading(c)), capital(summary(c)))
		bar(&out, columns())
		fmt.Fprintf(&out, "|%s\n", strings.Repeat(" --- |", len(columns())))
		for _, line := range rowCells(c) {
			bar(&out, line)
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

func bar(out *bytes.Buffer, cells []string) {
	out.WriteByte('|')
	for _, cell := range cells {
		fmt.Fprintf(out, " %s |", escape(cell))
	}
	out.WriteByte('\n')
}

// escape takes the meaning from what Markdown, or HTML within it, would read
// as markup.
func escape(s string) string {
	return strings.NewReplacer(
		`\`, `\\`, "|", `\|`, "<", "&lt;", "&", "&amp;", "*", `\*`, "`", "\\`", "[", `\[`, "]", `\]`,
	).Replace(s)
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
