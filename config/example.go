package config

import (
	"bytes"
	_ "embed"
	"fmt"
	"regexp"
	"time"

	"gopkg.in/yaml.v3"

	"teamhealth/scorecard"
)

// exampleYAML is the example organisation, complete.
//
//go:embed example.yml
var exampleYAML []byte

// sectionStart finds the indented line that ends a section, and the beginning
// of the next one: the encoder leaves out the empty lines between them.
var sectionStart = regexp.MustCompile(`(?m)(^ .*\n)(^[^ \n])`)

// ExampleEdits say where the example organisation's facts come from and go to
// on this machine. Every field is taken as it is; only the dates may be zero.
type ExampleEdits struct {
	PagerDutyURL string
	TokenFile    string // Absolute, or relative to where the file will lie.
	Interval     time.Duration
	// Jira says where the tickets come from; nil takes that source out.
	Jira *JiraEdits
	// PrometheusURL says what counts events; empty takes that source out.
	PrometheusURL string
	Records       []string       // Patterns of files; none takes that source out.
	Since         scorecard.Date // Zero: the default.
	StoreURL      string
	Exceptions    []Exception
	// Today is the day that the example is looked at on. What people do, and what is
	// planned, moves by whole quarters, so that the quarter before always has what the third of 2026 has in the
	// example. Zero: everything stays on its day.
	Today scorecard.Date
}

// JiraEdits say where the example organisation's tickets come from. Since and
// the interval are those of PagerDuty.
type JiraEdits struct {
	URL       string
	Flavor    string
	Email     string // Empty: the token is a bearer's.
	TokenFile string
}

// Example returns the example configuration with PagerDuty, and those others for
// which there are edits, as its only sources, and with the edits made. Comments stay.
// The error says which edit does not make a configuration.
func Example(edits ExampleEdits) ([]byte, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(exampleYAML, &document); err != nil {
		return nil, fmt.Errorf("read the example configuration: %w", err)
	}
	root := document.Content[0]
	sources := child(root, "sources")
	edits.prometheus(sources)
	edits.records(sources)
	edits.source(child(sources, "pagerduty"), edits.PagerDutyURL, edits.TokenFile)
	if j := edits.Jira; j != nil {
		jira := child(sources, "jira")
		edits.source(jira, j.URL, j.TokenFile)
		set(jira, "flavor", text(j.Flavor))
		if j.Email == "" {
			remove(jira, "email")
		} else {
			set(jira, "email", text(j.Email))
		}
	} else {
		remove(sources, "jira")
	}
	set(child(root, "store"), "url", text(edits.StoreURL))
	set(root, "exceptions", exceptions(edits.Exceptions))
	if !edits.Today.IsZero() {
		moveQuarters(root, quartersAfterExample(edits.Today))
	}
	return encode(&document)
}

// prometheus edits which Prometheus is asked, if any.
func (e *ExampleEdits) prometheus(sources *yaml.Node) {
	if e.PrometheusURL == "" {
		remove(sources, "prometheus")
		return
	}
	n := child(sources, "prometheus")
	set(n, "url", text(e.PrometheusURL))
	set(n, "interval", text(scorecard.Span(e.Interval).String()))
}

// records edits what files of records are read, if any.
func (e *ExampleEdits) records(sources *yaml.Node) {
	if len(e.Records) == 0 {
		remove(sources, "records")
		return
	}
	n := child(sources, "records")
	set(n, "files", &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: each(e.Records, text)})
	set(n, "interval", text(scorecard.Span(e.Interval).String()))
}

// source edits what every other source has.
func (e *ExampleEdits) source(n *yaml.Node, url, tokenFile string) {
	set(n, "url", text(url))
	set(n, "token_file", text(tokenFile))
	set(n, "interval", text(scorecard.Span(e.Interval).String()))
	remove(n, "since")
	if !e.Since.IsZero() {
		set(n, "since", day(e.Since))
	}
}

// encode writes a document that Parse accepts.
func encode(document *yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(document); err != nil {
		return nil, fmt.Errorf("write the example configuration: %w", err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("write the example configuration: %w", err)
	}
	edited := sectionStart.ReplaceAll(out.Bytes(), []byte("$1\n$2"))
	if _, err := Parse("example.yml", edited); err != nil {
		return nil, fmt.Errorf("edit the example configuration: %w", err)
	}
	return edited, nil
}

// exceptions writes a list of exceptions.
func exceptions(list []Exception) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, e := range list {
		m := &yaml.Node{Kind: yaml.MappingNode}
		set(m, "id", text(e.ID))
		set(m, "objective", text(e.Objective))
		if e.Team != "" {
			set(m, "team", text(e.Team))
		}
		if len(e.Incidents) > 0 {
			incidents := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: each(e.Incidents, text)}
			set(m, "incidents", incidents)
		}
		set(m, "reason", text(e.Reason))
		set(m, "approved_by", text(e.ApprovedBy))
		set(m, "until", day(e.Until))
		n.Content = append(n.Content, m)
	}
	return n
}

// text is a scalar node, quoted where it would be read as something else.
func text(value string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(value)
	return n
}

// day is a scalar node of a date.
func day(d scorecard.Date) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Value: d.In(time.UTC).Format(time.DateOnly)}
}

// set gives a key of a mapping a value, without the comment on the former one.
func set(m *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content[i+1] = value
			return
		}
	}
	m.Content = append(m.Content, text(key), value)
}

// remove takes a key and its value out of a mapping.
func remove(m *yaml.Node, key string) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content = append(m.Content[:i:i], m.Content[i+2:]...)
			return
		}
	}
}
