package scorecard

import (
	"slices"
	"time"
)

// countAftermaths counts incidents by class, and of the judged ones those that
// are done and those that carry a caveat.
func countAftermaths(all []aftermath) (p Population, done, doubtful int) {
	p = newPopulation()
	p.Total = len(all)
	for _, a := range all {
		if !a.class.Judged() {
			p.Excluded[string(a.class)]++
			continue
		}
		p.Used++
		p.Classes[string(a.class)]++
		if a.class.Done() {
			done++
		}
		doubtful += count(a.doubts != postmortemDoubts{})
	}
	return p, done, doubtful
}

// shared counts the post-mortems that stand for several judged incidents.
func shared(all []aftermath) int {
	incidents, n := map[*review]int{}, 0
	for _, a := range all {
		for _, c := range a.cited {
			if !a.class.Judged() || !c.credits(a.digest) {
				continue
			}
			incidents[c.review]++
			if incidents[c.review] == 2 {
				n++
			}
		}
	}
	return n
}

// sinceResolve is how long after the resolve the post-mortem was delivered. One
// that was delivered before, as an incident that opened again has it, took no time.
func (a *aftermath) sinceResolve() (time.Duration, bool) {
	if a.best == nil || a.best.review.at.IsZero() {
		return 0, false
	}
	return max(0, a.best.review.at.Sub(a.resolved)), true
}

// inDays is a length of time in days of 24 hours.
func inDays(d time.Duration) Number { return Ratio(int64(d), int64(24*time.Hour)) }

// medianDays is the median over the judged incidents that have a dated
// post-mortem, the mean of the middle two of an even number; nil when none has.
func medianDays(all []aftermath) *Number {
	var times []time.Duration
	for _, a := range all {
		if took, known := a.sinceResolve(); known && a.class.Judged() {
			times = append(times, took)
		}
	}
	if len(times) == 0 {
		return nil
	}
	slices.Sort(times)
	middle := inDays(times[(len(times)-1)/2]).Add(inDays(times[len(times)/2]))
	return middle.Quo(Int(2)).Ptr()
}

// postmortemExceptions lists the exceptions that took incidents out, and the
// value that the row would have with them in.
func (v *subjectView) postmortemExceptions(all []aftermath) ([]RowException, *Number) {
	log := v.exceptionLog()
	done, judged := 0, 0
	for _, a := range all {
		if a.exception != nil {
			x := log.entry(a.exception, v.policy.Calendar.Location)
			x.Incidents = append(x.Incidents, a.digest.ID)
		}
		if a.without.Judged() {
			judged++
		}
		if a.without.Done() {
			done++
		}
	}
	if len(log) == 0 || judged == 0 {
		return log.rows(), nil
	}
	return log.rows(), Ratio(int64(done), int64(judged)).Ptr()
}
