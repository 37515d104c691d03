package pagerduty

import (
	"cmp"
	"slices"
	"strings"

	"teamhealth/internal/facts"
)

// addPolicy leaves out a policy whose rules are not told: it has some, and to
// count none would be wrong.
func addPolicy(p *page, wire wirePolicy) {
	switch {
	case wire.ID == "":
		p.skip(kindPolicy, reasonNoID)
	case wire.Rules == nil:
		p.skip(kindPolicy, reasonUndecodable)
	default:
		p.ids = append(p.ids, wire.ID)
		p.facts.Policies = append(p.facts.Policies, facts.EscalationPolicy{
			ID: wire.ID, Name: firstOf(wire.Name, wire.Summary), Levels: len(*wire.Rules), URL: wire.HTMLURL,
			Schedules: wire.schedules(),
		})
	}
}

// schedules are those that the levels of a policy name, of either kind.
func (wire *wirePolicy) schedules() []facts.PolicySchedule {
	var named []facts.PolicySchedule
	for i, rule := range *wire.Rules {
		for _, target := range rule.value.Targets.value {
			if t := target.value; strings.HasPrefix(t.Type, "schedule") && t.ID != "" {
				named = append(named, facts.PolicySchedule{Level: i + 1, ID: t.ID})
			}
		}
	}
	slices.SortFunc(named, func(a, b facts.PolicySchedule) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.ID, b.ID))
	})
	return slices.Compact(named)
}

// markUnlisted marks the schedules that policies name and no list shows: the
// token may not see them.
func markUnlisted(batch *facts.Batch) {
	for _, p := range batch.Policies {
		for i, s := range p.Schedules {
			p.Schedules[i].Unlisted = !slices.ContainsFunc(batch.Schedules, func(l facts.Schedule) bool { return l.ID == s.ID })
		}
	}
}

// addSchedule adds schedules of either kind. The newer ones are told as
// references, which have no zone.
func addSchedule(shiftBased bool) func(*page, wireSchedule) {
	return func(p *page, wire wireSchedule) {
		if wire.ID == "" {
			p.skip(kindSchedule, reasonNoID)
			return
		}
		p.ids = append(p.ids, wire.ID)
		p.facts.Schedules = append(p.facts.Schedules, facts.Schedule{
			ID: wire.ID, Name: firstOf(wire.Name, wire.Summary), TimeZone: wire.TimeZone,
			ShiftBased: shiftBased, URL: wire.HTMLURL,
		})
	}
}

// addMaintenance keeps a window of no length: it may be what is left of one
// that was called off as it began. One of which nobody can tell what it covers
// is left out.
func addMaintenance(p *page, wire wireMaintenance) {
	if wire.ID == "" {
		p.skip(kindMaintenance, reasonNoID)
		return
	}
	start, startOK := instant(wire.StartTime)
	end, endOK := instant(wire.EndTime)
	if !startOK || !endOK || end.Before(start) {
		p.skip(kindMaintenance, reasonNoTime)
		return
	}
	if wire.Services == nil || slices.ContainsFunc(*wire.Services, func(r wireReference) bool { return r.ID == "" }) {
		p.skip(kindMaintenance, reasonIncomplete)
		return
	}
	p.ids = append(p.ids, wire.ID)
	p.maintenance = append(p.maintenance, facts.MaintenanceWindow{
		ID: wire.ID, Start: start, End: end, Services: ids(*wire.Services),
	})
}

// ids returns the ids of references, sorted.
func ids(references []wireReference) []string {
	var all []string
	for _, r := range references {
		all = append(all, r.ID)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
