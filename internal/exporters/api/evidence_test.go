package api_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/exporters/api"
	"teamhealth/internal/exporters/text/cardtest"
)

func TestEvidenceIsThatOfTheCard(t *testing.T) {
	t.Parallel()
	var asked api.EvidenceQuery
	url := serve(t, &scores{asked: &asked}, io.Discard)
	got := get(t, url+"/api/v1/evidence?objective=incident_response&team=mysql")
	want := api.EvidenceQuery{Objective: "incident_response", Team: "mysql", Period: "current", AsOf: cardtest.AsOf()}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("asked for other evidence (-want +got):\n%s", diff)
	}
	if !strings.Contains(got.body, `"period": "2026-Q3"`) {
		t.Errorf("the answer does not name the period that current stands for:\n%s", got.body)
	}
}

func TestAsOfReachesTheScores(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/api/v1/scorecard?", "/api/v1/evidence?objective=incident_response&"} {
		var asOf time.Time
		url := serve(t, &scores{asOf: &asOf}, io.Discard)
		get(t, url+path+"as_of=2026-10-01T02:00:00%2B02:00")
		if want := time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC); !asOf.Equal(want) {
			t.Errorf("GET %s asked for %s, want %s", path, asOf, want)
		}
	}
}

func TestEvidenceIsPaged(t *testing.T) {
	t.Parallel()
	url := serve(t, &scores{}, io.Discard) + "/api/v1/evidence?objective=incident_response"
	tests := map[string]struct {
		query string
		want  []string
	}{
		"all of it":                  {"", []string{"Q1AAA", "Q1BBB", "Q1CCC", "Q1DDD"}},
		"the first two":              {"&limit=2", []string{"Q1AAA", "Q1BBB"}},
		"from the second on":         {"&offset=1&limit=2", []string{"Q1BBB", "Q1CCC"}},
		"the last page may be short": {"&offset=3&limit=2", []string{"Q1DDD"}},
		"past the end is nothing":    {"&offset=9", []string{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got struct {
				Total int
				Items []struct{ ID string }
			}
			if err := json.Unmarshal([]byte(get(t, url+tt.query).body), &got); err != nil {
				t.Fatal(err)
			}
			ids := []string{}
			for _, item := range got.Items {
				ids = append(ids, item.ID)
			}
			if diff := cmp.Diff(tt.want, ids); diff != "" || got.Total != 4 || got.Items == nil {
				t.Errorf("total %d, want 4; items (-want +got):\n%s", got.Total, diff)
			}
		})
	}
}
