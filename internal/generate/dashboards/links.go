package dashboards

import (
	"strings"

	"teamhealth/internal/generate/grafana"
)

// otherPages links the other dashboards at the top of one.
func otherPages(uid string) []grafana.Link {
	var links []grafana.Link
	for _, p := range pages {
		if p.uid == uid {
			continue
		}
		_, short, sub := strings.Cut(p.title, " / ")
		if !sub {
			short = p.title
		}
		links = append(links, grafana.Link{
			Title: short, Type: grafana.LinkTo, Icon: "dashboard", Tooltip: p.purpose, URL: grafana.Path(p.uid),
			Tags: []string{}, IncludeVars: true, KeepTime: true,
		})
	}
	return links
}

// drillDown leads from a team to the dashboards about it. The team is a value of
// the variable team, or what Grafana is to put there.
func (a *author) drillDown(team string) []grafana.DataLink {
	return []grafana.DataLink{
		dataLink("On-call", oncallUID, team, a.window),
		dataLink("Reliability and error budget", reliabilityUID, team, a.window),
		dataLink("Quarterly review", quarterlyUID, team),
	}
}

// dataLink leads to a dashboard for one team. The source and the time range
// stay what they are; more are further variables of the dashboard.
func dataLink(title, uid, team string, more ...string) grafana.DataLink {
	parameters := []string{same("datasource"), same("job"), same("instance")}
	parameters = append(append(parameters, more...), "var-team="+team, "${__url_time_range}")
	return grafana.DataLink{Title: title, URL: grafana.Path(uid) + "?" + strings.Join(parameters, "&")}
}

// same takes the value of a variable along.
func same(variable string) string { return "${" + variable + ":queryparam}" }

// What Grafana puts into a data link.
const (
	teamOfSeries = "${__field.labels.team}"
	teamOfCell   = "${__value.raw}" // The id, where the cell shows the name.
)
