package scorecard_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// The incident is resolved on Monday, July 6, 2026, at 10:30. Five business
// days after that is Monday, July 13, at 10:30.
func TestPostmortemIsDueFiveBusinessDaysAfterTheResolve(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time { return utc(t, s) }
	tests := map[string]struct {
		what    []doing
		want    string
		counted scorecard.Counted
	}{
		"delivered the day after":                     {[]doing{deliveredAt(at("2026-07-07"))}, "on_time", scorecard.InNumerator},
		"delivered at the last instant":               {[]doing{deliveredAt(at("2026-07-13 10:30:00"))}, "on_time", scorecard.InNumerator},
		"a second later is late, and done":            {[]doing{deliveredAt(at("2026-07-13 10:30:01"))}, "late", scorecard.InNumerator},
		"months later is done":                        {[]doing{deliveredAt(at("2026-10-10"))}, "late", scorecard.InNumerator},
		"not begun":                                   {nil, "missing", scorecard.InDenominator},
		"in work":                                     {[]doing{moved(at("2026-07-07"), inProgress)}, "missing", scorecard.InDenominator},
		"Won't Do":                                    {[]doing{declinedAt(at("2026-07-07"))}, "missing", scorecard.InDenominator},
		"a status that only is named Done":            {[]doing{moved(at("2026-07-07"), doneInName)}, "missing", scorecard.InDenominator},
		"delivered, reopened, and open still":         {[]doing{deliveredAt(at("2026-07-07")), moved(at("2026-07-08"), toDo), resolvedAs(at("2026-07-08"), "")}, "missing", scorecard.InDenominator},
		"delivered, reopened, and delivered late":     {[]doing{deliveredAt(at("2026-07-07")), moved(at("2026-07-08"), toDo), resolvedAs(at("2026-07-08"), ""), deliveredAt(at("2026-07-20"))}, "late", scorecard.InNumerator},
		"delivered without a resolution":              {[]doing{moved(at("2026-07-08"), done)}, "on_time", scorecard.InNumerator},
		"delivered, and the workflow migrated later":  {[]doing{deliveredAt(at("2026-07-08")), migratedAt(at("2026-09-01"), closed)}, "on_time", scorecard.InNumerator},
		"delivered, and nothing tells when":           {[]doing{doneWithout}, "undated", scorecard.InNumerator},
		"delivered after the horizon is not yet done": {[]doing{deliveredAt(at("2026-10-12"))}, "missing", scorecard.InDenominator},
		"delivered, and deleted since":                {[]doing{deliveredAt(at("2026-07-07")), goneAt(at("2026-08-01"))}, "missing", scorecard.InDenominator},
		"of another class":                            {[]doing{ofType("Task"), deliveredAt(at("2026-07-07"))}, "missing", scorecard.InDenominator},
		"of another team":                             {[]doing{ofTeam("SRE"), deliveredAt(at("2026-07-07"))}, "on_time", scorecard.InNumerator},
		"of no team":                                  {[]doing{ofTeam("ELSE"), deliveredAt(at("2026-07-07"))}, "on_time", scorecard.InNumerator},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newReviewWorld(t, []facts.Incident{solved(t, "Q1", "2026-07-06 10:00:00")}, reviewOf(t, "DRE-1", "2026-07-06 12:00:00", []string{"Q1"}, tt.what...))
			r := w.row(t, "mysql")
			if diff := cmp.Diff(map[string]int{tt.want: 1}, r.Population.Classes); diff != "" {
				t.Errorf("classes (-want +got):\n%s", diff)
			}
			num, verdict := "0", scorecard.Missed
			if tt.counted == scorecard.InNumerator {
				num, verdict = "1", scorecard.Met
			}
			if shown(r.Numerator) != num || shown(r.Denominator) != "1" || r.Verdict != verdict || len(r.Sources) != 2 {
				t.Errorf("%s, %s by %+v; want %s of 1, %s by both sources", funnel(r), r.Verdict, r.Sources, num, verdict)
			}
			onTime := map[bool]int{true: 1}[tt.want == "on_time"]
			if d := reviewDetails(t, r); d.OnTime != onTime || d.UnmatchedPostmortems != 0 || d.Shared != 0 {
				t.Errorf("details %+v, want %d on time, none unmatched, none shared", d, onTime)
			}
			e := w.evidence(t, "mysql")[0]
			if e.Kind != "incident" || e.ID != "Q1" || e.Class != tt.want || e.Counted != tt.counted || e.URL != page("Q1") {
				t.Errorf("evidence begins with %+v", e)
			}
		})
	}
}

// Resolved in Berlin on Friday, December 18, at 9:00. The 21st to the 24th are four
// business days, the 25th is a holiday, and Monday, the 28th, is the fifth.
func TestPostmortemIsDueOnTheMondayAfterAHolidayWeek(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	for delivered, want := range map[string]string{"2026-12-28 08:00:00": "on_time", "2026-12-28 08:00:01": "late"} {
		w := newReviewWorld(
			t, []facts.Incident{solved(t, "Q1", "2026-12-18 07:30:00")},
			reviewOf(t, "DRE-1", "2026-12-18 12:00:00", []string{"Q1"}, deliveredAt(utc(t, delivered))),
		).horizonAt(utc(t, "2027-01-10"))
		w.policy.Calendar.Location, w.period = berlin, "2026-Q4"
		w.policy.Calendar.Holidays = []scorecard.Date{{Year: 2026, Month: 12, Day: 25}}
		if r := w.row(t, "mysql"); r.Population.Classes[want] != 1 {
			t.Errorf("delivered at %s UTC: %s, want it to be %s", delivered, funnel(r), want)
		}
	}
}

// The post-mortem of what was resolved on July 6 at 10:30 is asked for from
// July 13 at 10:30 on.
func TestIncidentIsPendingUntilItsPostmortemIsDue(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		at, delivered string
		class         string
		verdict       scorecard.Verdict
		num, den      string
	}{
		"not due, and not there":           {"2026-07-13 10:29:59", "", "pending", scorecard.Pending, "-", "-"},
		"not due, and there":               {"2026-07-13 10:29:59", "2026-07-07", "pending", scorecard.Pending, "-", "-"},
		"due, and not there":               {"2026-07-13 10:30:00", "", "missing", scorecard.Missed, "0", "1"},
		"due, and there":                   {"2026-07-13 10:30:00", "2026-07-07", "on_time", scorecard.Met, "1", "1"},
		"due, and there a moment from now": {"2026-07-13 10:30:00", "2026-07-13 10:30:01", "missing", scorecard.Missed, "0", "1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := reviewOf(t, "DRE-1", "2026-07-06 12:00:00", []string{"Q1"})
			if tt.delivered != "" {
				deliveredAt(utc(t, tt.delivered))(&p)
			}
			r := newReviewWorld(t, []facts.Incident{solved(t, "Q1", "2026-07-06 10:00:00")}, p).horizonAt(utc(t, tt.at)).row(t, "mysql")
			if r.Population.Classes[tt.class]+r.Population.Excluded[tt.class] != 1 || r.Verdict != tt.verdict || shown(r.Numerator) != tt.num || shown(r.Denominator) != tt.den {
				t.Errorf("%s is %s, want %s, %s of %s, %s", funnel(r), r.Verdict, tt.class, tt.num, tt.den, tt.verdict)
			}
		})
	}
}

// Nobody wrote anything; each case says what the incident is.
func TestIncidentsThatNeedAPostmortem(t *testing.T) {
	t.Parallel()
	created := "2026-07-06 10:00:00"
	healed := func(after time.Duration, what ...happening) facts.Incident {
		return incident("Q1", utc(t, created), append([]happening{resolved(after, alarm)}, what...)...)
	}
	tests := map[string]struct {
		incident facts.Incident
		change   func(*ticketWorld)
		want     string // Empty when it is not in the population.
	}{
		"answered and resolved":                         {solved(t, "Q1", created), nil, "missing"},
		"merged":                                        {incident("Q1", utc(t, created), acknowledged(time.Minute, ada), mergedAway(time.Hour, ada)), nil, "merged"},
		"merged is said before low urgency":             {incident("Q1", utc(t, created), lowUrgency, mergedAway(time.Hour, ada)), nil, "merged"},
		"low urgency":                                   {solved(t, "Q1", created, lowUrgency), nil, "low_urgency"},
		"low urgency, where it counts":                  {solved(t, "Q1", created, lowUrgency), func(w *ticketWorld) { w.policy.Incidents.Urgency = []facts.Urgency{"high", "low"} }, "missing"},
		"an urgency that nobody knows":                  {solved(t, "Q1", created, func(i *facts.Incident) { i.Urgency = "" }), nil, "missing"},
		"self-healed within five minutes":               {healed(5 * time.Minute), nil, "self_healed"},
		"self-healed a second later":                    {healed(5*time.Minute + time.Second), nil, "missing"},
		"self-healed, and an outage":                    {healed(time.Minute, priority("P2")), nil, "missing"},
		"self-healed, of another priority":              {healed(time.Minute, priority("P3")), nil, "self_healed"},
		"self-healed, an outage only after the horizon": {healed(time.Minute, priority("P1"), reprioritised(2400*time.Hour, "P3", "P1")), nil, "self_healed"},
		"self-healed, where high urgency is an outage": {healed(time.Minute), func(w *ticketWorld) {
			w.policy.Incidents.OutagePriority, w.policy.Incidents.OutageUrgency = nil, []facts.Urgency{"high"}
		}, "missing"},
		"self-healed within the rubric's hour":           {healed(time.Hour), withResponse(time.Hour), "self_healed"},
		"self-healed beyond the rubric's minute":         {healed(61 * time.Second), withResponse(time.Minute), "missing"},
		"resolved by a person at once":                   {incident("Q1", utc(t, created), resolved(time.Second, ada)), nil, "missing"},
		"open":                                           {incident("Q1", utc(t, created), acknowledged(time.Minute, ada)), nil, ""},
		"reopened, and open":                             {solved(t, "Q1", created, entry(facts.EntryTrigger, time.Hour, alarm), reopened), nil, ""},
		"reopened after the horizon":                     {solved(t, "Q1", created, entry(facts.EntryTrigger, 2400*time.Hour, alarm), reopened), nil, "missing"},
		"resolved after the horizon":                     {incident("Q1", utc(t, created), acknowledged(time.Minute, ada), resolved(2400*time.Hour, ada)), nil, ""},
		"resolved in the next quarter":                   {incident("Q1", utc(t, "2026-09-30 23:59:00"), acknowledged(0, ada), resolved(time.Minute, ada)), nil, ""},
		"resolved in the last second":                    {incident("Q1", utc(t, "2026-09-30 23:59:00"), acknowledged(0, ada), resolved(59*time.Second, ada)), nil, "missing"},
		"from the quarter before, resolved in this one":  {incident("Q1", utc(t, "2026-06-30 23:59:00"), acknowledged(0, ada), resolved(time.Minute, ada)), nil, "missing"},
		"from the quarter before, and resolved in it":    {incident("Q1", utc(t, "2026-06-30 23:59:00"), acknowledged(0, ada), resolved(59*time.Second, ada)), nil, ""},
		"reopened, and resolved in this quarter at last": {incident("Q1", utc(t, "2026-06-30 12:00:00"), resolved(time.Hour, ada), entry(facts.EntryTrigger, 2*time.Hour, alarm), resolved(24*time.Hour, ada)), nil, "missing"},
		"of a service that is nobody's":                  {solved(t, "Q1", created, onService("PX99")), nil, ""},
		"taken out":                                      {solved(t, "Q1", created), excepting("mysql", "Q1"), "exception"},
		"self-healed and taken out":                      {healed(time.Minute), excepting("mysql", "Q1"), "exception"},
		"merged, and so not taken out":                   {incident("Q1", utc(t, created), mergedAway(time.Hour, ada)), excepting("mysql", "Q1"), "merged"},
		"low urgency, and so not taken out":              {solved(t, "Q1", created, lowUrgency), excepting("mysql", "Q1"), "low_urgency"},
		"self-healed within an hour of another measure": {healed(time.Hour), func(w *ticketWorld) {
			withResponse(time.Hour)(w)
			w.policy.Rubric.Objectives[1].Measure = scorecard.MeasureRotationShift
		}, "missing"},
		"resolved before facts are kept":       {solved(t, "Q1", created), func(w *ticketWorld) { w.sources[1].DataSince = utc(t, "2026-07-06 10:30:01") }, ""},
		"resolved when facts begin to be kept": {solved(t, "Q1", created), func(w *ticketWorld) { w.sources[1].DataSince = utc(t, "2026-07-06 10:30:00") }, "missing"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newReviewWorld(t, []facts.Incident{tt.incident})
			if tt.change != nil {
				tt.change(&w)
			}
			got := map[string]int{}
			r := w.row(t, scorecard.OrgID)
			addTo(got, r.Population.Classes)
			addTo(got, r.Population.Excluded)
			want := map[string]int{}
			if tt.want != "" {
				want[tt.want] = 1
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("classes (-want +got):\n%s", diff)
			}
			items := w.evidence(t, scorecard.OrgID)
			if len(items) != len(want) || len(items) == 1 && items[0].Class != tt.want {
				t.Errorf("evidence %+v, want one of class %q", items, tt.want)
			}
		})
	}
}

// withResponse adds the objective that says what heals by itself.
func withResponse(threshold time.Duration) func(*ticketWorld) {
	return func(w *ticketWorld) {
		o := incidentResponse()
		o.Threshold, o.Scope = scorecard.Span(threshold), nil
		w.policy.Rubric.Objectives = append(w.policy.Rubric.Objectives, o)
	}
}

// excepting takes incidents of a team out, or all of it.
func excepting(team string, incidents ...string) func(*ticketWorld) {
	return func(w *ticketWorld) {
		x := exception("ex1", team, 12, 31, incidents...)
		x.Objective = "postmortem_completion"
		w.policy.Exceptions = append(w.policy.Exceptions, x)
	}
}

func TestExceptionsTakePostmortemsOutAndShowBothValues(t *testing.T) {
	t.Parallel()
	story := func() ticketWorld {
		return newReviewWorld(
			t, []facts.Incident{
				solved(t, "Q1", "2026-07-06 10:00:00"), solved(t, "Q2", "2026-07-07 10:00:00"), solved(t, "Q3", "2026-07-08 10:00:00", onService("PONCALL1")),
			},
			reviewOf(t, "DRE-1", "2026-07-06 12:00:00", []string{"Q1"}, deliveredAt(utc(t, "2026-07-07"))),
		)
	}
	tests := map[string]struct {
		except         func(*ticketWorld)
		subject        string
		num, den       string
		without        *scorecard.Number
		verdict        scorecard.Verdict
		exceptions     int
		takes, caveats int
	}{
		"nothing":                          {nil, "mysql", "1", "2", nil, scorecard.Missed, 0, 0, 0},
		"an incident":                      {excepting("mysql", "Q2"), "mysql", "1", "1", scorecard.Ratio(1, 2).Ptr(), scorecard.Met, 1, 1, 0},
		"an incident, for all":             {excepting("mysql", "Q2"), "org", "1", "2", scorecard.Ratio(1, 3).Ptr(), scorecard.Missed, 1, 1, 0},
		"a team, for itself":               {excepting("mysql"), "mysql", "-", "-", nil, scorecard.Exempt, 1, 2, 0},
		"a team, for all":                  {excepting("mysql"), "org", "0", "1", scorecard.Ratio(1, 3).Ptr(), scorecard.Missed, 1, 2, 0},
		"an incident that nobody knows of": {excepting("mysql", "QX"), "mysql", "1", "2", nil, scorecard.Missed, 0, 0, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := story()
			if tt.except != nil {
				tt.except(&w)
			}
			r := w.row(t, tt.subject)
			if shown(r.Numerator) != tt.num || shown(r.Denominator) != tt.den || r.Verdict != tt.verdict || r.Population.Excluded["exception"] != tt.takes {
				t.Errorf("%s, %s; want %s of %s, %s, without %d", funnel(r), r.Verdict, tt.num, tt.den, tt.verdict, tt.takes)
			}
			if tt.verdict != scorecard.Exempt && shown(r.ValueWithoutExceptions) != shown(tt.without) {
				t.Errorf("%s without exceptions, want %s", shown(r.ValueWithoutExceptions), shown(tt.without))
			}
			if len(r.Exceptions) != tt.exceptions || len(r.Caveats) != tt.caveats {
				t.Errorf("exceptions %+v and caveats %q, want %d and %d", r.Exceptions, r.Caveats, tt.exceptions, tt.caveats)
			}
		})
	}
}

// An exception for an incident that is resolved in another quarter than this
// one, or not yet, is of use there.
func TestExceptionOfAnotherQuarterIsNoMistake(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		incident facts.Incident
		caveats  int
	}{
		"created in this quarter, resolved in the next one": {incident("Q1", utc(t, "2026-09-30 23:59:00"), acknowledged(0, ada), resolved(time.Hour, ada)), 0},
		"still open":                       {incident("Q1", utc(t, "2026-09-20"), acknowledged(0, ada)), 0},
		"resolved in this one, and merged": {incident("Q1", utc(t, "2026-09-20"), mergedAway(time.Hour, ada)), 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newReviewWorld(t, []facts.Incident{tt.incident})
			w.named = w.incidents
			excepting("mysql", "Q1")(&w)
			if r := w.row(t, "mysql"); len(r.Caveats) != tt.caveats {
				t.Errorf("caveats %q, want %d", r.Caveats, tt.caveats)
			}
		})
	}
}

// Resolved on Monday, July 6, at 10:30. The first post-mortem was delivered 10
// minutes before, which took no time, the others 5.5, 2 and 1 days later. The median
// of the first is 0, of two (0 + 5.5)/2, of three 2, of all (1 + 2)/2.
func TestMedianDaysToPublish(t *testing.T) {
	t.Parallel()
	story := func(n int) ticketWorld {
		days := []string{"2026-07-06 10:20:00", "2026-07-11 22:30:00", "2026-07-08 10:30:00", "2026-07-07 10:30:00"}[:n]
		var w ticketWorld
		var incidents []facts.Incident
		var tickets []facts.Ticket
		for i, at := range days {
			id := fmt.Sprintf("Q%d", i)
			incidents = append(incidents, solved(t, id, "2026-07-06 10:00:00"))
			tickets = append(tickets, reviewOf(t, fmt.Sprintf("DRE-%d", i), "2026-07-06 10:10:00", []string{id}, deliveredAt(utc(t, at))))
		}
		incidents = append(incidents, solved(t, "QMISSING", "2026-07-06 10:00:00"))
		w = newReviewWorld(t, incidents, tickets...)
		return w
	}
	for n, want := range []string{"-", "0", "2.75", "2", "1.5"} {
		if got := reviewDetails(t, story(n).row(t, "mysql")).MedianDaysToPublish; shown(got) != want {
			t.Errorf("of %d post-mortems: %s days, want %s", n, shown(got), want)
		}
	}
}

// One post-mortem, delivered on October 1, stands for what was resolved on July 6
// at 10:30, and for what is not judged: an incident that is not due, one that
// was merged, one that is taken out. So nothing is shared, and the median is that of
// one: 86 days to September 30 at 10:30, and 13.5 hours, which are 27/48 of a day.
func TestDetailsAreOfTheJudgedIncidents(t *testing.T) {
	t.Parallel()
	w := newReviewWorld(
		t, []facts.Incident{
			solved(t, "Q1", "2026-07-06 10:00:00"), solved(t, "Q2", "2026-09-30 10:00:00"), solved(t, "Q3", "2026-07-06 10:00:00"),
			incident("Q4", utc(t, "2026-07-06 10:00:00"), mergedAway(time.Hour, ada)),
		},
		reviewOf(t, "DRE-1", "2026-09-30 12:00:00", []string{"Q1", "Q2", "Q3", "Q4"}, deliveredAt(utc(t, "2026-10-01"))),
	).horizonAt(utc(t, "2026-10-02"))
	excepting("mysql", "Q3")(&w)
	d := reviewDetails(t, w.row(t, "mysql"))
	if d.Shared != 0 || d.OnTime != 0 || d.MedianDaysToPublish.Cmp(scorecard.Int(86).Add(scorecard.Ratio(27, 48))) != 0 {
		t.Errorf("%d shared, %d on time, %s days; want none, none, 86 27/48", d.Shared, d.OnTime, shown(d.MedianDaysToPublish))
	}
}

// Jira was read on October 10, PagerDuty only on September 20. What needs both
// ends there, what needs Jira alone does not.
func TestRowsOfOneCardHaveTheirOwnHorizons(t *testing.T) {
	t.Parallel()
	w := newReviewWorld(
		t, []facts.Incident{solved(t, "Q1", "2026-07-06 10:00:00")},
		reviewOf(t, "DRE-1", "2026-09-25", []string{"Q1"}, deliveredAt(utc(t, "2026-09-26"))),
		reviewOf(t, "DRE-2", "2026-09-25", nil, deliveredAt(utc(t, "2026-09-26"))),
	)
	w.sources[0].DataAsOf = utc(t, "2026-09-20")
	w.policy.Sources[0].Interval = 1000 * time.Hour
	w.policy.Rubric.Objectives = append(w.policy.Rubric.Objectives, postmortemQuality())
	cards := scorecard.Compute(w.input(t))
	if r := cards[1].Row("postmortem_completion"); shown(r.Numerator) != "0" || shown(r.Denominator) != "1" || reviewDetails(t, *r).UnmatchedPostmortems != 0 {
		t.Errorf("completion has %s, %+v; want 0 of 1 and none unmatched", funnel(*r), r.Details)
	}
	if r := cards[1].Row("postmortem_quality"); r.Population.Used != 2 {
		t.Errorf("quality has %s, want two post-mortems", funnel(*r))
	}
}

func TestDoubtsAboutPostmortemsLowerTheCoverage(t *testing.T) {
	t.Parallel()
	unknown := func(i *facts.Incident) { i.Urgency = "" }
	w := newReviewWorld(
		t, []facts.Incident{
			solved(t, "Q1", "2026-07-06 10:00:00"), solved(t, "Q2", "2026-07-06 10:00:00", unknown),
			solved(t, "Q3", "2026-07-06 10:00:00"), solved(t, "Q4", "2026-07-06 10:00:00"),
		},
		reviewOf(t, "DRE-1", "2026-07-06 12:00:00", []string{"Q1"}, doneWithout),
	)
	// One of four has no date, and one no urgency.
	r := w.row(t, "mysql")
	want := []string{
		"Of 1 post-mortems nothing tells when they were delivered; they are counted, and not as on time.",
		"Of 1 judged incidents the urgency is unknown; they are counted.",
	}
	if diff := cmp.Diff(want, r.Caveats); diff != "" || short(r.Coverage) != "0.5" {
		t.Errorf("coverage %s, want 0.5; caveats (-want +got):\n%s", short(r.Coverage), diff)
	}
}

func TestPostmortemsNeedBothSources(t *testing.T) {
	t.Parallel()
	w := newReviewWorld(t, []facts.Incident{solved(t, "Q1", "2026-07-06 10:00:00")})
	w.sources = w.sources[:1]
	if r := w.row(t, "mysql"); r.Verdict != scorecard.NoData {
		t.Errorf("without Jira it is %s, want no_data", r.Verdict)
	}
	// Jira was last read an hour before PagerDuty, when nothing was due.
	w = w.horizonAt(utc(t, "2026-07-13 11:00:00"))
	w.sources[1].DataAsOf = utc(t, "2026-07-13 10:00:00")
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Pending || !r.Horizon.Equal(utc(t, "2026-07-13 10:00:00")) {
		t.Errorf("%s by %s, want pending by the earlier of the two", r.Verdict, r.Horizon)
	}
}
