package api

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"teamhealth/scorecard"
)

// query reads the parameters of a request. Its first mistake stays in err, and
// makes whatever is read after it meaningless.
type query struct {
	values map[string]string
	err    error
}

// read takes the query string apart. Every parameter must be known, given
// once, and not empty: an empty one is more likely a script's mistake than a
// wish for the default.
func read(r *http.Request, known ...string) *query {
	q := &query{values: map[string]string{}}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		q.refuse("the query string", r.URL.RawQuery, "name=value pairs with percent encoding, joined by &")
		return q
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		given := values[name]
		switch {
		case !slices.Contains(known, name):
			q.fail(&scorecard.UnknownError{Kind: kindParameter, ID: name, Known: known})
		case len(given) > 1:
			q.refuse(name, strings.Join(given, ", "), "one value")
		case given[0] == "":
			q.refuse(name, "", "a value, or to leave the parameter out")
		}
		q.values[name] = given[0]
	}
	return q
}

func (q *query) fail(err error) {
	if q.err == nil {
		q.err = err
	}
}

func (q *query) refuse(name, value, allowed string) {
	q.fail(&scorecard.ParameterError{Parameter: name, Value: value, Allowed: allowed})
}

// word returns a parameter as it is, or the fallback.
func (q *query) word(name, fallback string) string {
	if v, ok := q.values[name]; ok {
		return v
	}
	return fallback
}

// needed returns a parameter that has no default.
func (q *query) needed(name, allowed string) string {
	if _, ok := q.values[name]; !ok {
		q.refuse(name, "", allowed)
	}
	return q.values[name]
}

// oneOf returns a parameter that has few values, or an empty string.
func (q *query) oneOf(name string, allowed ...string) string {
	v, ok := q.values[name]
	if ok && !slices.Contains(allowed, v) {
		q.refuse(name, v, strings.Join(allowed, ", "))
	}
	return v
}

// instant returns a parameter that is a time, or the zero time.
func (q *query) instant(name string) time.Time {
	v, ok := q.values[name]
	if !ok {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil || t.IsZero() {
		q.refuse(name, v, "an RFC 3339 time such as 2026-10-01T00:00:00Z; a + in it is written %2B")
	}
	return t
}

// integer returns a parameter that is a number from low to high, or the fallback.
func (q *query) integer(name string, fallback, low, high int) int {
	v, ok := q.values[name]
	if !ok {
		return fallback
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < low || n > high {
		q.refuse(name, v, fmt.Sprintf("a whole number from %d to %d", low, high))
	}
	return n
}
