package scorecard_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// migrations has four that were finished in the quarter: two delivered, one
// of them rolled back, one declined, and one of which only the state tells.
func migrations(t *testing.T) []facts.Ticket {
	t.Helper()
	at := utc(t, "2026-08-01")
	return []facts.Ticket{
		ticket("DRE-1", at, labelled("migration"), deliveredAt(at)),
		ticket("DRE-2", at, labelled("migration", "rolled-back"), deliveredAt(at)),
		ticket("DRE-3", at, labelled("migration"), declinedAt(at)),
		ticket("DRE-4", at, labelled("migration"), moved(at, inProgress)),
		ticket("DRE-5", at, labelled("coding"), deliveredAt(at)),
	}
}

func TestShareOfTicketsOfASecondClass(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		parameters         scorecard.Parameters
		num, den, excluded string
	}{
		"delivered ones that are not of it":      {scorecard.Parameters{Of: "migration", Without: "rollback", Population: "delivered"}, "1", "2", "declined"},
		"delivered ones that are of it":          {scorecard.Parameters{Of: "migration", With: "rollback", Population: "delivered"}, "1", "2", "declined"},
		"of all that were finished":              {scorecard.Parameters{Of: "migration", Without: "rollback", Population: "finished"}, "1", "3", ""},
		"of all that were finished, those of it": {scorecard.Parameters{Of: "migration", With: "rollback", Population: "finished"}, "1", "3", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := ticketObjective("migration_success", scorecard.MeasureTicketRatio, scorecard.UnitRatio, "0.5", tt.parameters)
			w := newTicketWorld(t, o, migrations(t)...)
			r := w.row(t, "mysql")
			if shown(r.Numerator) != tt.num || shown(r.Denominator) != tt.den || r.Population.Total != 3 || (r.Population.Excluded[tt.excluded] == 1) != (tt.excluded != "") {
				t.Errorf("%s of %s, population %+v; want %s of %s", shown(r.Numerator), shown(r.Denominator), r.Population, tt.num, tt.den)
			}
			if r.Interval == nil || r.Confidence == nil {
				t.Error("the share has no interval")
			}
			counted := map[scorecard.Counted]int{}
			for _, e := range w.evidence(t, "mysql") {
				counted[e.Counted]++
			}
			if diff := cmp.Diff(count(r.Numerator), int64(counted[scorecard.InNumerator])); diff != "" {
				t.Errorf("evidence (-row +items):\n%s", diff)
			}
			if got := int64(counted[scorecard.InNumerator] + counted[scorecard.InDenominator]); got != count(r.Denominator) {
				t.Errorf("%d items count, and the row has %d", got, count(r.Denominator))
			}
		})
	}
}

func TestShareOfNoTicketsIsEmpty(t *testing.T) {
	t.Parallel()
	o := ticketObjective("migration_success", scorecard.MeasureTicketRatio, scorecard.UnitRatio, "0.5", scorecard.Parameters{Of: "migration", Without: "rollback", Population: "finished"})
	if r := newTicketWorld(t, o).row(t, "mysql"); r.Verdict != scorecard.Empty || r.Value != nil {
		t.Errorf("%s with %s, want empty", r.Verdict, shown(r.Value))
	}
}
