package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/facts"
	"teamhealth/internal/simulator/jira"
)

// crashKills is how many processes the test kills in a backfill of PagerDuty's, and
// in others fewer; it is done so many times as TEAMHEALTH_SOAK says.
const crashKills = 100

// crashPlan is what the killed processes do.
type crashPlan struct {
	kills  int
	source facts.Source // In whose requests most traps are.
	shards int          // Seeds that share the kills.
	stride int          // How many requests of the history a process may make at most.
	atEnd  bool         // Every other chain begins with a kill at the source's last request.
	// begin reads what is there before the first kill into a folder; nil: nothing.
	begin func(*testing.T, *crashAccount) string
	where []string // Where kills must strike.
}

func crashPlans() map[string]crashPlan {
	return map[string]crashPlan{
		"of a backfill of PagerDuty's": {
			kills: crashKills, source: facts.PagerDuty, shards: 4, stride: 10,
			where: []string{beforeAnswer, beforeCommit, "reading " + cycleRead, "reading " + incidents, "reading " + logEntries},
		},
		"of a catch-up with PagerDuty": {
			kills: crashKills / 5, source: facts.PagerDuty, shards: 4, stride: 10, begin: halfWay,
			where: []string{beforeCommit, "reading " + logEntries},
		},
		"of a backfill of Jira's": {
			kills: crashKills * 2 / 5, source: facts.Jira, shards: 4, stride: 10, begin: pagerDutyAlone,
			where: []string{beforeAnswer, beforeCommit, "reading " + cycleRead, "reading " + issues},
		},
		"of a catch-up with Jira": {
			kills: crashKills / 5, source: facts.Jira, shards: 4, stride: 10, begin: halfWay,
			where: []string{beforeCommit, "reading " + issues},
		},
		"of a backfill of Prometheus'": {
			kills: crashKills / 5, source: facts.Prometheus, shards: 2, stride: 24, begin: pagerDutyAlone,
			where: []string{beforeAnswer, beforeCommit, "reading " + events},
		},
		"of a catch-up with Prometheus and the records": {
			kills: crashKills / 5, source: facts.Prometheus, shards: 2, stride: 8, atEnd: true, begin: halfWay,
			where: []string{beforeCommit, "reading " + events, beforeRecords},
		},
	}
}

// halfWay reads all but the last two weeks.
func halfWay(t *testing.T, a *crashAccount) string {
	t.Helper()
	until, dir := evaluated.AddDate(0, 0, -14), a.place(t)
	a.turn(until)
	a.sync(t, dir, until, trap{})
	a.turn(evaluated)
	return dir
}

// pagerDutyAlone reads nothing else.
func pagerDutyAlone(t *testing.T, a *crashAccount) string {
	t.Helper()
	dir := a.place(t)
	check(t, os.WriteFile(filepath.Join(dir, "teamhealth.yml"), []byte(a.alone), 0o600))
	a.sync(t, dir, evaluated, trap{})
	return dir
}

// TestKillsLoseNothing kills "teamhealth sync" again and again while it reads
// a history, lets the next process go on, and asserts that in the end the
// store is what one that nobody disturbed makes of the same history.
func TestKillsLoseNothing(t *testing.T) {
	t.Parallel()
	for name, plan := range crashPlans() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := &toll{by: map[string]int{}}
			t.Run("shards", func(t *testing.T) {
				for seed := range uint64(plan.shards * rounds(t)) {
					t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
						t.Parallel()
						c := newCrash(t, plan, seed)
						for share := plan.kills / plan.shards; c.kills < share || c.missesEnd(); {
							c.chain(t, max(share, c.kills+1))
						}
						all.add(c.toll)
					})
				}
			})
			all.report(t, plan.where)
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
	source  facts.Source
	stride  int
	atEnd   bool
	random  *rand.Rand
	base    string                            // A folder with what is read before the first kill.
	before  int                               // Requests to the source before a cycle goes on with its history.
	all     int                               // Requests to the source of an undisturbed process.
	kinds   []string                          // Of requests, at each of which a kill must strike.
	whole   map[time.Time]map[string][]string // What an undisturbed process makes, by its clock.
	chains  int
	kills   int
	toll    map[string]int
}

func newCrash(t *testing.T, plan crashPlan, seed uint64) *crash {
	t.Helper()
	c := &crash{
		source: plan.source, stride: plan.stride, atEnd: plan.atEnd, random: rand.New(rand.NewPCG(seed, 0)), whole: map[time.Time]map[string][]string{}, toll: map[string]int{},
	}
	since := evaluated.AddDate(0, 0, -24)
	switch plan.source {
	case facts.Jira:
		c.account = newCrashSite(t, since, []jira.Mode{jira.Cloud, jira.DataCenter}[seed%2])
	case facts.Prometheus:
		c.account = newCrashEvents(t, since)
	default:
		c.account = newCrashAccount(t, since)
	}
	if plan.begin != nil {
		c.base = plan.begin(t, c.account)
	}
	for _, where := range plan.where {
		if kind, isKind := strings.CutPrefix(where, "reading "); isKind {
			c.kinds = append(c.kinds, kind)
		}
	}
	dir := c.folder(t)
	undisturbed := c.account.sync(t, dir, evaluated, trap{})
	c.whole[evaluated] = dump(t, filepath.Join(dir, "teamhealth.db"))
	isHistory := false
	for _, asked := range undisturbed.asked {
		if asked.source != c.source {
			continue
		}
		c.all++
		if isHistory = isHistory || asked.kind() != cycleRead; !isHistory {
			c.before++
		}
	}
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

// missesEnd reports whether a kill is still to strike between the source and the
// records, and may yet: on a busy machine some come too early.
func (c *crash) missesEnd() bool { return c.atEnd && c.toll[beforeRecords] == 0 && c.chains < patience }

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
		switch {
		case c.kills >= enough:
		case n == 0 && !moves && c.atEnd && c.kills > len(c.kinds):
			next = trap{source: c.source, at: c.all, linger: 3 * c.moment()}
		default:
			next = c.next()
		}
		o := c.account.sync(t, dir, at, next)
		again := repeated(answered, o.asked)
		if len(again.pages) > 1 {
			t.Errorf("chain %d: process %d asked again for more than one page: %v", c.chains, n, again.pages)
		}
		if n > 0 {
			c.count(last, again)
		}
		if !o.killed {
			c.compare(t, filepath.Join(dir, "teamhealth.db"), at)
			return
		}
		c.kills++
		if last = o; c.account.records != nil && recordsWait(t, dir, at) {
			c.toll[beforeRecords]++
		}
	}
}

// next is a trap a few pages into the history, and at times before it: among
// the first requests, or while the store is opened. The first kills strike where some
// must, however fast the machine is.
func (c *crash) next() trap {
	if c.kills <= len(c.kinds) {
		isLast := c.kills == len(c.kinds)
		return trap{source: c.source, of: c.kinds[min(c.kills, len(c.kinds)-1)], at: 1, before: isLast}
	}
	t := trap{source: c.source, at: c.before + 1 + c.random.IntN(c.stride), before: c.random.IntN(4) == 0}
	switch c.random.IntN(16) {
	case 0:
		t.at = 1 + c.random.IntN(c.before)
	case 1:
		return trap{opening: true, linger: time.Duration(c.random.IntN(100_000)) * time.Microsecond}
	}
	if c.random.IntN(4) > 0 { // Else it strikes at once, when nothing can have been kept yet.
		t.linger = c.moment()
	}
	return t
}

// moment is about how long a process takes to keep a page.
func (c *crash) moment() time.Duration {
	return time.Duration(c.random.IntN(20_000)) * time.Microsecond
}

const (
	beforeAnswer = "before the answer"
	beforeCommit = "between answer and commit"
	// The records are what a process reads last.
	beforeRecords = "between Prometheus and the records"
)

// recordsWait reports whether a killed process came to the end of Prometheus and
// not to that of the records.
func recordsWait(t *testing.T, dir string, at time.Time) bool {
	t.Helper()
	path := filepath.Join(dir, "teamhealth.db")
	if _, err := os.Stat(path); err != nil {
		return false
	}
	read := ask(t, path, fmt.Sprintf("SELECT name FROM source WHERE last_success = %d", at.UnixMicro()))
	return slices.Contains(read, "name="+string(facts.Prometheus)) && !slices.Contains(read, "name="+string(facts.Records))
}

// count notes where a kill struck: what was being read, and what became of
// the page that was asked for last.
func (c *crash) count(killed outcome, again repetition) {
	if len(killed.asked) == 0 {
		c.toll["opening the store"]++
		return
	}
	last := killed.asked[len(killed.asked)-1]
	c.toll["reading "+last.kind()]++
	switch units := last.units(); {
	case last.kind() == cycleRead, last.kind() == issueDetail:
	case !last.answered:
		c.toll[beforeAnswer]++
	case len(units) > 0 && again.units[units[0]]:
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
	if got := dump(t, path); !maps.EqualFunc(c.whole[at], got, slices.Equal) { // To look for differences takes long.
		t.Errorf("chain %d: the store differs (-undisturbed +killed):\n%s", c.chains, cmp.Diff(c.whole[at], got))
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

// report fails unless kills struck wherever they must.
func (a *toll) report(t *testing.T, where []string) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	t.Logf("kills: %v", a.by)
	for _, here := range where {
		if a.by[here] == 0 {
			t.Errorf("no kill struck %s", here)
		}
	}
}
