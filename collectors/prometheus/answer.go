package prometheus

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// result is what an expression came to.
type result struct {
	values   map[hour]float64 // By the hour that is counted, which ends when its sample is of.
	warnings []string
}

// wireData is the data of a query's answer.
type wireData struct {
	Type   string          `json:"resultType"`
	Result json.RawMessage `json:"result"`
}

// wireSeries is one series of a matrix or vector.
type wireSeries struct {
	Metric     map[string]string   `json:"metric"`
	Value      []json.RawMessage   `json:"value"`
	Values     [][]json.RawMessage `json:"values"`
	Histograms []json.RawMessage   `json:"histograms"`
}

// answerError is an answer that is not what Prometheus' API says.
type answerError struct{ text string }

func (e *answerError) Error() string { return e.text }

// shapeError is an answer to an expression that does not count.
type shapeError struct{ text string }

func (e *shapeError) Error() string { return e.text }

// readMatrix reads the values of the one series that an expression may give.
func readMatrix(data json.RawMessage, asked span) (map[hour]float64, error) {
	all, err := readSeries(data, "matrix")
	if err != nil {
		return nil, err
	}
	switch {
	case len(all) == 0:
		return nil, nil
	case len(all) > 1:
		return nil, severalSeries(all)
	case len(all[0].Histograms) > 0:
		return nil, &shapeError{"it gives native histograms, where numbers are needed: take histogram_count() or histogram_fraction() of them"}
	case len(all[0].Values) == 0:
		return nil, &answerError{"the answer has a series without values"}
	}
	found := map[hour]float64{}
	for _, pair := range all[0].Values {
		at, value, err := readSample(pair)
		if err != nil {
			return nil, err
		}
		h := hourOf(at) - 1
		if h < asked.from || h >= asked.until {
			continue // Some programs round the ends of a range.
		}
		if _, twice := found[h]; twice || !at.Equal((h + 1).start()) {
			return nil, &answerError{fmt.Sprintf("the answer has a sample of %s, which was not asked for", at.Format(time.RFC3339Nano))}
		}
		found[h] = value
	}
	return found, nil
}

// readInstant reads when an instant query was evaluated.
func readInstant(data json.RawMessage) (time.Time, error) {
	all, err := readSeries(data, "vector")
	if err != nil {
		return time.Time{}, err
	}
	if len(all) != 1 {
		return time.Time{}, &answerError{fmt.Sprintf("vector(1) gives %d series", len(all))}
	}
	at, _, err := readSample(all[0].Value)
	return at, err
}

func readSeries(data json.RawMessage, want string) ([]wireSeries, error) {
	var read wireData
	if err := json.Unmarshal(data, &read); err != nil {
		return nil, &answerError{fmt.Sprintf("the answer's data cannot be read: %v", err)}
	}
	if read.Type != want {
		return nil, &answerError{fmt.Sprintf("the answer is a %q, where a %s is due", read.Type, want)}
	}
	var all []wireSeries
	if err := json.Unmarshal(read.Result, &all); err != nil {
		return nil, &answerError{fmt.Sprintf("the answer's %s cannot be read: %v", want, err)}
	}
	if all == nil { // What is empty is an empty list.
		return nil, &answerError{fmt.Sprintf("the answer has no %s", want)}
	}
	return all, nil
}

// readSample reads a pair of the seconds since 1970 and a number in quotes.
func readSample(pair []json.RawMessage) (at time.Time, value float64, err error) {
	var seconds float64
	var text string
	if len(pair) == 2 {
		err = json.Unmarshal(pair[0], &seconds)
		if err == nil {
			err = json.Unmarshal(pair[1], &text)
		}
		if err == nil {
			value, err = strconv.ParseFloat(text, 64)
		}
	}
	if len(pair) != 2 || err != nil || math.Abs(seconds) > 1<<40 {
		return at, 0, &answerError{fmt.Sprintf("the answer has %.100q for a sample", pair)}
	}
	return time.UnixMilli(int64(math.Round(seconds * 1000))).UTC(), value, nil
}

// severalSeries tells what came instead of one series.
func severalSeries(all []wireSeries) error {
	names := make([]string, 0, 2)
	for _, one := range all[:2] {
		names = append(names, labels(one.Metric))
	}
	return &shapeError{fmt.Sprintf("it gives %d series, %s among them, where one is needed: bring them together, for example by sum()",
		len(all), strings.Join(names, " and "))}
}

// labels writes a series' labels as PromQL does, as many as tell something.
func labels(metric map[string]string) string {
	const most = 100
	pairs := make([]string, 0, len(metric))
	for name, value := range metric {
		pairs = append(pairs, fmt.Sprintf("%s=%q", name, value))
	}
	slices.Sort(pairs)
	text := []rune("{" + strings.Join(pairs, ", ") + "}")
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}
