package dashboards_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"teamhealth/internal/generate/dashboards"
	"teamhealth/scorecard"
)

// provisioned is a generated file that is no dashboard.
func provisioned(t *testing.T, s dashboards.Settings, path string) string {
	t.Helper()
	all, err := dashboards.Files(&scorecard.Policy{}, s)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if f.Path == path {
			return string(f.Content)
		}
	}
	t.Fatalf("there is no %s", path)
	return ""
}

func TestGrafanaFindsTheDashboards(t *testing.T) {
	t.Parallel()
	want := map[string]any{"apiVersion": 1, "providers": []any{map[string]any{
		"name": "teamhealth", "orgId": 1, "folder": "Team health", "folderUid": "teamhealth", "type": "file",
		"disableDeletion": true, "allowUiUpdates": false, "updateIntervalSeconds": 30,
		"options": map[string]any{"path": "/var/lib/grafana/dashboards/teamhealth"},
	}}}
	check(t, want, provisioned(t, dashboards.Settings{}, "provisioning/dashboards/teamhealth.yml"))
}

func TestGrafanaFindsTheDataAndTheIncidentsBehindIt(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		settings      dashboards.Settings
		url, incident string
	}{
		"nothing is set": {
			dashboards.Settings{},
			"http://prometheus:9090", "https://example.pagerduty.com/incidents/$${__value.raw}",
		},
		"both addresses are set": {
			dashboards.Settings{PrometheusURL: "https://metrics.example.org", IncidentURL: "https://acme.eu.pagerduty.com/incidents/"},
			"https://metrics.example.org", "https://acme.eu.pagerduty.com/incidents/$${__value.raw}",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := map[string]any{"apiVersion": 1, "datasources": []any{map[string]any{
				"name": "Prometheus of teamhealth", "uid": "teamhealth-prometheus", "type": "prometheus", "access": "proxy",
				"url": tt.url, "editable": false,
				"jsonData": map[string]any{
					"httpMethod": "POST", "timeInterval": "1m",
					"exemplarTraceIdDestinations": []any{map[string]any{
						"name": "incident_id", "url": tt.incident, "urlDisplayLabel": "Open the incident",
					}},
				},
			}}}
			check(t, want, provisioned(t, tt.settings, "provisioning/datasources/teamhealth.yml"))
		})
	}
}

func check(t *testing.T, want map[string]any, content string) {
	t.Helper()
	var got map[string]any
	if err := yaml.Unmarshal([]byte(content), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what Grafana reads (-want +got):\n%s", diff)
	}
	if !strings.HasPrefix(content, "# ") {
		t.Error("it does not say what it is for")
	}
}

func TestGuideNamesEveryDashboardAndFile(t *testing.T) {
	t.Parallel()
	guide := provisioned(t, dashboards.Settings{}, "README.md")
	for _, f := range files(t, example(t)) {
		if f.Path != "README.md" && !strings.Contains(guide, f.Path) {
			t.Errorf("the guide does not name %s", f.Path)
		}
	}
	for file, d := range boards(t, example(t)) {
		if !strings.Contains(guide, "| "+d.Title+" | `"+file+"` |") {
			t.Errorf("the guide does not call %s %q", file, d.Title)
		}
	}
	if !strings.Contains(guide, "--enable-feature=exemplar-storage") || !strings.Contains(guide, "teamhealth-prometheus") {
		t.Error("the guide does not say what Prometheus needs, or which data source is chosen")
	}
}
