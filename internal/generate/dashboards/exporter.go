package dashboards

import (
	"time"

	"teamhealth/internal/generate/grafana"
)

// exporter is about teamhealth itself.
func (a *author) exporter() grafana.Dashboard {
	return a.dashboard(exporterUID, sourceVariables(),
		grafana.Row{Title: "Is it working?", Panels: []grafana.Panel{
			state("Scraped", "Whether Prometheus reaches teamhealth.",
				`up{job=~"$job", instance=~"$instance"}`, "{{instance}}", word("no", bad), word("yes", good)).Size(5, 5),
			state("Sources", "Whether the last cycle of each source completed.",
				of("collector_up"), "{{collector}}", word("failed", bad), word("complete", good)).Size(7, 5),
			state("Configuration", "Whether the configuration could be used at the last attempt to read it. After one that could"+
				" not, the one before stays in use.",
				of("config_last_reload_successful"), "configuration", word("refused", bad), word("in use", good)).Size(5, 5),
			a.lastReads().Size(7, 5),
		}},
		grafana.Row{Title: "Sources", Panels: a.sources()},
		grafana.Row{Title: "Requests", Panels: requests()},
		grafana.Row{Title: "What is kept and configured", Panels: a.inventory()},
	)
}

// state shows words for what is 0 or 1.
func state(title, description, query, legend string, zero, one grafana.Shown) grafana.Panel {
	look := fields("none")
	look.Defaults.Mappings = append(look.Defaults.Mappings, grafana.ByValue(map[string]grafana.Shown{"0": zero, "1": one}))
	return grafana.Stat(look).Describe(title, description).Ask(prometheus(), grafana.Now(query, legend))
}

func word(text, color string) grafana.Shown { return grafana.Shown{Text: text, Color: color} }

// lastReads shows how old the data of each source is.
func (a *author) lastReads() grafana.Panel {
	return grafana.Stat(a.ages(judged("s", nil))).Describe("Age of the data",
		"The time since each source was last read completely. Orange is older than three of its cycles and than an hour:"+
			" then the verdicts of running periods are stale.").
		Ask(prometheus(), grafana.Now(age(), "{{collector}}"))
}

func age() string { return "time() - " + of("collector_last_success_timestamp_seconds") }

// ages colours the age of each source by when it makes rows stale.
func (a *author) ages(look grafana.FieldConfig) grafana.FieldConfig {
	look.Defaults.Thresholds = grafana.From(neutral, grafana.At(staleAfter(0).Seconds(), doubtful))
	for _, s := range a.policy.Sources {
		if after := staleAfter(s.Interval); s.Built && after > staleAfter(0) {
			look.Overrides = append(look.Overrides, grafana.ByName(string(s.Source),
				grafana.Property{ID: "thresholds", Value: grafana.From(neutral, grafana.At(after.Seconds(), doubtful))}))
		}
	}
	return look
}

// staleAfter is the age from which on a source that is read at an interval
// makes rows stale.
func staleAfter(interval time.Duration) time.Duration { return max(3*interval, time.Hour) }

func (a *author) sources() []grafana.Panel {
	failures := increase(of("collector_errors_total"))
	return []grafana.Panel{
		grafana.Timeseries(lines("s", nil)).Describe("Age of the data over time",
			"The time since each source was last read completely. It rises until the next complete cycle.").Size(12, 8).
			Ask(prometheus(), grafana.Over(age(), "{{collector}}")),
		grafana.Timeseries(lines("s", nil)).Describe("Length of a cycle", "How long the last cycle of each source took.").Size(12, 8).
			Ask(prometheus(), grafana.Over(of("collector_duration_seconds"), "{{collector}}")),
		grafana.Timeseries(lines("short", nil)).Describe("Cycles that failed", "How many cycles of each source failed.").Size(12, 8).
			Ask(prometheus(), grafana.Over(sum(failures, "collector"), "{{collector}}")),
		grafana.Timeseries(lines("short", nil)).Describe("Items that were left out", "Items of a source that could not be used, for"+
			" any reason. What was left out for a reason that the program had not met before shows from the second time on.").Size(12, 8).
			Ask(prometheus(), grafana.Over(orZero(
				sum(increase(of("collector_skipped_total")), "collector"), sum(failures, "collector")), "{{collector}}")),
	}
}

func requests() []grafana.Panel {
	return []grafana.Panel{
		grafana.Timeseries(lines("reqps", nil)).Describe("Requests to the sources",
			"Attempts by HTTP status; error is where there was no answer.").Size(12, 8).
			Ask(prometheus(), grafana.Over(sum(rate(of("api_requests_total")), "collector", "code"), "{{collector}} {{code}}")),
		grafana.Timeseries(lines("short", nil)).Describe("Left of the rate limit",
			"How many requests each source said that it would still answer.").Size(12, 8).
			Ask(prometheus(), grafana.Over(of("api_ratelimit_remaining"), "{{collector}}")),
	}
}

func (a *author) inventory() []grafana.Panel {
	panels := []grafana.Panel{
		a.table([]grafana.Column{{Field: "collector", Title: "Source"}, {Field: "kind", Title: "Kind"}},
			numbers("Facts", "short", each(of("collector_records"), "collector", "kind")),
		).Describe("Facts that are kept", "How many facts of each kind the store holds.").Size(8, 9),
		a.table(
			[]grafana.Column{
				{Field: "instance", Title: "Instance"},
				{Field: "version", Title: "Version"},
				{Field: "revision", Title: "Revision"},
				{Field: "goversion", Title: "Go"},
			},
			numbers("Running", "short", each(of("build_info"), "version", "revision", "goversion")),
		).Describe("Builds", "What is running, and what it was built from.").Size(16, 9),
		grafana.Stat(fields("dateTimeFromNow")).Describe("Configuration read", "When the configuration was last read successfully.").
			Size(8, 6).Ask(prometheus(), grafana.Now(
			"1000 * "+of("config_last_reload_success_timestamp_seconds"), "configuration")),
	}
	if len(a.policy.Exceptions) == 0 {
		return panels
	}
	return append(panels, state("Exceptions", "Whether each configured exception still covers something new. One that does not can"+
		" be taken out of the configuration.", of("exception_expired"), "{{exception}}", word("in force", good), word("expired or unused", doubtful)).Size(16, 6))
}
