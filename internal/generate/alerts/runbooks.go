package alerts

import (
	"fmt"
	"strings"
	"unicode"
)

// anchor is what GitHub makes of a heading: lower case, spaces as hyphens, and
// nothing but letters, digits, hyphens and underscores.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// runbooks writes the page with a section for each alert.
func runbooks(alerts []alert) []byte {
	var page strings.Builder
	fmt.Fprintf(&page, "<!-- %s -->\n\n# Runbooks\n\n%s\n", strings.Replace(generated, "alerts", "docs", 1), preface)
	for i := range alerts {
		alerts[i].section(&page)
	}
	return []byte(page.String())
}

const preface = `What to do when an alert of teamhealth fires. Each section begins with the alert's rule and says what it means, how to check, what to do, how to silence it, and what it means when it is silent. The figures are those of the configuration.

- Commands are run where teamhealth runs: ` + "`teamhealth explain`" + ` reads its store and needs no server. Add ` + "`--config.file`" + ` where the configuration is not ` + "`teamhealth.yml`" + `, and put in the team of the alert.
- Queries are for the Prometheus that sent the alert.
- No alert pages by default. They tell of what takes days to go wrong; outages page by themselves. ` + "`alerts.severities`" + ` changes that, by the alert's name.
- No sample is not good news. An alert ends when its cause is gone, and also when nobody can tell any more. After a failed scrape or a restart it ends and comes back when it has waited once more.`

// section writes what there is to say of one alert.
func (a *alert) section(page *strings.Builder) {
	fmt.Fprintf(page, "\n## %s\n\n%s\n\n", a.name, a.summary)
	fmt.Fprintf(page, "Severity `%s`, after %s; dashboard %q.\n\n%s\n", a.severity, spoken(a.wait), a.dashboard, query(a.expression))
	for _, part := range []struct{ heading, text string }{
		{"What it means", a.runbook.means},
		{"How to check", a.runbook.check},
		{"What to do", a.runbook.act},
		{"How to silence", a.silencing()},
		{"What silence means", a.runbook.silent},
	} {
		fmt.Fprintf(page, "\n### %s\n\n%s\n", part.heading, part.text)
	}
}

// silencing is the same for all alerts but for what they are about.
func (a *alert) silencing() string {
	matchers := strings.TrimSpace("alertname=" + a.name + " " + a.runbook.silence)
	return paragraphs(
		"For a week, when somebody works on it and everybody knows:",
		command(`amtool silence add --alertmanager.url=http://localhost:9093 --duration=1w --comment="who works on it, and until when" `+matchers),
		"A silence hides the alert and changes no number. When the alert is wrong for good, change the target, or leave the objective out.")
}
