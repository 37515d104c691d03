package scorecard

import (
	"regexp"
	"slices"
	"strings"

	"teamhealth/internal/facts"
)

// Way is how a ticket names an incident.
type Way string

// The ways, in the order in which they are tried.
const (
	ByField Way = "field"
	ByURL   Way = "url"
	ByLabel Way = "label"
	ByLink  Way = "link" // It is linked to a ticket that names it.
)

// Mention says that a ticket names an incident.
type Mention struct {
	Incident string // Id, in capitals.
	Way      Way
}

// labelPrefix begins the labels that name an incident.
const labelPrefix = "pd-"

// incidentURL finds the ids in addresses of incidents, and bareID what may be an id.
var (
	incidentURL = regexp.MustCompile(`/incidents/([A-Za-z0-9]+)`)
	bareID      = regexp.MustCompile(`[A-Za-z0-9]+`)
)

// NamesIncident reports whether a ticket names an incident by itself, without
// what it links to elsewhere. Field is the custom field for that; empty when there is none.
func NamesIncident(t *facts.Ticket, field string) bool {
	alone := *t
	alone.RemoteLinks = nil
	return len(mentions(&alone, field)) > 0
}

// mentions lists the incidents that a ticket names by itself, each once, by
// way and then as they stand. What the field holds beside addresses may be ids
// or may not: nothing comes of a word that is no incident's.
func mentions(t *facts.Ticket, field string) []Mention {
	var found []Mention
	add := func(way Way, ids ...string) {
		for _, id := range ids {
			id = strings.ToUpper(id)
			if !slices.ContainsFunc(found, func(m Mention) bool { return m.Incident == id }) {
				found = append(found, Mention{Incident: id, Way: way})
			}
		}
	}
	if field != "" {
		for _, value := range t.Fields[field] {
			add(ByField, idsOf(value)...)
		}
	}
	add(ByURL, addressed(t.Summary)...)
	add(ByURL, addressed(t.Description)...)
	for _, url := range t.RemoteLinks {
		add(ByURL, addressed(url)...)
	}
	for _, l := range t.Labels {
		if len(l) > len(labelPrefix) && strings.EqualFold(l[:len(labelPrefix)], labelPrefix) {
			add(ByLabel, l[len(labelPrefix):])
		}
	}
	return found
}

// idsOf returns the ids in a value of the field: those of its addresses, or
// its words where it has none.
func idsOf(value string) []string {
	if ids := addressed(value); len(ids) > 0 || strings.Contains(value, "://") {
		return ids
	}
	return bareID.FindAllString(value, -1)
}

// addressed returns the ids of the incidents whose addresses a text holds.
func addressed(text string) []string {
	var ids []string
	for _, match := range incidentURL.FindAllStringSubmatch(text, -1) {
		ids = append(ids, match[1])
	}
	return ids
}
