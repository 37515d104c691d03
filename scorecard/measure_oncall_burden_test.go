package scorecard_test

import (
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func TestCoveredTime(t *testing.T) {
	t.Parallel()
	// Monday 10:00. What an action stands for is 15 minutes, or 900 s, and at most 4 hours while engaged.
	at := utc(t, "2026-08-03 10:00:00")
	one := func(what ...happening) []facts.Incident { return []facts.Incident{incident("Q1", at, what...)} }
	var tenPages []happening
	for n := range 10 {
		tenPages = append(tenPages, paged(time.Duration(6*n)*time.Second, ada))
	}
	withoutResolveEntry := incident("Q1", at, acknowledged(0, ada), resolved(time.Hour, ada))
	withoutResolveEntry.Timeline = withoutResolveEntry.Timeline[:2]
	// The second resolve has no entry; the first, of before the reopening, does not stand in for it.
	resolvedTwice := incident("Q1", at, acknowledged(0, ada), resolved(time.Hour, alarm), acknowledged(2*time.Hour, ada), resolved(3*time.Hour, ada))
	resolvedTwice.Timeline = resolvedTwice.Timeline[:4]
	tests := map[string]struct {
		incidents []facts.Incident
		want      string
	}{
		// [0, 60 min) engaged, and the resolve stands for [60, 75 min): 75 × 60 s.
		"engaged from the acknowledgement to the resolve": {one(acknowledged(0, ada), resolved(time.Hour, ada)), "4500"},
		"a machine's resolve adds nothing":                {one(acknowledged(0, ada), resolved(time.Hour, alarm)), "3600"},
		"a resolve without an entry counts all the same":  {[]facts.Incident{withoutResolveEntry}, "4500"},
		"a second resolve without an entry counts too":    {[]facts.Incident{resolvedTwice}, "8100"},
		"a quick resolve still stands for the minimum":    {one(acknowledged(0, ada), resolved(time.Minute, alarm)), "900"},
		"a resolve in the second of the acknowledgement":  {one(resolved(0, alarm), acknowledged(0, ada)), "900"},
		"an acceptance engages":                           {one(entry(facts.EntryResponderAccept, 0, ada), resolved(time.Hour, alarm)), "3600"},
		"a second acknowledgement begins nothing new":     {one(acknowledged(0, ada), acknowledged(time.Hour, ada), resolved(2*time.Hour, alarm)), "7200"},
		// 10:00 to 11:30 and 15 minutes for the resolve: 105 × 60 s, not twice 75.
		"two concurrent incidents with one person are a union": {[]facts.Incident{
			incident("Q1", at, acknowledged(0, ada), resolved(time.Hour, ada)),
			incident("Q2", at.Add(30*time.Minute), acknowledged(0, ada), resolved(time.Hour, ada)),
		}, "6300"},
		"two people on one incident are a sum": {one(acknowledged(0, ada), acknowledged(0, bo), resolved(time.Hour, alarm)), "7200"},
		// 18:00 to 22:00 is the maximum; the resolve at 9:00 stands for 15 minutes: 4.25 × 3600 s.
		"an acknowledgement left open overnight": {[]facts.Incident{
			incident("Q1", at.Add(8*time.Hour), acknowledged(0, ada), resolved(15*time.Hour, ada)),
		}, "15300"},
		// The note at 20:00 reaches to midnight: 6 hours.
		"a note within an engagement stands for the maximum again": {[]facts.Incident{
			incident("Q1", at.Add(8*time.Hour), acknowledged(0, ada), noted(2*time.Hour, ada), resolved(15*time.Hour, alarm)),
		}, "21600"},
		// Bo's note is no engagement: 4 hours of Ada's, 15 minutes of Bo's.
		"a note on somebody else's engagement stands for the minimum": {one(acknowledged(0, ada), noted(time.Hour, bo), resolved(9*time.Hour, alarm)), "15300"},
		// Ada: the page, 15 minutes. Bo: 3:02 to 3:30 and 15 minutes for the resolve. 58 × 60 s.
		"a night page answered by somebody else": {[]facts.Incident{
			incident("Q1", at.Add(-7*time.Hour), paged(0, ada), acknowledged(2*time.Minute, bo), resolved(30*time.Minute, bo)),
		}, "3480"},
		"ten pages in one minute are one":              {one(tenPages...), "900"},
		"a page 59 s after the first is the same":      {one(paged(0, ada), paged(59*time.Second, ada)), "900"},
		"a page 60 s after the first is another":       {one(paged(0, ada), paged(time.Minute, ada)), "960"},
		"the 60 s count from the first page":           {one(paged(0, ada), paged(50*time.Second, ada), paged(100*time.Second, ada)), "1000"},
		"the 60 s hold over all incidents":             {append(one(paged(0, ada)), incident("Q2", at, paged(30*time.Second, ada))), "900"},
		"pages to two people are two":                  {one(paged(0, ada), paged(0, bo)), "1800"},
		"a mail wakes nobody":                          {one(entry(facts.EntryNotify, 0, ada)), "-"},
		"a director's note on a resolved incident":     {one(resolved(time.Hour, alarm), noted(20*24*time.Hour, ada)), "900"},
		"a note on an incident of another quarter":     {[]facts.Incident{incident("Q1", utc(t, "2026-02-03"), noted(181*24*time.Hour, ada))}, "900"},
		"a note on an incident of nobody's service":    {one(onService("PX99"), noted(0, ada)), "900"},
		"a note on an incident of another team":        {one(onService("PONCALL1"), noted(0, ada)), "900"},
		"a low-urgency acknowledgement":                {one(lowUrgency, acknowledged(0, ada), resolved(time.Hour, alarm)), "900"},
		"urgency lowered later does not free":          {one(lowUrgency, acknowledged(0, ada), entry(facts.EntryUrgencyChange, time.Minute, alarm), resolved(time.Hour, alarm)), "3600"},
		"a bot is nobody":                              {one(paged(0, robot), acknowledged(0, robot), resolved(time.Hour, robot)), "-"},
		"an account on nobody's entry is in no team":   {one(acknowledged(0, "PUSER77"), resolved(time.Hour, alarm)), "-"},
		"an acknowledgement that ran out":              {one(acknowledged(0, ada), entry(facts.EntryUnacknowledge, 30*time.Minute, alarm)), "1800"},
		"acknowledged again after it ran out":          {one(acknowledged(0, ada), entry(facts.EntryUnacknowledge, 30*time.Minute, alarm), acknowledged(time.Hour, ada), resolved(2*time.Hour, alarm)), "5400"},
		"reopened, nobody is engaged until they say":   {one(acknowledged(0, ada), resolved(time.Hour, alarm), reopened, noted(2*time.Hour, ada)), "4500"},
		"merged into another incident":                 {one(acknowledged(0, ada), mergedAway(30*time.Minute, alarm)), "1800"},
		"another incident merged into this one":        {one(acknowledged(0, ada), entry(facts.EntryMerge, 30*time.Minute, alarm), resolved(time.Hour, alarm)), "3600"},
		"an acknowledgement of the last quarter":       {[]facts.Incident{incident("Q1", utc(t, "2026-06-30 23:00:00"), acknowledged(0, ada), resolved(2*time.Hour, alarm))}, "3600"},
		"a note just before the quarter's end":         {[]facts.Incident{incident("Q1", utc(t, "2026-09-30 23:50:00"), noted(0, ada))}, "600"},
		"a page before the quarter holds into it":      {[]facts.Incident{incident("Q1", utc(t, "2026-06-30 23:59:30"), paged(0, ada), paged(45*time.Second, ada))}, "870"},
		"what happens after the quarter is not in it":  {[]facts.Incident{incident("Q1", utc(t, "2026-10-01"), acknowledged(0, ada), resolved(time.Hour, ada))}, "-"},
		"a trigger by hand is an action":               {one(entry(facts.EntryTrigger, 0, ada)), "900"},
		"a page that nobody's account got is nobody's": {one(paged(0, alarm)), "-"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if r := newLabor(t, tt.incidents...).row(t, "mysql"); shown(r.Numerator) != tt.want {
				t.Errorf("%s s of %s, %s: want %s s", shown(r.Numerator), shown(r.Denominator), r.Verdict, tt.want)
			}
		})
	}
}

func TestHandingOverEndsTheEngagementOfThoseLeftOut(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	half := 30 * time.Minute
	// Ada acknowledges at 0, something happens after 30 minutes, and a machine resolves after 2 hours, or 7200 s.
	tests := map[string]struct {
		event happening
		want  string
		told  bool
	}{
		// 30 minutes, and 15 for the act of handing over.
		"snoozed by Ada":                          {entry(facts.EntrySnooze, half, ada), "2700", true},
		"reassigned by Ada to Bo":                 {handed(facts.EntryAssign, half, ada, []string{bo}), "2700", true},
		"reassigned by a person outside the team": {handed(facts.EntryAssign, half, dee, []string{bo}), "1800", true},
		"reassigned to Ada and Bo":                {handed(facts.EntryAssign, half, ada, []string{ada, bo}), "7200", true},
		"reassigned to Bo and Ada, an entry each": {func(i *facts.Incident) {
			handed(facts.EntryAssign, half, dee, []string{bo})(i)
			handed(facts.EntryAssign, half, dee, []string{ada})(i)
		}, "7200", true},
		"reassigned to Bo and Cy, an entry each": {func(i *facts.Incident) {
			handed(facts.EntryAssign, half, dee, []string{bo})(i)
			handed(facts.EntryAssign, half, dee, []string{cy})(i)
		}, "1800", true},
		"reassigned to nobody":                    {handed(facts.EntryAssign, half, ada, []string{}), "2700", true},
		"reassigned, and not told to whom":        {handed(facts.EntryAssign, half, ada, nil), "7200", false},
		"assigned by a machine":                   {handed(facts.EntryAssign, half, alarm, []string{bo}), "7200", true},
		"escalated by a time-out":                 {handed(facts.EntryEscalate, half, alarm, []string{bo}), "1800", true},
		"escalated, and not told to whom":         {handed(facts.EntryEscalate, half, alarm, nil), "7200", false},
		"delegated by Ada":                        {handed(facts.EntryDelegate, half, ada, []string{bo}), "2700", true},
		"delegated to Ada":                        {handed(facts.EntryDelegate, half, ada, []string{ada}), "7200", true},
		"escalated before she came, to whom ever": {handed(facts.EntryEscalate, -time.Minute, alarm, nil), "7200", true},
		"escalated after it was over":             {handed(facts.EntryEscalate, 3*time.Hour, alarm, nil), "7200", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newLabor(t, incident("Q1", at, begun, acknowledged(0, ada), tt.event, resolved(2*time.Hour, alarm))).row(t, "mysql")
			if shown(r.Numerator) != tt.want {
				t.Errorf("%s s, want %s s", shown(r.Numerator), tt.want)
			}
			// A lower bound, and no shift known; one caveat more where it is not told. The one incident is all of the coverage.
			if told := len(r.Caveats) == 2 && *r.Coverage == 1; told != tt.told || !told && (len(r.Caveats) != 3 || *r.Coverage != 0) {
				t.Errorf("caveats %q, coverage %v, and told is %t", r.Caveats, *r.Coverage, tt.told)
			}
		})
	}
	t.Run("the first assignment takes nothing away", func(t *testing.T) {
		t.Parallel()
		first := incident(
			"Q1", at, acknowledged(0, ada), handed(facts.EntryAssign, half, dee, []string{bo}),
			handed(facts.EntryAssign, half, dee, []string{cy}), resolved(2*time.Hour, alarm),
		)
		if r := newLabor(t, first).row(t, "mysql"); shown(r.Numerator) != "7200" {
			t.Errorf("%s s, want 7200 s", shown(r.Numerator))
		}
	})
}

func TestTimeEndsAtTheHorizon(t *testing.T) {
	t.Parallel()
	at := utc(t, "2026-08-03 10:00:00")
	l := newLabor(t, incident("Q1", at, begun, acknowledged(0, ada), handed(facts.EntryAssign, 40*time.Minute, ada, nil), resolved(time.Hour, ada)))
	l.world = l.horizonAt(at.Add(30 * time.Minute))
	// Jul 1 to Aug 3 10:30 are 33 days and 10.5 hours: 2,889,000 s, of which 5/21 are 687,857.14 s.
	r := l.row(t, "mysql")
	if shown(r.Numerator) != "1800" || shown(r.Denominator) != "687857" {
		t.Errorf("%s of %s s, want 1800 of 687857", shown(r.Numerator), shown(r.Denominator))
	}
	if *r.Coverage != 1 {
		t.Errorf("coverage %v; that it will be handed over is not known yet", *r.Coverage)
	}
}

func TestTimeBeginsWhereFactsBegin(t *testing.T) {
	t.Parallel()
	l := newLabor(t, incident("Q1", utc(t, "2026-08-31 23:55:00"), noted(0, ada)))
	l.sources[0].DataSince = utc(t, "2026-09-01")
	// September has 2,592,000 s, of which 5/21 are 617,142.86 s.
	if r := l.row(t, "mysql"); shown(r.Numerator) != "600" || shown(r.Denominator) != "617143" {
		t.Errorf("%s of %s s, want 600 of 617143", shown(r.Numerator), shown(r.Denominator))
	}
}

func TestPeriodThatTheHorizonHasNotReachedIsPending(t *testing.T) {
	t.Parallel()
	l := newLabor(t)
	l.asOf = utc(t, "2026-07-01 00:30:00")
	l.sources[0].DataAsOf = utc(t, "2026-06-30 23:59:00")
	if r := l.row(t, "mysql"); r.Verdict != scorecard.Pending {
		t.Errorf("verdict %s (%s), want pending", r.Verdict, r.Reason)
	}
}

func TestBurdenIsMetStrictlyBelowItsTarget(t *testing.T) {
	t.Parallel()
	// One person, 42 hours a week, on a 1-day period: a quarter of 86,400 s, 21,600 s. A tenth of it is 2,160 s, or 36 minutes.
	tests := map[string]struct {
		engaged time.Duration
		want    scorecard.Verdict
	}{
		"a second less":     {36*time.Minute - time.Second, scorecard.Met},
		"exactly one tenth": {36 * time.Minute, scorecard.Missed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := utc(t, "2026-08-03 10:00:00")
			l := newLabor(t, incident("Q1", at, acknowledged(0, ada), resolved(tt.engaged, alarm)))
			l.world = l.horizonAt(at.Add(12 * time.Hour))
			l.period, l.policy.Calendar.Week.Hours = "1d", 42
			if r := l.row(t, "mysql"); r.Verdict != tt.want || shown(r.Denominator) != "21600" {
				t.Errorf("%s with %s of %s s, want %s of 21600 s", r.Verdict, shown(r.Numerator), shown(r.Denominator), tt.want)
			}
		})
	}
}
