package alerts

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"teamhealth/scorecard"
)

// staleIntervals is how many intervals of its source data may be old: at least
// two cycles in a row have failed or not ended by then.
const staleIntervals = 3

// dataStale tells that a source has not been read for too long.
func dataStale(d *document) *alert {
	sources := d.sources()
	if len(sources) == 0 {
		return nil
	}
	tell := func(collector, age string) string {
		return fmt.Sprintf("The last complete read of %s ended %s ago. All numbers that rest on it are as of then.", collector, age)
	}
	var limits, old []string
	for _, s := range sources {
		limit := staleIntervals * s.Interval
		limits = append(limits, fmt.Sprintf("%s for %s", spoken(limit), s.Source))
		old = append(old, fmt.Sprintf("time() - teamhealth_collector_last_success_timestamp_seconds{collector=%q} > %s", s.Source, seconds(limit)))
	}
	example := string(sources[0].Source)
	a := &alert{
		name: "TeamhealthDataStale", about: ofOperation, severity: warning, dashboard: dashboardExporter,
		why:         fmt.Sprintf("%d intervals of the source: %s.", staleIntervals, strings.Join(limits, ", ")),
		expression:  strings.Join(old, "\nor\n"),
		wait:        5 * time.Minute,
		summary:     "A source has not been read for too long.",
		description: tell("{{ $labels.collector }}", "{{ $value | humanizeDuration }}"),
		runbook: runbook{
			means: paragraphs(
				fmt.Sprintf("No cycle that reads the source has completed for %d of its intervals (%s). The numbers on cards and dashboards are those of the last complete read; after an hour, or %d intervals if that is longer, rows of running periods turn `stale` and have no verdict any more.", staleIntervals, strings.Join(limits, ", "), staleIntervals),
				"So the alerts about objectives end without anything being better. This alert stands for them."),
			check: paragraphs(
				"How far each source has been read, and the last error:",
				command("curl http://127.0.0.1:9977/api/v1/status"),
				"Whether the source can be read at all, with the configuration and the token that the server uses:",
				command("teamhealth check sources"),
				"How long cycles take, and what the source answers:",
				query("teamhealth_collector_duration_seconds"),
				query("sum without (instance) (rate(teamhealth_api_requests_total[1h]))")),
			act: "If cycles fail, `TeamhealthCollectorFailing` fires as well: begin there. If they do not fail, they do not end: a first read of a long history, a rate limit that others use up (`teamhealth_api_ratelimit_remaining`), or a source that answers very slowly. " +
				"A cycle that was cut off goes on where it was; restarting loses nothing, and helps only if the process hangs.",
			silence: "collector=" + example,
			silent: "The source was read recently, or never: before the first complete read there is no time to be old. `TeamhealthCollectorFailing` tells of that. " +
				"It is silent too when teamhealth itself is not scraped; `TeamhealthMetricsAbsent` tells of that.",
		},
	}
	for _, s := range sources {
		a.scenarios = append(a.scenarios, a.provenAge(s, tell))
	}
	return a
}

// unconfigured are the labels of a source that was taken out of the configuration;
// the store still knows when it was read.
func unconfigured() labels { return labels{"collector": "former"} }

// provenAge lets a source be read once, and then again after a while.
func (a *alert) provenAge(s scorecard.SourceRules, tell func(collector, age string) string) scenario {
	limit := staleIntervals * s.Interval
	begin := limit.Truncate(scrape) + scrape // The first minute that is above the limit.
	end := begin + a.wait + 10*time.Minute
	own := labels{"collector": string(s.Source)}
	at := func(age time.Duration) firing {
		return firing{own, tell(string(s.Source), humanDuration(int64(age/time.Second)))}
	}
	return scenario{
		name: fmt.Sprintf("%s that was not read for longer than %s fires until it is", s.Source, spoken(limit)),
		series: []series{
			{"teamhealth_collector_last_success_timestamp_seconds", unconfigured(), always("0")},
			{"teamhealth_collector_last_success_timestamp_seconds", own, []step{{0, "0"}, {end, strconv.Itoa(int(end / time.Second))}}},
		},
		moments: []moment{
			{at: begin + a.wait - scrape},
			{at: begin + a.wait, firing: []firing{at(begin + a.wait)}},
			{at: end - scrape, firing: []firing{at(end - scrape)}},
			{at: end},
		},
	}
}
