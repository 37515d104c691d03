package jira

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// order is the one order of all searches. It is by what never changes, so that
// what happens while pages are read moves no issue from one to another.
const order = "ORDER BY created ASC, key ASC"

// condition returns the condition of a JQL expression, which is what stands
// before its ORDER BY. An expression without one is refused: it would mean the whole
// site. So is one that would break out of the parentheses that it is put in.
func condition(jql string) (string, error) {
	depth, quote, escaped, end := 0, rune(0), false, len(jql)
	for at, r := range jql {
		switch {
		case escaped:
			escaped = false
		case quote != 0 && r == '\\':
			escaped = true
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case r == '(':
			depth++
		case r == ')':
			depth--
		case depth == 0 && beginsOrder(jql, at):
			end = at
		}
		if depth < 0 || end < len(jql) {
			break
		}
	}
	if depth != 0 || quote != 0 {
		return "", fmt.Errorf("check jql, in which a parenthesis or a quotation mark has no partner: %s", jql)
	}
	text := strings.TrimSpace(jql[:end])
	if text == "" {
		return "", errors.New("jql is unbounded: say which issues to read, such as project in (DRE, SRE)")
	}
	return text, nil
}

// beginsOrder reports whether the words ORDER BY stand at a place of jql.
func beginsOrder(jql string, at int) bool {
	const order, by = "order", "by"
	rest := jql[at:]
	if len(rest) < len(order) || !strings.EqualFold(rest[:len(order)], order) || !wordEnds(jql[:at]) {
		return false
	}
	rest = rest[len(order):]
	next := strings.TrimLeftFunc(rest, unicode.IsSpace)
	if len(next) == len(rest) || len(next) < len(by) || !strings.EqualFold(next[:len(by)], by) {
		return false
	}
	return len(next) == len(by) || unicode.IsSpace(rune(next[len(by)]))
}

// wordEnds reports whether a new word may begin after text.
func wordEnds(text string) bool {
	trimmed := strings.TrimRightFunc(text, unicode.IsSpace)
	return len(trimmed) < len(text) || trimmed == "" || strings.HasSuffix(trimmed, ")") ||
		strings.HasSuffix(trimmed, `"`) || strings.HasSuffix(trimmed, "'")
}

// search is the JQL of a walk at an instant. Times are told in whole minutes
// before it, as absolute ones are read in the time zone of the account; what is
// too much is left out afterwards. There is no upper bound. Both clocks count the
// same minutes since a walk began; but that an issue was created, Jira's tells alone.
func (s *session) search(w walk, now time.Time) string {
	jql := fmt.Sprintf(`(%s) AND updated >= "-%dm"`, s.condition, minutes(now.Sub(w.From)))
	if !w.Created.IsZero() {
		jql += fmt.Sprintf(` AND created >= "-%dm"`, minutes(now.Sub(w.Created)+s.skew))
	}
	return jql + " " + order
}

// created is the JQL of what was created within two instants, and updated since
// the history began.
func (s *session) created(from, to, since, now time.Time) string {
	margin := s.skew + callMargin
	jql := fmt.Sprintf(`(%s) AND updated >= "-%dm" AND created >= "-%dm"`,
		s.condition, minutes(now.Sub(since)+margin), minutes(now.Sub(from)+margin))
	if latest := int64((now.Sub(to) - margin) / time.Minute); latest > 0 {
		jql += fmt.Sprintf(` AND created <= "-%dm"`, latest)
	}
	return jql + " " + order
}

// minutes rounds up, and adds one for the time that the question is on its way.
func minutes(d time.Duration) int64 {
	return max(int64((d+time.Minute-1)/time.Minute), 0) + 1
}
