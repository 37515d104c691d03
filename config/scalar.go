package config

import (
	"errors"
	"net/url"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// What scalars look like. Numbers have few enough digits to be exact in every
// type that they are read into.
var (
	integerForm  = regexp.MustCompile(`^-?\d{1,9}$`)
	decimalForm  = regexp.MustCompile(`^-?\d{1,12}(\.\d{1,18})?$`)
	durationForm = regexp.MustCompile(`^(?:(\d{1,4})w)?(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?$`)
	dueForm      = regexp.MustCompile(`^(\d{1,4})(d|bd)$`)
	clockForm    = regexp.MustCompile(`^([01]\d|2[0-3]):([0-5]\d)$|^24:00$`)
	idForm       = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`)
	variableForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	levelForm    = regexp.MustCompile(`^L\d{1,2}$`)
	quarterForm  = regexp.MustCompile(`^\d{4}-Q[1-4]$`)
	unitForm     = regexp.MustCompile(`^\d+(\.\d+)?\s*[%dhmsw]`) // A number with a unit.
)

// Clock is a time of day, since midnight.
type Clock time.Duration

// goal is an objective's target: a number, or the name of a field of the team.
type goal struct {
	number *scorecard.Number
	from   string
}

// isScalar reports whether v is filled from a single word of the file.
func isScalar(v reflect.Value) bool {
	switch v.Addr().Interface().(type) {
	case *scorecard.Date, *scorecard.Due, *scorecard.Number, **time.Location, *goal:
		return true
	}
	switch v.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64:
		return true
	default:
		return false
	}
}

// scalar fills v from one word.
func (r *reader) scalar(n *yaml.Node, path string, v reflect.Value, f field) {
	if n.Kind != yaml.ScalarNode {
		r.wrongType(n, path, wanted(v))
		return
	}
	if n.Style&yaml.TaggedStyle != 0 {
		r.report(path, "write the value alone", "tags are not read")
		return
	}
	switch v.Kind() {
	case reflect.String:
		r.text(n, path, v, f)
	case reflect.Bool:
		if n.ShortTag() != "!!bool" {
			r.report(path, "write it without quotes", "want true or false, got %s", quote(n.Value))
			return
		}
		v.SetBool(strings.EqualFold(n.Value, "true"))
	default:
		hint, err := parseInto(v.Addr().Interface(), n)
		if err != nil {
			r.report(path, hint, "%s is not %s", quote(n.Value), wanted(v))
			return
		}
		r.limit(n, path, v, f)
	}
}

// wanted says what v is filled from.
func wanted(v reflect.Value) string {
	switch v.Addr().Interface().(type) {
	case *time.Duration, *scorecard.Span:
		return "a length of time"
	case *scorecard.Date:
		return "a date"
	case *scorecard.Due:
		return "a number of days"
	case **time.Location:
		return "a time zone"
	case *Clock:
		return "a time of day"
	case *time.Weekday:
		return "a day of the week"
	}
	switch v.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	default:
		return "a number"
	}
}

// errForm is returned for a word that has not the form of what is wanted.
var errForm = errors.New("another form is wanted")

// parseInto reads a word into target, and returns a hint for when it cannot.
func parseInto(target any, n *yaml.Node) (hint string, err error) {
	switch t := target.(type) {
	case *time.Duration:
		*t, err = parseDuration(n.Value)
		return "write it like 5m, 36h or 7d", err
	case *scorecard.Span:
		d, err := parseDuration(n.Value)
		*t = scorecard.Span(d)
		return "write it like 5m, 36h or 365d", err
	case *scorecard.Date:
		day, err := time.Parse(time.DateOnly, n.Value)
		*t = scorecard.Date{Year: day.Year(), Month: day.Month(), Day: day.Day()}
		return "write it like 2026-01-31", err
	case *scorecard.Due:
		*t, err = parseDue(n.Value)
		return "write it like 30d, or 5bd for business days", err
	case **time.Location:
		*t, err = parseZone(n.Value)
		return "a name of the IANA time zone database such as Europe/Berlin or UTC", err
	case *Clock:
		*t, err = parseClock(n.Value)
		return `write it like "09:00"`, err
	case *time.Weekday:
		i := slices.Index(weekdays(), n.Value)
		*t = time.Weekday(i)
		return suggest(n.Value, weekdays()), found(i)
	default:
		return parseNumber(target, n)
	}
}

// parseNumber reads an unquoted decimal into target.
func parseNumber(target any, n *yaml.Node) (hint string, err error) {
	hint = "write it like 40 or 0.95, without quotes"
	unquoted := n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0
	if g, ok := target.(*goal); ok && n.Value == targetFromRotation {
		g.from = n.Value
		return hint, nil
	}
	if _, ok := target.(*goal); ok && unitForm.MatchString(n.Value) {
		return "write the number alone, in the objective's unit: 0.95 for 95%, 91 for 91d", errForm
	}
	form := decimalForm
	if v := reflect.ValueOf(target).Elem(); v.Kind() == reflect.Int {
		form, hint = integerForm, "write it like 4, without quotes"
	}
	if !unquoted || !form.MatchString(n.Value) {
		return hint, errForm
	}
	switch t := target.(type) {
	case *scorecard.Number:
		*t, err = scorecard.ParseNumber(n.Value)
	case *goal:
		number, parseErr := scorecard.ParseNumber(n.Value)
		t.number, err = &number, parseErr
	case *float64:
		*t, err = strconv.ParseFloat(n.Value, 64)
	default:
		whole, parseErr := strconv.ParseInt(n.Value, 10, 64)
		reflect.ValueOf(target).Elem().SetInt(whole)
		err = parseErr
	}
	return hint, err
}

// parseDuration reads 90s, 5m, 1h30m, 7d or 2w.
func parseDuration(text string) (time.Duration, error) {
	parts := durationForm.FindStringSubmatch(text)
	if parts == nil || text == "" {
		return 0, errForm
	}
	const day = 24 * time.Hour
	var sum time.Duration
	for i, unit := range []time.Duration{7 * day, day, time.Hour, time.Minute, time.Second} {
		count, _ := strconv.Atoi("0" + parts[i+1]) // Digits or nothing, and few.
		sum += time.Duration(count) * unit
	}
	return sum, nil
}

// parseDue reads 30d or 5bd; "none" is no term.
func parseDue(text string) (scorecard.Due, error) {
	parts := dueForm.FindStringSubmatch(text)
	if parts == nil {
		if text == "none" {
			return scorecard.Due{}, nil
		}
		return scorecard.Due{}, errForm
	}
	days, err := strconv.Atoi(parts[1])
	return scorecard.Due{Days: days, Business: parts[2] == "bd"}, err
}

// parseZone reads a name of the time zone database.
func parseZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, errForm // The machine's zone is nobody's promise.
	}
	return time.LoadLocation(name)
}

// parseClock reads 09:00.
func parseClock(text string) (Clock, error) {
	if !clockForm.MatchString(text) {
		return 0, errForm
	}
	hours, _ := strconv.Atoi(text[:2])
	minutes, _ := strconv.Atoi(text[3:])
	return Clock(time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute), nil
}

// weekdays lists the days as they are written, Sunday first as time.Weekday counts.
func weekdays() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

// found turns an index into an error when there is none.
func found(i int) error {
	if i < 0 {
		return errForm
	}
	return nil
}

// limit reports a number outside what the tags allow.
func (r *reader) limit(n *yaml.Node, path string, v reflect.Value, f field) {
	if low, ok := bound(f.tag.Get("min"), v); ok && amount(v) < low {
		r.report(path, "at least "+f.tag.Get("min"), "%s is too small", n.Value)
	}
	if high, ok := bound(f.tag.Get("max"), v); ok && amount(v) > high {
		r.report(path, "at most "+f.tag.Get("max"), "%s is too large", n.Value)
	}
}

// bound reads a limit in the terms of v.
func bound(text string, v reflect.Value) (float64, bool) {
	limit := reflect.New(v.Type()).Elem()
	if text == "" {
		return 0, false
	}
	_, err := parseInto(limit.Addr().Interface(), &yaml.Node{Kind: yaml.ScalarNode, Value: text})
	return amount(limit), err == nil
}

// amount returns what limits are compared by.
func amount(v reflect.Value) float64 {
	if v.CanFloat() {
		return v.Float()
	}
	if v.CanInt() {
		return float64(v.Int())
	}
	return 0
}

// text fills a string, and checks it.
func (r *reader) text(n *yaml.Node, path string, v reflect.Value, f field) {
	if n.ShortTag() == "!!bool" {
		r.wrongType(n, path, "a text")
		return
	}
	v.SetString(n.Value)
	known := wordsOf(v)
	if allowed := f.tag.Get("oneof"); allowed != "" {
		known = strings.Fields(allowed)
	}
	switch {
	case n.Value == "":
		r.report(path, "write a value, or remove the key", "is empty")
	case len(known) > 0 && !slices.Contains(known, n.Value):
		r.report(path, suggest(n.Value, known), "%s is not known", quote(n.Value))
	default:
		r.checkText(path, v, f)
	}
}

// wordsOf lists what a text of v's type may be; nil when it is free.
func wordsOf(v reflect.Value) []string {
	switch v.Addr().Interface().(type) {
	case *scorecard.Line:
		return words(scorecard.LineDRE, scorecard.LineSRE)
	case *scorecard.PersonLine:
		return words(scorecard.LineEngineer, scorecard.LinePersonSRE)
	case *scorecard.Coverage:
		return words(scorecard.AroundTheClock, scorecard.BusinessHours)
	case *facts.Urgency:
		return words(facts.UrgencyHigh, facts.UrgencyLow)
	case *scorecard.Measure:
		return words(scorecard.Measures()...)
	case *scorecard.Direction:
		return words(scorecard.AtLeast, scorecard.Above, scorecard.AtMost, scorecard.Below)
	case *scorecard.Unit:
		return words(scorecard.UnitRatio, scorecard.UnitSeconds, scorecard.UnitCount, scorecard.UnitScore, scorecard.UnitDays)
	case *scorecard.WindowKind:
		return words(scorecard.WindowPeriod, scorecard.WindowYear, scorecard.WindowTrailingYear)
	case *scorecard.Scope:
		return words(scorecard.ScopeTeam, scorecard.ScopeOrg)
	default:
		return nil
	}
}

// words returns typed constants as texts.
func words[T ~string](constants ...T) []string {
	texts := make([]string, len(constants))
	for i, c := range constants {
		texts[i] = string(c)
	}
	return texts
}

// checkText makes the checks that the field asks for.
func (r *reader) checkText(path string, v reflect.Value, f field) {
	text := v.String()
	switch {
	case f.asks("id") && !idForm.MatchString(text):
		r.report(path, "lower case letters, digits, - and _; at most 63", "%s is not fit for an id", quote(text))
	case f.asks("variable") && !variableForm.MatchString(text):
		r.report(path, "only the variable's name stands here, such as PAGERDUTY_TOKEN", "is not the name of an environment variable")
	case f.asks("level") && !levelForm.MatchString(text):
		r.report(path, "write it like L5", "%s is not a level", quote(text))
	case f.asks("url"):
		r.checkURL(path, text)
	case f.asks("path") && !filepath.IsAbs(text):
		v.SetString(filepath.Join(r.folderOf(path), text))
	}
}

// checkURL reports what is not the address of a web server.
func (r *reader) checkURL(path, text string) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		r.report(path, "write it like https://api.example.com", "is not an http or https URL")
	case u.User != nil:
		r.report(path, "secrets are never in this file: keep them in a file of their own or in an environment variable", "holds a user or a password")
	}
}
