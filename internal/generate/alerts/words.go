package alerts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"teamhealth/scorecard"
)

// percent writes a ratio exactly.
func percent(n scorecard.Number) string { return n.Mul(scorecard.Int(100)).String() + "%" }

// wanted says what the value of an objective must be.
func wanted(o scorecard.Objective) string {
	sides := map[scorecard.Direction]string{
		scorecard.AtLeast: "at least", scorecard.Above: "above", scorecard.AtMost: "at most", scorecard.Below: "below",
	}
	return sides[o.Direction] + " " + amount(*o.Target, o.Unit)
}

// amount writes a value in its unit.
func amount(n scorecard.Number, u scorecard.Unit) string {
	switch u {
	case scorecard.UnitRatio:
		return percent(n)
	case scorecard.UnitDays, scorecard.UnitSeconds:
		return n.String() + " " + string(u)
	default:
		return n.String()
	}
}

// each joins what is said of several objectives, every answer once.
func each(objectives []scorecard.Objective, say func(scorecard.Objective) string) string {
	var said []string
	for _, o := range objectives {
		if s := say(o); !slices.Contains(said, s) {
			said = append(said, s)
		}
	}
	return strings.Join(said, " or ")
}

// spoken writes a length of time in words.
func spoken(d time.Duration) string {
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second}} {
		if d >= u.size && d%u.size == 0 {
			return plural(int64(d/u.size), u.name)
		}
	}
	return d.String()
}

// term writes the time that something may take, in words.
func term(d scorecard.Due) string {
	if d.Business {
		return plural(int64(d.Days), "business day")
	}
	return plural(int64(d.Days), "day")
}

func plural(n int64, name string) string {
	if n == 1 {
		return "1 " + name
	}
	return strconv.FormatInt(n, 10) + " " + name + "s"
}

// span writes a length of time as PromQL does.
func span(d time.Duration) string { return scorecard.Span(d).String() }

// seconds writes a length of time as a number.
func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) }

// command sets lines that can be pasted into a terminal.
func command(lines ...string) string { return block("sh", lines...) }

// query sets an expression that can be pasted into Prometheus.
func query(expression string) string { return block("promql", expression) }

func block(language string, lines ...string) string {
	return fmt.Sprintf("```%s\n%s\n```", language, strings.Join(lines, "\n"))
}

// explain is the command that shows what is behind a row.
func explain(objective, team, period string) string {
	return fmt.Sprintf("teamhealth explain %s --team=%s --period=%s", objective, team, period)
}

// paragraphs separates what follows each other in Markdown.
func paragraphs(parts ...string) string { return strings.Join(parts, "\n\n") }
