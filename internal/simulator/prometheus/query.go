package prometheus

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxPoints is how many values of a series one answer may hold.
const maxPoints = 11_000

// answer is the data of an answer.
type answer struct {
	Type   string   `json:"resultType"`
	Result []stream `json:"result"`
}

// stream is one series of an answer: with Values in a matrix, with a Value in a vector.
type stream struct {
	Metric map[string]string `json:"metric"`
	Value  *sample           `json:"value,omitempty"`
	Values []sample          `json:"values,omitempty"`
}

// sample is the seconds since 1970 and a number in quotes.
type sample [2]any

func newSample(at time.Time, value float64) sample {
	return sample{float64(at.UnixMilli()) / 1000, strconv.FormatFloat(value, 'f', -1, 64)}
}

// instant answers what an expression gives at one time, which is now by default.
func (s *Server) instant(r *http.Request) (*answer, error) {
	at := s.opts.Now()
	if text := r.FormValue("time"); text != "" {
		given, err := instantOf("time", text)
		if err != nil {
			return nil, err
		}
		at = given
	}
	value, err := s.expression(r)
	if err != nil {
		return nil, err
	}
	found := &answer{Type: "vector", Result: []stream{}}
	if v, ok := value(at); ok {
		one := newSample(at, v)
		found.Result = append(found.Result, stream{Metric: map[string]string{}, Value: &one})
	}
	return found, nil
}

// matrix answers what an expression gives from a time until another, in steps.
func (s *Server) matrix(r *http.Request) (*answer, error) {
	start, err := instantOf("start", r.FormValue("start"))
	if err != nil {
		return nil, err
	}
	end, err := instantOf("end", r.FormValue("end"))
	if err != nil {
		return nil, err
	}
	if end.Before(start) {
		return nil, invalid(`invalid parameter "end": end timestamp must not be before start time`)
	}
	step, err := stepOf(r.FormValue("step"))
	if err != nil {
		return nil, err
	}
	if end.Sub(start)/step > maxPoints {
		return nil, invalid("exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)")
	}
	value, err := s.expression(r)
	if err != nil {
		return nil, err
	}
	one := stream{Metric: map[string]string{}}
	for at := start; !at.After(end); at = at.Add(step) {
		if v, ok := value(at); ok {
			one.Values = append(one.Values, newSample(at, v))
		}
	}
	found := &answer{Type: "matrix", Result: []stream{}}
	if len(one.Values) > 0 {
		found.Result = append(found.Result, one)
	}
	return found, nil
}

// expression finds what tells the values of the request's query.
func (s *Server) expression(r *http.Request) (func(time.Time) (float64, bool), error) {
	text := strings.TrimSpace(r.FormValue("query"))
	switch known, ok := s.sides[text]; {
	case text == "":
		return nil, invalid(`invalid parameter "query": unknown position: parse error: no expression found in input`)
	case text == "vector(1)":
		return func(time.Time) (float64, bool) { return 1, true }, nil
	case ok:
		return func(at time.Time) (float64, bool) { return s.value(known, at) }, nil
	}
	return func(time.Time) (float64, bool) { return 0, false }, nil
}

// instantOf reads a time as seconds since 1970 or in RFC 3339.
func instantOf(name, text string) (time.Time, error) {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && math.Abs(seconds) < 1<<40 {
		return time.UnixMilli(int64(math.Round(seconds * 1000))).UTC(), nil
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at, nil
	}
	return time.Time{}, invalid(`invalid parameter "%s": cannot parse "%s" to a valid timestamp`, name, text)
}

// stepOf reads a step as seconds or as a duration.
func stepOf(text string) (time.Duration, error) {
	step, err := time.ParseDuration(text)
	if seconds, notNumber := strconv.ParseFloat(text, 64); notNumber == nil && math.Abs(seconds) < 1<<30 {
		step, err = time.Duration(seconds*float64(time.Second)), nil
	}
	if err != nil {
		return 0, invalid(`invalid parameter "step": cannot parse "%s" to a valid duration`, text)
	}
	if step <= 0 {
		return 0, invalid(`invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer`)
	}
	return step, nil
}
