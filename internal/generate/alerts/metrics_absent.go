package alerts

import "time"

// metricsAbsent tells that nobody watches.
func metricsAbsent(*document) *alert {
	a := &alert{
		name: "TeamhealthMetricsAbsent", about: ofOperation, severity: warning, dashboard: dashboardExporter,
		why:         "teamhealth_build_info is there from the first moment on, whatever the sources say. No job is named: it is the\nuser's to choose.",
		expression:  "absent(teamhealth_build_info)",
		wait:        3 * time.Minute,
		summary:     "No teamhealth is scraped: none of its other alerts can fire.",
		description: "This Prometheus has had no metrics of teamhealth for 3 minutes. Until they are back, the silence of its other alerts means nothing.",
		runbook: runbook{
			means: "This Prometheus scrapes no teamhealth that answers: the process is down, cannot be reached, or is no longer a target. Every other alert of teamhealth is silent now, whatever happens.",
			check: paragraphs(
				"Whether the process lives, and whether it has read a source:",
				command("curl http://127.0.0.1:9977/-/healthy", "curl http://127.0.0.1:9977/-/ready"),
				"Whether it is a target, and when it was last up (put in the job's name):",
				query(`up{job="teamhealth"}`)),
			act: "Start the process, or bring back the target. A store that a newer version wrote, or that another process holds, keeps it from starting, and the log says so. " +
				"What happened in the meantime is read from the sources at the next cycle: nothing is lost.",
			silence: "",
			silent:  "At least one teamhealth is scraped. With several, one that is gone is not told of: alert on `up` for that.",
		},
	}
	const begin, end = 20 * time.Minute, time.Hour
	a.scenarios = []scenario{{
		name:    "no sample for three minutes fires until there is one",
		series:  []series{{"teamhealth_build_info", labels{"version": "1.0"}, []step{{0, "1"}, {begin, ""}, {end, "1"}}}},
		moments: a.phases(begin, end, firing{description: a.description}),
	}}
	return a
}
