package realservers_test

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// The configurations that the README starts servers with are ones that these take.
func TestExampleConfigurationsAreSound(t *testing.T) {
	t.Parallel()
	folder := filepath.Join("..", "..", "alerts", "example")
	for name, r := range releases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			promtool{path: program(t, r.promtool), dir: folder}.run(t, nil, "check", "config", "prometheus.yml")
		})
	}
	t.Run("Alertmanager", func(t *testing.T) {
		t.Parallel()
		command := exec.CommandContext(t.Context(), program(t, "amtool"), "check-config", "alertmanager.yml")
		command.Dir = folder
		if output, err := command.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, output)
		}
	})
}
