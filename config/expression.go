package config

import (
	"errors"
	"regexp"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"
	"gopkg.in/yaml.v3"

	"teamhealth/scorecard"
)

const (
	// methodIncidents makes availability the time without an outage.
	methodIncidents = "incidents"
	// methodEvents makes availability a count of events.
	methodEvents = "events"
	// TeamPlaceholder is what the id of a team takes the place of in an expression.
	TeamPlaceholder = "$team"
	// sampleTeam takes its place while an expression is read. It is as long, so that
	// positions are those of the file, and like nothing else that stands there.
	sampleTeam = "t3am_"
)

// wordForm is that of ids that mean one thing in an expression also where they are not in quotes.
var wordForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// checkExpressions wants expressions that could count events, of those that the
// node gives. The objective is what the node and what stood before make of it.
func (b *builder) checkExpressions(n *yaml.Node, path string, o *scorecard.Objective) {
	for _, given := range []struct{ key, expression string }{{"good", o.Good}, {"total", o.Total}} {
		at := join(path, given.key)
		if child(n, given.key) == nil || given.expression == "" || !b.sound(at) {
			continue
		}
		if o.Measure == scorecard.MeasureAvailability && o.Method == methodIncidents {
			b.report(at, "add method: events, or remove it", "has no use where method is %s", o.Method)
			continue
		}
		b.config.expressions[join(o.ID, given.key)] = at
		b.checkExpression(at, given.expression)
	}
}

// ExpressionPath returns where an expression of an objective is written: its good
// or its total one.
func (c *Config) ExpressionPath(objective, key string) string {
	return c.expressions[join(objective, key)]
}

// checkExpression wants an expression of one value at an instant, for every team.
func (b *builder) checkExpression(path, expression string) {
	parsed, err := parsePromQL(strings.ReplaceAll(expression, TeamPlaceholder, sampleTeam))
	if err != nil {
		b.report(path, "a position is LINE:COLUMN in the expression", "%s", err)
		return
	}
	if kind := parsed.Type(); kind != parser.ValueTypeVector && kind != parser.ValueTypeScalar {
		b.report(path, "write one number per instant, as in sum(increase(NAME[1h]))", "a %s where a scalar is needed", kind)
		return
	}
	if _, err := parsePromQL(expression); err == nil {
		return // The placeholder is in quotes wherever it stands, and any id may take its place.
	}
	for _, id := range b.config.teamIDs() {
		if id != "" && !wordForm.MatchString(id) {
			b.report(path, `use it as the value of a label, as in {team="`+TeamPlaceholder+`"}`,
				"%s is not in quotes, where the id of team %s would mean something else", TeamPlaceholder, quote(id))
			return
		}
	}
}

// parsePromQL reads an expression as a Prometheus does that has every feature
// switched on: whether that one has is for it to say. The error is one line about the
// first mistake.
func parsePromQL(expression string) (parser.Expr, error) {
	everything := parser.Options{
		EnableExperimentalFunctions: true, ExperimentalDurationExpr: true, EnableExtendedRangeSelectors: true, EnableBinopFillModifiers: true,
	}
	parsed, err := parser.NewParser(everything).ParseExpr(expression)
	if err == nil {
		return parsed, nil
	}
	line := strings.Join(strings.Fields(err.Error()), " ")
	return nil, errors.New(strings.ReplaceAll(line, sampleTeam, TeamPlaceholder))
}

// isPaired reports whether it is certain that an objective counts events, and that an
// expression which it lacks is missing, and not one that could not be read.
func (b *builder) isPaired(path string, o *scorecard.Objective) bool {
	certain := func(key, expression string) bool { return expression != "" || b.sound(join(path, key)) }
	return b.isMeasured(path, o) && b.sound(path+".method") && o.CountsEvents() && certain("good", o.Good) && certain("total", o.Total)
}

// checkPairs wants both expressions where there is one, and where nothing else
// could be counted. It looks at what all files together make of an objective.
func (b *builder) checkPairs(objectives []scorecard.Objective) {
	for _, o := range objectives {
		path, events := b.paths[o.ID], o.Measure == scorecard.MeasureAvailability && o.Method == methodEvents
		switch {
		case (o.Good == "") == (o.Total == "") && (o.Good != "" || !events), !b.isPaired(path, &o):
		case o.Good == "" && o.Total == "":
			b.report(path+".method", "give both as PromQL, each counting the events of an hour", "%s needs good and total", methodEvents)
		case o.Good == "":
			b.report(path+".good", "PromQL that counts the good ones of the events that total counts", "required beside total")
		default:
			b.report(path+".total", "PromQL that counts all events of which good counts the good ones", "required beside good")
		}
	}
}
