package dashboards

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"strings"
	"text/template"

	"gopkg.in/yaml.v3"

	"teamhealth/internal/generate"
)

// datasourceUID is for ever, as those of the dashboards.
const datasourceUID = "teamhealth-prometheus"

// exemplarLabel is the label of an exemplar that holds the incident's id.
const exemplarLabel = "incident_id"

// readme says how the dashboards are installed.
//
//go:embed files/README.md.tmpl
var readme string

// provider is Grafana's file of where dashboards lie.
type provider struct {
	APIVersion int      `yaml:"apiVersion"`
	Providers  []folder `yaml:"providers"`
}

type folder struct {
	Name            string            `yaml:"name"`
	OrgID           int               `yaml:"orgId"`
	Folder          string            `yaml:"folder"`
	FolderUID       string            `yaml:"folderUid"`
	Type            string            `yaml:"type"`
	DisableDeletion bool              `yaml:"disableDeletion"`
	AllowUIUpdates  bool              `yaml:"allowUiUpdates"`
	UpdateInterval  int               `yaml:"updateIntervalSeconds"`
	Options         map[string]string `yaml:"options"`
}

// datasources is Grafana's file of where data comes from.
type datasources struct {
	APIVersion  int          `yaml:"apiVersion"`
	Datasources []datasource `yaml:"datasources"`
}

type datasource struct {
	Name     string   `yaml:"name"`
	UID      string   `yaml:"uid"`
	Type     string   `yaml:"type"`
	Access   string   `yaml:"access"`
	URL      string   `yaml:"url"`
	Editable bool     `yaml:"editable"`
	JSONData jsonData `yaml:"jsonData"`
}

type jsonData struct {
	HTTPMethod   string        `yaml:"httpMethod"`
	TimeInterval string        `yaml:"timeInterval"`
	Exemplars    []destination `yaml:"exemplarTraceIdDestinations"`
}

// destination is where an exemplar leads to.
type destination struct {
	Name            string `yaml:"name"`
	URL             string `yaml:"url"`
	URLDisplayLabel string `yaml:"urlDisplayLabel"`
}

// provisioning returns the files by which Grafana finds the dashboards and
// their data, and the one that says how to use them.
func provisioning(s Settings) ([]generate.File, error) {
	dashboards, err := encode(dashboardsHint, provider{APIVersion: 1, Providers: []folder{{
		Name: "teamhealth", OrgID: 1, Folder: "Team health", FolderUID: "teamhealth", Type: "file",
		DisableDeletion: true, UpdateInterval: 30, Options: map[string]string{"path": "/var/lib/grafana/dashboards/teamhealth"},
	}}})
	if err != nil {
		return nil, err
	}
	sources, err := encode(datasourceHint, datasources{APIVersion: 1, Datasources: []datasource{s.datasource()}})
	if err != nil {
		return nil, err
	}
	guide, err := install()
	return []generate.File{
		{Path: "provisioning/dashboards/teamhealth.yml", Content: dashboards},
		{Path: "provisioning/datasources/teamhealth.yml", Content: sources},
		{Path: "README.md", Content: guide},
	}, err
}

const (
	dashboardsHint = `Where Grafana finds the dashboards. The path is a folder that has their JSON files.`
	datasourceHint = `The Prometheus that scrapes teamhealth, and where an exemplar leads to. Put the address of
your own Prometheus and of your own PagerDuty account. timeInterval is at least the scrape
interval. Grafana reads $$ as a plain dollar sign here.`
)

func (s Settings) datasource() datasource {
	incident := cmp.Or(s.IncidentURL, "https://example.pagerduty.com/incidents/")
	return datasource{
		Name: "Prometheus of teamhealth", UID: datasourceUID, Type: "prometheus", Access: "proxy",
		URL: cmp.Or(s.PrometheusURL, "http://prometheus:9090"),
		JSONData: jsonData{HTTPMethod: "POST", TimeInterval: "1m", Exemplars: []destination{{
			Name: exemplarLabel, URL: incident + "$${__value.raw}", URLDisplayLabel: "Open the incident",
		}}},
	}
}

// encode writes YAML under a comment.
func encode(hint string, value any) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n", strings.ReplaceAll(hint, "\n", "\n# "))
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(value); err != nil {
		return nil, fmt.Errorf("writing what Grafana is provisioned with: %w", err)
	}
	return b.Bytes(), nil
}

// install writes how to install the dashboards.
func install() ([]byte, error) {
	form, err := template.New("README.md").Parse(readme)
	if err != nil {
		return nil, fmt.Errorf("reading the guide's template: %w", err)
	}
	var rows strings.Builder
	for _, p := range pages {
		fmt.Fprintf(&rows, "| %s | `%s` | %s |\n", p.title, p.file, p.purpose)
	}
	var b bytes.Buffer
	if err := form.Execute(&b, map[string]string{"Dashboards": rows.String(), "DatasourceUID": datasourceUID}); err != nil {
		return nil, fmt.Errorf("writing the guide: %w", err)
	}
	return b.Bytes(), nil
}
