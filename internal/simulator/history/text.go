package history

import (
	"fmt"
	"strings"
)

// The numbers of titles and of notes to choose from; drillText is one note more.
const (
	titleTexts = 10
	noteTexts  = 8
	drillText  = noteTexts
)

// Title returns what an incident is called.
func (a *Account) Title(i *Incident) string {
	service := a.Services[i.Service]
	if i.Drill {
		return "Planned failover drill on " + service.Name
	}
	titles := [titleTexts]string{
		"Replication lag above 30 s on %s",
		"Primary unreachable on %s",
		"Disk above 90% on %s",
		"Connections exhausted on %s",
		"P99 latency above 50 ms on %s",
		"Backup older than 26 h on %s",
		"Election in progress on %s",
		"Error rate above 1% on %s",
		"Certificate expires within 7 days on %s",
		"Node not ready on %s",
	}
	host := fmt.Sprintf("%s-%02d", strings.ToLower(service.ID), i.Key%24)
	return strings.Replace(titles[i.Title], "%s", host, 1)
}

// Note returns what an Annotate event says.
func (e Event) Note() string {
	notes := [noteTexts + 1]string{
		"replica rebuilt",
		"restarted the node, watching it",
		"slow query killed",
		"traffic moved to the second region",
		"same cause as last week, follow-up ticket exists",
		"diagnostics attached",
		"disk extended",
		"false alarm, threshold to be reviewed",
		"drill goes as planned",
	}
	return notes[e.Arg]
}
