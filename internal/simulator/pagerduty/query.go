package pagerduty

import (
	"slices"
	"strconv"
	"time"
)

// query is the parameters of a request. Unknown ones are ignored.
type query map[string][]string

// one returns the first value of a parameter, or nothing.
func (q query) one(name string) string {
	if values := q[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// several returns the values of a parameter that is written name[].
func (q query) several(name string) []string { return q[name+"[]"] }

// choice is which of some numbered values a filter lets through; nil lets all.
type choice []bool

func (c choice) allows(number int) bool { return c == nil || c[number] }

// choose reads a parameter that is written name[]: which of the numbered values
// it names. Values that do not exist are nobody's.
func (q query) choose(name string, among []string) choice {
	values := q.several(name)
	if len(values) == 0 {
		return nil
	}
	chosen := make(choice, len(among))
	for i, one := range among {
		chosen[i] = slices.Contains(values, one)
	}
	return chosen
}

// chooseWords is choose for a parameter that knows only some words.
func (q query) chooseWords(name string, among []string) (choice, error) {
	for _, value := range q.several(name) {
		if !slices.Contains(among, value) {
			return nil, invalid(name + "[] has an unknown value")
		}
	}
	return q.choose(name, among), nil
}

// yes reads a parameter that is true or false.
func (q query) yes(name string) (bool, error) {
	switch q.one(name) {
	case "true":
		return true, nil
	case "false", "":
		return false, nil
	default:
		return false, invalid(name + " must be true or false")
	}
}

// number reads a whole number.
func (q query) number(name string, otherwise, least int) (int, error) {
	text := q.one(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least {
		return 0, invalid(name + " must be a number of at least " + strconv.Itoa(least))
	}
	return n, nil
}

// includes reports whether include[] asks for something.
func (q query) includes(name string) bool { return slices.Contains(q.several("include"), name) }

// span is a half-open time, in whole seconds since 1970.
type span struct{ from, to int64 }

// maxMonths is the longest span that is answered; of longer ones, nothing is.
const maxMonths = 6

// span reads since and until: each of them bounds a month if the other one is
// missing; with neither, the month up to now counts.
func (r *request) span() (span, error) {
	since, until, err := r.bounds()
	if err != nil {
		return span{}, err
	}
	switch {
	case since.IsZero() && until.IsZero():
		until = time.Unix(r.now+1, 0).In(r.zone)
		since = until.AddDate(0, -1, 0)
	case until.IsZero():
		until = since.AddDate(0, 1, 0)
	case since.IsZero():
		since = until.AddDate(0, -1, 0)
	case until.Before(since):
		return span{}, invalid("until lies before since")
	case until.After(since.AddDate(0, maxMonths, 0)):
		return span{}, nil
	}
	return span{from: ceil(since), to: min(ceil(until), r.now+1)}, nil
}

// bounds reads since and until, each as instant reads it.
func (r *request) bounds() (since, until time.Time, err error) {
	if since, err = r.instant("since"); err != nil {
		return time.Time{}, time.Time{}, err
	}
	until, err = r.instant("until")
	return since, until, err
}

// instant reads a time, in the zone of the request if it names no offset. The
// zero time stands for a parameter that is missing.
func (r *request) instant(name string) (time.Time, error) {
	text := r.query.one(name)
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{
		time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", time.DateOnly,
	} {
		if t, err := time.ParseInLocation(layout, text, r.zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, invalid(name + " is not a time in ISO 8601")
}

// ceil returns the first whole second that is not before a time.
func ceil(t time.Time) int64 {
	if t.Nanosecond() > 0 {
		return t.Unix() + 1
	}
	return t.Unix()
}
