package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"teamhealth/internal/app"
	"teamhealth/internal/exporters/api"
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

const (
	recordsRubric = `name: ours
objectives:
  - {id: incident_response, measure: response_time, threshold: 5m, target: 0.9}
  - {id: satisfaction, measure: survey, metric: satisfaction, unit: score, target: 4.5}
`
	// The mean is (4.8 × 10 + 4.1 × 5) / 15 = 68.5 / 15.
	satisfaction = "date,metric,team,value,n,note\n2026-06-03,satisfaction,mysql,4.8,10,\n2026-06-03,satisfaction,mongodb,4.1,5,a secret remark\n"
)

// newRecordsSite is a site with a file of records.
func newRecordsSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.configure(t, s.text, "\nstore:", "\n  records: {files: ['records/*.csv'], interval: 1s}\nstore:")
	s.write(t, "rubric.yml", recordsRubric)
	must(t, os.Mkdir(filepath.Join(s.dir, "records"), 0o700))
	s.write(t, "records/survey.csv", satisfaction)
	return s
}

// satisfied is the organisation's row, as of when the sources were last read.
func satisfied(t *testing.T, a *app.App) scorecard.Row {
	t.Helper()
	var card scorecard.Card
	must(t, json.Unmarshal([]byte(shown(t, a, "/api/v1/scorecard?period=2026-06")), &card))
	return *card.Row("satisfaction")
}

func recordsStatus(t *testing.T, a *app.App) api.SourceStatus {
	t.Helper()
	var status api.Status
	must(t, json.Unmarshal([]byte(shown(t, a, "/api/v1/status")), &status))
	for _, s := range status.Sources {
		if s.Name == facts.Records {
			return s
		}
	}
	t.Fatal("records are no source")
	return api.SourceStatus{}
}

func TestRecordsReachEveryFace(t *testing.T) {
	t.Parallel()
	s := newRecordsSite(t)
	a := s.open(t)
	synced(t, a)
	row := satisfied(t, a)
	if row.Verdict != scorecard.Met || row.Numerator.String() != "68.5" || row.Denominator.String() != "15" {
		t.Errorf("the row is %s with %s / %s, want met with 68.5 / 15", row.Verdict, row.Numerator, row.Denominator)
	}
	evidence := shown(t, a, "/api/v1/evidence?objective=satisfaction&period=2026-06")
	for _, want := range []string{`"records/survey.csv:2"`, `"records/survey.csv:3"`, "10 answered"} {
		if !strings.Contains(evidence, want) {
			t.Errorf("the evidence has no %s:\n%s", want, evidence)
		}
	}
	if strings.Contains(evidence, "secret remark") {
		t.Errorf("a note is shown:\n%s", evidence)
	}
	if status := recordsStatus(t, a); !status.Up || status.Records["record"] != 2 || status.DataAsOf == nil {
		t.Errorf("the status is %+v, want up with two records", status)
	}
	if got := sample(t, a, `teamhealth_collector_records{collector="records",kind="record"}`); got != "2" {
		t.Errorf("%s records are counted, want 2", got)
	}
}

func TestFileThatTurnsBadKeepsItsLastGoodState(t *testing.T) {
	t.Parallel()
	s := newRecordsSite(t)
	a := s.open(t)
	synced(t, a)
	before := satisfied(t, a)

	s.write(t, "records/survey.csv", strings.Replace(satisfaction, "4.1", "five", 1))
	s.write(t, "records/more.csv", "date,metric,team,value,n,note\n2026-06-04,satisfaction,mysql,4.0,15,\n")
	err := a.Sync(context.Background(), func(app.Progress) {})
	place := filepath.Join(s.dir, "records", "survey.csv") + ":3: value is not a number"
	var source *app.SourceError
	if err == nil || errors.As(err, &source) || strings.Count(err.Error(), "\n") != 1 || !strings.Contains(err.Error(), place) {
		t.Errorf("the error is %v, want the one mistake of the files", err)
	}
	must(t, a.Recompute(context.Background()))
	status := recordsStatus(t, a)
	if status.Up || status.LastError == nil || !strings.Contains(*status.LastError, place) || status.Records["record"] != 3 {
		t.Errorf("the status is %+v, want down with the mistake, and the records of both files", status)
	}
	if got := sample(t, a, `teamhealth_collector_up{collector="records"}`); got != "0" {
		t.Errorf("records are up: %s", got)
	}
	if row := satisfied(t, a); row.Numerator.String() != "128.5" || row.Denominator.String() != "30" { // And 4 × 15 of the good file.
		t.Errorf("%s / %s, want 128.5 / 30", row.Numerator, row.Denominator)
	}

	must(t, os.Remove(filepath.Join(s.dir, "records", "more.csv")))
	s.write(t, "records/survey.csv", satisfaction)
	synced(t, a)
	if row := satisfied(t, a); row.Numerator.String() != before.Numerator.String() || !recordsStatus(t, a).Up {
		t.Errorf("mended: %s / %s, want %s / %s", row.Numerator, row.Denominator, before.Numerator, before.Denominator)
	}
}

func TestRunningProgramReadsRecordsThatChange(t *testing.T) {
	t.Parallel()
	s := newRecordsSite(t)
	a := s.open(t)
	defer running(t, a)()
	numerator := func() string {
		code, body := ask(a, http.MethodGet, "/api/v1/scorecard?period=2026-06")
		var card scorecard.Card
		if code != http.StatusOK || json.Unmarshal([]byte(body), &card) != nil || card.Row("satisfaction").Numerator == nil {
			return ""
		}
		return card.Row("satisfaction").Numerator.String()
	}
	eventually(t, "the survey is read", func() bool { return numerator() == "68.5" })
	s.write(t, "records/next.tmp", strings.Replace(satisfaction, "4.8,10", "5,10", 1))
	must(t, os.Rename(filepath.Join(s.dir, "records", "next.tmp"), filepath.Join(s.dir, "records", "survey.csv")))
	eventually(t, "the new survey is read", func() bool { return numerator() == "70.5" })
}

func TestRecordsThatAreNotConfiguredAreNoData(t *testing.T) {
	t.Parallel()
	s := newRecordsSite(t)
	s.configure(t, s.text)
	a := s.open(t)
	synced(t, a)
	if row := satisfied(t, a); row.Verdict != scorecard.NoData || row.Reason != "The source records is not configured." {
		t.Errorf("%s: %s", row.Verdict, row.Reason)
	}
}
