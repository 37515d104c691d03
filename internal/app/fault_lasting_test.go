package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/simulator/faults"
	"teamhealth/scorecard"
)

// lasting are faults that no cycle survives for as long as they last.
func lasting() [][]faults.Fault {
	at := func(kind faults.Kind, paths ...string) []faults.Fault {
		return []faults.Fault{{Kind: kind, Rate: 1, Paths: paths}, {Kind: faults.Drift, Rate: 1}}
	}
	all := [][]faults.Fault{
		at(faults.TooMany), at(faults.Unavailable, "/incidents"), at(faults.Truncated, "/log_entries"), at(faults.HTML, "/users"),
		at(faults.Empty, "/incidents"), at(faults.Empty, "/maintenance_windows"), at(faults.ResetMidway, "/log_entries"),
		at(faults.PaymentRequired, "/incidents"), at(faults.Forbidden), at(faults.Forbidden, "/oncalls"), // Which were told before.
		at(faults.EndlessMore, "/log_entries"),
	}
	for i, end := range [][]faults.Fault{at(faults.HTML, "/log_entries"), at(faults.ServerError, "/incidents"), at(faults.Forbidden, "/log_entries")} {
		mix := faults.Mix(uint64(i), menu(), 1)
		for j := range mix {
			mix[j].Requests = 0
		}
		all = append(all, slices.Concat(mix, end))
	}
	return all
}

// TestFaultsThatLast reads an account once, and then not again for longer than
// the hour for which what was read is good.
func TestFaultsThatLast(t *testing.T) {
	t.Parallel()
	base := newSetting(t)
	want := base.readStage(t).atTheEnd(t)
	untouched := base.readStage(t)
	before, good := untouched.rows(t), untouched.cardsAsOf(t, evaluatedAt)
	for i, list := range lasting() {
		t.Run(fmt.Sprintf("%d, %s", i, list[0].Kind), func(t *testing.T) {
			t.Parallel()
			s := base.readStage(t)
			s.suffer(t, uint64(i), list)
			for _, age := range []time.Duration{58 * time.Minute, 61 * time.Minute, 50 * time.Hour} {
				s.requireFailure(t, age)
				s.now.Store(evaluatedAt.Add(age).Unix()) // Drift has moved it.
				s.requireStale(t, before, age > time.Hour)
			}
			if diff := cmp.Diff(good, s.cardsAsOf(t, evaluatedAt)); diff != "" {
				t.Errorf("what was known before has changed (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(want, s.atTheEnd(t)); diff != "" {
				t.Errorf("cards differ after recovery (-undisturbed +recovered):\n%s", diff)
			}
		})
	}
}

// requireStale compares the rows with those before the faults: of the quarter
// that runs, those that rest on PagerDuty are stale or not, and keep their numbers.
func (s *stage) requireStale(t *testing.T, before map[string]scorecard.Row, stale bool) {
	t.Helper()
	judged := 0
	for name, row := range s.rows(t) {
		was := before[name]
		if strings.HasPrefix(name, "28d") {
			continue // It moves on with the clock.
		}
		runs := strings.HasPrefix(name, "current") && len(was.Sources) > 0 && was.Verdict != scorecard.NoData
		want := was.Verdict
		if runs && stale {
			want = scorecard.Stale
			judged++
		}
		if row.Verdict != want || fmt.Sprint(row.Value) != fmt.Sprint(was.Value) && want != scorecard.Pending && was.Verdict != scorecard.Pending {
			t.Errorf("%s: %s with value %v, want %s with %v", name, row.Verdict, row.Value, want, was.Value)
		}
	}
	if stale && judged < 10 {
		t.Errorf("only %d rows could turn stale", judged)
	}
}

// TestTheStatusShowsASourceThatIsDown uses faults that nothing is repeated
// for, so that the program itself need not wait.
func TestTheStatusShowsASourceThatIsDown(t *testing.T) {
	t.Parallel()
	s := newSetting(t).stage(t)
	p := s.program(t)
	must(t, p.sync(t))
	for kind, problem := range map[faults.Kind]string{
		faults.HTML:            "answered HTML instead of JSON",
		faults.Empty:           "the answer has no",
		faults.EndlessMore:     "the list does not end",
		faults.PaymentRequired: "plan lacks this ability",
		faults.Forbidden:       "the token may not read this",
	} {
		good := s.clock()
		s.suffer(t, 0, []faults.Fault{{Kind: kind, Rate: 1}})
		s.now.Add(2 * 60 * 60)
		if err := p.sync(t); err == nil {
			t.Fatalf("%s: a cycle completes", kind)
		}
		_, metrics := p.get("/metrics")
		down := p.source(t)
		age := down.DataAsOf != nil && down.DataAsOf.Equal(good) && down.LastSuccess != nil && down.LastSuccess.Equal(good)
		if down.Up || !strings.Contains(down.LastError, problem) || !age || !strings.Contains(metrics, `teamhealth_collector_up{collector="pagerduty"} 0`) {
			t.Errorf("%s: the status is %+v; want it down since %v, as %q", kind, down, good, problem)
		}
		if row := p.row(t, "/api/v1/scorecard?period=2026-Q3"); row.Verdict != "stale" {
			t.Errorf("%s: the row of the quarter that runs is %s", kind, row.Verdict)
		}
		s.injector.Store(nil)
		must(t, p.sync(t))
		if up := p.source(t); !up.Up || up.LastError != "" || !up.DataAsOf.Equal(s.clock()) {
			t.Errorf("%s: the status after recovery is %+v", kind, up)
		}
		if row := p.row(t, "/api/v1/scorecard?period=2026-Q3"); row.Verdict == "stale" {
			t.Errorf("%s: the row is stale after recovery", kind)
		}
	}
}

// sourceJSON is what the status says of a source.
type sourceJSON struct {
	Up          bool       `json:"up"`
	LastError   string     `json:"last_error"`
	DataAsOf    *time.Time `json:"data_as_of"`
	LastSuccess *time.Time `json:"last_success"`
}

func (p *program) source(t *testing.T) sourceJSON {
	t.Helper()
	_, body := p.get("/api/v1/status")
	var status struct {
		Sources []sourceJSON `json:"sources"`
	}
	if err := json.Unmarshal([]byte(body), &status); err != nil || len(status.Sources) != 1 {
		t.Fatalf("the status is %v\n%s", err, body)
	}
	return status.Sources[0]
}

func TestWhatPagerDutyRefusesToTell(t *testing.T) {
	t.Parallel()
	base := newSetting(t)
	plain := base.readStage(t)
	want := plain.rows(t)
	wantCards := plain.atTheEnd(t)
	rotation := []string{"primary_coverage", "secondary_coverage", "rotation_size", "rotation_shift"}
	for path, touched := range map[string]map[string][]string{
		"/teams":               {},
		"/priorities":          {},
		"/schedules":           {},
		"/v3/schedules":        {},
		"/escalation_policies": {"no_data": append(rotation, "escalation_depth")},
		"/oncalls":             {"no_data": rotation, "caveat": {"oncall_burden"}},
		"/maintenance_windows": {"caveat": {"database_uptime", "system_reliability"}},
	} {
		for _, kind := range []faults.Kind{faults.PaymentRequired, faults.Forbidden} {
			if len(touched) == 0 && kind == faults.PaymentRequired {
				continue // One refusal is enough where nothing rests on the answer.
			}
			t.Run(string(kind)+" at "+path, func(t *testing.T) {
				t.Parallel()
				s := base.stage(t)
				s.suffer(t, 0, []faults.Fault{{Kind: kind, Rate: 1, Paths: []string{path}}})
				must(t, s.cycle(t))
				got := s.rows(t)
				if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
					t.Fatalf("rows (-want +got):\n%s", diff)
				}
				for name, row := range got {
					requireHonest(t, name, want[name], row, touched)
				}
				if diff := cmp.Diff(wantCards, s.atTheEnd(t)); diff != "" {
					t.Errorf("cards differ once all is told (-undisturbed +recovered):\n%s", diff)
				}
			})
		}
	}
}

// requireHonest compares a row with what it is when all is told. Touched are
// the objectives that then have no data, or a caveat more.
func requireHonest(t *testing.T, name string, want, got scorecard.Row, touched map[string][]string) {
	t.Helper()
	hadValue := want.Value != nil
	switch {
	case slices.Contains(touched["no_data"], got.ID):
		if got.Verdict != scorecard.NoData || got.Value != nil {
			t.Errorf("%s: %s with value %v, want no_data", name, got.Verdict, got.Value)
		}
	case slices.Contains(touched["caveat"], got.ID):
		if got.Value != nil && hadValue && len(got.Caveats) <= len(want.Caveats) && got.Verdict != scorecard.Empty {
			t.Errorf("%s: value %v without a further caveat: %q", name, got.Value, got.Caveats)
		}
		if got.Verdict == scorecard.Met && want.Verdict == scorecard.Missed {
			t.Errorf("%s: met, which it is not", name)
		}
	default:
		if got.Verdict != want.Verdict || fmt.Sprint(got.Value) != fmt.Sprint(want.Value) || !slices.Equal(got.Caveats, want.Caveats) {
			t.Errorf("%s: %s %v %q, want %s %v %q", name, got.Verdict, got.Value, got.Caveats, want.Verdict, want.Value, want.Caveats)
		}
	}
}

func TestAMoreThatNeverEndsEndsTheCycle(t *testing.T) {
	t.Parallel()
	base := newSetting(t)
	plain := base.stage(t)
	must(t, plain.cycle(t))
	want, usual := plain.cards(t), plain.answered.Load()
	for _, path := range []string{
		"/services", "/teams", "/users", "/priorities", "/escalation_policies", "/schedules", "/v3/schedules",
		"/maintenance_windows", "/incidents", "/log_entries", "/oncalls",
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			s := base.stage(t)
			s.suffer(t, 0, []faults.Fault{{Kind: faults.EndlessMore, Rate: 1, Paths: []string{path}}})
			err := s.cycle(t)
			if err == nil || !strings.Contains(err.Error(), "the list does not end") {
				t.Errorf("error %v, want one that says what is wrong", err)
			}
			if got := s.answered.Load(); got > usual+1 {
				t.Errorf("%d requests were sent, where %d read everything", got, usual)
			}
			s.injector.Store(nil)
			must(t, s.cycle(t))
			if diff := cmp.Diff(want, s.cards(t)); diff != "" {
				t.Errorf("cards differ after recovery (-undisturbed +recovered):\n%s", diff)
			}
		})
	}
}
