package scorecard_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/scorecard"
)

const jiraNew = "5b10new"

func onboarding() scorecard.Objective {
	return ticketObjective("onboarding", scorecard.MeasureOnboarding, scorecard.UnitRatio, "1",
		scorecard.Parameters{Of: "onboarding", Due: scorecard.Due{Days: 28}})
}

// Somebody joined on July 6, so that 28 days are over on August 3.
func TestJoinerIsOnBoardWithinTheTerm(t *testing.T) {
	t.Parallel()
	july, due := utc(t, "2026-07-20"), utc(t, "2026-08-03")
	mine := ofType("Onboarding")
	tests := map[string]struct {
		what   []doing
		change func(*scorecard.Person)
		want   string
	}{
		"reported by them, and delivered":           {[]doing{mine, reportedBy(jiraNew), deliveredAt(july)}, nil, "on_time"},
		"assigned to them when it was finished":     {[]doing{mine, assignedTo(july, jiraNew), deliveredAt(july), assignedTo(due, jiraBo)}, nil, "on_time"},
		"at the last instant":                       {[]doing{mine, reportedBy(jiraNew), deliveredAt(due)}, nil, "on_time"},
		"a second late":                             {[]doing{mine, reportedBy(jiraNew), deliveredAt(utc(t, "2026-08-03 00:00:01"))}, nil, "late"},
		"declined":                                  {[]doing{mine, reportedBy(jiraNew), declinedAt(july)}, nil, "missing"},
		"never begun":                               {[]doing{mine, reportedBy(jiraNew)}, nil, "missing"},
		"somebody else's":                           {[]doing{mine, deliveredAt(july)}, nil, "missing"},
		"of another class":                          {[]doing{reportedBy(jiraNew), deliveredAt(july)}, nil, "missing"},
		"joined within the last 28 days":            {[]doing{mine, reportedBy(jiraNew), deliveredAt(july)}, func(p *scorecard.Person) { p.Joined = day(9, 14) }, "pending"},
		"joined before the quarter":                 {nil, func(p *scorecard.Person) { p.Joined = day(6, 30) }, ""},
		"left before they had to be on board":       {nil, func(p *scorecard.Person) { p.Left = day(7, 20) }, "left"},
		"left afterwards":                           {nil, func(p *scorecard.Person) { p.Left = day(8, 3) }, "missing"},
		"without an account nobody can tell":        {[]doing{mine, reportedBy(""), deliveredAt(july)}, func(p *scorecard.Person) { p.Jira = "" }, "no_account"},
		"on board, and gone before the time was up": {[]doing{mine, reportedBy(jiraNew), deliveredAt(july)}, func(p *scorecard.Person) { p.Left = day(7, 25) }, "on_time"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newTicketWorld(t, onboarding(), ticket("DRE-1", utc(t, "2026-07-01"), tt.what...))
			w.policy.People = append(w.policy.People, scorecard.Person{ID: "p09", Team: "mysql", Jira: jiraNew, Joined: day(7, 6)})
			if tt.change != nil {
				tt.change(&w.policy.People[3])
			}
			r := w.row(t, scorecard.OrgID)
			got := r.Population.Classes
			if len(got) == 0 {
				got = r.Population.Excluded
			}
			want := map[string]int{tt.want: 1}
			if tt.want == "" {
				want = map[string]int{}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("classes (-want +got):\n%s", diff)
			}
			verdict := map[string]scorecard.Verdict{"on_time": scorecard.Met, "late": scorecard.Missed, "missing": scorecard.Missed, "pending": scorecard.Pending}[tt.want]
			if verdict == "" {
				verdict = scorecard.Empty
			}
			if r.Verdict != verdict || (len(r.Caveats) > 0) != (tt.want == "no_account") {
				t.Errorf("%s with caveats %q, want %s", r.Verdict, r.Caveats, verdict)
			}
		})
	}
}

// Somebody of no configured team is the organisation's, as in all rows about people.
func TestJoinerOfNoTeamIsTheOrganisations(t *testing.T) {
	t.Parallel()
	w := newTicketWorld(t, onboarding(), ticket("DRE-1", utc(t, "2026-07-01"), ofType("Onboarding"), reportedBy(jiraNew), deliveredAt(utc(t, "2026-07-20"))))
	w.policy.People = append(w.policy.People, scorecard.Person{ID: "p09", Jira: jiraNew, Joined: day(7, 6)})
	if r := w.row(t, scorecard.OrgID); shown(r.Numerator) != "1" || shown(r.Denominator) != "1" {
		t.Errorf("%s / %s of the organisation, want 1 / 1", shown(r.Numerator), shown(r.Denominator))
	}
	if r := w.row(t, "mysql"); r.Verdict != scorecard.Empty {
		t.Errorf("mysql is %s, want empty", r.Verdict)
	}
}

// Of three joiners one has no account: what is said rests on two of three.
func TestJoinerWithoutAnAccountLowersCoverage(t *testing.T) {
	t.Parallel()
	w := newTicketWorld(t, onboarding(), ticket("DRE-1", utc(t, "2026-07-01"), ofType("Onboarding"), reportedBy(jiraNew), deliveredAt(utc(t, "2026-07-20"))))
	for _, account := range []string{jiraNew, "5b10other", ""} {
		w.policy.People = append(w.policy.People, scorecard.Person{ID: "p" + account, Team: "mysql", Jira: account, Joined: day(7, 6)})
	}
	if r := w.row(t, scorecard.OrgID); shown(r.Numerator) != "1" || shown(r.Denominator) != "2" || short(r.Coverage) != "0.6667" {
		t.Errorf("%s, coverage %s, want 1 of 2 and 0.6667", funnel(r), short(r.Coverage))
	}
}

func TestEvidenceOfOnboardingNamesNobody(t *testing.T) {
	t.Parallel()
	w := newTicketWorld(t, onboarding(), ticket("DRE-1", utc(t, "2026-07-01"), ofType("Onboarding"), reportedBy(jiraNew), deliveredAt(utc(t, "2026-07-20"))))
	w.policy.People = append(
		w.policy.People,
		scorecard.Person{ID: "p09", Team: "mysql", Jira: jiraNew, Joined: day(7, 6)}, scorecard.Person{ID: "p10", Team: "oncall", Jira: "5b10other", Joined: day(7, 6)},
	)
	if got, want := listed(w.evidence(t, scorecard.OrgID)), "person_count missing missing denominator 1\nticket DRE-1 on_time numerator -\n"; got != want {
		t.Errorf("evidence %s, want %s", got, want)
	}
	text, err := json.Marshal([]any{w.row(t, scorecard.OrgID), w.evidence(t, scorecard.OrgID)})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range w.policy.People {
		if strings.Contains(string(text), p.ID) || p.Jira != "" && strings.Contains(string(text), p.Jira) {
			t.Errorf("%s is named in %s", p.ID, text)
		}
	}
	// Each team has one joiner.
	if r := w.row(t, "mysql"); shown(r.Numerator) != "1" || shown(r.Denominator) != "1" {
		t.Errorf("mysql: %s of %s, want 1 of 1", shown(r.Numerator), shown(r.Denominator))
	}
}
