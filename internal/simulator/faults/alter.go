package faults

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
)

// alter changes the JSON of an answer. What is none, or no success, stays as it is.
func alter(w http.ResponseWriter, r *http.Request, next http.Handler, changes []Fault, random *rand.Rand) {
	whole := record(next, r)
	var content map[string]any
	decoder := json.NewDecoder(bytes.NewReader(whole.body))
	decoder.UseNumber()
	if whole.code == http.StatusOK && decoder.Decode(&content) == nil {
		for _, f := range changes {
			change(content, f, random)
		}
		if text, err := json.Marshal(content); err == nil {
			whole.body = text
			whole.header.Del("Content-Length")
		}
	}
	whole.replay(w)
}

func change(content map[string]any, f Fault, random *rand.Rand) {
	if f.Kind == EndlessMore {
		if _, isPage := content["more"]; isPage {
			content["more"] = true
		}
		return
	}
	for _, field := range f.Fields {
		visit(content, strings.Split(field, "."), func(object map[string]any, name string) {
			if name == anyField {
				name = f.anyOf(object, strings.TrimSuffix(field, anyField), random)
			}
			if _, has := object[name]; has && random.IntN(2) == 0 {
				strike(object, name, f.Kind, random)
			}
		})
	}
}

// anyField is the name of any one field.
const anyField = "*"

// anyOf picks a field of an object to which path leads; none where all are spared.
func (f *Fault) anyOf(object map[string]any, path string, random *rand.Rand) string {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(object)), func(name string) bool {
		return slices.Contains(f.Spare, path+name)
	})
	if len(names) == 0 {
		return ""
	}
	return names[random.IntN(len(names))]
}

// visit finds all objects that have the field that names lead to, which may be any.
func visit(value any, names []string, found func(object map[string]any, name string)) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			visit(item, names, found)
		}
	case map[string]any:
		inner, has := value[names[0]]
		switch {
		case len(names) == 1 && (has || names[0] == anyField):
			found(value, names[0])
		case has:
			visit(inner, names[1:], found)
		}
	}
}

func strike(object map[string]any, name string, kind Kind, random *rand.Rand) {
	switch kind {
	case Null:
		object[name] = nil
	case Missing:
		delete(object, name)
	default:
		object[name] = odd(object[name], random)
	}
}

// odd returns a value of another type. An object stays one, with members that
// are no text: that is how maps of texts break.
func odd(value any, random *rand.Rand) any {
	number, list := json.Number("-7"), []any{json.Number("1.5"), nil, map[string]any{"odd": true}}
	switch value := value.(type) {
	case map[string]any:
		odd := maps.Clone(value)
		odd["odd"], odd["odder"], odd["oddest"] = number, list, map[string]any{"at": []any{}}
		return odd
	case string:
		return pick(random, any(number), any(list), any(true))
	default:
		return pick(random, any("odd"), any(slices.Concat(list, list)), any(map[string]any{}))
	}
}

func pick(random *rand.Rand, choices ...any) any { return choices[random.IntN(len(choices))] }
