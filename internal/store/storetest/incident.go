package storetest

import (
	"context"
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/internal/store"
)

func incidentTests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"every field of an incident comes back":                                  everyIncidentField,
		"an incident keeps only what it has":                                     emptyIncident,
		"a newer version of an incident replaces the kept one":                   newerVersion,
		"an older version of an incident changes nothing but the service":        olderVersion,
		"of versions of the same instant the one that is saved last is kept":     equalVersion,
		"a version of unknown age never replaces one of a known age":             unknownAge,
		"the service of the earliest version stays":                              serviceStays,
		"a version without a service tells nothing about the service":            serviceUnknown,
		"open incidents are those that are not resolved":                         openIncidents,
		"an incident that is reopened is open again":                             reopened,
		"known incidents are those that were saved, as they are kept":            knownIncidents,
		"of some incidents the earliest last change is found":                    earliestChange,
		"an incident without an id is an error, and nothing of its page is kept": incidentWithoutID,
	}
}

func everyIncidentField(t *testing.T, s Store) {
	full := facts.Incident{
		ID: "Q1", Number: 1234, Title: "größer\x00 als 0", Service: "PMYSQL", Urgency: facts.UrgencyLow, Priority: "P2",
		Status: "resolved", CreatedAt: at(1).Add(123456 * time.Microsecond), UpdatedAt: at(5), ResolvedAt: at(4),
		LastChange: facts.Change{At: at(4), Actor: facts.Actor{ID: "PUSER", User: true}},
		MergedInto: "Q0", URL: "https://example.pagerduty.com/incidents/Q1",
	}
	save(t, s, incidents(full))
	want(t, "incidents", read(t, s, store.Query{}), []facts.Incident{full})

	full.Timeline = []facts.Entry{{ID: "R1", Incident: "Q1", At: at(1)}}
	save(t, s, incidents(full))
	if timeline := read(t, s, store.Query{})[0].Timeline; len(timeline) != 0 {
		t.Fatalf("the timeline of a saved incident was kept: %v; entries travel beside incidents", timeline)
	}
}

func emptyIncident(t *testing.T, s Store) {
	berlin := time.FixedZone("CEST", 2*3600)
	save(t, s, incidents(facts.Incident{ID: "Q1", CreatedAt: at(1).In(berlin)}))
	want(t, "incidents", read(t, s, store.Query{}), []facts.Incident{{ID: "Q1", CreatedAt: at(1)}})
}

func newerVersion(t *testing.T, s Store) {
	older, newer := incident("Q1", 1), incident("Q1", 2)
	newer.Status, newer.ResolvedAt, newer.Priority = "resolved", at(2), "P1"
	save(t, s, incidents(older), incidents(newer))
	want(t, "incidents", read(t, s, store.Query{}), []facts.Incident{newer})
}

func olderVersion(t *testing.T, s Store) {
	older, newer := incident("Q1", 1), incident("Q1", 2)
	older.Title, older.Service = "old", "POLD"
	save(t, s, incidents(newer), incidents(older))
	newer.Service = "POLD"
	want(t, "incidents", read(t, s, store.Query{}), []facts.Incident{newer})
}

func equalVersion(t *testing.T, s Store) {
	first, second := incident("Q1", 1), incident("Q1", 1)
	second.Status = "acknowledged"
	save(t, s, incidents(first), incidents(second))
	want(t, "incidents", read(t, s, store.Query{}), []facts.Incident{second})
}

func unknownAge(t *testing.T, s Store) {
	known, unknown := incident("Q1", 1), incident("Q1", 1)
	unknown.UpdatedAt, unknown.Service, unknown.Title = time.Time{}, "POTHER", "of unknown age"
	save(t, s, incidents(known), incidents(unknown))
	want(t, "incidents", read(t, s, store.Query{}), []facts.Incident{known})
	save(t, s, incidents(facts.Incident{ID: "Q2", CreatedAt: at(1), Service: "POTHER"}), incidents(
		facts.Incident{ID: "Q2", CreatedAt: at(1), Service: "PMYSQL", UpdatedAt: at(2)}))
	want(t, "service", read(t, s, store.Query{})[1].Service, "PMYSQL")
}

func serviceStays(t *testing.T, s Store) {
	first, moved := incident("Q1", 1), incident("Q1", 2)
	moved.Service, moved.Title = "PMONGO", "moved"
	save(t, s, incidents(first), incidents(moved))
	moved.Service = "PMYSQL"
	want(t, "incidents", read(t, s, store.Query{}), []facts.Incident{moved})
}

func serviceUnknown(t *testing.T, s Store) {
	first, second, third := incident("Q1", 1), incident("Q1", 2), incident("Q1", 3)
	first.Service, second.Service, third.Service = "", "PMYSQL", ""
	for _, version := range []facts.Incident{first, second, third} {
		save(t, s, incidents(version))
	}
	want(t, "service", read(t, s, store.Query{})[0].Service, "PMYSQL")
}

func openIncidents(t *testing.T, s Store) {
	resolved, odd := incident("Q0", 1), incident("Q2", 1)
	resolved.Status, odd.Status = facts.StatusResolved, "a word that comes later"
	save(t, s, incidents(odd, resolved, incident("Q1", 1)), entries(entry("Q9", "R1", 1)))
	want(t, "open incidents", got(s.OpenIncidents(context.Background()))(t), []string{"Q1", "Q2"})
}

func reopened(t *testing.T, s Store) {
	resolved := incident("Q1", 1)
	resolved.Status, resolved.ResolvedAt = facts.StatusResolved, at(1)
	save(t, s, incidents(resolved), incidents(incident("Q1", 2)))
	want(t, "open incidents", got(s.OpenIncidents(context.Background()))(t), []string{"Q1"})
	want(t, "incidents", read(t, s, store.Query{}), []facts.Incident{incident("Q1", 2)})
}

func knownIncidents(t *testing.T, s Store) {
	ctx := context.Background()
	first, second := incident("Q1", 1), incident("Q1", 2)
	second.Status, second.Title, second.LastChange = "acknowledged", "again", facts.Change{At: at(2), Actor: facts.Actor{ID: "PUSER"}}
	save(t, s, incidents(first, incident("Q2", 1)), incidents(second), entries(entry("Q1", "R0", 1), entry("Q3", "R1", 1)))
	want(t, "known incidents", got(s.KnownIncidents(ctx, []string{"Q1", "Q3", "Q4", `Q"5`}))(t), map[string]facts.Incident{"Q1": second})
	want(t, "known incidents of none", got(s.KnownIncidents(ctx, nil))(t), map[string]facts.Incident{})
}

func earliestChange(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, incidents(incident("Q1", 1)), incidents(incident("Q2", 1)), entries(entry("Q1", "R1", 1)))
	for _, c := range []struct {
		ids  []string
		want int64
	}{{[]string{"Q1", "Q2"}, 2}, {[]string{"Q1"}, 3}, {[]string{"Q9"}, 0}, {nil, 0}} {
		want(t, "earliest change", got(s.EarliestChange(ctx, c.ids))(t), c.want)
	}
}

func incidentWithoutID(t *testing.T, s Store) {
	b := incidents(incident("Q1", 1), incident("", 1))
	b.Cursor, b.Services = []byte("next"), []facts.Service{{ID: "PMYSQL"}}
	if err := s.Save(context.Background(), facts.PagerDuty, b); err == nil {
		t.Fatal("an incident without an id was taken")
	}
	wantNothing(t, s)
}

// wantNothing asserts that the store is as it was created.
func wantNothing(t *testing.T, s Store) {
	t.Helper()
	ctx := context.Background()
	want(t, "content", contentOf(t, s), content{Active: []string{}, Records: map[string]int{}})
	want(t, "cursor", got(s.Cursor(ctx, facts.PagerDuty))(t), nil)
	want(t, "sources", got(s.Sources(ctx))(t), nil)
	want(t, "revision", got(s.Revision(ctx))(t), 0)
}
