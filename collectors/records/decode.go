package records

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"teamhealth/internal/facts"
)

// header is the first line of every file.
const header = "date,metric,team,value,n,note"

// decoder decodes one file, and gathers what is wrong with it.
type decoder struct {
	*file
	opts  *Options
	today string
	lines map[facts.Record]int // Where records stand, by their cells.
	odd   map[string]bool      // Metrics of which was warned.
}

// decode fills in the records of a file, or what is wrong with it.
func (c *Collector) decode(f *file, data []byte) {
	d := &decoder{
		file: f, opts: &c.opts, today: c.opts.Now().In(c.opts.TimeZone).Format(dayLayout),
		lines: map[facts.Record]int{}, odd: map[string]bool{},
	}
	data = d.text(data)
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	if d.header(r, data) {
		for d.next(r) {
			continue
		}
	}
	if len(f.problems) > 0 {
		f.records = nil
	}
}

// text takes the mark off with which Windows programs begin a file, and reports other encodings.
func (d *decoder) text(data []byte) []byte {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		good := data
		for i := 0; i < len(data); {
			r, size := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && size == 1 {
				good = data[:i]
				break
			}
			i += size
		}
		d.report(1+bytes.Count(good, []byte("\n")), "save the file as UTF-8", "is not UTF-8")
	}
	return data
}

// header wants the first line to be the header. Without it nobody knows what the cells are.
func (d *decoder) header(r *csv.Reader, data []byte) bool {
	cells, err := r.Read()
	if errors.Is(err, io.EOF) {
		d.report(1, "the first line is "+header, "the file is empty")
		return false
	}
	trim(cells)
	if err == nil && strings.Join(cells, ",") == header && len(cells) == columns {
		return true
	}
	hint := "the first line is " + header
	first, _, _ := strings.Cut(string(data), "\n")
	for _, separator := range []string{";", "\t"} {
		if strings.Count(first, separator) == columns-1 {
			hint = "separate cells by commas: " + header
		}
	}
	line := 1
	if err == nil {
		line, _ = r.FieldPos(0)
	}
	d.report(line, hint, "is not the header")
	return false
}

// next decodes the next line, and reports whether there was one.
func (d *decoder) next(r *csv.Reader) bool {
	cells, err := r.Read()
	if errors.Is(err, io.EOF) {
		return false
	}
	if broken, ok := errors.AsType[*csv.ParseError](err); ok {
		d.report(broken.StartLine, `a cell that holds a comma or a quote stands in quotes, and each quote in it is doubled: "a ""b"", c"`, "has quotes that do not fit")
		return true
	}
	if err != nil { // A reader of bytes has no others.
		d.report(1, "", "cannot be read: %v", err)
		return false
	}
	line, _ := r.FieldPos(0)
	trim(cells)
	if !slices.ContainsFunc(cells, func(cell string) bool { return cell != "" }) {
		return true // As spreadsheets leave them.
	}
	d.line(line, cells)
	return true
}

func trim(cells []string) {
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
}

// line decodes one line.
func (d *decoder) line(line int, cells []string) {
	if len(cells) != columns {
		d.report(line, "they are "+header+"; a cell that holds a comma stands in quotes", "has %d cells instead of %d", len(cells), columns)
		return
	}
	sound := len(d.problems)
	record := facts.Record{
		File: d.name, Line: line, Date: d.date(line, cells[0]), Metric: d.metric(line, cells[1]), Team: d.team(line, cells[2]),
		Value: d.value(line, cells[1], cells[3]), N: d.respondents(line, cells[4]), Note: cells[5],
	}
	if len(d.problems) > sound {
		return
	}
	if record.Date < d.opts.Since[record.Team] {
		d.warn(line, "look at the year, and for those who left in people", "nobody of the roster was in the team on that day: the line counts all the same")
	}
	if at, again := d.lines[cellsOf(record)]; again {
		d.report(line, "remove one of the two; if they are two things, tell them apart in note", "is the same as line %d", at)
		return
	}
	d.lines[cellsOf(record)] = line
	d.records = append(d.records, record)
}

// report notes a mistake.
func (d *decoder) report(line int, hint, format string, args ...any) {
	d.problems = append(d.problems, Problem{File: d.path, Line: line, Problem: fmt.Sprintf(format, args...), Hint: hint})
}

// warn notes an oddity.
func (d *decoder) warn(line int, hint, problem string) {
	d.warnings = append(d.warnings, Problem{File: d.path, Line: line, Problem: problem, Hint: hint})
}
