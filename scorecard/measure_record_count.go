package scorecard

import "fmt"

// measureRecordCount adds up what the records of a metric count, over those of
// the row's window.
func measureRecordCount(v *subjectView) measurement {
	return v.leavingExemptOut((*subjectView).recordedCount)
}

func (v *subjectView) recordedCount() measurement {
	records, p := v.attestedWithin(), newPopulation()
	p.Total = len(records)
	var sum Number
	for _, r := range records {
		if r.repeated {
			p.Excluded[recordRepeated]++
			continue
		}
		p.Used++
		p.Classes[recordCounted]++
		sum = sum.Add(r.value)
	}
	m := v.counting(sum)
	m.population, m.trusted = p, p.Used
	m.reason = fmt.Sprintf("On record as %s: %s.", v.objective.Metric, sum)
	if c := repetitionCaveat(p); c != "" {
		m.caveats = append(m.caveats, c)
	}
	m.evidence = func() []Evidence { return recordedEvidence(records) }
	return m
}

func recordedEvidence(records []attested) []Evidence {
	items := make([]Evidence, 0, len(records))
	for _, r := range records {
		if r.repeated {
			items = append(items, recordItem(r, recordRepeated, NotCounted, "Another file has the same line, which counts."))
		} else {
			items = append(items, recordItem(r, recordCounted, InNumerator, recordedFor(r)))
		}
	}
	sortEvidence(items)
	return items
}
