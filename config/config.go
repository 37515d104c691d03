// Package config reads the operator's one YAML file, strictly: every mistake of
// the file and of those that it names is reported in one run, with file, line,
// path, and what to do. It owns the default rubric and the example
// configuration. It refuses to read a secret: the file only says where one
// is; and it accepts every key of sources and features that are still to
// come, so that one file serves all versions.
package config

import (
	"time"

	promconfig "github.com/prometheus/common/config"
	"gopkg.in/yaml.v3"

	"teamhealth/internal/facts"
	"teamhealth/internal/secret"
	"teamhealth/scorecard"
)

// Config is a configuration without mistakes, with defaults filled in and paths
// made relative to the working directory. It is not to be changed.
type Config struct {
	Organization Organization     `yaml:"organization"`
	Sources      Sources          `yaml:"sources"`
	Store        Store            `yaml:"store"`
	Teams        []Team           `yaml:"teams" check:"required"`
	People       []Person         `yaml:"people"`
	PeopleFile   string           `yaml:"people_file" check:"path"`
	Tickets      map[string]Class `yaml:"tickets"`
	Incidents    Incidents        `yaml:"incidents"`
	Engagement   Engagement       `yaml:"engagement"`
	Exceptions   []Exception      `yaml:"exceptions"`
	Alerts       Alerts           `yaml:"alerts"`
	SealAfter    scorecard.Due    `yaml:"seal_after" default:"10bd"` // Zero: quarters are sealed by hand.
	Privacy      Privacy          `yaml:"privacy"`
	Rubric       scorecard.Rubric `yaml:"-"` // The effective one, with the file's own objectives.

	places      map[string]place
	expressions map[string]string // Paths, by the objective's id and the key.
	written     map[string]string // Paths of what was written last of an objective, by its id.
}

// Organization is whose health is measured, and how it counts time.
type Organization struct {
	Name            string           `yaml:"name" check:"required"`
	TimeZone        *time.Location   `yaml:"time_zone" default:"UTC"`
	FiscalYearStart time.Month       `yaml:"fiscal_year_start" default:"1" min:"1" max:"12"`
	WorkingWeek     WorkingWeek      `yaml:"working_week"`
	Holidays        []scorecard.Date `yaml:"holidays"`
}

// WorkingWeek is the usual week.
type WorkingWeek struct {
	Hours float64        `yaml:"hours" default:"40" min:"1" max:"168"`
	Days  []time.Weekday `yaml:"days" default:"[mon, tue, wed, thu, fri]"`
	From  Clock          `yaml:"from" default:"09:00"`
	To    Clock          `yaml:"to" default:"17:00"`
}

// Sources are where facts come from; nil where one is not configured.
type Sources struct {
	PagerDuty  *PagerDuty  `yaml:"pagerduty"`
	Jira       *Jira       `yaml:"jira"`
	Prometheus *Prometheus `yaml:"prometheus"`
	Records    *Records    `yaml:"records"`
}

// Credential says where a source's token is read from: one of file and
// variable, as Token does it.
type Credential struct {
	TokenFile string        `yaml:"token_file" check:"path"`
	TokenEnv  string        `yaml:"token_env" check:"variable"`
	Token     secret.Source `yaml:"-"`
}

// PagerDuty says what to read from PagerDuty.
type PagerDuty struct {
	Credential
	URL      string         `yaml:"url" check:"required,url"`
	Since    scorecard.Date `yaml:"since"` // Zero: two years back.
	Interval time.Duration  `yaml:"interval" default:"5m" min:"1s"`
	Teams    []string       `yaml:"teams"` // Empty: the whole account.
	Bots     []string       `yaml:"bots"`  // Ids of user accounts that are automation.
}

// Jira says what to read from Jira.
type Jira struct {
	Credential
	URL                 string         `yaml:"url" check:"required,url"`
	Flavor              string         `yaml:"flavor" default:"auto" oneof:"auto cloud datacenter"`
	Email               string         `yaml:"email"`
	Since               scorecard.Date `yaml:"since"` // Zero: two years back.
	Interval            time.Duration  `yaml:"interval" default:"10m" min:"1s"`
	JQL                 string         `yaml:"jql"`
	IncidentField       string         `yaml:"incident_field"`
	Bots                []string       `yaml:"bots"`
	DeclinedResolutions []string       `yaml:"declined_resolutions" default:"[Won't Do, Won't Fix, Duplicate, Cannot Reproduce, Invalid, Declined, Incomplete]"`
}

// Prometheus says which Prometheus to ask.
type Prometheus struct {
	URL        string        `yaml:"url" check:"required,url"`
	Interval   time.Duration `yaml:"interval" default:"15m" min:"1s"`
	HTTPConfig *yaml.Node    `yaml:"http_config"` // As it is written; nil when absent.
	// HTTP is what it says, for Prometheus' own client; its files are relative to the working directory.
	HTTP  promconfig.HTTPClientConfig `yaml:"-"`
	Files []NamedFile                 `yaml:"-"` // Those that HTTP reads.
}

// Records says which files hold what no API knows.
type Records struct {
	Files    []string      `yaml:"files" check:"required,path"` // Patterns of filepath.Glob.
	Interval time.Duration `yaml:"interval" default:"5m" min:"1s"`
}

// Store says where facts are kept.
type Store struct {
	URL  string `yaml:"url" default:"sqlite:teamhealth.db"`
	Path string `yaml:"-"` // Of the SQLite file, as it stands in URL.
}

// Team is one team.
type Team struct {
	ID        string         `yaml:"id" check:"required,id"`
	Name      string         `yaml:"name"` // The id when absent.
	Line      scorecard.Line `yaml:"line"`
	PagerDuty TeamPagerDuty  `yaml:"pagerduty"`
	Jira      TeamJira       `yaml:"jira"`
	Rotation  *Rotation      `yaml:"rotation"` // Nil: the team has none.
}

// TeamPagerDuty says what in PagerDuty is a team's.
type TeamPagerDuty struct {
	Services           []string `yaml:"services"`
	EscalationPolicies []string `yaml:"escalation_policies"` // Empty: those of the services.
}

// TeamJira says which issues are a team's.
type TeamJira struct {
	Projects   []string `yaml:"projects"`
	Components []string `yaml:"components"`
}

// Rotation is what a team promises of its on-call rotation.
type Rotation struct {
	Coverage scorecard.Coverage `yaml:"coverage" default:"24x7"`
	Size     int                `yaml:"size" default:"4" min:"1"`
	Shift    time.Duration      `yaml:"shift" default:"7d" min:"1h"`
}

// Person is one entry of the roster. What holds before the first move is the
// entry itself.
type Person struct {
	ID           string               `yaml:"id" check:"required"`
	Team         string               `yaml:"team"`
	Line         scorecard.PersonLine `yaml:"line"` // That of the team when absent.
	Level        string               `yaml:"level" check:"level"`
	Joined       scorecard.Date       `yaml:"joined"`
	Left         scorecard.Date       `yaml:"left"` // The first day no longer employed.
	ProductiveOn scorecard.Date       `yaml:"productive_on"`
	Mentor       string               `yaml:"mentor"`
	FTE          float64              `yaml:"fte" default:"1" min:"0" max:"1"`
	PagerDuty    string               `yaml:"pagerduty"`
	Jira         string               `yaml:"jira"`
	TimeZone     *time.Location       `yaml:"time_zone"`
	Moves        []Move               `yaml:"moves"`
}

// Move is a change of team, line or level; what it leaves out stays.
type Move struct {
	On    scorecard.Date       `yaml:"on" check:"required"`
	Team  string               `yaml:"team"`
	Line  scorecard.PersonLine `yaml:"line"`
	Level string               `yaml:"level" check:"level"`
}

// Class is a class of Jira issues: those that one of the matchers takes.
type Class []Matcher

// Matcher takes the issues that fit every key it has; a key fits when one of
// its values does.
type Matcher struct {
	Types       []string            `yaml:"types"`
	Labels      []string            `yaml:"labels"`
	Components  []string            `yaml:"components"`
	Projects    []string            `yaml:"projects"`
	Statuses    []string            `yaml:"statuses"`
	Resolutions []string            `yaml:"resolutions"`
	Fields      map[string][]string `yaml:"fields"`
	Template    string              `yaml:"template" check:"path"` // Of class postmortem alone: the file of the empty form.
	Form        string              `yaml:"-"`                     // What is in that file.
}

// Incidents says which incidents count for what.
type Incidents struct {
	Urgency        []facts.Urgency `yaml:"urgency" default:"[high]"`
	Outage         Outage          `yaml:"outage"`
	OutageServices []string        `yaml:"outage_services"` // Empty: all of a team's.
}

// Outage says which incidents are downtime, by priority or by urgency.
type Outage struct {
	Priorities []string        `yaml:"priorities"`
	Urgency    []facts.Urgency `yaml:"urgency"`
}

// Engagement bounds the time that one action stands for.
type Engagement struct {
	Minimum time.Duration `yaml:"minimum" default:"15m" min:"1s"`
	Maximum time.Duration `yaml:"maximum" default:"4h" min:"1s"`
}

// Exception takes incidents, or all of an objective, out of the count.
type Exception struct {
	ID         string         `yaml:"id" check:"required,id"`
	Objective  string         `yaml:"objective" check:"required"`
	Team       string         `yaml:"team"`      // Empty: every team.
	Incidents  []string       `yaml:"incidents"` // Empty: the objective is exempt as a whole.
	Reason     string         `yaml:"reason" check:"required"`
	ApprovedBy string         `yaml:"approved_by" check:"required"`
	Until      scorecard.Date `yaml:"until" check:"required"`
}

// Alerts sets what generated alerts point to.
type Alerts struct {
	RunbookURL string            `yaml:"runbook_url" check:"url"`
	Severities map[string]string `yaml:"severities"` // By the alert's name.
}

// Privacy says what may be shown.
type Privacy struct {
	People string `yaml:"people" default:"hidden" oneof:"hidden named"`
}

// Position returns where a path such as teams[0].pagerduty.services[1] stands.
// A path that is nowhere stands where the nearest one around it does.
func (c *Config) Position(path string) (file string, line int) {
	at := nearestPlace(c.places, path)
	return at.file, at.line
}
