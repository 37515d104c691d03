package realservers_test

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"

	"teamhealth/config"
	"teamhealth/internal/generate"
	"teamhealth/internal/generate/alerts"
	"teamhealth/internal/generate/dashboards"
)

// startDemo builds the program, runs `teamhealth demo` until the end of the test,
// and returns the address at which its first cards are out.
func startDemo(t *testing.T) (address string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "teamhealth")
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", path, "teamhealth/cmd/teamhealth")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	address = freeAddress(t)
	start(t, "http://"+address+"/-/ready", path, "demo", "--web.listen-address="+address)
	return address
}

// example is the configuration that the committed files are generated from.
func example(t *testing.T) *config.Config {
	t.Helper()
	c, err := config.Load(filepath.Join("..", "..", "config", "example.yml"))
	must(t, err)
	return c
}

// generatedAlerts are the files below alerts/.
func generatedAlerts(t *testing.T, c *config.Config) []generate.File {
	t.Helper()
	files, err := alerts.Files(c.Policy(), alerts.Settings{RunbookURL: c.Alerts.RunbookURL, Severities: c.Alerts.Severities})
	must(t, err)
	return files
}

// generatedDashboards are the files below dashboards/.
func generatedDashboards(t *testing.T, c *config.Config) []generate.File {
	t.Helper()
	files, err := dashboards.Files(c.Policy(), dashboards.Settings{})
	must(t, err)
	return files
}

// content is that of one of the files.
func content(t *testing.T, files []generate.File, path string) []byte {
	t.Helper()
	for _, f := range files {
		if f.Path == path {
			return f.Content
		}
	}
	t.Fatalf("no file %s is generated", path)
	return nil
}

// exposition is what the program answers a scrape with.
func exposition(t *testing.T, address string) []byte {
	t.Helper()
	status, body := get(t.Context(), "http://"+address+"/metrics")
	if status != http.StatusOK {
		t.Fatalf("/metrics: status %d", status)
	}
	return body
}
