package scorecard

import "fmt"

// LatestDetails are the details of a record_latest row.
type LatestDetails struct {
	Date string `json:"date"` // YYYY-MM-DD, the day of the record.
}

// measureRecordLatest takes the value of the latest record of a metric, of
// whatever time before the end of the row's period. The organisation's is the
// one that is about all teams together: a team's says nothing about the others.
func measureRecordLatest(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).recordedLast)
}

func (v *subjectView) recordedLast() measurement {
	var records []attested
	for _, r := range v.attestedOf(v.objective.Metric) {
		if r.Team == v.subject.ID && r.at.Before(v.period.End) && !r.at.After(v.horizon) {
			records = append(records, r)
		}
	}
	p := newPopulation()
	p.Total = len(records)
	m := measurement{population: p, evidence: func() []Evidence { return latestEvidence(records) }}
	if len(records) == 0 {
		m.reason = fmt.Sprintf("No record of metric %s is about %s itself.", v.objective.Metric, v.subject.ID)
		return m
	}
	latest := records[len(records)-1]
	p.Used, p.Classes[recordCounted] = 1, 1
	if earlier := len(records) - 1; earlier > 0 {
		p.Excluded[recordEarlier] = earlier
	}
	m.population, m.judged, m.trusted, m.value = p, 1, 1, latest.value.Ptr()
	m.details = LatestDetails{Date: latest.Date}
	m.reason = fmt.Sprintf("The latest record is of %s.", latest.Date)
	if v.confidentialAnswers().hides(latest) {
		m.suppressed = heldBackReason()
	}
	return m
}

// latestEvidence shows the value of the latest record alone: the earlier ones
// stand behind other periods' rows, or must not be shown.
func latestEvidence(records []attested) []Evidence {
	items := make([]Evidence, 0, len(records))
	for i, r := range records {
		if i == len(records)-1 {
			items = append(items, recordItem(r, recordCounted, InNumerator, recordedFor(r)))
			continue
		}
		item := recordItem(r, recordEarlier, NotCounted, "There is a later one.")
		item.Value = nil
		items = append(items, item)
	}
	sortEvidence(items)
	return items
}
