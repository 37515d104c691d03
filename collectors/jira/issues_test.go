package jira_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fill adds n issues, the last of them created a minute ago, each a minute after the
// one before.
func fill(r *rig, n int) []string { return spread(r, n, begun, time.Minute) }

// old adds n issues, one an hour, the last of them more than a day ago.
func old(r *rig, n int) []string { return spread(r, n, begun.AddDate(0, 0, -1), time.Hour) }

// spread adds issues up to an instant, each created an interval after the one before
// and not touched since. It returns their ids.
func spread(r *rig, n int, end time.Time, interval time.Duration) []string {
	ids := make([]string, n)
	for i := range n {
		ids[i] = strconv.Itoa(i + 1)
		at := end.Add(time.Duration(i-n) * interval)
		r.add(ids[i], at, at)
	}
	return ids
}

func remove(r *rig, ids ...string) {
	r.issues = slices.DeleteFunc(slices.Clone(r.issues), func(one object) bool { return slices.Contains(ids, one["id"].(string)) })
}

// later lets some time pass, and reads.
func (r *rig) later(t *testing.T, d time.Duration) {
	t.Helper()
	r.clock = r.clock.Add(d)
	r.mustCollect(t)
}

func wantTickets(t *testing.T, r *rig, want []string) {
	t.Helper()
	if diff := cmp.Diff(want, r.memory.ids()); diff != "" {
		t.Errorf("tickets (-want +got):\n%s", diff)
	}
}

// gone lists the tickets that are gone.
func gone(r *rig) []string {
	var ids []string
	for _, id := range r.memory.ids() {
		if !r.memory.tickets[id].GoneAt.IsZero() {
			ids = append(ids, id)
		}
	}
	return ids
}

func wantGone(t *testing.T, r *rig, want ...string) {
	t.Helper()
	if got := gone(r); !slices.Equal(got, want) {
		t.Errorf("gone are %v, want %v", got, want)
	}
}
