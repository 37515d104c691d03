package archtest_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// The most lines that a file and a function may have; both count themselves
// whole, comments included.
const (
	maxFileLines     = 400
	maxFunctionLines = 80
)

func TestFilesAndFunctionsStaySmall(t *testing.T) {
	t.Parallel()
	for _, file := range goFiles(t) {
		if lines := file.line(file.syntax.FileEnd); lines > maxFileLines {
			t.Errorf("%s has %d lines, more than %d", file.path, lines, maxFileLines)
		}
		ast.Inspect(file.syntax, func(n ast.Node) bool {
			if function, ok := n.(*ast.FuncDecl); ok {
				if lines := file.line(function.End()) - file.line(function.Pos()) + 1; lines > maxFunctionLines {
					t.Errorf("%s: %s has %d lines, more than %d", file.path, function.Name.Name, lines, maxFunctionLines)
				}
			}
			return true
		})
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	for _, file := range goFiles(t) {
		start := "Package " + file.syntax.Name.Name + " "
		if file.syntax.Name.Name == "main" {
			start = "Command "
		}
		documented[file.folder()] = documented[file.folder()] || strings.HasPrefix(file.syntax.Doc.Text(), start)
	}
	for folder, ok := range documented {
		if !ok {
			t.Errorf("no file of %s has a comment above its package clause that says what the package is", folder)
		}
	}
}

func TestNoPackageIsAJunkDrawer(t *testing.T) {
	t.Parallel()
	banned := []string{"base", "common", "helper", "helpers", "misc", "shared", "types", "util", "utils"}
	for _, file := range goFiles(t) {
		if slices.Contains(banned, file.syntax.Name.Name) {
			t.Errorf("%s: a package is named for what it is about, not %s", file.path, file.syntax.Name.Name)
		}
	}
}
