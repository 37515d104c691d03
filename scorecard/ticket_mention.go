package scorecard

import (
	"iter"
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

// What texts hold: ids in addresses of incidents, addresses of anything, and words that may be ids.
var (
	incidentURL = regexp.MustCompile(`/incidents/([A-Za-z0-9]+)`)
	anyURL      = regexp.MustCompile(`[A-Za-z]+://[^\s|<>()\[\]"]*`)
	bareWord    = regexp.MustCompile(`[A-Za-z0-9]+`)
)

// likelyID is what PagerDuty's ids of incidents look like: seven signs, or lately fourteen.
var likelyID = regexp.MustCompile(`^[PQ][A-Z0-9]{6,13}$`)

// fullID is the length of an id that is one even without a digit: words are shorter.
const fullID = 14

// namesIncident reports whether something in a ticket looks as if it named an
// incident, what it links to elsewhere aside. Field is the custom field for that; empty when there is none.
func namesIncident(t *facts.Ticket, field string) bool {
	alone := *t
	alone.RemoteLinks = nil
	for way, id := range candidates(&alone, field) {
		if way == ByLabel { // Which people write as they like.
			id = strings.ToUpper(id)
		}
		if likelyID.MatchString(id) && (strings.ContainsAny(id, "0123456789") || len(id) == fullID) {
			return true
		}
	}
	return false
}

// mentions lists the incidents that a ticket may name by itself, each once, by
// way and then as they stand. Whatever they look like: nothing comes of a word that
// is no incident's, and an incident that is known counts.
func mentions(t *facts.Ticket, field string) []Mention {
	var found []Mention
	for way, id := range candidates(t, field) {
		id = strings.ToUpper(id)
		if !slices.ContainsFunc(found, func(m Mention) bool { return m.Incident == id }) {
			found = append(found, Mention{Incident: id, Way: way})
		}
	}
	return found
}

// candidates yields what may be the id of an incident, as it is written, in
// every place where a ticket names incidents.
func candidates(t *facts.Ticket, field string) iter.Seq2[Way, string] {
	return func(yield func(Way, string) bool) {
		var named []string
		if field != "" {
			for _, value := range t.Fields[field] {
				named = append(named, idsOf(value)...)
			}
		}
		addresses := slices.Concat([]string{t.Summary, t.Description}, t.RemoteLinks)
		var labels []string
		for _, l := range t.Labels {
			if len(l) > len(labelPrefix) && strings.EqualFold(l[:len(labelPrefix)], labelPrefix) {
				labels = append(labels, l[len(labelPrefix):])
			}
		}
		for _, part := range []struct {
			way Way
			ids []string
		}{{ByField, named}, {ByURL, addressed(addresses...)}, {ByLabel, labels}} {
			for _, id := range part.ids {
				if !yield(part.way, id) {
					return
				}
			}
		}
	}
}

// idsOf returns what may be ids in a value of the field: those of its addresses, and
// the words beside addresses.
func idsOf(value string) []string {
	return append(addressed(value), bareWord.FindAllString(anyURL.ReplaceAllString(value, " "), -1)...)
}

// addressed returns the ids of the incidents whose addresses some texts hold.
func addressed(texts ...string) []string {
	var ids []string
	for _, text := range texts {
		for _, match := range incidentURL.FindAllStringSubmatch(text, -1) {
			ids = append(ids, match[1])
		}
	}
	return ids
}
