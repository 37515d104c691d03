package pagerduty

import (
	"bytes"
	"encoding/json"
	"iter"
	"strconv"
)

// The limits of classic paging.
const (
	defaultLimit = 25
	maxLimit     = 100
	maxReach     = 10000
)

// page is which rows of a list are asked for.
type page struct {
	limit, offset int
	total         bool
}

// page reads the parameters of classic paging. A limit above a hundred is a
// hundred.
func (q query) page() (page, error) { return q.pageOf(defaultLimit, maxLimit) }

// pageOf reads the parameters of paging with a default limit and a highest one.
func (q query) pageOf(otherwise, most int) (page, error) {
	limit, err := q.number("limit", otherwise, 1)
	if err != nil {
		return page{}, err
	}
	offset, err := q.number("offset", 0, 0)
	if err != nil {
		return page{}, err
	}
	total, err := q.yes("total")
	if err != nil {
		return page{}, err
	}
	p := page{limit: min(limit, most), offset: offset, total: total}
	if p.offset > maxReach-p.limit {
		return page{}, tooFar()
	}
	return p, nil
}

// rows are the rows of one page, and what the page says of the others.
type rows[T any] struct {
	page
	items []T
	more  bool
	count int // Of all rows, where page.total asks for it.
}

// take walks through all rows and keeps those of one page. It stops early
// unless all are to be counted.
func take[T any](p page, all iter.Seq[T]) rows[T] {
	result := rows[T]{page: p, items: make([]T, 0, p.limit)}
	for row := range all {
		result.count++
		switch {
		case result.count <= p.offset:
		case len(result.items) < p.limit:
			result.items = append(result.items, row)
		default:
			result.more = true
			if !p.total {
				return result
			}
		}
	}
	return result
}

// listing is a body with one page of a list.
type listing[T any] struct {
	name string
	rows[T]
	untold bool // It has no member for the total.
}

func (l listing[T]) write(buffer *bytes.Buffer) error {
	text, err := json.Marshal(l.items)
	if err != nil {
		return err
	}
	total := `,"total":null`
	switch {
	case l.untold:
		total = ""
	case l.total:
		total = `,"total":` + strconv.Itoa(l.count)
	}
	buffer.Grow(len(text) + 100)
	buffer.WriteString(`{"` + l.name + `":`)
	buffer.Write(text)
	buffer.WriteString(`,"limit":` + strconv.Itoa(l.limit) + `,"offset":` + strconv.Itoa(l.offset) +
		`,"more":` + strconv.FormatBool(l.more) + total + "}")
	return nil
}

// draw replaces the rows of a page by what they look like.
func draw[T, W any](name string, r rows[T], paint func(T) W) body {
	drawn := rows[W]{page: r.page, items: make([]W, 0, len(r.items)), more: r.more, count: r.count}
	for _, row := range r.items {
		drawn.items = append(drawn.items, paint(row))
	}
	return listing[W]{name: name, rows: drawn}
}
