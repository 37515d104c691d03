package archtest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// root is the module's folder, seen from this package.
const root = "../.."

// goFile is a parsed Go file of the module.
type goFile struct {
	path   string // From the module's root, with slashes.
	fset   *token.FileSet
	syntax *ast.File
}

// folder is the package's path below the module, "." for its root.
func (f goFile) folder() string { return path.Dir(f.path) }

// line returns the line number of a position.
func (f goFile) line(p token.Pos) int { return f.fset.Position(p).Line }

// imports returns the import paths of the file.
func (f goFile) imports(t *testing.T) []string {
	t.Helper()
	var paths []string
	for _, spec := range f.syntax.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatalf("%s: import %s: %v", f.path, spec.Path.Value, err)
		}
		paths = append(paths, p)
	}
	return paths
}

// goFiles parses the module's Go files that are not tests.
func goFiles(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	for _, name := range allFiles(t) {
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata/") {
			continue
		}
		fset := token.NewFileSet()
		syntax, err := parser.ParseFile(fset, filepath.Join(root, name), nil, parser.ParseComments)
		if err != nil {
			t.Fatalf("parse %s: %v", name, err)
		}
		files = append(files, goFile{path: name, fset: fset, syntax: syntax})
	}
	if len(files) < 10 {
		t.Fatalf("found %d Go files under %s; that is not the module", len(files), root)
	}
	return files
}

// allFiles returns the paths of the project's own files: not what git keeps for
// itself, nor what a build or a run leaves behind.
func allFiles(t *testing.T) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		switch {
		case entry.IsDir() && (relative == ".git" || relative == "bin"):
			return filepath.SkipDir
		case entry.Type().IsRegular() && relative != "teamhealth.yml":
			names = append(names, relative)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("walk the module: %v", err)
	}
	return names
}

// read returns the content of a file of the module.
func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return string(content)
}
