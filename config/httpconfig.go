package config

import (
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	promconfig "github.com/prometheus/common/config"
	"gopkg.in/yaml.v3"
)

// NamedFile is a file that the configuration names at a path of it.
type NamedFile struct{ Path, File string }

// checkHTTPConfig reads the keys of Prometheus' own HTTP clients. Their reader
// takes secrets too, and says of a mistake neither the path nor what to do: so each
// key is looked at before the whole is left to it.
func (r *reader) checkHTTPConfig(path string, p *Prometheus) {
	p.HTTP = promconfig.DefaultHTTPClientConfig
	if p.HTTPConfig == nil {
		return
	}
	keys := httpKeys{reader: r}
	keys.mapping(p.HTTPConfig, path, reflect.TypeFor[promconfig.HTTPClientConfig]())
	if !r.sound(path) {
		return
	}
	if err := p.HTTPConfig.Decode(&p.HTTP); err != nil {
		r.report(path, "compare with http_config in the documentation of Prometheus", "%s", strings.Join(strings.Fields(err.Error()), " "))
		return
	}
	folder := r.folderOf(path)
	p.HTTP.SetDirectory(folder)
	for _, f := range keys.files {
		p.Files = append(p.Files, NamedFile{f.Path, promconfig.JoinDir(folder, f.File)})
	}
}

// httpKeys looks at keys that are read into types of Prometheus'.
type httpKeys struct {
	*reader
	files []NamedFile // That keys name.
}

// mapping looks at the keys of a mapping that is read into a struct.
func (h *httpKeys) mapping(n *yaml.Node, path string, t reflect.Type) {
	if n.Kind != yaml.MappingNode {
		h.wrongType(n, path, "keys with values")
		return
	}
	types := keyTypes(t)
	h.eachKey(n, path, func(key string, value *yaml.Node) {
		at := join(path, key)
		if of, ok := types[key]; ok {
			h.value(value, at, key, of)
			return
		}
		if of, ok := types[anyKey]; ok {
			h.value(value, at, key, of)
			return
		}
		h.report(at, suggest(key, slices.Sorted(maps.Keys(types))), "unknown key")
	})
}

// value looks at what stands at a key and is read into a type.
func (h *httpKeys) value(n *yaml.Node, path, key string, t reflect.Type) {
	switch {
	case n.Kind == yaml.AliasNode:
		h.report(path, "write the value out", "aliases are not read")
	case isNull(n):
	case isSecret(t):
		h.report(path, "secrets are never in this file: "+instead(key), "is a secret")
	case strings.HasSuffix(key, "_ref"):
		h.report(path, "use "+strings.TrimSuffix(key, "_ref")+"_file", "names an entry of a secret manager, and there is none")
	case isMapping(t):
		h.mapping(n, path, t)
	case n.Decode(reflect.New(t).Interface()) != nil:
		h.wrongType(n, path, wantedOf(t))
	case strings.HasSuffix(key, "_url"):
		h.checkUser(path, n.Value)
	case strings.HasSuffix(key, "_file"):
		h.files = append(h.files, NamedFile{path, n.Value})
	case key == "files":
		for i, file := range n.Content {
			h.files = append(h.files, NamedFile{item(path, i), file.Value})
		}
	}
}

// checkUser refuses an address with a password in it.
func (h *httpKeys) checkUser(path, text string) {
	if u, err := url.Parse(text); err == nil && u.User != nil {
		h.report(path, "secrets are never in this file", "holds a user or a password")
	}
}

// anyKey stands for the keys of a type that has no keys of its own.
const anyKey = ""

// keyTypes returns the keys that are read into a struct, and what each is read into.
func keyTypes(t reflect.Type) map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for f := range t.Fields() {
		key, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		of := f.Type
		if of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		switch {
		case options == "inline" && of.Kind() == reflect.Map:
			types[anyKey] = of.Elem()
		case options == "inline":
			maps.Copy(types, keyTypes(of))
		case key != "":
			types[key] = of
		}
	}
	return types
}

// isMapping reports whether a type has keys that can be looked at.
func isMapping(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[promconfig.URL]()
}

// isSecret reports whether a type holds secrets themselves.
func isSecret(t reflect.Type) bool {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	return t == reflect.TypeFor[promconfig.Secret]()
}

// instead says what to write in the place of a secret.
func instead(key string) string {
	switch key {
	case "secrets":
		return "use files"
	case "proxy_connect_header":
		return "use a proxy that asks for none"
	default:
		return "use " + key + "_file"
	}
}

// wantedOf says what a type is read from.
func wantedOf(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[promconfig.URL]():
		return "a URL"
	case t == reflect.TypeFor[promconfig.TLSVersion]():
		return "one of TLS10, TLS11, TLS12, TLS13"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.Slice:
		return "a list"
	case t.Kind() == reflect.Map:
		return "keys with values"
	default:
		return "a text"
	}
}
