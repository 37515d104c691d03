package jira

import (
	"cmp"
	"slices"
)

// sorter compares two rows by the fields of a query; without any, the newest
// come first.
func (e *environment) sorter(keys []sortKey) (func(a, b *row) int, error) {
	if len(keys) == 0 {
		keys = []sortKey{{field: "id", down: true}}
	}
	compares := make([]func(a, b *row) int, 0, len(keys))
	for _, key := range keys {
		compare := e.comparison(key.field)
		if compare == nil {
			return nil, unknownField(key.field)
		}
		if key.down {
			up := compare
			compare = func(a, b *row) int { return up(b, a) }
		}
		compares = append(compares, compare)
	}
	return func(a, b *row) int {
		for _, compare := range compares {
			if c := compare(a, b); c != 0 {
				return c
			}
		}
		return 0
	}, nil
}

// comparison returns how to order by a field, nil for one that does not exist.
// Keys are in the order of their projects and, within one, of their numbers.
func (e *environment) comparison(name string) func(a, b *row) int {
	if of := e.times(name); of != nil {
		return func(a, b *row) int { return cmp.Compare(of(a), of(b)) }
	}
	if of := e.texts(name); of != nil {
		return func(a, b *row) int { return cmp.Compare(of(a), of(b)) }
	}
	switch name {
	case "id", "rank", "priority":
		return func(a, b *row) int { return cmp.Compare(a.ID, b.ID) }
	case "key", "issuekey":
		return func(a, b *row) int { return cmp.Or(cmp.Compare(a.Project, b.Project), cmp.Compare(a.ID, b.ID)) }
	}
	f, ok := e.sets(name)
	if !ok {
		return nil
	}
	return func(a, b *row) int { return slices.Compare(f.of(a), f.of(b)) }
}

// search returns the indexes of all tickets that a query asks for, in order.
func (e *environment) search(q jql) ([]int, error) {
	accept := func(*row) bool { return true }
	if q.where != nil {
		f, err := e.compile(q.where)
		if err != nil {
			return nil, err
		}
		accept = f
	}
	order, err := e.sorter(q.order)
	if err != nil {
		return nil, err
	}
	var rows []*row
	for index := range e.view.CreatedBefore(e.now + 1) {
		ticket := &e.view.Tickets[index]
		if r := (&row{index: index, Ticket: ticket, State: ticket.State(e.now)}); accept(r) {
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, order)
	found := make([]int, 0, len(rows))
	for _, r := range rows {
		found = append(found, r.index)
	}
	return found, nil
}
