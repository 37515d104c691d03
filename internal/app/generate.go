package app

import (
	"teamhealth/config"
	"teamhealth/internal/generate"
	"teamhealth/internal/generate/alerts"
	"teamhealth/internal/generate/dashboards"
	"teamhealth/internal/generate/documents"
)

// Generated is a kind of files that follow from a configuration.
type Generated struct {
	Kind   string // What the command line calls it.
	Help   string // What it is, in a sentence.
	Folder string // Where the files belong in a working copy.
	Files  func(*config.Config) ([]generate.File, error)
}

// Generators are all kinds, in the order in which people read about them.
func Generators() []Generated {
	return []Generated{
		{"alerts", "Write alert and recording rules for Prometheus, with their unit tests.", "alerts", alertFiles},
		{"dashboards", "Write dashboards for Grafana, with their provisioning.", "dashboards", dashboardFiles},
		{"docs", "Write the pages of objectives and measures, and the runbooks of the alerts.", "docs", documentFiles},
	}
}

func alertFiles(c *config.Config) ([]generate.File, error) {
	return alerts.Files(c.Policy(), alertSettings(c))
}

func dashboardFiles(c *config.Config) ([]generate.File, error) {
	return dashboards.Files(c.Policy(), dashboards.Settings{})
}

func documentFiles(c *config.Config) ([]generate.File, error) {
	return append(documents.Files(&c.Policy().Rubric), alerts.Runbooks(c.Policy(), alertSettings(c))), nil
}

func alertSettings(c *config.Config) alerts.Settings {
	return alerts.Settings{RunbookURL: c.Alerts.RunbookURL, Severities: c.Alerts.Severities}
}
