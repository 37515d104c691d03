package app_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// secrets finds in a text what nobody may read there, in any case.
type secrets struct {
	words   map[string]bool // Found where they stand as words, in lower case.
	phrases []string        // Found anywhere, in lower case.
}

// secretsOf returns what finds words where they stand as words, those of more
// than letters and digits anywhere, and tokens anywhere, as basic auth would
// encode them, too.
func secretsOf(words, tokens []string) secrets {
	s := secrets{words: map[string]bool{}}
	for _, word := range words {
		word = strings.ToLower(word)
		if strings.ContainsFunc(word, isNoPartOfAWord) {
			s.phrases = append(s.phrases, word)
		} else {
			s.words[word] = true
		}
	}
	for _, token := range tokens {
		encoded := base64.StdEncoding.EncodeToString([]byte(token))
		s.phrases = append(s.phrases, strings.ToLower(token), strings.ToLower(encoded))
	}
	return s
}

func isNoPartOfAWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// find returns the first secret in a text, however it is written there: empty
// when there is none.
func (s secrets) find(text string) string {
	plain := unescaped(text)
	for _, form := range slices.Compact([]string{text, plain, html.UnescapeString(plain)}) {
		form = strings.ToLower(form)
		for word := range strings.FieldsFuncSeq(form, isNoPartOfAWord) {
			if s.words[word] {
				return word
			}
		}
		for _, phrase := range s.phrases {
			if strings.Contains(form, phrase) {
				return phrase
			}
		}
	}
	return ""
}

var escapes = regexp.MustCompile(`\\u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2}`)

// unescaped is text without the escapes of JSON and of addresses.
func unescaped(text string) string {
	return escapes.ReplaceAllStringFunc(text, func(escape string) string {
		if escape[0] == '%' {
			plain, _ := url.PathUnescape(escape) // It is one.
			return plain
		}
		var plain string
		_ = json.Unmarshal([]byte(`"`+escape+`"`), &plain) // It is one.
		return plain
	})
}

// values are what parameters and wildcards of routes are tried with. A route
// that takes another one needs a line here.
func values(c *subjects) map[string][]string {
	return map[string][]string{
		"period": c.periods, "team": append([]string{"org", "all"}, c.teams...), "objective": c.objectives, "id": c.objectives,
		"format": {"json", "csv", "md"}, "live": {"true"}, "as_of": {c.asOf}, "limit": {"10000"}, "offset": {"1"},
	}
}

// crossed are the parameters of which every pair of values is tried, or every
// combination; the others are tried one by one.
var crossed = []string{"period", "team", "objective", "format"}

// subjects are what there is to ask for.
type subjects struct {
	teams, periods, objectives []string
	asOf                       string
	everything                 bool // Every combination, and not only every pair.
}

// routes are all strings in the sources of what answers requests that look like
// a path. The wildcards in them are filled, each with everything that it may be.
func routes(t *testing.T, c *subjects) []string {
	t.Helper()
	path := regexp.MustCompile("[\"`](?:[A-Z]+ )?(/[^\"`\\s]*)[\"`]")
	found := map[string]bool{}
	for _, folder := range []string{".", "../exporters", "../web"} {
		must(t, filepath.WalkDir(folder, func(name string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			source, err := os.ReadFile(name)
			for _, match := range path.FindAllSubmatch(source, -1) {
				for _, filled := range fill(t, string(match[1]), values(c)) {
					found[filled] = true
				}
			}
			return err
		}))
	}
	return slices.Sorted(maps.Keys(found))
}

// fill returns a path with everything that its first wildcard may be in its
// place, and so on with the next.
func fill(t *testing.T, path string, with map[string][]string) []string {
	t.Helper()
	before, rest, wild := strings.Cut(strings.TrimSuffix(path, "{$}"), "{")
	if !wild {
		return []string{before}
	}
	name, after, _ := strings.Cut(rest, "}")
	choices := with[strings.TrimSuffix(name, "...")]
	if len(choices) == 0 {
		t.Errorf("the route %s has a wildcard that nothing is tried for", path)
	}
	var all []string
	for _, choice := range choices {
		all = append(all, fill(t, before+choice+after, with)...)
	}
	return all
}

// reply is what came back from one request.
type reply struct {
	status int
	text   string // Headers and body.
	body   string
}

func exchange(h http.Handler, method, target string, header http.Header) reply {
	r := httptest.NewRequestWithContext(context.Background(), method, target, http.NoBody)
	r.Header = header
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body, _ := io.ReadAll(w.Body) // A recorder's body cannot fail.
	return reply{w.Code, fmt.Sprint(w.Header()) + "\n" + string(body), string(body)}
}

// parameters returns what a path may be asked by: what it names when it is
// asked by something else.
func parameters(h http.Handler, path string) []string {
	var problem struct{ Allowed string }
	got := exchange(h, http.MethodGet, path+"?no_such_parameter=1", nil)
	if got.status != http.StatusBadRequest || json.Unmarshal([]byte(got.body), &problem) != nil || problem.Allowed == "none" {
		return nil
	}
	return strings.Split(problem.Allowed, ", ")
}

// queries returns every query that a path is tried with.
func queries(t *testing.T, known []string, c *subjects) []url.Values {
	t.Helper()
	first, all := url.Values{}, []url.Values{}
	if slices.Contains(known, "objective") { // Without it there is no answer.
		first.Set("objective", c.objectives[0])
	}
	asked := slices.DeleteFunc(slices.Clone(crossed), func(name string) bool { return !slices.Contains(known, name) })
	for i, name := range asked {
		for _, other := range asked[i+1:] {
			if !c.everything {
				all = append(all, combined(first, c, name, other)...)
			}
		}
	}
	if c.everything || len(asked) < 2 {
		all = append(all, combined(first, c, asked...)...)
	}
	for _, name := range known {
		if len(values(c)[name]) == 0 {
			t.Errorf("parameter %s has nothing that it is tried with", name)
		}
		all = append(all, combined(first, c, name)...)
	}
	return all
}

// combined returns base with every combination of values of some parameters.
func combined(base url.Values, c *subjects, names ...string) []url.Values {
	if len(names) == 0 {
		return []url.Values{base}
	}
	var all []url.Values
	for _, value := range values(c)[names[0]] {
		with := maps.Clone(base)
		with.Set(names[0], value)
		all = append(all, combined(with, c, names[1:]...)...)
	}
	return all
}

// search asks for everything that a handler answers and returns what of it
// shows a secret, and how often each route gave an answer.
func search(t *testing.T, h http.Handler, paths []string, c *subjects, s secrets) (leaks []string, answers map[string]int) {
	t.Helper()
	answers = map[string]int{}
	for _, path := range paths {
		for _, q := range queries(t, parameters(h, path), c) {
			got := exchange(h, http.MethodGet, path+"?"+q.Encode(), nil)
			if got.status == http.StatusOK {
				answers[path]++
			}
			if found := s.find(got.text); found != "" {
				leaks = append(leaks, fmt.Sprintf("GET %s?%s: %q", path, q.Encode(), found))
			}
		}
		for _, header := range []http.Header{
			{"Accept": {"application/openmetrics-text; version=1.0.0"}}, {"Accept": {"text/html"}}, {"Accept": {"application/json"}},
		} {
			if found := s.find(exchange(h, http.MethodGet, path, header).text); found != "" {
				leaks = append(leaks, fmt.Sprintf("GET %s with %v: %q", path, header, found))
			}
		}
		if found := s.find(exchange(h, http.MethodPost, path, nil).text); found != "" {
			leaks = append(leaks, fmt.Sprintf("POST %s: %q", path, found))
		}
	}
	return leaks, answers
}

func TestTheSearchFindsWhatIsPlanted(t *testing.T) {
	t.Parallel()
	s := secretsOf([]string{"p01", "PUSER01", "Engineer 01", "puser01@example.com"}, []string{"tok+en/1="})
	for name, text := range map[string]string{
		"an id as it is":            `{"id": "p01"}`,
		"an id in another case":     `PuSeR01`,
		"an id at the end of a url": `https://example.com/users/PUSER01`,
		"an id in a label":          `teamhealth_x{person="p01"} 1`,
		"a name in HTML":            `<td>Engineer&#32;01</td>`,
		"a name in a query":         `?who=Engineer%2001`,
		"an address":                `<puser01@example.com>`,
		"an escaped address":        `puser01\u0040example.com`,
		"a token inside a word":     `xtok+en/1=x`,
		"a token in JSON":           `tok\u002ben/1=`,
		"a token in a url":          `tok%2Ben%2F1%3D`,
		"a token in base64":         `Basic ` + base64.StdEncoding.EncodeToString([]byte("tok+en/1=")),
	} {
		if s.find(text) == "" {
			t.Errorf("%s is not found in %s", name, text)
		}
	}
	for _, text := range []string{"", "p012", "xp01", "step01", "PUSER", "<secret>", "%zz"} {
		if found := s.find(text); found != "" {
			t.Errorf("%q is found in %s", found, text)
		}
	}
}

func TestTheWalkFindsALeakInOneCornerOfOneRoute(t *testing.T) {
	t.Parallel()
	c := &subjects{teams: []string{"mysql"}, periods: []string{"current", "28d"}, objectives: []string{"a", "b"}, asOf: "2026-06-01T00:00:00Z"}
	pairs := *c
	c.everything = true
	corners := map[string]func(r *http.Request) bool{
		"two values together": func(r *http.Request) bool {
			return r.URL.Query().Get("period") == "28d" && r.URL.Query().Get("team") == "mysql"
		},
		"three values together": func(r *http.Request) bool {
			return r.URL.Query().Get("period") == "28d" && r.URL.Query().Get("team") == "mysql" && r.URL.Query().Get("objective") == "b"
		},
		"a parameter of its own": func(r *http.Request) bool { return r.URL.Query().Get("as_of") != "" },
		"another format":         func(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "openmetrics") },
		"another method":         func(r *http.Request) bool { return r.Method == http.MethodPost },
	}
	for name, corner := range corners {
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Query().Has("no_such_parameter"):
				w.WriteHeader(http.StatusBadRequest)
				_, _ = io.WriteString(w, `{"allowed": "as_of, objective, period, team"}`)
			case corner(r):
				w.Header().Set("X-Person", "p01")
			}
		})
		if leaks, _ := search(t, h, []string{"/"}, c, secretsOf([]string{"p01"}, nil)); len(leaks) == 0 {
			t.Errorf("%s: the leak is not found", name)
		}
		if leaks, _ := search(t, h, []string{"/"}, &pairs, secretsOf([]string{"p01"}, nil)); len(leaks) == 0 && !strings.HasPrefix(name, "three") {
			t.Errorf("%s: the leak is not found by pairs", name)
		}
	}
}
