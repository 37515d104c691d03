package app_test

import (
	"testing"
	"time"

	"teamhealth/config"
)

// exampleConfig is the example organisation's.
func exampleConfig(tb testing.TB, url string) *config.Config {
	tb.Helper()
	return edited(tb, config.ExampleEdits{
		PagerDutyURL: url, TokenFile: "token", Interval: time.Minute, StoreURL: "sqlite:unused.db",
	})
}

// ticketConfig is the example organisation's, with Jira.
func ticketConfig(tb testing.TB) *config.Config {
	tb.Helper()
	return edited(tb, config.ExampleEdits{
		PagerDutyURL: "http://127.0.0.1:1", TokenFile: "token", Interval: time.Minute, StoreURL: "sqlite:unused.db",
		Jira: &config.JiraEdits{URL: "http://127.0.0.1:1", Flavor: "auto", Email: "bot@example.com", TokenFile: "token"},
	})
}

func edited(tb testing.TB, edits config.ExampleEdits) *config.Config {
	tb.Helper()
	yml, err := config.Example(edits)
	must(tb, err)
	c, err := config.Parse("teamhealth.yml", yml)
	must(tb, err)
	return c
}
