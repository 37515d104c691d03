package storetest

import (
	"context"
	"testing"
	"time"

	"teamhealth/internal/facts"
)

func maintenanceTests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"every field of a maintenance window comes back":            everyWindowField,
		"a window is read where it overlaps a span":                 windowsOfSpan,
		"a window that was called off goes, one that began stays":   calledOff,
		"a window that was moved is where it was moved to":          movedWindow,
		"a reading of maintenance that comes again changes nothing": sameMaintenance,
		"a window without an id is an error":                        windowWithoutID,
	}
}

func maintenanceWindow(id string, start, end int) facts.MaintenanceWindow {
	return facts.MaintenanceWindow{ID: id, Start: at(start), End: at(end), Services: []string{"PMYSQL"}}
}

// maintenance is a reading that was made at an instant.
func maintenance(minutes int, windows ...facts.MaintenanceWindow) facts.Batch {
	return facts.Batch{Maintenance: &facts.MaintenanceReading{At: at(minutes), Windows: windows}}
}

// windows returns all that is kept.
func windows(t failer, s Store) []facts.MaintenanceWindow {
	t.Helper()
	return got(s.Maintenance(context.Background(), time.Time{}, time.Time{}))(t)
}

func everyWindowField(t *testing.T, s Store) {
	save(t, s, maintenance(0,
		facts.MaintenanceWindow{ID: "M2", Start: at(1), End: at(2), Services: []string{"PZ", "PA", "PZ"}},
		facts.MaintenanceWindow{ID: "M1", Start: at(1), End: at(3)},
		facts.MaintenanceWindow{ID: "M3", Start: at(0), End: at(1), Services: []string{}}))
	want(t, "windows", windows(t, s), []facts.MaintenanceWindow{
		{ID: "M3", Start: at(0), End: at(1)},
		{ID: "M1", Start: at(1), End: at(3)},
		{ID: "M2", Start: at(1), End: at(2), Services: []string{"PA", "PZ"}},
	})
}

func windowsOfSpan(t *testing.T, s Store) {
	first, second := maintenanceWindow("M1", 0, 10), maintenanceWindow("M2", 5, 20)
	save(t, s, maintenance(0, first, second))
	for name, test := range map[string]struct {
		from, until time.Time
		want        []facts.MaintenanceWindow
	}{
		"no bounds":                            {want: []facts.MaintenanceWindow{first, second}},
		"a span inside both":                   {from: at(6), until: at(7), want: []facts.MaintenanceWindow{first, second}},
		"a span from the end of the first":     {from: at(10), want: []facts.MaintenanceWindow{second}},
		"a span up to the start of the second": {until: at(5), want: []facts.MaintenanceWindow{first}},
	} {
		want(t, name, got(s.Maintenance(context.Background(), test.from, test.until))(t), test.want)
	}
}

func calledOff(t *testing.T, s Store) {
	past, running, next, later := maintenanceWindow("M1", 0, 2), maintenanceWindow("M2", 4, 8), maintenanceWindow("M3", 6, 8), maintenanceWindow("M4", 7, 9)
	save(t, s, maintenance(0, past, running, next, later))
	save(t, s, maintenance(4, later))
	want(t, "windows", windows(t, s), []facts.MaintenanceWindow{past, running, later})
	want(t, "records", got(s.Records(context.Background(), facts.PagerDuty))(t), map[string]int{"maintenance_window": 3})
	want(t, "revision", got(s.Revision(context.Background()))(t), 2)
	save(t, s, maintenance(5))
	want(t, "windows when all that lies ahead was called off", windows(t, s), []facts.MaintenanceWindow{past, running})
}

func movedWindow(t *testing.T, s Store) {
	save(t, s, maintenance(0, maintenanceWindow("M1", 5, 6)), maintenance(0, maintenanceWindow("M1", 7, 9)))
	want(t, "windows", windows(t, s), []facts.MaintenanceWindow{maintenanceWindow("M1", 7, 9)})
}

func sameMaintenance(t *testing.T, s Store) {
	save(t, s, maintenance(0, maintenanceWindow("M1", 5, 6)), maintenance(0, maintenanceWindow("M1", 5, 6)), facts.Batch{})
	want(t, "windows", windows(t, s), []facts.MaintenanceWindow{maintenanceWindow("M1", 5, 6)})
	want(t, "revision", got(s.Revision(context.Background()))(t), 1)
}

func windowWithoutID(t *testing.T, s Store) {
	if err := s.Save(context.Background(), facts.PagerDuty, maintenance(0, maintenanceWindow("", 5, 6))); err == nil {
		t.Fatal("a maintenance window without an id was taken")
	}
	wantNothing(t, s)
}
