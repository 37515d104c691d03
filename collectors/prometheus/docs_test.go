package prometheus_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"gopkg.in/yaml.v3"

	"teamhealth/internal/facts"
)

// Every pair of expressions that the documentation offers is PromQL and gives one series.
func TestExpressionsOfTheDocumentationAreSound(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "prometheus.md"))
	must(t, err)
	pairs := 0
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(text, -1) {
		var configuration struct {
			Objectives []struct{ ID, Good, Total string }
		}
		must(t, yaml.Unmarshal(block[1], &configuration))
		for _, o := range configuration.Objectives {
			pairs++
			asked := facts.EventQuery{Good: o.Good, Total: o.Total}.For("mysql")
			for _, expression := range []string{asked.Good, asked.Total} {
				parsed, err := parser.NewParser(parser.Options{}).ParseExpr(expression)
				if err != nil {
					t.Errorf("%s: %v in\n%s", o.ID, err, expression)
					continue
				}
				if !givesOneSeries(parsed) {
					t.Errorf("%s: several series may come of\n%s", o.ID, expression)
				}
			}
		}
	}
	if pairs < 10 {
		t.Errorf("there are only %d pairs", pairs)
	}
}

// givesOneSeries reports whether an expression brings all series together.
func givesOneSeries(e parser.Expr) bool {
	switch e := e.(type) {
	case *parser.AggregateExpr:
		return len(e.Grouping) == 0 && !e.Without
	case *parser.ParenExpr:
		return givesOneSeries(e.Expr)
	case *parser.BinaryExpr:
		if e.Op == parser.LAND || e.Op == parser.LUNLESS { // They leave some of the left side.
			return givesOneSeries(e.LHS)
		}
		return givesOneSeries(e.LHS) && givesOneSeries(e.RHS)
	case *parser.NumberLiteral:
		return true
	case *parser.Call:
		return e.Func.Name == "vector" || givesOneSeries(e.Args[len(e.Args)-1])
	default:
		return false
	}
}
