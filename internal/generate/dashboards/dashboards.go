// Package dashboards writes the Grafana dashboards of an organisation: what is
// on them, from which metrics, with the targets of its rubric as thresholds, and
// what Grafana needs to load them. It computes no number and asks neither
// Prometheus nor Grafana: an objective that the rubric does not have has no
// panel, and a value that is not there is shown as none, never as 0.
package dashboards

import (
	"teamhealth/internal/generate"
	"teamhealth/internal/generate/grafana"
	"teamhealth/scorecard"
)

// Settings are what the dashboards need to know besides the policy. Every one
// has a default.
type Settings struct {
	// PrometheusURL is where Grafana finds Prometheus; default http://prometheus:9090.
	PrometheusURL string
	// IncidentURL is where a reader finds an incident, with its id put behind it;
	// by default a PagerDuty account that is called example.
	IncidentURL string
}

// Files returns the dashboards of a policy, the files that provision them, and
// how to install both, with their paths below the folder of the dashboards.
// The error is that of a value without a form in JSON or YAML.
func Files(p *scorecard.Policy, s Settings) ([]generate.File, error) {
	a := author{policy: p, window: same("window")}
	var files []generate.File
	for _, d := range []grafana.Dashboard{a.overview(), a.oncall(), a.reliability(), a.quarterly(), a.exporter()} {
		content, err := d.JSON()
		if err != nil {
			return nil, err
		}
		files = append(files, generate.File{Path: find(d.UID).file, Content: content})
	}
	rest, err := provisioning(s)
	return append(files, rest...), err
}

// author writes the dashboards of one policy.
type author struct {
	policy *scorecard.Policy
	window string // What links choose as the window of other dashboards, as a URL's parameter.
}

// page is one of the dashboards.
type page struct {
	uid, file, title string
	purpose          string // One sentence.
	from             string // Where its time range begins.
}

// The uids are for ever: links and bookmarks name them.
const (
	overviewUID    = "teamhealth-overview"
	oncallUID      = "teamhealth-oncall"
	reliabilityUID = "teamhealth-reliability"
	quarterlyUID   = "teamhealth-quarterly"
	exporterUID    = "teamhealth-exporter"
)

// pages are the dashboards in the order of a reader's way. Their titles put the
// overview first in Grafana's own lists, too.
var pages = []page{
	{
		overviewUID, "overview.json", "Team health",
		"Where every team stands on every objective, and which of these numbers can be trusted.",
		"now-30d",
	},
	{
		oncallUID, "oncall.json", "Team health / On-call",
		"What being on call costs people, and how fast they answer.",
		"now-30d",
	},
	{
		reliabilityUID, "reliability.json", "Team health / Reliability and error budget",
		"How reliable the services were, how much downtime their targets still allow, and what was learned from incidents.",
		"now-30d",
	},
	{
		quarterlyUID, "quarterly.json", "Team health / Quarterly review",
		"The previous quarter and the running one beside each other, objective by objective.",
		"now-90d",
	},
	{
		exporterUID, "exporter.json", "Team health / Exporter",
		"Whether teamhealth itself works: its sources, its requests and its configuration.",
		"now-24h",
	},
}
