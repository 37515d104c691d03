package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
)

// Warnings are what is no mistake and may be meant otherwise.
func (c *Config) Warnings() Problems {
	var warnings Problems
	for _, o := range c.Rubric.Objectives {
		if doubt := targetWarning(&o); doubt.Problem != "" {
			doubt.Path = c.written[o.ID] + ".target"
			doubt.File, doubt.Line = c.Position(doubt.Path)
			warnings = append(warnings, doubt)
		}
	}
	for _, q := range c.Policy().EventQueries() {
		for _, side := range []struct{ key, expression string }{{"good", q.Query.Good}, {"total", q.Query.Total}} {
			path := c.ExpressionPath(q.Objective, side.key)
			file, line := c.Position(path)
			alike := len(q.Teams)
			if strings.Contains(side.expression, TeamPlaceholder) {
				alike = 1
			}
			parsed, err := parsePromQL(strings.ReplaceAll(side.expression, TeamPlaceholder, sampleTeam))
			if err != nil {
				continue // Which no expression has that was read from a file.
			}
			for _, doubt := range doubts(parsed, alike) {
				doubt.File, doubt.Line, doubt.Path = file, line, path
				warnings = append(warnings, doubt)
			}
		}
	}
	return warnings
}

// doubts are what an expression, which is evaluated once an hour and alike for some
// teams, may leave out or count several times.
func doubts(parsed parser.Expr, teams int) Problems {
	var found Problems
	selects := false
	parser.Inspect(parsed, func(n parser.Node, above []parser.Node) error {
		switch n := n.(type) {
		case *parser.VectorSelector:
			selects = true
		case *parser.MatrixSelector:
			if n.Range != time.Hour && !inSubquery(above) {
				found = append(found, Problem{
					Problem: fmt.Sprintf("looks at %s of each hour", model.Duration(n.Range)), Hint: "it is evaluated once an hour: write [1h]",
				})
			}
		}
		return nil
	})
	if selects && teams > 1 {
		found = append(found, Problem{
			Problem: fmt.Sprintf("counts the same for each of %d teams", teams), Hint: "name the team, as in {team=\"" + TeamPlaceholder + "\"}",
		})
	}
	return found
}

// inSubquery reports whether a part of an expression is evaluated more often than
// the whole.
func inSubquery(above []parser.Node) bool {
	for _, n := range above {
		if _, ok := n.(*parser.SubqueryExpr); ok {
			return true
		}
	}
	return false
}
