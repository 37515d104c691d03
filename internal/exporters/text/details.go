package text

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// details lists what a row's details hold by name, with dots into what is nested
// and a line for each item of a list; none when there are none.
func details(v any) ([][]string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("read the fields of %T: %w", v, err)
	}
	lines, err := flat("", b)
	if err != nil {
		return nil, fmt.Errorf("read the fields of %T: %w", v, err)
	}
	return lines, nil
}

// flat lists the members of an object, and what is below them; none of null.
func flat(path string, object json.RawMessage) ([][]string, error) {
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(object, &members); err != nil {
		return nil, err
	}
	var lines [][]string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		below, err := [][]string{{path + name, plain(members[name])}}, error(nil)
		switch members[name][0] {
		case '{':
			below, err = flat(path+name+".", members[name])
		case '[':
			below, err = items(path+name, members[name])
		}
		if err != nil {
			return nil, err
		}
		lines = append(lines, below...)
	}
	return lines, nil
}

// items writes each item of a list on a line of its own.
func items(name string, list json.RawMessage) ([][]string, error) {
	var all []json.RawMessage
	if err := json.Unmarshal(list, &all); err != nil {
		return nil, err
	}
	lines := [][]string{}
	for i, item := range all {
		text, err := inline(item)
		if err != nil {
			return nil, err
		}
		lines = append(lines, []string{fmt.Sprintf("%s[%d]", name, i), text})
	}
	return lines, nil
}

// inline writes an object's members one after the other, in their own order.
func inline(item json.RawMessage) (string, error) {
	if item[0] != '{' {
		return plain(item), nil
	}
	in := json.NewDecoder(bytes.NewReader(item))
	if _, err := in.Token(); err != nil { // The brace.
		return "", err
	}
	var words []string
	for in.More() {
		name, err := in.Token()
		if err != nil {
			return "", err
		}
		var value json.RawMessage
		if err := in.Decode(&value); err != nil {
			return "", err
		}
		words = append(words, fmt.Sprintf("%s %s", name, plain(value)))
	}
	return strings.Join(words, ", "), nil
}

// plain writes a JSON value without the quotes and nulls that are for machines. An
// empty text is as absent as a null.
func plain(v json.RawMessage) string {
	var s *string
	if err := json.Unmarshal(v, &s); err != nil {
		return string(v)
	}
	if s == nil || *s == "" {
		return dash
	}
	return oneLine(*s)
}
