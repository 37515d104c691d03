package alerts

import "time"

// Severities of alerts. None is critical by default: critical pages somebody,
// and what is worth that, an outage, has paged already when it shows here.
const (
	warning = "warning"
	info    = "info"
)

// Dashboards that an alert sends its reader to, by title.
const (
	dashboardOncall      = "Team health / On-call"
	dashboardReliability = "Team health / Reliability and error budget"
	dashboardQuarter     = "Team health / Quarterly review"
	dashboardExporter    = "Team health / Exporter"
)

// alert is all that there is of one alert: its rule, its runbook and its proof.
type alert struct {
	name       string
	about      kind
	severity   string // By default; the configuration may say otherwise.
	runbookURL string // With the anchor.
	dashboard  string
	why        string        // The expression is as it is; a comment in the rule file.
	expression string        // PromQL.
	wait       time.Duration // How long the expression must hold until the alert fires.

	summary     string // One sentence, always the same.
	description string // A template, as Prometheus fills it.

	runbook   runbook
	scenarios []scenario
}

// kind is what an alert tells of; alerts of one kind are evaluated together.
type kind string

// The kinds.
const (
	ofObjectives kind = "teamhealth-objectives"
	ofOperation  kind = "teamhealth-operation"
)

// runbook is what to know of an alert, in Markdown.
type runbook struct {
	means   string
	check   string
	act     string
	silence string // Matchers for amtool, besides the alert's name, of the example.
	silent  string // What it means when the alert does not fire.
}

// recording is a recording rule with its proof.
type recording struct {
	name       string // level:metric:operations
	why        string
	expression string
	proof      scenario
}

// labels are those of a series or of an alert.
type labels map[string]string

// scenario is a course of events under which rules are looked at.
type scenario struct {
	name    string
	series  []series
	moments []moment // Of an alert.
	samples []sample // Of a recording rule.
}

// series is what Prometheus scrapes in a scenario, once a minute.
type series struct {
	metric string
	labels labels
	course []step
}

// step is a value that a series takes on and keeps until its next step, or
// until the scenario's end.
type step struct {
	from  time.Duration // Since the scenario's beginning.
	value string        // Empty: the series ends, or has not begun.
}

// moment is an instant at which an alert fires for some, or for nobody.
type moment struct {
	at     time.Duration
	firing []firing
}

// firing is an alert that fires, by the labels of its series besides those that
// Prometheus gives it, and the description with its figures. One without labels
// is about something that is absent.
type firing struct {
	labels      labels
	description string
}

// sample is what a recording rule has recorded at an instant.
type sample struct {
	at     time.Duration
	labels labels
	value  float64
}
