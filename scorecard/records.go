package scorecard

import (
	"fmt"
	"time"

	"teamhealth/internal/facts"
)

// The classes of records.
const (
	recordCounted  = "recorded"
	recordRepeated = "repeated" // The same line stands in another file.
	recordEarlier  = "earlier"  // There is a later one.
	recordAnswered = "answered"
	recordNobody   = "no_respondents" // It does not say that anybody answered.
)

// attested is a record as rows see it.
type attested struct {
	facts.Record
	at       time.Time // The first instant of its day, from which on it counts.
	value    Number
	repeated bool // Another file said the same, so that it counts there.
}

// attestedOf lists the records of a metric, by day, file and line. It is made once.
func (o *outlook) attestedOf(metric string) []attested {
	if o.records != nil {
		return o.records[metric]
	}
	o.records = map[string][]attested{}
	sorted := append([]facts.Record(nil), o.facts.Records...)
	facts.SortRecords(sorted)
	said := map[facts.Record]bool{}
	for _, r := range sorted {
		day, err := time.Parse(time.DateOnly, r.Date)
		value, noNumber := ParseNumber(r.Value)
		if err != nil || noNumber != nil { // The collector takes no such line.
			continue
		}
		cells := r
		cells.File, cells.Line = "", 0
		o.records[r.Metric] = append(o.records[r.Metric], attested{
			Record: r, value: value, repeated: said[cells],
			at: Date{Year: day.Year(), Month: day.Month(), Day: day.Day()}.In(o.policy.Calendar.Location),
		})
		said[cells] = true
	}
	return o.records[metric]
}

// place is where a record stands.
func (r *attested) place() string { return fmt.Sprintf("%s:%d", r.File, r.Line) }

// attestedWithin lists the records of the row's metric that are of its window, happened by the
// horizon, and are the subject's: of one of its teams, or of all teams together.
func (v *subjectView) attestedWithin() []attested {
	var list []attested
	within := v.within()
	for _, r := range v.attestedOf(v.objective.Metric) {
		if within(r.at) && !r.at.After(v.horizon) && v.isAbout(r.Team) {
			list = append(list, r)
		}
	}
	return list
}

// isAbout reports whether a record of a team is the subject's.
func (v *subjectView) isAbout(team string) bool {
	if team == facts.Everybody {
		return v.subject.ID == OrgID
	}
	for _, t := range v.teams {
		if t.ID == team {
			return true
		}
	}
	return false
}

// repetitionCaveat tells that lines stand in two files; empty when none does.
func repetitionCaveat(p Population) string {
	switch n := p.Excluded[recordRepeated]; n {
	case 0:
		return ""
	case 1:
		return "A record stands in two files, and counts once."
	default:
		return fmt.Sprintf("%d records stand in two files, and count once.", n)
	}
}

// recordItem is the evidence of a record.
func recordItem(r attested, class string, counted Counted, reason string) Evidence {
	return Evidence{
		Kind: "record", ID: r.place(), At: r.at.UTC(), Class: class, Counted: counted, Value: r.value.Ptr(), Reason: reason,
	}
}

// recordedFor says whose a record is, and of what day.
func recordedFor(r attested) string {
	if r.Team == facts.Everybody {
		return fmt.Sprintf("Recorded on %s for all teams.", r.Date)
	}
	return fmt.Sprintf("Recorded on %s for %s.", r.Date, r.Team)
}
