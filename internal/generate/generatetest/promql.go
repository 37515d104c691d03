package generatetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// attached are the labels that Prometheus gives to every series that it scrapes.
var attached = []string{"__name__", "instance", "job"}

// Parse reads an expression as Prometheus does, and fails the test where
// Prometheus would refuse it.
func Parse(tb testing.TB, expression string) parser.Expr {
	tb.Helper()
	parsed, err := parser.NewParser(parser.Options{}).ParseExpr(expression)
	if err != nil {
		tb.Fatalf("%s\ndoes not parse: %v", expression, err)
	}
	return parsed
}

// CheckNames fails the test where an expression asks for a metric that is not
// exported, or matches, keeps or joins by a label that none of its metrics has.
// recorded are the metrics that recording rules make, with their labels.
func CheckNames(tb testing.TB, expression string, recorded map[string][]string) {
	tb.Helper()
	exported := Exported(tb)
	known := slices.Clone(attached)
	parsed := Parse(tb, expression)
	selectors := 0
	inspect(parsed, func(s *parser.VectorSelector) {
		selectors++
		known = append(known, checkSelector(tb, expression, s, exported, recorded)...)
	})
	if selectors == 0 {
		tb.Errorf("%s\nasks for no metric", expression)
	}
	for _, label := range grouping(parsed) {
		if !slices.Contains(known, label) {
			tb.Errorf("%s\ngroups by %q, which none of its metrics has", expression, label)
		}
	}
}

// checkSelector returns the labels of the metric that s asks for.
func checkSelector(tb testing.TB, expression string, s *parser.VectorSelector, lists ...map[string][]string) []string {
	tb.Helper()
	name := metric(s)
	for _, list := range lists {
		own, ok := list[name]
		if !ok {
			continue
		}
		for _, m := range s.LabelMatchers {
			if !slices.Contains(own, m.Name) && !slices.Contains(attached, m.Name) {
				tb.Errorf("%s\nmatches %q, which %s does not have; it has %q", expression, m.Name, name, own)
			}
		}
		return own
	}
	if name != "up" && name != "ALERTS" {
		tb.Errorf("%s\nasks for %q, which is not exported", expression, name)
	}
	return nil
}

// metric returns the name that a selector asks for, however it is written.
func metric(s *parser.VectorSelector) string {
	for _, m := range s.LabelMatchers {
		if m.Name == "__name__" && m.Type == labels.MatchEqual {
			return m.Value
		}
	}
	return s.Name
}

// inspect visits every selector of an expression.
func inspect(e parser.Expr, visit func(*parser.VectorSelector)) {
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if s, ok := n.(*parser.VectorSelector); ok {
			visit(s)
		}
		return nil
	})
}

// grouping returns the labels that an expression keeps, drops or joins by.
func grouping(e parser.Expr) []string {
	var all []string
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		switch n := n.(type) {
		case *parser.AggregateExpr:
			all = append(all, n.Grouping...)
		case *parser.BinaryExpr:
			if m := n.VectorMatching; m != nil {
				all = append(append(all, m.MatchingLabels...), m.Include...)
			}
		}
		return nil
	})
	return all
}

// Counters returns the counters that an expression reads, and whether every one
// of them stands in rate, irate or increase.
func Counters(tb testing.TB, expression string) (names []string, rated bool) {
	tb.Helper()
	rated = true
	parser.Inspect(Parse(tb, expression), func(n parser.Node, path []parser.Node) error {
		s, ok := n.(*parser.VectorSelector)
		if !ok || !strings.HasSuffix(metric(s), "_total") && !strings.HasSuffix(metric(s), "_bucket") {
			return nil
		}
		names = append(names, metric(s))
		rated = rated && slices.ContainsFunc(path, isRate)
		return nil
	})
	return names, rated
}

func isRate(n parser.Node) bool {
	call, ok := n.(*parser.Call)
	return ok && slices.Contains([]string{"rate", "irate", "increase"}, call.Func.Name)
}
