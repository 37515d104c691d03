package config

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"teamhealth/scorecard"

	"gopkg.in/yaml.v3"
)

// decode fills a struct, slice or map from what stands at path, and reports
// everything that does not fit. The keys, defaults and limits are what the
// struct tags say:
//
//	yaml    the key; without it the json tag is taken, and a field without
//	        either, or with "-", has none. The blank field bars a key.
//	default what stands for an absent key, as YAML
//	check   words of the checks to make: required, and those of checkText
//	oneof   the words that a text may be
//	min max limits of a number or a length of time, both included
//
// A key without a value counts as absent.
func (r *reader) decode(n *yaml.Node, path string, target any) {
	r.value(n, path, reflect.ValueOf(target).Elem(), field{})
}

// field is what the tags of a struct's field say.
type field struct {
	key   string
	index []int
	tag   reflect.StructTag
	bar   bool // The key is not one, though an embedded struct has it.
}

// asks reports whether the check tag has a word.
func (f field) asks(word string) bool {
	return slices.Contains(strings.Split(f.tag.Get("check"), ","), word)
}

// fieldsOf lists the keys of a struct, in order, embedded structs included. Of
// two fields with one key the first counts.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	seen := map[string]bool{}
	for _, sf := range reflect.VisibleFields(t) {
		tag, ok := sf.Tag.Lookup("yaml")
		if !ok {
			tag = sf.Tag.Get("json")
		}
		key, _, _ := strings.Cut(tag, ",")
		if key == "" || key == "-" || seen[key] {
			continue
		}
		seen[key] = true
		fields = append(fields, field{key: key, index: sf.Index, tag: sf.Tag, bar: sf.Name == "_"})
	}
	return fields
}

// value fills v from a node, by v's kind.
func (r *reader) value(n *yaml.Node, path string, v reflect.Value, f field) {
	if n.Kind == yaml.AliasNode {
		r.report(path, "write the value out", "aliases are not read")
		r.quietly(func() { r.absent(path, v, f) })
		return
	}
	if raw, ok := reflect.TypeAssert[**yaml.Node](v.Addr()); ok {
		*raw = n
		return
	}
	if _, ok := reflect.TypeAssert[*Class](v.Addr()); ok && n.Kind == yaml.MappingNode {
		v.Set(reflect.MakeSlice(v.Type(), 1, 1)) // One matcher needs no list.
		r.mapping(n, path, v.Index(0))
		return
	}
	switch {
	case isScalar(v):
		r.scalar(n, path, v, f)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.value(n, path, v.Elem(), f)
	case v.Kind() == reflect.Struct:
		r.mapping(n, path, v)
	case v.Kind() == reflect.Map:
		r.table(n, path, v, f)
	default:
		r.list(n, path, v, f)
	}
}

// mapping fills the struct v, key by key.
func (r *reader) mapping(n *yaml.Node, path string, v reflect.Value) {
	if n.Kind != yaml.MappingNode {
		r.wrongType(n, path, "keys with values")
		r.quietly(func() { r.absent(path, v, field{}) })
		return
	}
	fields := fieldsOf(v.Type())
	given := r.keys(n, path, fields)
	for _, f := range fields {
		if f.bar {
			continue
		}
		at, target := join(path, f.key), v.FieldByIndex(f.index)
		child, named := given[f.key]
		switch {
		case !named || child != nil && isNull(child):
			r.absent(at, target, f)
		case child == nil:
			r.quietly(func() { r.absent(at, target, f) })
		default:
			r.value(child, at, target, f)
		}
	}
}

// quietly fills in defaults where the file's own value is of no use, without
// repeating what is wrong.
func (r *reader) quietly(fill func()) {
	said := len(r.problems)
	fill()
	r.problems = r.problems[:said]
}

// keys returns the values of a mapping by key, and reports keys that are not
// among the fields. A key that was misspelt counts as given, with a nil value,
// so that it is not missed as well.
func (r *reader) keys(n *yaml.Node, path string, fields []field) map[string]*yaml.Node {
	var known []string
	for _, f := range fields {
		if !f.bar {
			known = append(known, f.key)
		}
	}
	given := map[string]*yaml.Node{}
	r.eachKey(n, path, func(key string, value *yaml.Node) {
		if slices.Contains(known, key) {
			given[key] = value
			return
		}
		at := join(path, key)
		if holdsSecret(key) {
			r.report(at, "secrets are never in this file: name a file in token_file or an environment variable in token_env", "unknown key")
			return
		}
		r.report(at, suggest(key, known), "unknown key")
		if meant, ok := scorecard.Nearest(key, known); ok && given[meant] == nil {
			given[meant] = nil
			r.meant = append(r.meant, join(path, meant))
		}
	})
	return given
}

// holdsSecret reports whether a key asks for a secret itself.
func holdsSecret(key string) bool {
	switch strings.ToLower(key) {
	case "token", "api_token", "api_key", "apikey", "key", "password", "secret", "credentials", "bearer_token", "client_secret":
		return true
	default:
		return false
	}
}

// eachKey calls do for every pair of a mapping, and reports keys that are no
// words, merge keys and keys that were there before.
func (r *reader) eachKey(n *yaml.Node, path string, do func(key string, value *yaml.Node)) {
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := place{nearestPlace(r.places, path).file, key.Line}
		first, again := seen[key.Value]
		switch {
		case key.Kind != yaml.ScalarNode || key.Value == "":
			r.reportAt(path, at, "write a word before the colon", "a key is not a word")
		case key.ShortTag() == "!!merge":
			r.reportAt(path, at, "write the keys out", "merge keys are not read")
		case again:
			r.reportAt(join(path, key.Value), at, "keep one of the two", "the key stands on line "+strconv.Itoa(first)+" already")
		default:
			seen[key.Value] = key.Line
			do(key.Value, value)
		}
	}
}

// absent sets what the tags say about an absent key. Structs are filled with
// the defaults of their own keys.
func (r *reader) absent(path string, v reflect.Value, f field) {
	fallback, ok := f.tag.Lookup("default")
	switch {
	case f.asks("required"):
		r.report(path, "it has no default", "required")
	case ok:
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(fallback), &n); err != nil {
			r.report(path, "", "default: %v", err)
			return
		}
		r.value(n.Content[0], path, v, f)
	case v.Kind() == reflect.Struct && !isScalar(v):
		r.mapping(&yaml.Node{Kind: yaml.MappingNode}, path, v)
	}
}

// table fills the map v, whose keys the file chooses.
func (r *reader) table(n *yaml.Node, path string, v reflect.Value, f field) {
	if n.Kind != yaml.MappingNode {
		r.wrongType(n, path, "keys with values")
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	r.eachKey(n, path, func(key string, value *yaml.Node) {
		element := reflect.New(v.Type().Elem()).Elem()
		r.element(value, join(path, key), element, f)
		v.SetMapIndex(reflect.ValueOf(key), element)
	})
}

// list fills the slice v.
func (r *reader) list(n *yaml.Node, path string, v reflect.Value, f field) {
	if n.Kind != yaml.SequenceNode {
		r.wrongType(n, path, "a list")
		return
	}
	if f.asks("required") && len(n.Content) == 0 {
		r.report(path, "it has no default", "is empty")
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, element := range n.Content {
		r.element(element, item(path, i), v.Index(i), f)
	}
}

// element fills an element of a list or map, which must not be empty.
func (r *reader) element(n *yaml.Node, path string, v reflect.Value, f field) {
	if isNull(n) {
		r.report(path, "write a value, or remove the line", "has no value")
		return
	}
	r.value(n, path, v, f)
}

// wrongType reports a node that is another kind of thing than was wanted.
func (r *reader) wrongType(n *yaml.Node, path, want string) {
	is := "a text"
	switch {
	case n.Kind == yaml.MappingNode:
		is = "keys with values"
	case n.Kind == yaml.SequenceNode:
		is = "a list"
	case n.ShortTag() == "!!bool":
		is = "true or false"
	case n.ShortTag() == "!!int" || n.ShortTag() == "!!float":
		is = "a number"
	}
	hint := "compare with config/example.yml"
	if want == "a list" && n.Kind == yaml.ScalarNode {
		hint = "write it as [a, b]"
	}
	r.report(path, hint, "want %s, got %s", want, is)
}

// isNull reports whether a node is a key without a value.
func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }
