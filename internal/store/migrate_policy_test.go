package store_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
)

// TestMigratePolicyWithoutSchedules opens a store from before policies told
// which schedules they name.
func TestMigratePolicyWithoutSchedules(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "teamhealth.db")
	schemaOf(t, path, 7)
	sqliteFile(t, path, "INSERT INTO escalation_policy (id, name, levels, url) VALUES ('E1', 'MySQL', 3, 'https://x/E1')")
	s := open(t, path)
	policy := facts.EscalationPolicy{ID: "E1", Name: "MySQL", Levels: 3, URL: "https://x/E1"}
	for range 2 {
		policies, err := s.Policies(t.Context())
		if diff := cmp.Diff([]facts.EscalationPolicy{policy}, policies); err != nil || diff != "" {
			t.Errorf("policies, %v (-want +got):\n%s", err, diff)
		}
		policy.Schedules = []facts.PolicySchedule{{Level: 1, ID: "S1"}} // As the next cycle tells it.
		if err := s.Save(t.Context(), facts.PagerDuty, facts.Batch{Policies: []facts.EscalationPolicy{policy}}); err != nil {
			t.Fatal(err)
		}
	}
}
