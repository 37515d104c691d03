package jira

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// span matches lengths of time such as -200m or 4w 2d.
var span = regexp.MustCompile(`^[-+]?\d{1,9}[wdhm](\s+\d{1,9}[wdhm])*$`)

// date reads a value of a date: in the caller's zone, to the minute or the
// day, or as a length of time before or after now.
func (e *environment) date(o operand, field string) (int64, error) {
	text := strings.TrimSpace(o.text)
	if o.isFunction {
		return e.function(text)
	}
	if span.MatchString(text) {
		return e.now + seconds(text), nil
	}
	for _, layout := range []string{"2006/01/02 15:04", "2006-01-02 15:04", "2006/01/02", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, e.zone); err == nil {
			return t.Unix(), nil
		}
	}
	return 0, invalid("Date value '%s' for field '%s' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "+
		"'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.", text, field)
}

// function returns the instant that a function of time stands for.
func (e *environment) function(name string) (int64, error) {
	switch strings.ToLower(name) {
	case "now":
		return e.now, nil
	case "startofday":
		t := time.Unix(e.now, 0).In(e.zone)
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, e.zone).Unix(), nil
	default:
		return 0, invalid("Unable to find JQL function '%s()'.", name)
	}
}

// seconds returns a length of time that span matches.
func seconds(text string) int64 {
	text, isPast := strings.CutPrefix(text, "-")
	var sum int64
	for part := range strings.FieldsSeq(strings.TrimPrefix(text, "+")) {
		n, _ := strconv.ParseInt(part[:len(part)-1], 10, 64) // Nine digits: span says so.
		unit := map[byte]int64{'w': 7 * 86400, 'd': 86400, 'h': 3600, 'm': 60}
		sum += n * unit[part[len(part)-1]]
	}
	if isPast {
		return -sum
	}
	return sum
}
