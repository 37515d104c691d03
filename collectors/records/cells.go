package records

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

const (
	columns   = 6 // Of header.
	dayLayout = time.DateOnly
	firstDay  = "2000-01-01"
	// maxRespondents is more people than there are.
	maxRespondents = 1_000_000
)

var (
	wordForm    = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`)
	decimalForm = regexp.MustCompile(`^-?[0-9]{1,12}(\.[0-9]{1,12})?$`)
	wholeForm   = regexp.MustCompile(`^[0-9]{1,12}(\.0{1,12})?$`)
)

// date wants a day. One that is still to come is taken, and counts when it has come.
func (d *decoder) date(line int, cell string) string {
	_, err := time.Parse(dayLayout, cell)
	switch {
	case cell == "":
		d.report(line, "write it like 2026-08-31", "date is empty")
	case err != nil:
		d.report(line, "write it like 2026-08-31", "date is not a day")
	case cell < firstDay:
		d.report(line, "look at the year", "date lies before "+firstDay)
	case cell > d.today:
		d.warn(line, "look at the year", "date lies in the future: the line counts from then on")
	}
	return cell
}

// metric wants a word. One that nobody asks for is taken.
func (d *decoder) metric(line int, cell string) string {
	switch {
	case cell == "":
		d.report(line, "what the line is about, such as certification", "metric is empty")
	case !wordForm.MatchString(cell):
		d.report(line, "lower case letters, digits, - and _; at most 63", "metric is not a word")
	case len(d.opts.Metrics) > 0 && !slices.Contains(d.opts.Metrics, cell) && !d.odd[cell]:
		d.odd[cell] = true
		d.warn(line, d.suggest(cell, d.opts.Metrics), "no objective looks at metric "+strconv.Quote(cell))
	}
	return cell
}

// team wants a team that is configured, or all of them.
func (d *decoder) team(line int, cell string) string {
	known := append(slices.Clone(d.opts.Teams), facts.Everybody)
	hint := d.suggest(cell, known)
	switch {
	case slices.Contains(known, cell):
	case cell == "":
		d.report(line, hint, "team is empty")
	case wordForm.MatchString(cell):
		d.report(line, hint, "team %q is not configured", cell)
	default:
		d.report(line, hint, "team is not a team")
	}
	return cell
}

// suggest is the hint for a word that is none of the known ones.
func (d *decoder) suggest(word string, known []string) string {
	if near, ok := d.opts.Nearest(word, known); ok {
		return "did you mean " + strconv.Quote(near) + "?"
	}
	return "known: " + strings.Join(known, ", ")
}

// value wants a decimal, and of what is counted a whole number.
func (d *decoder) value(line int, metric, cell string) string {
	switch {
	case cell == "":
		d.report(line, "write a number, such as 1 or 4.5", "value is empty")
	case decimalForm.MatchString(strings.Replace(cell, ",", ".", 1)) && strings.Contains(cell, ","):
		d.report(line, "write a point instead of the comma", "value is not a number")
	case !decimalForm.MatchString(cell):
		d.report(line, "write digits alone, such as 1 or 4.5", "value is not a number")
	case slices.Contains(d.opts.Counted, metric) && !wholeForm.MatchString(cell):
		d.report(line, "metric "+strconv.Quote(metric)+" is counted: write how many there were", "value is not a whole number of things")
	}
	return cell
}

// respondents wants how many people answered, or nothing.
func (d *decoder) respondents(line int, cell string) int {
	if cell == "" {
		return 0
	}
	n, err := strconv.Atoi(cell)
	switch {
	case err != nil || n > maxRespondents:
		d.report(line, "how many people answered, or nothing", "n is not a whole number of people")
	case n < 0:
		d.report(line, "how many people answered, or nothing", "n is negative")
	}
	return n
}
