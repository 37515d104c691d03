package scorecard

import (
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"teamhealth/internal/facts"
)

// sectionsAsked is how many sections a complete post-mortem has.
const sectionsAsked = 8

// fewestMoments is how many times of day a timeline has at least.
const fewestMoments = 3

// The zone of an instant, and what looks like a time of day.
var (
	instantZone = regexp.MustCompile(`(T\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)[+-]\d\d:?\d\d`)
	colonDigits = regexp.MustCompile(`\d+(?::\d+)+`)
)

// form tells which sections of a post-mortem have content of their own: neither
// nothing, nor a placeholder, nor what the empty form has there.
type form struct {
	template map[sections][]string
	all      []string // What it says under any heading, and before the first.
}

func newForm(template string) form {
	o := newOutline(template)
	f := form{template: map[sections][]string{}, all: statements(o.body())}
	for s, lines := range o.bySection() {
		f.template[s] = statements(lines)
	}
	return f
}

// isEmpty reports whether a text says nothing that the empty form does not,
// wherever it says it. Which incident it is about says nothing of that incident.
func (f form) isEmpty(text string) bool {
	lines := slices.DeleteFunc(statements(newOutline(text).body()), onlyNamesIncident)
	if strings.Join(lines, " ") == strings.Join(f.all, " ") {
		return true // However the lines are broken.
	}
	return !slices.ContainsFunc(lines, func(line string) bool { return !slices.Contains(f.all, line) })
}

// onlyNamesIncident reports whether a line has the address of an incident, and
// no word beside it that says more.
func onlyNamesIncident(line string) bool {
	return incidentURL.MatchString(line) && !slices.ContainsFunc(words(anyURL.ReplaceAllString(line, " ")), func(word string) bool {
		return word != "incident" && word != "incidents"
	})
}

// filled returns the sections of a text that have content of their own, as far
// as the text tells: the action items are tickets.
func (f form) filled(text string) sections {
	var found sections
	for s, lines := range newOutline(text).bySection() {
		lines = f.own(s, statements(lines))
		if s != sectionActions && len(lines) > 0 && (s != sectionTimeline || moments(lines) >= fewestMoments) {
			found |= s
		}
	}
	return found
}

// own returns the lines that the same section of the template does not have.
func (f form) own(s sections, lines []string) []string {
	template := f.template[s]
	if strings.Join(lines, " ") == strings.Join(template, " ") {
		return nil // However the lines are broken.
	}
	return slices.DeleteFunc(lines, func(line string) bool { return slices.Contains(template, line) })
}

// statements returns the lines that say something, in small letters and with
// single spaces, without what makes them items of a list.
func statements(lines []string) []string {
	var list []string
	for _, line := range lines {
		line = withoutListMarks(replaceAll(wikiMacro, line, ""))
		line = strings.ToLower(strings.Join(strings.Fields(line), " "))
		if !isPlaceholder(line) {
			list = append(list, line)
		}
	}
	return list
}

// withoutListMarks cuts off what begins a line of a list: bullets, numbers, boxes to tick.
func withoutListMarks(line string) string {
	for {
		rest := strings.TrimLeft(line, blank+"*#+>|-")
		rest = withoutNumber(rest)
		for _, box := range []string{"[]", "[ ]", "[x]", "[X]"} {
			rest = strings.TrimPrefix(rest, box)
		}
		if rest == line {
			return line
		}
		line = rest
	}
}

// withoutNumber cuts off a number such as "1." or "1)" that stands by itself.
func withoutNumber(line string) string {
	rest := strings.TrimLeft(line, "0123456789")
	if len(rest) == len(line) || rest == "" || rest[0] != '.' && rest[0] != ')' {
		return line
	}
	if rest = rest[1:]; rest == "" || strings.IndexByte(blank, rest[0]) >= 0 {
		return rest
	}
	return line
}

// isPlaceholder reports whether a line only says that something is still to be
// written: no word at all, TBD, or a hint between underscores.
func isPlaceholder(line string) bool {
	if !slices.ContainsFunc(words(line), func(word string) bool { return word != "tbd" }) {
		return true
	}
	line = strings.Trim(line, "* ")
	hint, opened := strings.CutPrefix(line, "_")
	hint, closed := strings.CutSuffix(hint, "_")
	return opened && closed && !strings.Contains(hint, "_")
}

// moments counts the times of day in some lines: hours and minutes with a colon between them.
func moments(lines []string) int {
	n := 0
	for _, line := range lines {
		line = instantZone.ReplaceAllString(strings.ToUpper(line), "$1")
		for _, at := range colonDigits.FindAllStringIndex(line, -1) {
			if !isPartOfAWord(line[:at[0]]) && isTimeOfDay(line[at[0]:at[1]]) {
				n++
			}
		}
	}
	return n
}

// isPartOfAWord reports whether what comes before some digits makes them
// something else than a time: a zone, or the end of a name. The T of an instant does not.
func isPartOfAWord(before string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	return last == '+' || unicode.IsLetter(last) && last != 'T'
}

func isTimeOfDay(digits string) bool {
	parts := strings.Split(digits, ":")
	if len(parts) > 3 || len(parts[0]) > 2 || len(parts[0]) == 2 && parts[0] > "23" {
		return false
	}
	return !slices.ContainsFunc(parts[1:], func(p string) bool { return len(p) != 2 || p > "59" })
}

// read judges the text of a ticket; what came as a document tree cannot be judged.
func (f form) read(t *facts.Ticket, d *Ticket) {
	if t.Format == facts.FormatDocument && t.Description != "" {
		d.unreadable = true
		return
	}
	d.sections = f.filled(t.Description)
	d.unwritten = d.sections == 0 && f.isEmpty(t.Description)
}

// count returns how many sections are in the set.
func (s sections) count() int { return bits.OnesCount8(uint8(s)) }

// missing names the sections that are not in the set.
func (s sections) missing() []string {
	var names []string
	for i, name := range []string{"summary", "impact", "timeline", "root cause", "detection", "resolution", "lessons", "action items"} {
		if s&(1<<i) == 0 {
			names = append(names, name)
		}
	}
	return names
}
