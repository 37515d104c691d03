package scorecard

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Period is a half-open span of the organisation's calendar.
type Period struct {
	ID       string     `json:"id"` // 2026-Q3, 2026, 2026-08, 28d.
	Start    time.Time  `json:"start"`
	End      time.Time  `json:"end"`
	TimeZone string     `json:"time_zone"`
	Closed   bool       `json:"closed"` // The end is not after as_of; never true of a rolling period.
	Kind     PeriodKind `json:"-"`
}

// PeriodKind is the kind of span that a period is.
type PeriodKind int

// The kinds of periods.
const (
	Quarter PeriodKind = iota + 1
	Year
	Month
	Rolling
)

// The words that stand for the quarter of as_of and the one before it.
const (
	wordCurrent  = "current"
	wordPrevious = "previous"
)

// PeriodForms tells a reader what a period may be called.
const PeriodForms = "current, previous, YYYY-Q1 to YYYY-Q4, YYYY, YYYY-MM, or Nd with N from 1 to 3660"

const (
	monthsPerYear  = 12
	monthsPerQtr   = 3
	maxRollingDays = 3660
	firstYear      = 1970
)

var (
	quarterForm = regexp.MustCompile(`^(\d{4})-Q([1-4])$`)
	yearForm    = regexp.MustCompile(`^(\d{4})$`)
	monthForm   = regexp.MustCompile(`^(\d{4})-(0[1-9]|1[0-2])$`)
	rollingForm = regexp.MustCompile(`^([1-9]\d{0,3})d$`)
)

// ParsePeriod returns the period of an id or word as it stands at asOf. A
// period that begins after asOf, or before 1970, is refused: nothing can be
// said of it. The error is a *ParameterError.
func (c Calendar) ParsePeriod(id string, asOf time.Time) (Period, error) {
	p, ok := c.lookUp(id, asOf)
	allowed := ""
	switch {
	case !ok:
		allowed = PeriodForms
	case p.Start.After(asOf):
		allowed = fmt.Sprintf("a period that has begun; this one begins at %s", p.Start.UTC().Format(time.RFC3339))
	case p.Start.Before(c.midnight(firstYear, time.January, 1)):
		allowed = fmt.Sprintf("a period that begins in %d or later", firstYear)
	default:
		return p, nil
	}
	return Period{}, &ParameterError{Parameter: "period", Value: id, Allowed: allowed}
}

func (c Calendar) lookUp(id string, asOf time.Time) (Period, bool) {
	switch id {
	case wordCurrent:
		return c.QuarterOf(asOf), true
	case wordPrevious:
		return c.Before(c.QuarterOf(asOf), asOf), true
	}
	if m := quarterForm.FindStringSubmatch(id); m != nil {
		return c.quarter(number(m[1]), number(m[2]), asOf), true
	}
	if m := monthForm.FindStringSubmatch(id); m != nil {
		return c.month(number(m[1]), time.Month(number(m[2])), asOf), true
	}
	if m := yearForm.FindStringSubmatch(id); m != nil {
		return c.year(number(m[1]), asOf), true
	}
	if m := rollingForm.FindStringSubmatch(id); m != nil && number(m[1]) <= maxRollingDays {
		return c.rolling(number(m[1]), asOf), true
	}
	return Period{}, false
}

// number reads digits that a pattern has matched.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// QuarterOf returns the fiscal quarter that t falls in, as it stands at t.
func (c Calendar) QuarterOf(t time.Time) Period {
	year, monthInYear := c.fiscal(t)
	return c.quarter(year, monthInYear/monthsPerQtr+1, t)
}

// YearOf returns the fiscal year that t falls in, as it stands at t.
func (c Calendar) YearOf(t time.Time) Period {
	year, _ := c.fiscal(t)
	return c.year(year, t)
}

// Before returns the period of the same kind and length that ends where p
// starts, as it stands at asOf.
func (c Calendar) Before(p Period, asOf time.Time) Period {
	last := p.Start.Add(-time.Nanosecond)
	switch p.Kind {
	case Year:
		year, _ := c.fiscal(last)
		return c.year(year, asOf)
	case Month:
		local := last.In(c.Location)
		return c.month(local.Year(), local.Month(), asOf)
	case Rolling:
		return Period{ID: p.ID, Start: p.Start.Add(-p.End.Sub(p.Start)), End: p.Start, TimeZone: p.TimeZone, Kind: Rolling}
	case Quarter:
	}
	year, monthInYear := c.fiscal(last)
	return c.quarter(year, monthInYear/monthsPerQtr+1, asOf)
}

// fiscal returns the fiscal year of t and the months, 0 to 11, since that
// year began. A fiscal year is named for the calendar year in which it begins.
func (c Calendar) fiscal(t time.Time) (year, monthInYear int) {
	local := t.In(c.Location)
	monthInYear = (int(local.Month()) - int(c.FiscalStart) + monthsPerYear) % monthsPerYear
	year = local.Year()
	if local.Month() < c.FiscalStart {
		year--
	}
	return year, monthInYear
}

func (c Calendar) quarter(year, q int, asOf time.Time) Period {
	first := c.FiscalStart + time.Month((q-1)*monthsPerQtr)
	return c.span(fmt.Sprintf("%04d-Q%d", year, q), Quarter, year, first, monthsPerQtr, asOf)
}

func (c Calendar) year(year int, asOf time.Time) Period {
	return c.span(fmt.Sprintf("%04d", year), Year, year, c.FiscalStart, monthsPerYear, asOf)
}

func (c Calendar) month(year int, m time.Month, asOf time.Time) Period {
	return c.span(fmt.Sprintf("%04d-%02d", year, int(m)), Month, year, m, 1, asOf)
}

// span builds a period of whole months; months beyond December run on into
// the next year.
func (c Calendar) span(id string, kind PeriodKind, year int, first time.Month, months int, asOf time.Time) Period {
	end := c.midnight(year, first+time.Month(months), 1)
	return Period{
		ID: id, Kind: kind, TimeZone: c.Location.String(),
		Start: c.midnight(year, first, 1), End: end, Closed: !end.After(asOf),
	}
}

// rolling builds a period of whole 24-hour days that ends at asOf. It moves
// with asOf, so it is never closed.
func (c Calendar) rolling(days int, asOf time.Time) Period {
	return Period{
		ID: fmt.Sprintf("%dd", days), Kind: Rolling, TimeZone: c.Location.String(),
		Start: asOf.Add(-time.Duration(days) * 24 * time.Hour).UTC(), End: asOf.UTC(),
	}
}

// midnight returns the first instant of a local day, in UTC.
func (c Calendar) midnight(year int, month time.Month, day int) time.Time {
	return firstInstant(year, month, day, c.Location).UTC()
}

// firstInstant returns the first instant of a day in loc. Where the clocks
// skip midnight, that is the instant of the change.
func firstInstant(year int, month time.Month, day int, loc *time.Location) time.Time {
	noon := time.Date(year, month, day, 12, 0, 0, 0, loc)
	t := time.Date(noon.Year(), noon.Month(), noon.Day(), 0, 0, 0, 0, loc)
	if t.Day() != noon.Day() {
		_, t = t.ZoneBounds()
	}
	return t
}

// Quarters lists the fiscal quarters that reach into the time from since to
// asOf, latest first.
func (c Calendar) Quarters(since, asOf time.Time) []Period {
	var list []Period
	for p := c.QuarterOf(asOf); p.End.After(since); p = c.Before(p, asOf) {
		list = append(list, p)
	}
	return list
}
