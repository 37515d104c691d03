package history

import (
	"cmp"
	"slices"
	"strings"
)

// Window is planned maintenance: a time during which outages of some services
// of a team are expected.
type Window struct {
	Key        uint64
	Number     int // Counts from 1 in order of start.
	Team       int
	Services   []int // Indexes into Account.Services.
	By         Actor
	Start, End int64 // Half-open, in seconds since 1970.
}

// ID returns the window's id: W and thirteen letters and digits.
func (w *Window) ID() string { return printed('W', w.Key) }

// announced is for how long before its start a window is known.
const announced = 14 * day

// Maintenance returns the windows that are known at an instant, in order of
// start: planned ones too.
func (v *View) Maintenance(now int64) []Window {
	var windows []Window
	for first, end := quarter(v.Since / day); first*day <= now+announced; first, end = quarter(end) {
		for team := range v.Account.Teams {
			windows = append(windows, v.Account.maintenance(team, first)...)
		}
	}
	windows = slices.DeleteFunc(windows, func(w Window) bool { return w.Start < v.Since || w.Start > now+announced })
	slices.SortFunc(windows, func(a, b Window) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Key, b.Key)) })
	for i := range windows {
		windows[i].Number = i + 1
	}
	return windows
}

// maintenance returns the windows of a team in the quarter that begins with a
// day, in no order: two to four, each of one to three hours.
func (a *Account) maintenance(team int, first int64) []Window {
	c := a.crews[team]
	days := midweek(first)
	d := roll(c.seed, "maintenance", c.id, first)
	d.Shuffle(len(days), func(i, j int) { days[i], days[j] = days[j], days[i] })
	var windows []Window
	for _, of := range days[:d.between(2, 5)] {
		w := Window{Key: d.Uint64(), Team: team, By: c.lead, Services: a.servicesOf(team)}
		if !d.chance(0.3) {
			one := d.IntN(len(w.Services))
			w.Services = w.Services[one : one+1]
		}
		w.Start = of*day + int64(d.between(2, 40))*30*60
		w.End = w.Start + int64(d.between(2, 7))*30*60
		windows = append(windows, w)
	}
	return windows
}

// servicesOf returns the indexes of a team's services.
func (a *Account) servicesOf(team int) []int {
	var services []int
	for i, service := range a.Services {
		if service.Team == team {
			services = append(services, i)
		}
	}
	return services
}

// Purpose returns what a window is for.
func (a *Account) Purpose(w *Window) string {
	purposes := []string{"Upgrade of %s", "Move of %s to new hosts", "Index rebuild on %s", "Network work under %s"}
	names := make([]string, 0, len(w.Services))
	for _, service := range w.Services {
		names = append(names, a.Services[service].Name)
	}
	return strings.Replace(purposes[w.Key%uint64(len(purposes))], "%s", strings.Join(names, " and "), 1)
}
