package scorecard

import (
	"fmt"
	"slices"
)

// measureSurvey takes the mean of what the records of a metric say, each with the
// weight of the people who answered. What would tell the answers of fewer than
// five people, by itself or by a subtraction, is held back.
func measureSurvey(v *subjectView) measurement {
	m := v.leavingExemptOut((*subjectView).surveyed)
	if m.suppressed == "" && v.confidentialAnswers().losesHidden(v, v.attestedWithin()) {
		m.suppressed = heldBackReason()
	}
	return m
}

func (v *subjectView) surveyed() measurement {
	records, p := v.attestedWithin(), newPopulation()
	p.Total = len(records)
	answers := slices.DeleteFunc(slices.Clone(records), func(r attested) bool { return classOfAnswers(r) != recordAnswered })
	var sum, people Number
	for _, r := range records {
		if class := classOfAnswers(r); class != recordAnswered {
			p.Excluded[class]++
			continue
		}
		p.Used++
		p.Classes[recordAnswered]++
		sum, people = sum.Add(r.value.Mul(Int(r.N))), people.Add(Int(r.N))
	}
	m := measurement{population: p, trusted: p.Used, judged: int(people.Floor()), caveats: surveyCaveats(p)}
	hidden := v.confidentialAnswers()
	m.evidence = func() []Evidence { return surveyEvidence(records, hidden) }
	switch {
	case p.Used > 0:
		m.numerator, m.denominator, m.value = sum.Ptr(), people.Ptr(), sum.Quo(people).Ptr()
		m.reason = fmt.Sprintf("The mean of %s answers.", people)
		m.suppressed = hidden.holdsBack(v, answers)
	case p.Excluded[recordNobody] > 0:
		m.reason = "No record says how many people answered, so that nobody knows whether they were enough to be shown."
	}
	return m
}

func classOfAnswers(r attested) string {
	switch {
	case r.repeated:
		return recordRepeated
	case r.N == 0:
		return recordNobody
	}
	return recordAnswered
}

func surveyCaveats(p Population) []string {
	var caveats []string
	if c := repetitionCaveat(p); c != "" {
		caveats = append(caveats, c)
	}
	if n := p.Excluded[recordNobody]; n > 0 {
		caveats = append(caveats, fmt.Sprintf("Records that do not say how many people answered are left out: %d.", n))
	}
	return caveats
}

// surveyEvidence lists the records, with the values of those that may be shown.
func surveyEvidence(records []attested, hidden *confidential) []Evidence {
	items := make([]Evidence, 0, len(records))
	for _, r := range records {
		item := recordItem(r, classOfAnswers(r), InNumerator, "")
		switch {
		case item.Class == recordRepeated:
			item.Counted, item.Value, item.Reason = NotCounted, nil, "Another file has the same line, which counts."
		case item.Class == recordNobody:
			item.Counted, item.Value, item.Reason = NotCounted, nil, "The line does not say how many people answered."
		case hidden.hides(r):
			item.Value, item.Reason = nil, recordedFor(r)+" What it says is held back."
		default:
			item.Reason = fmt.Sprintf("%s %d answered.", recordedFor(r), r.N)
		}
		items = append(items, item)
	}
	sortEvidence(items)
	return items
}
