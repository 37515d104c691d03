package realservers_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestRealServers scrapes one demo with every release of Prometheus.
func TestRealServers(t *testing.T) {
	t.Parallel()
	c := example(t)
	rules, dashboards := generatedAlerts(t, c), boards(t, generatedDashboards(t, c))
	demo := startDemo(t)
	for name, r := range releases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startPrometheus(t, program(t, r.prometheus), observed{
				target: demo, rules: hurried(t, content(t, rules, ruleFile)),
			})
			eventually(t, "the demo has been scraped", func() bool { return len(p.query(t, "teamhealth_objective_value")) > 0 })
			checkPanels(t, p, dashboards)
			checkVariables(t, p, dashboards)
			checkExemplars(t, p)
			checkRules(t, p)
		})
		t.Run(name+": promtool", func(t *testing.T) {
			t.Parallel()
			tool := promtool{path: program(t, r.promtool), dir: t.TempDir()}
			for _, f := range rules {
				must(t, os.WriteFile(filepath.Join(tool.dir, f.Path), f.Content, 0o600))
			}
			tool.run(t, nil, "check", "rules", ruleFile)
			if r.short && os.Getenv("TEAMHEALTH_SOAK") == "" {
				must(t, os.WriteFile(filepath.Join(tool.dir, ruleTests), ofAWorkingDay(t, content(t, rules, ruleTests)), 0o600))
			}
			tool.run(t, nil, "test", "rules", ruleTests)
			tool.run(t, exposition(t, demo), "check", "metrics")
		})
	}
}

// promtool is the program, and the folder that it works in.
type promtool struct{ path, dir string }

// run wants a promtool command to succeed without a complaint.
func (p promtool) run(t *testing.T, input []byte, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), p.path, args...)
	command.Dir = p.dir
	command.Stdin = bytes.NewReader(input)
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("promtool %q: %v\n%s", args, err, output)
	}
}
