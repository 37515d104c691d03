// Package alerts generates Prometheus' rules from an organisation's policy: the
// alerts, the recording rules, the unit tests that prove both, and the runbooks
// that explain them. Each alert has one file, in which its rule, its proof and
// its words stand together. The package evaluates nothing and writes no file; an
// alert that the policy has no objective for is left out, because a rule that
// can never fire looks like one that watches.
package alerts

import (
	"cmp"

	"teamhealth/internal/generate"
	"teamhealth/scorecard"
)

// Settings are what the configuration says of alerts alone.
type Settings struct {
	// RunbookURL is where the runbooks can be read, as a page that has their
	// headings as anchors. Empty: docs/runbooks.md, which is not an address but
	// tells where they are.
	RunbookURL string
	// Severities are by the alert's name; the others keep the severity that
	// they have by default.
	Severities map[string]string
}

// Files returns what goes below the folder of alerts: the rules for Prometheus
// and for its operator in Kubernetes, their unit tests, and a page about all of
// them. The same policy and settings give the same bytes.
func Files(p *scorecard.Policy, s Settings) ([]generate.File, error) {
	d := &document{policy: p, runbookURL: s.RunbookURL}
	alerts, recordings := d.alerts(s.Severities), d.recordings()
	files := []generate.File{{Path: "README.md", Content: readme(alerts, recordings)}}
	for _, f := range []struct {
		path  string
		build func([]alert, []recording) ([]byte, error)
	}{
		{"teamhealth.rules.yml", ruleFile},
		{"prometheusrule.yaml", manifest},
		{"teamhealth.rules.test.yml", unitTests},
	} {
		content, err := f.build(alerts, recordings)
		if err != nil {
			return nil, err
		}
		files = append(files, generate.File{Path: f.path, Content: content})
	}
	return files, nil
}

// Runbooks returns the page, below the folder of documents, with a section for
// each alert: what it means, how to check, what to do, how to silence it, and
// what its silence means. The headings are the alerts' names.
func Runbooks(p *scorecard.Policy, s Settings) generate.File {
	d := &document{policy: p, runbookURL: s.RunbookURL}
	return generate.File{Path: "runbooks.md", Content: runbooks(d.alerts(s.Severities))}
}

// alerts lists the alerts that the policy gives reason for, with the severities
// that they are to have.
func (d *document) alerts(severities map[string]string) []alert {
	var list []alert
	for _, build := range []func(*document) *alert{
		oncallBurdenHigh,
		oncallWeekHeavy,
		responseSlow,
		uptimeBudgetExhausted,
		uptimeBudgetBurning,
		postmortemOverdue,
		objectiveMissed,
		dataStale,
		collectorFailing,
		exceptionExpired,
		metricsAbsent,
	} {
		if a := build(d); a != nil {
			a.severity = cmp.Or(severities[a.name], a.severity)
			a.runbookURL = d.runbook(a.name)
			list = append(list, *a)
		}
	}
	return list
}
