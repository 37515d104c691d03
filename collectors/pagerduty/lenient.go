package pagerduty

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// lenient is a field that does not decide whether its item is understood:
// where its value is no T it stays zero, and spoils nothing around it.
type lenient[T any] struct {
	value T
	told  bool // It is there, is not null, and is a T.
	odd   bool // It is there, is not null, and is none.
}

// UnmarshalJSON never fails.
func (l *lenient[T]) UnmarshalJSON(text []byte) error {
	var value T
	switch {
	case string(text) == "null":
	case json.Unmarshal(text, &value) == nil:
		l.value, l.told = value, true
	default:
		l.odd = true
	}
	return nil
}

// lenientList is a list from which items that are no T are left out as zeros.
type lenientList[T any] = lenient[[]lenient[T]]

// text is a string, or empty.
type text = lenient[string]

// wholeNumber is a number, or text that is one, or zero.
type wholeNumber int64

// UnmarshalJSON never fails.
func (n *wholeNumber) UnmarshalJSON(text []byte) error {
	if value, err := strconv.ParseInt(strings.Trim(string(text), `"`), 10, 64); err == nil {
		*n = wholeNumber(value)
	}
	return nil
}

// UnmarshalJSON never fails. Text in the place of a reference is the name of
// what is referred to, not its id.
func (r *wireReference) UnmarshalJSON(raw []byte) error {
	type strict wireReference
	if json.Unmarshal(raw, (*strict)(r)) == nil {
		return nil
	}
	var odd lenient[struct {
		ID      text `json:"id"`
		Type    text `json:"type"`
		Summary text `json:"summary"`
		Name    text `json:"name"`
	}]
	var name text
	if err := errors.Join(json.Unmarshal(raw, &odd), json.Unmarshal(raw, &name)); err != nil {
		return err
	}
	*r = wireReference{
		ID: odd.value.ID.value, Type: odd.value.Type.value,
		Summary: firstOf(odd.value.Summary.value, name.value), Name: odd.value.Name.value,
	}
	return nil
}
