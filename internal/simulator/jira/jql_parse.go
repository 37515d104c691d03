package jira

import (
	"slices"
	"strings"
)

// The limits of queries.
const (
	maxSortKeys = 7
	maxDepth    = 100 // Of parentheses; Jira's own limit is not known.
)

// parser reads a query from its tokens.
type parser struct {
	tokens []token
	depth  int
}

// parse reads a query. What its names mean is not looked at.
func parse(text string) (jql, error) {
	tokens, err := tokenize(text)
	if err != nil {
		return jql{}, err
	}
	p := &parser{tokens: tokens}
	var q jql
	if len(p.tokens) > 0 && !p.isOrder() {
		if q.where, err = p.either(); err != nil {
			return jql{}, err
		}
	}
	if q.order, err = p.order(); err != nil {
		return jql{}, err
	}
	if len(p.tokens) > 0 {
		return jql{}, badQuery("Expecting either 'OR' or 'AND' but got '%s'.", p.peek().text)
	}
	return q, nil
}

// peek returns the next token; an empty mark at the end.
func (p *parser) peek() token {
	if len(p.tokens) == 0 {
		return token{isMark: true}
	}
	return p.tokens[0]
}

func (p *parser) next() token {
	t := p.peek()
	p.tokens = p.tokens[min(1, len(p.tokens)):]
	return t
}

// skip takes the next token if it is one of some words or marks.
func (p *parser) skip(words ...string) bool {
	t := p.peek()
	if t.text == "" || !slices.ContainsFunc(words, t.is) {
		return false
	}
	p.next()
	return true
}

func (p *parser) isOrder() bool {
	return len(p.tokens) > 1 && p.tokens[0].is("order") && p.tokens[1].is("by")
}

// either reads conditions of which one must hold.
func (p *parser) either() (*condition, error) { return p.chain("or", p.all, "or", "|", "||") }

// all reads conditions that must all hold; it binds closer than either.
func (p *parser) all() (*condition, error) { return p.chain("and", p.one, "and", "&", "&&") }

// chain reads parts that are joined by words.
func (p *parser) chain(word string, part func() (*condition, error), joints ...string) (*condition, error) {
	first, err := part()
	if err != nil {
		return nil, err
	}
	whole := &condition{word: word, parts: []*condition{first}}
	for p.skip(joints...) {
		another, err := part()
		if err != nil {
			return nil, err
		}
		whole.parts = append(whole.parts, another)
	}
	if len(whole.parts) == 1 {
		return first, nil
	}
	return whole, nil
}

// one reads a clause, or a condition in parentheses or after a not.
func (p *parser) one() (*condition, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, badQuery("The query is nested too deeply.")
	}
	defer func() { p.depth-- }()
	switch {
	case p.skip("not", "!"):
		inner, err := p.one()
		return &condition{word: "not", parts: []*condition{inner}}, err
	case p.skip("("):
		inner, err := p.either()
		if err == nil && !p.skip(")") {
			err = badQuery("Expecting ')' before the end of the query.")
		}
		return inner, err
	}
	c, err := p.clause()
	return &condition{clause: c}, err
}

func (p *parser) clause() (clause, error) {
	field := p.next()
	if field.isMark || field.text == "" {
		return clause{}, badQuery("Expecting a field name but got '%s'.", field.text)
	}
	c := clause{field: field.text}
	var err error
	if c.operator, err = p.operator(); err != nil {
		return clause{}, err
	}
	if c.operator == "in" || c.operator == "not in" {
		c.values, err = p.list()
		return c, err
	}
	value, err := p.operand()
	c.values = []operand{value}
	if isEmptiness := strings.HasPrefix(c.operator, "is"); err == nil && isEmptiness && !value.isEmpty {
		err = badQuery("The operator '%s' is not supported by the value '%s'.", c.operator, value.text)
	}
	return c, err
}

// operator reads an operator, which may be of two words.
func (p *parser) operator() (string, error) {
	t := p.next()
	switch {
	case t.isMark && slices.Contains([]string{"=", "!=", "<", "<=", ">", ">=", "~", "!~"}, t.text):
		return t.text, nil
	case t.is("in"):
		return "in", nil
	case t.is("not") && p.skip("in"):
		return "not in", nil
	case t.is("is") && p.skip("not"):
		return "is not", nil
	case t.is("is"):
		return "is", nil
	}
	return "", badQuery("Expecting operator but got '%s'. The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'.", t.text)
}

// list reads values in parentheses.
func (p *parser) list() ([]operand, error) {
	if !p.skip("(") {
		return nil, badQuery("Expecting '(' but got '%s'.", p.peek().text)
	}
	var values []operand
	for {
		value, err := p.operand()
		if err != nil {
			return nil, err
		}
		values = append(values, value)
		if p.skip(")") {
			return values, nil
		}
		if !p.skip(",") {
			return nil, badQuery("Expecting ',' or ')' but got '%s'.", p.peek().text)
		}
	}
}

// operand reads a value, or a function without arguments.
func (p *parser) operand() (operand, error) {
	t := p.next()
	if t.isMark {
		return operand{}, badQuery("Expecting either a value, list or function but got '%s'.", t.text)
	}
	o := operand{text: t.text, isEmpty: t.is("empty") || t.is("null")}
	if !t.isQuoted && p.skip("(") {
		o.isFunction = true
		if !p.skip(")") {
			return operand{}, badQuery("The function '%s' takes no arguments here.", t.text)
		}
	}
	return o, nil
}

// order reads what to sort by, if anything.
func (p *parser) order() ([]sortKey, error) {
	if !p.isOrder() {
		return nil, nil
	}
	p.tokens = p.tokens[2:]
	var keys []sortKey
	for {
		t := p.next()
		if t.isMark {
			return nil, badQuery("Expecting a field name at the end of the query but got '%s'.", t.text)
		}
		key := sortKey{field: strings.ToLower(t.text), down: p.skip("desc")}
		if !key.down {
			p.skip("asc")
		}
		keys = append(keys, key)
		if !p.skip(",") {
			break
		}
	}
	if len(keys) > maxSortKeys {
		return nil, badQuery("The maximum number of fields to sort by is %d.", maxSortKeys)
	}
	return keys, nil
}
