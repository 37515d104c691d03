package alerts

import (
	"fmt"
	"strings"
	"time"

	"teamhealth/scorecard"
)

// firstRead is how long the first read of a source may take.
const firstRead = 6 * time.Hour

// collectorFailing tells that cycles fail, or that the first one does not end.
func collectorFailing(d *document) *alert {
	sources := d.sources()
	if len(sources) == 0 {
		return nil
	}
	wait := max(2*d.slowest(), 5*time.Minute).Truncate(evaluation)
	tell := func(collector string) string {
		return fmt.Sprintf("Reading %s has failed for %s, or its first read has not ended within %s.", collector, spoken(wait), spoken(firstRead))
	}
	example := string(sources[0].Source)
	a := &alert{
		name: "TeamhealthCollectorFailing", about: ofOperation, severity: warning, dashboard: dashboardExporter,
		why: "A failed cycle is tried again soon, so one failure is no alert; two intervals of the slowest source are. A first\n" +
			"read that neither ends nor fails has no sample of either kind.",
		expression:  failing(sources),
		wait:        wait,
		summary:     "A source cannot be read.",
		description: tell("{{ $labels.collector }}"),
		runbook: runbook{
			means: paragraphs(
				fmt.Sprintf("The last cycle that reads the source failed, and so did every one of the last %s; or the source was never read completely, %s after the start.", spoken(wait), spoken(firstRead)),
				"What was read before stays, and cards stay as they were; `TeamhealthDataStale` says when they are too old."),
			check: paragraphs(
				"The last error, in words:",
				command("curl http://127.0.0.1:9977/api/v1/status"),
				"The same with everything that a cycle would go without:",
				command("teamhealth check sources"),
				"What the source answered, by HTTP status; `error` is no answer:",
				query(`sum without (instance) (increase(teamhealth_api_requests_total{code!~"2.."}[1h]))`)),
			act: paragraphs(
				"By what the error says:",
				"- **401, or a token that is refused**: renew the token in its file or variable; the next cycle reads a file anew.\n"+
					"- **403 or 404**: the account lost a permission, or the configuration names a service, project or field that is gone.\n"+
					"- **429**: others use up the rate limit; a longer `interval` leaves them room.\n"+
					"- **5xx, timeouts**: the source's own trouble; look at its status page, and wait.\n"+
					"- **the store**: the disk is full or the file is not writable."),
			silence: "collector=" + example,
			silent:  "The last cycle completed, or the process has only begun, or it is not scraped (`TeamhealthMetricsAbsent`). A cycle that hangs has not failed: `TeamhealthDataStale` tells of it.",
		},
	}
	a.scenarios = []scenario{a.provenFailure(example, tell), a.provenFirstRead(example, tell)}
	return a
}

// failing selects the collectors of configured sources that failed, and those
// that have run for long without one complete cycle.
func failing(sources []scorecard.SourceRules) string {
	var names []string
	for _, s := range sources {
		names = append(names, string(s.Source))
	}
	of := among("collector", names)
	return strings.Join([]string{
		fmt.Sprintf("teamhealth_collector_up{%s} == 0", of),
		"or",
		inParentheses(fmt.Sprintf("increase(teamhealth_collector_errors_total{%s}[1h] offset %s)\nunless\nteamhealth_collector_last_success_timestamp_seconds", of, span(firstRead))),
	}, "\n")
}

// provenFailure lets cycles fail, once briefly and once for long.
func (a *alert) provenFailure(collector string, tell func(collector string) string) scenario {
	const brief, begin = 10 * time.Minute, time.Hour
	end := begin + a.wait + time.Hour
	own := labels{"collector": collector}
	s := scenario{
		name: "cycles that fail for long fire until one completes, and a failure that passes does not",
		series: []series{
			{"teamhealth_collector_up", unconfigured(), always("0")},
			{"teamhealth_collector_up", own, []step{{0, "1"}, {brief, "0"}, {brief + 2*scrape, "1"}, {begin, "0"}, {end, "1"}}},
			{"teamhealth_collector_last_success_timestamp_seconds", own, always("0")},
			{"teamhealth_collector_errors_total", own, []step{{0, "0"}, {brief, "1"}, {begin, "2"}}},
		},
		moments: []moment{{at: brief + a.wait}},
	}
	s.moments = append(s.moments, a.phases(begin, end, firing{own, tell(collector)})...)
	return s
}

// provenFirstRead lets a first read take hours.
func (a *alert) provenFirstRead(collector string, tell func(collector string) string) scenario {
	begin := firstRead + scrape // An increase needs two samples.
	end := begin + a.wait + time.Hour
	own := labels{"collector": collector}
	return scenario{
		name: "a first read that takes too long fires until it ends",
		series: []series{
			{"teamhealth_collector_errors_total", own, always("0")},
			{"teamhealth_collector_last_success_timestamp_seconds", own, []step{{end, "1"}}},
		},
		moments: a.phases(begin, end, firing{own, tell(collector)}),
	}
}
