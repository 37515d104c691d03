package prometheus_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	simulated "teamhealth/internal/simulator/prometheus"
)

// position is a cursor of one series, with some hours and keys as text.
func position(version int, series ...string) string {
	return fmt.Sprintf(`{"version":%d,"site":"x","series":[%s]}`, version, strings.Join(series, ","))
}

// mysqlAt is a series of mysql's latency.
func mysqlAt(rest string) string {
	q, _ := json.Marshal(latency.Good)
	p, _ := json.Marshal(latency.Total)
	return fmt.Sprintf(`{"good":%s,"total":%s,"team":"mysql",%s}`, q, p, rest)
}

func TestACursorThatNoCycleLeavesBehindIsRefused(t *testing.T) {
	t.Parallel()
	sound := mysqlAt(`"from":495800,"until":495900`)
	for name, test := range map[string]struct{ cursor, want string }{
		"no JSON":                       {`{"version":`, "decode the kept cursor"},
		"another version":               {position(2, sound), "is of version 2, which this program cannot read"},
		"no version":                    {`{}`, "is of version 0"},
		"a series twice":                {position(1, sound, sound), "what no cycle leaves behind"},
		"no series where one is due":    {position(1, "null"), "what no cycle leaves behind"},
		"a series of no team":           {position(1, `{"good":"a","total":"b","from":1,"until":2}`), "what no cycle leaves behind"},
		"an end before the beginning":   {position(1, mysqlAt(`"from":495900,"until":495800`)), "what no cycle leaves behind"},
		"an hour of another millennium": {position(1, mysqlAt(`"from":1,"until":99999999`)), "what no cycle leaves behind"},
		"gaps out of bounds":            {position(1, mysqlAt(`"from":495800,"until":495900,"gaps":[[495700,495810]]`)), "what no cycle leaves behind"},
		"gaps out of order":             {position(1, mysqlAt(`"from":495800,"until":495900,"gaps":[[495850,495860],[495810,495820]]`)), "what no cycle leaves behind"},
		"gaps that touch":               {position(1, mysqlAt(`"from":495800,"until":495900,"gaps":[[495810,495820],[495820,495830]]`)), "what no cycle leaves behind"},
		"an empty gap":                  {position(1, mysqlAt(`"from":495800,"until":495900,"todo":[[495810,495810]]`)), "what no cycle leaves behind"},
		"a gap of three ends":           {position(1, mysqlAt(`"from":495800,"until":495900,"todo":[[495810,495811,495812]]`)), "is no span of hours"},
		"a first hour out of bounds":    {position(1, mysqlAt(`"from":495800,"until":495900,"first":495900`)), "what no cycle leaves behind"},
		"an implausible beginning":      {`{"version":1,"since":-5,"series":[]}`, "what no cycle leaves behind"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld().serve(t)
			w.cursor = []byte(test.cursor)
			if err := w.collect(t); err == nil || !strings.Contains(err.Error(), test.want) || w.batches != 0 {
				t.Errorf("the error is %v, want %q", err, test.want)
			}
		})
	}
}

// What was asked for by a clock that was ahead is asked for again in its time.
func TestAClockThatWasAheadLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld().only()
	w.now = begun.AddDate(0, 0, 3)
	w.serve(t).mustCollect(t)
	ahead := len(w.kept("mysql"))
	w.now = begun
	w.mustCollect(t)
	if !w.done.DataAsOf.Equal(lastHour.Add(time.Hour)) || ahead != 10*24 {
		t.Errorf("data as of %s after %d hours", w.done.DataAsOf, ahead)
	}
	w.changed = 0
	w.now = begun.AddDate(0, 0, 1)
	w.mustCollect(t)
	if w.changed != 24 {
		t.Errorf("%d hours are read again, want those of a day", w.changed)
	}
}

// FuzzCursor holds that a cycle on whatever cursor ends, with an error before it asks
// for anything or with a cursor that the next cycle takes; and that no fact is of
// an hour that Prometheus knows nothing of.
func FuzzCursor(f *testing.F) {
	f.Add([]byte(``))
	f.Add([]byte(position(1)))
	f.Add([]byte(position(1, mysqlAt(`"from":495800,"until":495900,"todo":[[495810,495820]],"gaps":[[495815,495830],[495840,495841]],"first":495805,"swept":495000`))))
	f.Add([]byte(position(1, mysqlAt(`"from":495874,"until":500000,"gaps":[[495900,500000]]`))))
	f.Add([]byte(position(1, mysqlAt(`"from":0,"until":8999999,"todo":[[0,8999999]],"swept":8999999`))))
	f.Fuzz(func(t *testing.T, text []byte) {
		w := newWorld().only()
		w.opts.Since = begun.AddDate(0, 0, -40)
		w.opts.Logger = slog.New(slog.DiscardHandler)
		w.upstream.Series[0].Gaps = []simulated.Gap{{From: ago(50), Until: ago(45)}}
		w.serve(t)
		if w.cursor = text; len(text) == 0 {
			w.cursor = nil
		}
		if err := w.collect(t); err != nil {
			if len(w.requests) > 0 {
				t.Fatalf("%v after %d requests", err, len(w.requests))
			}
			return
		}
		if len(w.requests) > 20 {
			t.Errorf("%d requests for 40 days", len(w.requests))
		}
		for key := range w.hours {
			if key.hour.Before(w.upstream.Start) || key.hour.After(lastHour) {
				t.Errorf("a fact of %s", key.hour)
			}
		}
		w.now = w.now.Add(25 * time.Hour)
		w.mustCollect(t)
	})
}
