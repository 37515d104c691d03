package scorecard

// One hundred is the score of a met row; a missed row comes no closer than 99.
const (
	fullScore   = 100
	missedLimit = 99
)

// minCardCoverage is the share of weight that must be scored before a card
// has a score at all.
const minCardCoverage = 0.5

// card evaluates every objective that applies to the subject.
func (e *evaluator) card(s Subject, before *evaluator) Card {
	c := Card{
		SchemaVersion: SchemaVersion, Subject: s, Period: e.period, AsOf: e.asOf, DataAsOf: e.dataAsOf(),
		Rubric: e.rubric, Verdicts: map[Verdict]int{}, Rows: []Row{}, Unmapped: e.unmapped(),
	}
	for _, o := range e.policy.Rubric.Objectives {
		if !e.applies(o, s) {
			continue
		}
		now := e.row(o, s)
		row := now.row
		row.Trend = e.trend(now, o, s, before)
		c.Rows = append(c.Rows, row)
		c.Verdicts[row.Verdict]++
	}
	c.Score, c.Coverage = total(c.Rows)
	return c
}

// total returns a card's score, the weighted mean of its scored rows, and its coverage, the share of
// weight that was scored among the rows that could have been.
func total(rows []Row) (score, coverage *float64) {
	var sum, scored, possible Number
	for i := range rows {
		r := &rows[i]
		switch r.Verdict {
		case Met, Missed:
			possible = possible.Add(*r.Weight)
			if r.Score != nil { // A value of which only a bound is known has none.
				scored = scored.Add(*r.Weight)
				sum = sum.Add(r.Weight.Mul(exact(*r.Score)))
			}
		case NoData, Stale, InsufficientData:
			if r.Target != nil {
				possible = possible.Add(*r.Weight)
			}
		case Exempt, Empty, Pending, Tracked:
		}
	}
	if possible.Sign() == 0 {
		return nil, nil
	}
	share := scored.Quo(possible)
	coverage = floatPtr(share)
	if share.Cmp(exact(minCardCoverage)) < 0 {
		return nil, coverage
	}
	return floatPtr(sum.Quo(scored)), coverage
}

// points returns the score of a judged value: 100 when it meets the target,
// and below that the closer the value is to it.
func points(o Objective, value, target Number, met bool) *float64 {
	if met {
		return floatPtr(Int(fullScore))
	}
	p := closeness(o, value, target).Mul(Int(fullScore))
	if limit := Int(missedLimit); p.Cmp(limit) > 0 {
		p = limit
	}
	if p.Sign() < 0 {
		p = Int(0)
	}
	return floatPtr(p)
}

// closeness is how near a missed value comes to its target, as a ratio. A
// proportion is compared by what it leaves undone, since that is what a
// target such as 0.999 bounds.
func closeness(o Objective, value, target Number) Number {
	one := Int(1)
	switch {
	case o.Direction == Below || o.Direction == AtMost:
		return safeQuo(target, value)
	case o.Unit == UnitRatio && target.Sign() > 0 && target.Cmp(one) < 0:
		return safeQuo(one.Sub(target), one.Sub(value))
	default:
		return safeQuo(value, target)
	}
}

// safeQuo is a/b, or 0 where b is 0: such a value lies as far off as can be.
func safeQuo(a, b Number) Number {
	if b.Sign() == 0 {
		return Int(0)
	}
	return a.Quo(b)
}

func floatPtr(n Number) *float64 {
	f := n.Float()
	return &f
}
