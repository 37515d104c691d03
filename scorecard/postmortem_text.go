package scorecard

import (
	"regexp"
	"strings"
	"unicode"
)

// sections is a set of the sections that a post-mortem is asked for.
type sections uint8

// The sections, as they are listed to readers.
const (
	sectionSummary sections = 1 << iota
	sectionImpact
	sectionTimeline
	sectionCause
	sectionDetection
	sectionResolution
	sectionLessons
	sectionActions // What follows is in tickets of its own: its text is not judged.
)

// headingWords are the words by which a heading names a section.
var headingWords = []struct {
	words string
	names sections
}{
	{"summary", sectionSummary},
	{"summaries", sectionSummary},
	{"impact", sectionImpact},
	{"impacts", sectionImpact},
	{"timeline", sectionTimeline},
	{"timelines", sectionTimeline},
	{"root cause", sectionCause},
	{"root causes", sectionCause},
	{"contributing factor", sectionCause},
	{"contributing factors", sectionCause},
	{"detection", sectionDetection},
	{"detections", sectionDetection},
	{"resolution", sectionResolution},
	{"resolutions", sectionResolution},
	{"lesson", sectionLessons},
	{"lessons", sectionLessons},
	{"action item", sectionActions},
	{"action items", sectionActions},
}

// What is no text: macros of wiki markup, comments of Markdown.
var (
	wikiCode  = regexp.MustCompile(`\{(?:code|noformat)(?::[^}]*)?\}`)
	wikiMacro = regexp.MustCompile(`\{[a-z]+(?::[^}]*)?\}`)
	comment   = regexp.MustCompile(`(?s)<!--.*?-->`)
)

// blank is the white space of markup.
const blank = " \t\r\n\f"

// boldLevel is that of bold lines: they stand below every other heading.
const boldLevel = 7

// heading is a line that begins a part of a text.
type heading struct {
	names sections // None for a heading of something else.
	level int
	lines int // That it takes.
}

// outline reads a text, in wiki markup or Markdown, line by line.
type outline struct {
	lines      []string
	hashes     bool // Lines that begin with # are headings, and no items of a list.
	underlines bool // What is underlined is a heading, and no line above a ruler.
}

func newOutline(text string) outline {
	text = strings.ReplaceAll(replaceAll(comment, text, ""), "\r\n", "\n")
	o := outline{lines: strings.Split(text, "\n"), underlines: true}
	for _, line := range o.lines {
		if _, _, ok := wikiTitle(line); ok {
			o.hashes, o.underlines = false, false
			return o
		}
		if title, _, ok := hashTitle(line); ok && !o.hashes {
			o.hashes = named(title) != 0
		}
	}
	return o
}

// bySection returns the lines that stand under the headings of each section.
// A heading that names none ends a section when it is of the same level or a higher
// one; a lower one divides it. One that names several stands for each.
func (o outline) bySection() map[sections][]string {
	found := map[sections][]string{}
	var under heading
	code := false
	for i := 0; i < len(o.lines); i++ {
		if h, ok := o.headingAt(i); ok && !code {
			if h.names != 0 || h.level <= under.level {
				under = h
			}
			i += h.lines - 1
			continue
		}
		code = code != fences(o.lines[i])
		for s := sectionSummary; s != 0; s <<= 1 {
			if under.names&s != 0 {
				found[s] = append(found[s], o.lines[i])
			}
		}
	}
	return found
}

// body returns the lines of the text that are no headings.
func (o outline) body() []string {
	var lines []string
	code := false
	for i := 0; i < len(o.lines); i++ {
		if h, ok := o.headingAt(i); ok && !code {
			i += h.lines - 1
			continue
		}
		code = code != fences(o.lines[i])
		lines = append(lines, o.lines[i])
	}
	return lines
}

// headingAt returns the heading that begins at a line.
func (o outline) headingAt(i int) (heading, bool) {
	line := o.lines[i]
	if title, level, ok := wikiTitle(line); ok {
		return heading{names: named(title), level: level, lines: 1}, true
	}
	if title, level, ok := hashTitle(line); ok && o.hashes {
		return heading{names: named(title), level: level, lines: 1}, true
	}
	if title, ok := bold(line); ok {
		return heading{names: named(title), level: boldLevel, lines: 1}, true
	}
	if o.underlines && o.isUnderlined(i) {
		level := 2
		if strings.Contains(o.lines[i+1], "=") {
			level = 1
		}
		return heading{names: named(line), level: level, lines: 2}, true
	}
	return heading{}, false
}

// isUnderlined reports whether a line is a paragraph of its own, and no item of a list, underlined.
func (o outline) isUnderlined(i int) bool {
	line := strings.TrimSpace(o.lines[i])
	return line != "" && withoutListMarks(line) == line && (i == 0 || strings.TrimSpace(o.lines[i-1]) == "") &&
		i+1 < len(o.lines) && isRuler(o.lines[i+1]) && !isRuler(line)
}

// wikiTitle returns the title and the level of a heading such as "h2. Impact".
func wikiTitle(line string) (title string, level int, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(line, blank), "h")
	if !ok || len(rest) < 2 || rest[0] < '1' || rest[0] > '6' || rest[1] != '.' {
		return "", 0, false
	}
	title, ok = afterMark(rest[2:])
	return title, int(rest[0] - '0'), ok
}

// hashTitle returns the title and the level of a heading such as "## Impact".
func hashTitle(line string) (title string, level int, ok bool) {
	line = unindented(line)
	rest := strings.TrimLeft(line, "#")
	if level = len(line) - len(rest); level < 1 || level > 6 {
		return "", 0, false
	}
	title, ok = afterMark(rest)
	return title, level, ok
}

// afterMark returns what stands behind the mark of a heading, which has to be at a distance.
func afterMark(rest string) (title string, ok bool) {
	title = strings.TrimLeft(rest, blank)
	return title, rest == "" || len(title) < len(rest)
}

// isRuler reports whether a line underlines the one above, or divides a text.
func isRuler(line string) bool {
	line = strings.TrimRight(unindented(line), blank)
	return line != "" && strings.Trim(line, "=") == "" || len(line) > 1 && strings.Trim(line, "-") == ""
}

// unindented is a line without the up to three spaces that mean nothing in Markdown.
func unindented(line string) string {
	for range 3 {
		line = strings.TrimPrefix(line, " ")
	}
	return line
}

// bold returns the text of a line that is bold as a whole, a colon after it
// aside. A whole sentence is no heading.
func bold(line string) (string, bool) {
	line = strings.TrimSuffix(strings.TrimSpace(line), ":")
	for _, mark := range []string{"**", "__", "*"} {
		inner, opened := strings.CutPrefix(line, mark)
		inner, closed := strings.CutSuffix(inner, mark)
		if opened && closed && strings.TrimSpace(inner) == inner && inner != "" && !strings.Contains(inner, mark) {
			return inner, !strings.HasSuffix(inner, ".")
		}
	}
	return "", false
}

// named returns the sections that a title names.
func named(title string) sections {
	title = " " + strings.Join(words(replaceAll(wikiMacro, title, " ")), " ") + " "
	var names sections
	for _, h := range headingWords {
		if strings.Contains(title, " "+h.words+" ") {
			names |= h.names
		}
	}
	return names
}

// words returns the words of a text in small letters, without anything else.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// fences reports whether a line begins or ends a block of code, in which nothing is a heading.
func fences(line string) bool {
	if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~") {
		return strings.Count(trimmed, trimmed[:3])%2 == 1
	}
	return strings.Contains(line, "{") && len(wikiCode.FindAllString(line, -1))%2 == 1
}

// replaceAll replaces all matches, and costs nothing where there is none for sure.
func replaceAll(re *regexp.Regexp, text, by string) string {
	if mark, _ := re.LiteralPrefix(); !strings.Contains(text, mark) {
		return text
	}
	return re.ReplaceAllString(text, by)
}
