package alerts

import (
	"fmt"
	"strings"
)

// readme writes the page about the files beside it.
func readme(alerts []alert, recordings []recording) []byte {
	var page strings.Builder
	fmt.Fprintf(&page, "<!-- %s -->\n\n%s\n\n", generated, files)
	fmt.Fprint(&page, "## Alerts\n\n| alert | tells that | after | severity |\n|---|---|---|---|\n")
	for _, a := range alerts {
		fmt.Fprintf(&page, "| [%s](../docs/runbooks.md#%s) | %s | %s | `%s` |\n", a.name, anchor(a.name), a.summary, spoken(a.wait), a.severity)
	}
	fmt.Fprint(&page, "\n## Recorded\n\n| metric | what it is |\n|---|---|\n")
	for _, r := range recordings {
		fmt.Fprintf(&page, "| `%s` | %s |\n", r.name, strings.ReplaceAll(r.why, "\n", " "))
	}
	return []byte(page.String())
}

const files = "# Alerts\n\n" +
	`Rules for Prometheus, made from the targets, intervals and severities of a configuration. When that changes, so do they:

` + "```sh" + `
teamhealth generate alerts --config.file=teamhealth.yml
` + "```" + `

| file | what it is |
|---|---|
| ` + "`teamhealth.rules.yml`" + ` | alert and recording rules, for Prometheus 2.42 or later |
| ` + "`prometheusrule.yaml`" + ` | the same rules as a PrometheusRule, for Prometheus' operator in Kubernetes |
| ` + "`teamhealth.rules.test.yml`" + ` | unit tests of the rules: each alert firing, not firing and recovering, with its true ` + "`for`" + ` and its texts |

[docs/runbooks.md](../docs/runbooks.md) says of each alert what it means and what to do.

## Load them

In ` + "`prometheus.yml`" + `, beside the job that scrapes teamhealth:

` + "```yaml" + `
rule_files: [/etc/prometheus/teamhealth.rules.yml]
scrape_configs:
  - {job_name: teamhealth, static_configs: [{targets: ["localhost:9977"]}]}
` + "```" + `

In Kubernetes: ` + "`kubectl apply -f prometheusrule.yaml`" + `. If the operator's ` + "`ruleSelector`" + ` asks for further labels, add them first.

Alerts about an objective have the label ` + "`team`" + `: a team's id, or ` + "`org`" + ` for all together. So Alertmanager can send each to its team:

` + "```yaml" + `
route:
  receiver: director
  routes:
    - {receiver: mysql, matchers: ['alertname=~"Teamhealth.*"', 'team="mysql"']}
` + "```" + `

Severities are ` + "`critical`, `warning` and `info`" + `. No alert is critical by default, because none is worth waking somebody up; ` + "`alerts.severities`" + ` in the configuration changes that. ` + "`alerts.runbook_url`" + ` is where your runbooks are; without it ` + "`runbook_url`" + ` is ` + "`docs/runbooks.md`" + `, relative to this project.

## Test them

In CI, with the promtool of your Prometheus:

` + "```sh" + `
promtool check rules teamhealth.rules.yml
promtool test rules teamhealth.rules.test.yml
` + "```"
