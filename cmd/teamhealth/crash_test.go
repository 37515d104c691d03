package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// crashKills is how many processes the test kills; it is done so many times as
// TEAMHEALTH_SOAK says.
const (
	crashKills  = 100
	crashShards = 4
)

// TestKillsLoseNothing kills "teamhealth sync" again and again while it reads
// a history, lets the next process go on, and asserts that in the end the
// store is what one that nobody disturbed makes of the same history.
func TestKillsLoseNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		kills int
		until time.Time // Up to here everything is read before the first kill; zero: nothing.
	}{
		"of a backfill": {kills: crashKills},
		"of a catch-up": {kills: crashKills / 5, until: evaluated.AddDate(0, 0, -14)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := &toll{by: map[string]int{}}
			t.Run("shards", func(t *testing.T) {
				for seed := range uint64(crashShards * rounds(t)) {
					t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
						t.Parallel()
						c := newCrash(t, test.until, seed)
						for c.kills < test.kills/crashShards {
							c.chain(t, test.kills/crashShards)
						}
						all.add(c.toll)
					})
				}
			})
			all.report(t, test.until.IsZero())
		})
	}
}

// rounds is how much more than usual is to be tested.
func rounds(t *testing.T) int {
	t.Helper()
	text := os.Getenv("TEAMHEALTH_SOAK")
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	check(t, err)
	return max(1, n)
}

// crash is one seed's share of the kills.
type crash struct {
	account *crashAccount
	random  *rand.Rand
	base    string // A folder with what is read before the first kill.
	before  int    // Requests of a cycle before it goes on with the history.
	whole   map[time.Time]map[string][]string
	chains  int
	kills   int
	toll    map[string]int
}

func newCrash(t *testing.T, until time.Time, seed uint64) *crash {
	t.Helper()
	c := &crash{
		account: newCrashAccount(t, evaluated.AddDate(0, 0, -24)), random: rand.New(rand.NewPCG(seed, 0)),
		whole: map[time.Time]map[string][]string{}, toll: map[string]int{},
	}
	if !until.IsZero() {
		c.base = c.account.place(t)
		c.account.turn(until)
		c.account.sync(t, c.base, until, trap{})
		c.account.turn(evaluated)
	}
	read := c.account.sync(t, c.folder(t), evaluated, trap{}).asked
	c.before = slices.IndexFunc(read, func(asked call) bool { return kindOf(asked.page) != cycleRead })
	return c
}

// folder returns a new folder from which the history can be read.
func (c *crash) folder(t *testing.T) string {
	t.Helper()
	dir := c.account.place(t)
	if c.base != "" {
		content, err := os.ReadFile(filepath.Join(c.base, "teamhealth.db"))
		check(t, err)
		check(t, os.WriteFile(filepath.Join(dir, "teamhealth.db"), content, 0o600))
	}
	return dir
}

// patience is how many kills a history takes before something is wrong.
const patience = 60

// chain kills one process after the other until one ends by itself, which the
// first one after enough kills does for certain.
func (c *crash) chain(t *testing.T, enough int) {
	t.Helper()
	dir, answered := c.folder(t), map[string]bool{}
	moves := c.chains%2 == 1 // Time goes by between every other chain's processes.
	c.chains++
	var last outcome
	for n := 0; ; n++ {
		if n > patience {
			t.Fatalf("%d kills, and no end of the history; the last process asked for %v", n, last.asked)
		}
		at := evaluated
		if moves {
			at = at.Add(time.Duration(min(n, 5)) * 5 * time.Second)
		}
		next := trap{}
		if c.kills < enough {
			next = c.next()
		}
		o := c.account.sync(t, dir, at, next)
		again := repeated(answered, o.asked)
		if len(again) > 1 {
			t.Errorf("chain %d: process %d asked again for more than one page: %v", c.chains, n, again)
		}
		if n > 0 {
			c.count(last, again)
		}
		if !o.killed {
			c.compare(t, filepath.Join(dir, "teamhealth.db"), at)
			return
		}
		c.kills++
		last = o
	}
}

// next is a trap a few pages into the history, and at times before it: among
// the first requests, or while the store is opened.
func (c *crash) next() trap {
	t := trap{at: c.before + 1 + c.random.IntN(10), before: c.random.IntN(4) == 0}
	switch c.random.IntN(16) {
	case 0:
		t.at = 1 + c.random.IntN(c.before)
	case 1:
		return trap{opening: true, linger: time.Duration(c.random.IntN(100_000)) * time.Microsecond}
	}
	if c.random.IntN(4) > 0 { // Else it strikes at once, when nothing can have been kept yet.
		t.linger = time.Duration(c.random.IntN(20_000)) * time.Microsecond
	}
	return t
}

// repeated notes what was answered, and returns what of it had been before.
func repeated(answered map[string]bool, asked []call) []string {
	var again []string
	for _, a := range asked {
		unit := unitOf(a.page)
		if kindOf(a.page) != cycleRead && answered[unit] && !slices.Contains(again, unit) {
			again = append(again, unit)
		}
	}
	for _, a := range asked {
		answered[unitOf(a.page)] = answered[unitOf(a.page)] || a.answered
	}
	return again
}

const (
	beforeAnswer = "before the answer"
	beforeCommit = "between answer and commit"
)

// count notes where a kill struck: what was being read, and what became of
// the page that was asked for last.
func (c *crash) count(killed outcome, again []string) {
	if len(killed.asked) == 0 {
		c.toll["opening the store"]++
		return
	}
	last := killed.asked[len(killed.asked)-1]
	c.toll["reading "+kindOf(last.page)]++
	switch {
	case kindOf(last.page) == cycleRead:
	case !last.answered:
		c.toll[beforeAnswer]++
	case slices.Contains(again, unitOf(last.page)):
		c.toll[beforeCommit]++
	default:
		c.toll["after the commit"]++
	}
}

// compare asserts that a store is what an undisturbed process makes.
func (c *crash) compare(t *testing.T, path string, at time.Time) {
	t.Helper()
	if c.whole[at] == nil {
		dir := c.folder(t)
		c.account.sync(t, dir, at, trap{})
		c.whole[at] = dump(t, filepath.Join(dir, "teamhealth.db"))
	}
	if diff := cmp.Diff(c.whole[at], dump(t, path)); diff != "" {
		t.Errorf("chain %d: the store differs (-undisturbed +killed):\n%s", c.chains, diff)
	}
}

// toll sums up where the kills of all seeds struck.
type toll struct {
	mu sync.Mutex
	by map[string]int // Guarded by mu.
}

func (a *toll) add(part map[string]int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for where, n := range part {
		a.by[where] += n
	}
}

// report fails unless kills struck where most of the work is; in a backfill,
// which has enough of them, unless they struck everywhere.
func (a *toll) report(t *testing.T, backfill bool) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	t.Logf("kills: %v", a.by)
	want := []string{beforeCommit, "reading " + logEntries}
	if backfill {
		want = append(want, beforeAnswer, "reading "+cycleRead, "reading "+incidents)
	}
	for _, where := range want {
		if a.by[where] == 0 {
			t.Errorf("no kill struck %s", where)
		}
	}
}
