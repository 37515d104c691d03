package measures_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"teamhealth/internal/measures"
	"teamhealth/scorecard"
)

// The tests of this file read the code that judges, so that no word which it puts
// into a row can be missing here, and none here that it no longer uses.

// source is one file of the code that judges.
type source struct {
	name string
	tree *ast.File
}

func sources(t *testing.T) []source {
	t.Helper()
	names, err := filepath.Glob("../../scorecard/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var list []source
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, source{filepath.Base(name), tree})
	}
	if len(list) < 50 {
		t.Fatalf("found %d files", len(list))
	}
	return list
}

// measure is the measure that a file is about; empty for those of several.
func (s source) measure() scorecard.Measure {
	name := strings.TrimSuffix(strings.TrimPrefix(s.name, "measure_"), ".go")
	if name == s.name || !strings.HasPrefix(s.name, "measure_") {
		return ""
	}
	if strings.HasPrefix(name, "postmortems") {
		return scorecard.MeasurePostmortems
	}
	for _, m := range scorecard.Measures() {
		if name == string(m) || strings.HasPrefix(name, string(m)+"_") {
			return m
		}
	}
	return ""
}

// literals lists the texts that are written out below a node.
func literals(n ast.Node) []string {
	var list []string
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				list = append(list, text)
			}
		}
		return true
	})
	return list
}

// documented says where a word must stand: on the page of the file's measure, or on some page.
func documented(m scorecard.Measure, has func(measures.Measure) bool) bool {
	return slices.ContainsFunc(measures.All(), func(one measures.Measure) bool {
		return (m == "" || one.ID == m) && has(one)
	})
}

// Constants of classes stand in blocks whose comment begins with "The classes of".
func TestEveryClassOfTheCodeIsDescribed(t *testing.T) {
	t.Parallel()
	found := 0
	for _, s := range sources(t) {
		for _, d := range s.tree.Decls {
			block, ok := d.(*ast.GenDecl)
			if !ok || block.Tok != token.CONST || !strings.HasPrefix(block.Doc.Text(), "The classes of") {
				continue
			}
			for _, word := range literals(block) {
				found++
				if !documented(s.measure(), func(m measures.Measure) bool {
					return slices.ContainsFunc(m.Classes, func(c measures.Class) bool { return c.Word == word })
				}) {
					t.Errorf("%s: the class %q is described nowhere", s.name, word)
				}
			}
		}
	}
	if found < 60 {
		t.Errorf("found %d classes in the code", found)
	}
}

func TestEveryDescribedClassIsOneOfTheCode(t *testing.T) {
	t.Parallel()
	var known []string
	for _, s := range sources(t) {
		known = append(known, literals(s.tree)...)
	}
	for _, m := range measures.All() {
		for _, c := range m.Classes {
			if !slices.Contains(known, c.Word) && !strings.Contains(c.Word, "CLASS") {
				t.Errorf("%s: the code has no class %q", m.ID, c.Word)
			}
		}
	}
}

// Details are the structs whose name ends with Details, what they are made of, and WeakestTeam.
func TestEveryFieldOfDetailsIsDescribedAndNoOther(t *testing.T) {
	t.Parallel()
	tags := map[string]bool{}
	for _, s := range sources(t) {
		ast.Inspect(s.tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			body, ok := spec.Type.(*ast.StructType)
			if !ok {
				return true
			}
			for _, f := range body.Fields.List {
				if f.Tag == nil {
					continue
				}
				tag, _, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("json"), ",")
				tags[tag] = true
				if strings.HasSuffix(spec.Name.Name, "Details") && !documented(s.measure(), func(m measures.Measure) bool {
					return slices.ContainsFunc(m.Details, func(d measures.Field) bool { return slices.Contains(segments(d.Key), tag) })
				}) {
					t.Errorf("%s: the field %s of %s is described nowhere", s.name, tag, spec.Name)
				}
			}
			return true
		})
	}
	for _, m := range measures.All() {
		for _, d := range m.Details {
			for _, segment := range segments(d.Key) {
				if !tags[segment] {
					t.Errorf("%s: the code has no field %q", m.ID, d.Key)
				}
			}
		}
	}
}

func segments(key string) []string { return strings.Split(strings.ReplaceAll(key, "[]", ""), ".") }

var (
	aboutCaveats = regexp.MustCompile(`[cC]aveats?$|^unseen$|^blindSpots$`)
	verb         = regexp.MustCompile(`%[a-z]`)
)

// caveatsOf lists the sentences that a file may put under a row's caveats: those of functions
// that make caveats, and those that are put into a list of them.
func (s source) caveatsOf(constants map[string]string) []string {
	var list []string
	collect := func(n ast.Node) {
		list = append(list, literals(n)...)
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && constants[id.Name] != "" {
				list = append(list, constants[id.Name])
			}
			return true
		})
	}
	ast.Inspect(s.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if aboutCaveats.MatchString(n.Name.Name) {
				collect(n.Body)
			}
		case *ast.AssignStmt:
			if slices.ContainsFunc(n.Lhs, isCaveats) {
				for _, e := range n.Rhs {
					collect(e)
				}
			}
		case *ast.KeyValueExpr:
			if isCaveats(n.Key) {
				collect(n.Value)
			}
		}
		return true
	})
	var sentences []string
	for _, text := range list {
		if strings.HasSuffix(text, ".") && strings.Contains(text, " ") {
			sentences = append(sentences, verb.ReplaceAllString(text, "…"))
		}
	}
	slices.Sort(sentences)
	return slices.Compact(sentences)
}

func isCaveats(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "caveats"
	case *ast.SelectorExpr:
		return e.Sel.Name == "caveats" || e.Sel.Name == "Caveats"
	}
	return false
}

// constantTexts are the texts that have a name.
func constantTexts(all []source) map[string]string {
	texts := map[string]string{}
	for _, s := range all {
		ast.Inspect(s.tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if ok && len(spec.Values) == 1 && len(spec.Names) == 1 {
				if text := literals(spec.Values[0]); len(text) == 1 {
					texts[spec.Names[0].Name] = text[0]
				}
			}
			return true
		})
	}
	return texts
}

func TestEveryCaveatOfTheCodeIsDescribedAndNoOther(t *testing.T) {
	t.Parallel()
	all := sources(t)
	constants, written := constantTexts(all), map[string]bool{}
	for _, s := range all {
		for _, sentence := range s.caveatsOf(constants) {
			written[sentence] = true
			if !documented(s.measure(), func(m measures.Measure) bool {
				return slices.ContainsFunc(m.Caveats, func(c measures.Caveat) bool { return c.Sentence == sentence })
			}) {
				t.Errorf("%s: the caveat is described nowhere: %s", s.name, sentence)
			}
		}
	}
	if len(written) < 30 {
		t.Errorf("found %d caveats in the code", len(written))
	}
	for _, m := range measures.All() {
		for _, c := range m.Caveats {
			if !written[c.Sentence] {
				t.Errorf("%s: the code has no caveat %q", m.ID, c.Sentence)
			}
		}
	}
}
