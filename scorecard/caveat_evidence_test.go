package scorecard_test

import (
	"strings"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// Each case is an item of a row that carries a caveat, and what the evidence
// says of it because of that. One more item carries none, and its reason says nothing of the kind.
func TestEvidenceSaysWhatIsDoubtfulAboutAnItem(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-07-06 10:00:00")
	bare := func(i *facts.Incident) { i.Timeline = nil }
	unknown := func(i *facts.Incident) { i.Urgency = "" }
	byUrgency := func(w *downWorld) {
		w.policy.Incidents.OutagePriority, w.policy.Incidents.OutageUrgency = nil, []facts.Urgency{facts.UrgencyHigh}
	}
	response := func(t *testing.T, i facts.Incident) []scorecard.Evidence {
		t.Helper()
		return newWorld(t, i, incident("QSURE", at, acknowledged(time.Minute, ada))).evidence(t, "mysql")
	}
	uptime := func(t *testing.T, i facts.Incident) []scorecard.Evidence {
		t.Helper()
		return newDownWorld(t, i, outage("QSURE", at, time.Minute)).evidence(t, "mysql")
	}
	burden := func(t *testing.T, i facts.Incident) []scorecard.Evidence {
		t.Helper()
		sure := incident("QSURE", at, acknowledged(time.Minute, ada), resolved(time.Hour, ada))
		return newLabor(t, i, sure).evidence(t, "mysql")
	}
	tests := map[string]struct {
		of       func(*testing.T, facts.Incident) []scorecard.Evidence
		incident facts.Incident
		want     string
	}{
		"a response without log entries":     {response, incident("Q1", at, resolved(time.Hour, alarm), bare), " No log entry of it is known."},
		"a response of unknown urgency":      {response, incident("Q1", at, acknowledged(time.Minute, ada), unknown), " Its urgency is unknown."},
		"an outage without log entries":      {uptime, outage("Q1", at, time.Hour, bare), " No log entry of it is known."},
		"an outage from before the period":   {uptime, outage("Q1", utc(t, "2026-06-30"), 25*time.Hour), " It began before the period or lasted beyond its end."},
		"an outage merged into nobody knows": {uptime, incident("Q1", at, priority("P1"), mergedInto("QX", time.Minute)), " What it was merged into is not known."},
		"an outage of unknown urgency": {func(t *testing.T, i facts.Incident) []scorecard.Evidence {
			t.Helper()
			w := newDownWorld(t, i, outage("QSURE", at, time.Minute))
			byUrgency(&w)
			return w.evidence(t, "mysql")
		}, outage("Q1", at, time.Hour, unknown), " Its urgency is unknown."},
		"an engagement that was handed over to nobody knows whom": {
			burden, incident("Q1", at, begun, acknowledged(time.Minute, ada), handed(facts.EntryAssign, 2*time.Minute, ada, nil)), " PagerDuty does not tell to whom it was handed over.",
		},
		"an engagement of unknown urgency": {burden, incident("Q1", at, acknowledged(time.Minute, ada), unknown), " Its urgency is unknown."},
		"a missing post-mortem of an incident of unknown urgency": {func(t *testing.T, i facts.Incident) []scorecard.Evidence {
			t.Helper()
			return newReviewWorld(t, []facts.Incident{i, solved(t, "QSURE", "2026-07-06 10:00:00")}).evidence(t, "mysql")
		}, solved(t, "Q1", "2026-07-06 10:00:00", unknown), " The incident's urgency is unknown."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := reasons(tt.of(t, tt.incident))
			if !strings.HasSuffix(found["Q1"], tt.want) {
				t.Errorf("reason %q, want it to end in %q", found["Q1"], tt.want)
			}
			if found["QSURE"] == "" || strings.HasSuffix(found["QSURE"], tt.want) {
				t.Errorf("of the other: %q", found["QSURE"])
			}
		})
	}
}
