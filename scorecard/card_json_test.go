package scorecard_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/internal/goldentest"
	"teamhealth/scorecard"
)

var update = flag.Bool("update", false, "rewrite the files under testdata")

// storied is a quarter of the mysql team with something of everything: 41
// incidents, 28 of 30 answered in time, and the quarter before.
func storied(t *testing.T) world {
	t.Helper()
	w := newWorld(t, apart(t, 28, func(k int) []happening { return answeredAt(10 * k) })...)
	at := utc(t, "2026-09-01")
	add := func(id string, what ...happening) {
		w.incidents = append(w.incidents, incident(id, at, what...))
		at = at.Add(3 * time.Hour)
	}
	add("QLATE", answeredAt(400)...)
	add("QOPEN")
	for k := range 7 {
		add(fmt.Sprintf("QLOW%d", k), lowUrgency)
	}
	for k := range 2 {
		add(fmt.Sprintf("QMERGED%d", k), mergedAway(time.Minute, ada))
		add(fmt.Sprintf("QHEALED%d", k), resolved(2*time.Minute, alarm))
	}
	add("QX", onService("PX99"), acknowledged(time.Minute, "PUSER88"))
	for _, i := range apart(t, 20, answeredOnly(18)) {
		i.ID, i.CreatedAt = "P"+i.ID, i.CreatedAt.AddDate(0, 0, -91)
		for n := range i.Timeline {
			i.Timeline[n].At = i.Timeline[n].At.AddDate(0, 0, -91)
		}
		w.incidents = append(w.incidents, i)
	}
	uptime := incidentResponse()
	uptime.ID, uptime.Title, uptime.Measure, uptime.Threshold = "database_uptime", "Database uptime", scorecard.MeasureAvailability, 0
	uptime.Quote, uptime.Interpretation, uptime.Target = "Database uptime: 99.999%", "The worst service is up that long.", decimal("0.99999")
	w.policy.Rubric.Objectives = append(w.policy.Rubric.Objectives, uptime)
	w.policy.Incidents.OutagePriority = []string{"P1"} // Which no incident has: the row has no data.
	w.policy.Exceptions = []scorecard.Exception{exception("ex1", "oncall", 12, 31, "QNONE")}
	return w
}

func TestCardHasItsJSONForm(t *testing.T) {
	t.Parallel()
	text, err := json.MarshalIndent(storied(t).card(t, "mysql"), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	goldentest.Compare(t, *update, "card.golden.json", append(text, '\n'))
}

// Absent is null and never missing, so every card has the same keys.
func TestEveryCardHasEveryKey(t *testing.T) {
	t.Parallel()
	keys := map[string]string{
		"":           "schema_version subject period as_of data_as_of rubric score coverage verdicts rows unmapped seal diff",
		"subject":    "id name line",
		"period":     "id start end time_zone closed",
		"rubric":     "name sha256",
		"unmapped":   "services people",
		"window":     "start end",
		"interval":   "method level low high",
		"population": "total used classes excluded",
		"budget":     "unit allowed used remaining exhausts_at",
		"trend":      "previous delta detectable",
		"details":    "threshold_seconds p50_seconds p90_seconds p95_seconds self_healed_share episodes",
		"episodes":   "within total",
		"uptime":     "worst_service pooled services", // The details of availability.
		"services":   "service name team value downtime_seconds elapsed_seconds outages",
		"sources":    "name data_as_of complete",
		"exceptions": "id reason approved_by until incidents",
		"rows": "id title category measure quote interpretation unit direction target window horizon value numerator denominator " +
			"value_without_exceptions interval verdict confidence score weight coverage details population budget trend reason next_step " +
			"sources exceptions caveats",
	}
	empty := newWorld(t)
	empty.sources = nil
	exempt := storied(t)
	exempt.policy.Exceptions = append(exempt.policy.Exceptions, exception("ex2", "mysql", 12, 31))
	for name, w := range map[string]world{"full": storied(t), "nothing known": empty, "exempt": exempt} {
		for _, card := range scorecard.Compute(w.input(t)) {
			text, err := json.Marshal(card)
			if err != nil {
				t.Fatal(err)
			}
			var form any
			if err := json.Unmarshal(text, &form); err != nil {
				t.Fatal(err)
			}
			checkKeys(t, name+", "+card.Subject.ID, "", form, keys)
		}
	}
}

// checkKeys holds that an object has exactly the keys that its name calls for;
// the names of classes and verdicts are data and not keys.
func checkKeys(t *testing.T, card, name string, form any, keys map[string]string) {
	t.Helper()
	switch form := form.(type) {
	case []any:
		for _, element := range form {
			checkKeys(t, card, name, element, keys)
		}
	case map[string]any:
		if name == "verdicts" || name == "classes" || name == "excluded" {
			return
		}
		if _, uptime := form["worst_service"]; uptime {
			name = "uptime"
		}
		want := strings.Fields(keys[name])
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(form))); diff != "" {
			t.Errorf("%s: keys of %q (-want +got):\n%s", card, name, diff)
		}
		for key, value := range form {
			checkKeys(t, card, key, value, keys)
		}
	}
}

func TestCardHasNoNullWhereAListBelongs(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(newWorld(t).card(t, scorecard.OrgID))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"line":null`, `"sources":[{`, `"exceptions":[]`, `"caveats":[]`, `"services":[]`, `"classes":{}`, `"excluded":{}`, `"seal":null`, `"diff":null`, `"score":null`,
	} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("the card has no %s: %s", want, text)
		}
	}
}

func TestTimesOfACardAreUTC(t *testing.T) {
	t.Parallel()
	w := storied(t)
	w.policy.Calendar = calendarOf(t, "America/Santiago", time.April)
	w.asOf = w.asOf.In(w.policy.Calendar.Location)
	w.policy.Exceptions = append(w.policy.Exceptions, exception("ex2", "", 12, 31, "QLATE"))
	w.sources = []facts.SourceState{readUntil(w.sources[0].DataAsOf.In(w.policy.Calendar.Location))}
	var form any
	if err := json.Unmarshal([]byte(w.cards(t)), &form); err != nil {
		t.Fatal(err)
	}
	checked := 0
	var walk func(key string, form any)
	walk = func(key string, form any) {
		switch form := form.(type) {
		case []any:
			for _, element := range form {
				walk(key, element)
			}
		case map[string]any:
			for k, value := range form {
				walk(k, value)
			}
		case string:
			if slices.Contains([]string{"start", "end", "as_of", "data_as_of", "horizon", "until"}, key) {
				checked++
				if !strings.HasSuffix(form, "Z") {
					t.Errorf("%s is %s, want UTC", key, form)
				}
			}
		}
	}
	walk("", form)
	if checked < 20 {
		t.Errorf("saw %d times, want many", checked)
	}
}
