// Package measurestest works out what a filled formula says, so that tests can
// hold it against the value of its row. It is for tests only.
package measurestest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"teamhealth/scorecard"
)

// Agrees tells whether every step of a filled formula comes to a value: nil when
// all do, else which does not. The first step is the formula's symbols. A step that
// ends with an ellipsis was cut off, and must be what the value begins with.
func Agrees(filled string, value scorecard.Number) error {
	steps := strings.Split(filled, " = ")
	if len(steps) < 2 {
		return fmt.Errorf("%q has no numbers", filled)
	}
	for _, step := range steps[1:] {
		digits, isCut := strings.CutSuffix(step, "…")
		got, err := evaluate(digits)
		if err != nil {
			return fmt.Errorf("%q of %q: %w", step, filled, err)
		}
		if !isCut && got.Cmp(value) != 0 || isCut && !begins(got, value, digits) {
			return fmt.Errorf("%q of %q is %s, not %s", step, filled, got, value)
		}
	}
	return nil
}

// begins reports whether a value goes on where its digits were cut off: it is
// further from zero by less than one in the last of them.
func begins(cut, value scorecard.Number, digits string) bool {
	_, places, _ := strings.Cut(digits, ".")
	last := scorecard.Int(1)
	for range places {
		last = last.Quo(scorecard.Int(10))
	}
	rest := value.Sub(cut)
	if value.Sign() < 0 {
		rest = scorecard.Number{}.Sub(rest)
	}
	return rest.Sign() > 0 && rest.Cmp(last) < 0
}

// evaluate works out sums, differences, products and quotients exactly.
func evaluate(text string) (scorecard.Number, error) {
	tree, err := parser.ParseExpr(strings.NewReplacer("−", "-", "×", "*").Replace(text))
	if err != nil {
		return scorecard.Number{}, err
	}
	return number(tree)
}

func number(e ast.Expr) (scorecard.Number, error) {
	switch e := e.(type) {
	case *ast.BasicLit:
		return scorecard.ParseNumber(e.Value)
	case *ast.ParenExpr:
		return number(e.X)
	case *ast.UnaryExpr:
		n, err := number(e.X)
		return scorecard.Number{}.Sub(n), err
	case *ast.BinaryExpr:
		a, err := number(e.X)
		if err != nil {
			return a, err
		}
		b, err := number(e.Y)
		if err != nil {
			return b, err
		}
		return combine(e.Op, a, b)
	}
	return scorecard.Number{}, fmt.Errorf("%T is no arithmetic", e)
}

func combine(op token.Token, a, b scorecard.Number) (scorecard.Number, error) {
	switch {
	case op == token.ADD:
		return a.Add(b), nil
	case op == token.SUB:
		return a.Sub(b), nil
	case op == token.MUL:
		return a.Mul(b), nil
	case op == token.QUO && b.Sign() != 0:
		return a.Quo(b), nil
	}
	return a, fmt.Errorf("%s of %s and %s", op, a, b)
}
