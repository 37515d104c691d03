package scorecard_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func someShift(t *rapid.T) facts.Shift {
	hours := []int{0, 1, 8, 24, 72, 83, 84, 168, 169, 170, 336}
	start := time.Date(2026, 6, 15, 9, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 120*24).Draw(t, "start")) * time.Hour)
	return facts.Shift{
		Policy:    rapid.SampledFrom([]string{"EMYSQL", "EMYSQL", "EMYSQL2", "EONCALL", "EOTHER"}).Draw(t, "policy"),
		Level:     rapid.SampledFrom([]int{1, 1, 1, 2}).Draw(t, "level"),
		User:      rapid.SampledFrom([]string{ada, bo, cleo, dora, evan, robot}).Draw(t, "user"),
		Start:     start,
		End:       start.Add(time.Duration(rapid.SampledFrom(hours).Draw(t, "hours")) * time.Hour),
		Permanent: rapid.IntRange(0, 19).Draw(t, "permanent") == 0,
	}
}

// someDuty draws two teams' shifts and an instant to look at them from. The
// mysql team has two policies, the other works in business hours.
func someDuty(tb testing.TB, t *rapid.T) dutyWorld {
	tb.Helper()
	w := newDutyWorld(tb, rapid.SliceOfN(rapid.Custom(someShift), 0, 25).Draw(t, "shifts")...).addTeam(scorecard.BusinessHours, 2)
	if rapid.Bool().Draw(t, "two policies") {
		w.policy.Teams[0].Policies = []string{"EMYSQL", "EMYSQL2"}
		w.policies = append(w.policies, policy("EMYSQL2", 3))
	}
	w.policy.Calendar.Holidays = []scorecard.Date{{Year: 2026, Month: time.August, Day: 3}}
	if rapid.Bool().Draw(t, "not in UTC") {
		// Far enough from UTC for its days to be others, without a table of zones.
		w.policy.Calendar.Location = time.FixedZone("UTC+11", 11*3600)
	}
	return w.horizonAt(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 110*86400).Draw(t, "horizon")) * time.Second))
}

var rotationRows = []string{"primary_coverage", "rotation_size", "rotation_shift", "escalation_depth"}

func TestOrderOfShiftsChangesNoByte(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someDuty(t, rt)
		before := w.told(t)
		w.shifts = rapid.Permutation(w.shifts).Draw(rt, "order")
		w.policies = rapid.Permutation(w.policies).Draw(rt, "policies")
		if diff := cmp.Diff(before, w.told(t)); diff != "" {
			rt.Fatalf("cards and evidence (-before +after):\n%s", diff)
		}
	})
}

// rows are the rows of all cards, by subject and objective.
func (w dutyWorld) rows(tb testing.TB) map[string]map[string]scorecard.Row {
	tb.Helper()
	rows := map[string]map[string]scorecard.Row{}
	for _, c := range scorecard.Compute(w.input(tb)) {
		rows[c.Subject.ID] = map[string]scorecard.Row{}
		for _, r := range c.Rows {
			rows[c.Subject.ID][r.ID] = r
		}
	}
	return rows
}

// told is all that the cards and their evidence say, in JSON.
func (w dutyWorld) told(tb testing.TB) string {
	tb.Helper()
	all := []any{scorecard.Compute(w.input(tb))}
	for _, objective := range rotationRows {
		all = append(all, w.evidence(tb, objective, scorecard.OrgID))
	}
	text, err := json.Marshal(all)
	if err != nil {
		tb.Fatalf("marshal the cards: %v", err)
	}
	return string(text)
}

func TestCoverageIsAShareOfWhatItsEvidenceAddsUpTo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someDuty(t, rt)
		for subject, rows := range w.rows(t) {
			r := rows["primary_coverage"]
			seconds := map[scorecard.Counted]int64{}
			for _, e := range w.evidence(t, "primary_coverage", subject) {
				seconds[e.Counted] += count(e.Value)
			}
			numerator, denominator := count(r.Numerator), count(r.Denominator)
			if seconds[scorecard.InNumerator] != numerator || seconds[scorecard.InDenominator] != denominator-numerator {
				rt.Fatalf("%s: evidence of %v seconds for %d of %d", subject, seconds, numerator, denominator)
			}
			if numerator < 0 || numerator > denominator || (denominator == 0) != (r.Value == nil) {
				rt.Fatalf("%s: %d of %d, value %s", subject, numerator, denominator, shown(r.Value))
			}
		}
	})
}

func TestOneMoreShiftNeverLowersCoverageNorSize(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someDuty(t, rt)
		more := w
		more.shifts = append(append([]facts.Shift{}, w.shifts...), someShift(rt))
		after := more.rows(t)
		for subject, rows := range w.rows(t) {
			for _, objective := range []string{"primary_coverage", "rotation_size"} {
				was, is := rows[objective].Value, after[subject][objective].Value
				if was != nil && is.Cmp(*was) < 0 {
					rt.Fatalf("%s of %s falls from %s to %s", objective, subject, shown(was), shown(is))
				}
			}
		}
	})
}

func TestOrganisationIsTheSumOfItsRotations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someDuty(t, rt)
		rows := w.rows(t)
		for _, objective := range []string{"primary_coverage", "rotation_shift"} {
			a, b, org := rows["mysql"][objective], rows["oncall"][objective], rows[scorecard.OrgID][objective]
			if count(org.Numerator) != count(a.Numerator)+count(b.Numerator) || count(org.Denominator) != count(a.Denominator)+count(b.Denominator) {
				rt.Fatalf("%s: org has %s of %s, its teams %s of %s and %s of %s", objective, shown(org.Numerator), shown(org.Denominator),
					shown(a.Numerator), shown(a.Denominator), shown(b.Numerator), shown(b.Denominator))
			}
			if p := org.Population; p.Total != a.Population.Total+b.Population.Total || p.Total != len(w.evidence(t, objective, scorecard.OrgID)) {
				rt.Fatalf("%s: population %+v of %+v and %+v", objective, p, a.Population, b.Population)
			}
		}
	})
}

func TestShiftsOfOneTeamChangeNoOthersRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someDuty(t, rt)
		before := w.rows(t)["mysql"]
		s := someShift(rt)
		s.Policy = "EONCALL"
		w.shifts = append(w.shifts, s)
		if diff := cmp.Diff(before, w.rows(t)["mysql"], cmp.Comparer(sameNumber)); diff != "" {
			rt.Fatalf("rows (-before +after):\n%s", diff)
		}
	})
}

// A shift may come in pieces, as when it was read in two windows.
func TestCuttingAShiftInTwoChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := someDuty(t, rt)
		if len(w.shifts) == 0 {
			return
		}
		before := w.told(t)
		n := rapid.IntRange(0, len(w.shifts)-1).Draw(rt, "cut")
		first, second := w.shifts[n], w.shifts[n]
		at := first.Start.Add(first.End.Sub(first.Start) / 2).Truncate(time.Second)
		first.End, second.Start = at, at
		w.shifts = append(append(append([]facts.Shift{}, w.shifts[:n]...), w.shifts[n+1:]...), second, first)
		if diff := cmp.Diff(before, w.told(t)); diff != "" {
			rt.Fatalf("cards and evidence (-before +after):\n%s", diff)
		}
	})
}
