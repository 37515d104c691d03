package jira

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"teamhealth/internal/simulator/tickets"
)

// environment is what the names in a query mean.
type environment struct {
	view *tickets.View
	now  int64
	zone *time.Location
	// incident are the names by which queries can call the field for incidents.
	incident []string
}

// row is a ticket that a query is held against.
type row struct {
	index int // In the view.
	*tickets.Ticket
	tickets.State
}

// filter reports whether a row is asked for.
type filter func(*row) bool

// compile turns a condition into a filter, and reports names that mean nothing.
func (e *environment) compile(c *condition) (filter, error) {
	if c.word == "" {
		return e.compileClause(c.clause)
	}
	var parts []filter
	for _, part := range c.parts {
		f, err := e.compile(part)
		if err != nil {
			return nil, err
		}
		parts = append(parts, f)
	}
	isOr := c.word == "or"
	return func(r *row) bool {
		if c.word == "not" {
			return !parts[0](r)
		}
		holds := slices.ContainsFunc(parts, func(f filter) bool { return f(r) == isOr })
		return holds == isOr
	}, nil
}

func (e *environment) compileClause(c clause) (filter, error) {
	name := strings.ToLower(c.field)
	switch {
	case name == "key" || name == "issuekey" || name == "issue" || name == "id":
		return e.compileKeys(c)
	case e.times(name) != nil:
		return e.compileDate(c, e.times(name))
	case e.texts(name) != nil:
		return compileText(c, e.texts(name))
	}
	f, ok := e.sets(name)
	if !ok {
		return nil, unknownField(c.field)
	}
	return compileSet(c, f)
}

// set is a field with values out of a set.
type set struct {
	of    func(*row) []string // Lists all names by which the values can be called.
	known []string            // All names that there are; nil where every name is good.
}

// sets returns the set that a field is.
func (e *environment) sets(name string) (set, bool) {
	single := func(of func(*row) string) func(*row) []string {
		return func(r *row) []string {
			if value := of(r); value != "" {
				return []string{value}
			}
			return nil
		}
	}
	switch name {
	case "project":
		return set{of: single(func(r *row) string { return r.Project }), known: e.projects()}, true
	case "issuetype", "type":
		return set{of: single(func(r *row) string { return r.Type }), known: names(tickets.Types(), func(t tickets.Type) string { return t.Name })}, true
	case "status":
		known := names(tickets.Statuses(), func(s tickets.Status) string { return s.Name })
		known = append(known, names(tickets.Statuses(), func(s tickets.Status) string { return s.ID })...)
		return set{of: func(r *row) []string { return []string{r.Status.Name, r.Status.ID} }, known: known}, true
	case "statuscategory":
		return set{of: func(r *row) []string { return categoryNames(r.Status.Category) }, known: allCategories()}, true
	case "resolution":
		return set{of: single(func(r *row) string { return r.Resolution.Name }), known: names(tickets.Resolutions(), func(r tickets.Resolution) string { return r.Name })}, true
	case "labels":
		return set{of: func(r *row) []string { return r.State.Labels }}, true
	case "component":
		return set{of: func(r *row) []string { return r.Components }, known: e.components()}, true
	case "assignee":
		return set{of: single(func(r *row) string { return r.State.Assignee })}, true
	case "reporter":
		return set{of: single(func(r *row) string { return r.Reporter })}, true
	case "creator":
		return set{of: single(func(r *row) string { return r.Creator })}, true
	default:
		return set{}, false
	}
}

func names[T any](list []T, name func(T) string) []string {
	all := make([]string, 0, len(list))
	for _, one := range list {
		all = append(all, name(one))
	}
	return all
}

func (e *environment) projects() []string {
	return names(e.view.Projects, func(p tickets.Project) string { return p.Key })
}

func (e *environment) components() []string {
	all := []string{}
	for _, project := range e.view.Projects {
		all = append(all, e.view.Components[project.Key]...)
	}
	return all
}

// categoryNames are the names of a category: its key and what people read.
func categoryNames(c tickets.Category) []string { return []string{string(c), categoryOf(c).Name} }

func allCategories() []string {
	return slices.Concat(categoryNames(tickets.CategoryNew), categoryNames(tickets.CategoryInProgress), categoryNames(tickets.CategoryDone))
}

// holds reports whether a list holds a name, in any case.
func holds(list []string, name string) bool {
	return slices.ContainsFunc(list, func(one string) bool { return strings.EqualFold(one, name) })
}

// compileSet compares a set. What has no value is neither equal nor unequal.
func compileSet(c clause, f set) (filter, error) {
	for _, value := range c.values {
		switch {
		case value.isFunction:
			return nil, invalid("Unable to find JQL function '%s()'.", value.text)
		case !value.isEmpty && f.known != nil && !holds(f.known, value.text):
			return nil, unknownValue(value.text, c.field)
		}
	}
	matches := func(r *row) bool {
		values := f.of(r)
		return slices.ContainsFunc(c.values, func(o operand) bool {
			return o.isEmpty && len(values) == 0 || !o.isEmpty && holds(values, o.text)
		})
	}
	switch c.operator {
	case "=", "in", "is":
		return matches, nil
	case "is not":
		return func(r *row) bool { return len(f.of(r)) > 0 }, nil
	case "!=", "not in":
		return func(r *row) bool { return len(f.of(r)) > 0 && !matches(r) }, nil
	default:
		return nil, unsupported(c)
	}
}

func unsupported(c clause) error {
	return invalid("The operator '%s' is not supported by the '%s' field.", c.operator, c.field)
}

// compileKeys compares ids and keys. One that does not exist, or may not be
// seen, spoils the whole query.
func (e *environment) compileKeys(c clause) (filter, error) {
	asked := map[int]bool{}
	for _, value := range c.values {
		index, ok := e.view.Find(value.text, e.now)
		if !ok || value.isFunction {
			return nil, invalid("An issue with key '%s' does not exist for field '%s'.", value.text, c.field)
		}
		asked[e.view.Tickets[index].ID] = true
	}
	switch c.operator {
	case "=", "in":
		return func(r *row) bool { return asked[r.ID] }, nil
	case "!=", "not in":
		return func(r *row) bool { return !asked[r.ID] }, nil
	default:
		return nil, unsupported(c)
	}
}

// times returns how to read a field that is an instant; 0 stands for none.
func (e *environment) times(name string) func(*row) int64 {
	switch name {
	case "created", "createddate":
		return func(r *row) int64 { return r.Created }
	case "updated", "updateddate":
		return func(r *row) int64 { return r.UpdatedAt }
	case "resolved", "resolutiondate":
		return func(r *row) int64 { return r.ResolvedAt }
	case "statuscategorychangeddate":
		return func(r *row) int64 { return r.CategoryChangedAt }
	default:
		return nil
	}
}

func (e *environment) compileDate(c clause, of func(*row) int64) (filter, error) {
	if strings.HasPrefix(c.operator, "is") {
		return func(r *row) bool { return (of(r) == 0) == (c.operator == "is") }, nil
	}
	wanted := map[string][]int{"=": {0}, "!=": {-1, 1}, "<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {0, 1}}[c.operator]
	if wanted == nil {
		return nil, unsupported(c)
	}
	bound, err := e.date(c.values[0], c.field)
	if err != nil {
		return nil, err
	}
	return func(r *row) bool { return of(r) != 0 && slices.Contains(wanted, cmp.Compare(of(r), bound)) }, nil
}

// texts returns how to read a field that is a text.
func (e *environment) texts(name string) func(*row) string {
	switch {
	case name == "summary":
		return func(r *row) string { return r.Summary }
	case name == "description":
		return func(r *row) string { return r.State.Description }
	case name == "text":
		return func(r *row) string { return r.Summary + "\n" + r.State.Description }
	case slices.Contains(e.incident, name):
		return func(r *row) string { return r.Incident }
	default:
		return nil
	}
}

// compileText looks for words in a text.
func compileText(c clause, of func(*row) string) (filter, error) {
	words := strings.Fields(strings.ToLower(c.values[0].text))
	matches := func(r *row) bool {
		text := strings.ToLower(of(r))
		return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
	}
	switch c.operator {
	case "~":
		return matches, nil
	case "!~":
		return func(r *row) bool { return !matches(r) }, nil
	case "is":
		return func(r *row) bool { return of(r) == "" }, nil
	case "is not":
		return func(r *row) bool { return of(r) != "" }, nil
	default:
		return nil, unsupported(c)
	}
}
