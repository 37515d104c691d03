package jira

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// jql is a query that was read.
type jql struct {
	where *condition // Nil for none.
	order []sortKey
}

// sortKey is one field to sort by.
type sortKey struct {
	field string
	down  bool
}

// condition is either a clause or a combination of conditions.
type condition struct {
	word  string // and, or, not; empty for a clause.
	parts []*condition
	clause
}

// clause says that a field stands in some relation to values.
type clause struct {
	field    string
	operator string // In small letters: = != < <= > >= ~ !~ in, not in, is, is not.
	values   []operand
}

// operand is a value of a clause.
type operand struct {
	text       string
	isFunction bool
	isEmpty    bool // The word empty or null.
}

// token is a piece of a query.
type token struct {
	text     string
	isQuoted bool
	isMark   bool // One of ( ) , and the operators that are not words.
}

// is reports whether the token is a word, in any case and without quotes.
func (t token) is(word string) bool { return !t.isQuoted && strings.EqualFold(t.text, word) }

const marks = "=!<>~(),&|"

// tokenize cuts a query into its pieces.
func tokenize(text string) ([]token, error) {
	var tokens []token
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		first, size := utf8.DecodeRuneInString(text)
		switch {
		case first == '"' || first == '\'':
			value, rest, ok := unquote(text[size:], first)
			if !ok {
				return nil, badQuery("The quoted string '%s' has not been completed.", text[size:])
			}
			tokens, text = append(tokens, token{text: value, isQuoted: true}), rest
		case strings.ContainsRune(marks, first):
			length := markLength(text)
			tokens, text = append(tokens, token{text: text[:length], isMark: true}), text[length:]
		default:
			length := strings.IndexFunc(text, func(r rune) bool {
				return unicode.IsSpace(r) || r == '"' || r == '\'' || strings.ContainsRune(marks, r)
			})
			if length < 0 {
				length = len(text)
			}
			tokens, text = append(tokens, token{text: text[:length]}), text[length:]
		}
	}
	return tokens, nil
}

// markLength is how many characters the mark that begins a text has.
func markLength(text string) int {
	for _, long := range []string{"<=", ">=", "!=", "!~", "&&", "||"} {
		if strings.HasPrefix(text, long) {
			return len(long)
		}
	}
	return 1
}

// unquote reads up to the closing quote; a backslash takes the next character
// as it is.
func unquote(text string, quote rune) (value, rest string, ok bool) {
	var read strings.Builder
	isEscaped := false
	for at, r := range text {
		switch {
		case isEscaped:
			read.WriteRune(r)
			isEscaped = false
		case r == '\\':
			isEscaped = true
		case r == quote:
			return read.String(), text[at+1:], true
		default:
			read.WriteRune(r)
		}
	}
	return "", "", false
}
