// Package faults makes a simulated upstream misbehave: it refuses, fails, lies
// and breaks off in the ways that real APIs, and the proxies before them, have
// been seen to.
//
// What strikes whom is decided by the seed, the request's address and how often
// that address was asked for before, so that a run can be repeated and does not
// depend on timing. The package knows no API: which addresses and which fields
// of JSON a fault is about, its users say. It waits for nobody and reads no
// clock but the one that it is given, it alters answers on their way out only,
// and without faults it passes everything on untouched.
package faults

import (
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"net/http"
	"path"
	"sync"
	"time"
)

// Kind is a way to misbehave.
type Kind string

// Of these, at most one strikes a request: the first of the list of faults.
const (
	TooMany         Kind = "429"                 // With headers that say when to come back.
	TooManyBare     Kind = "429 without headers" // And without a body.
	ServerError     Kind = "500"
	BadGateway      Kind = "502"
	Unavailable     Kind = "503"
	PaymentRequired Kind = "402" // The plan lacks an ability.
	Forbidden       Kind = "403" // The token may not read this.
	HTML            Kind = "HTML with status 200"
	Empty           Kind = "an empty object with status 200"
	Truncated       Kind = "truncated JSON" // In an answer that HTTP finds complete.
	Slow            Kind = "a slow body"    // Its second half never comes.
	Reset           Kind = "a connection reset before the answer"
	ResetMidway     Kind = "a connection reset in the middle of the body"
)

// These are added to whatever else happens, also to one another.
const (
	// Drift lets something arrive before the answer: it calls Options.Arrive.
	Drift Kind = "page drift"
	// EndlessMore says of a page that more follow.
	EndlessMore Kind = "a more that never ends"
	// Null, Missing and Odd strike about half of the Fields in an answer: their
	// value becomes null, is taken away, or becomes one of another type.
	Null    Kind = "null fields"
	Missing Kind = "missing fields"
	Odd     Kind = "fields of another type"
)

// Fault is one way to misbehave, and how often, where and for how long.
type Fault struct {
	Kind Kind
	// Rate is the share of requests that it strikes, 0 to 1.
	Rate float64
	// Paths are patterns, as path.Match has them, of the paths that it is
	// about. None: all.
	Paths []string
	// Fields are those that Null, Missing and Odd are about, as names that
	// lead to them, through lists as well: "incidents.service.summary". A star
	// at the end is any one field of each object, but for those to Spare.
	Fields []string
	Spare  []string
	// Requests is after how many requests it is over, whether they were struck or not.
	// Zero: never.
	Requests int
	// Until is the instant from which on it is over. Zero: never.
	Until time.Time
}

// Options say what goes wrong.
type Options struct {
	Seed   uint64
	Faults []Fault
	// Now is the clock that Fault.Until is about. Required if one has it.
	Now func() time.Time
	// Arrive makes something happen upstream. Required if there is a Drift. It
	// is called while no other request is being decided on.
	Arrive func()
	// Patience bounds how long a Slow answer waits for the client to give up.
	// Default: one minute.
	Patience time.Duration
	// Limit are the headers of TooMany. Default: ratelimit-limit, -remaining
	// and -reset, as PagerDuty has them.
	Limit http.Header
}

// Injector is middleware that misbehaves. It is made by New, and safe for use
// by several goroutines; handlers that it is put before share its faults.
type Injector struct {
	opts Options

	mu      sync.Mutex     // Guards what follows, and serialises Arrive.
	asked   map[string]int // How often each address was asked for.
	seen    int
	struck  map[Kind]int
	stopped bool
}

// New returns an Injector. It reports everything that is wrong with the options.
func New(o Options) (*Injector, error) {
	var problems []error
	for i, f := range o.Faults {
		if err := f.check(&o); err != nil {
			problems = append(problems, fmt.Errorf("fault %d (%s): %w", i, f.Kind, err))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	if o.Patience <= 0 {
		o.Patience = time.Minute
	}
	if o.Limit == nil {
		o.Limit = http.Header{"Ratelimit-Limit": {"960"}, "Ratelimit-Remaining": {"0"}, "Ratelimit-Reset": {"17"}}
	}
	return &Injector{opts: o, asked: map[string]int{}, struck: map[Kind]int{}}, nil
}

func (f *Fault) check(o *Options) error {
	altering := f.Kind == Null || f.Kind == Missing || f.Kind == Odd
	var problems []error
	if _, known := answers[f.Kind]; !known && !altering && f.Kind != Drift && f.Kind != EndlessMore {
		problems = append(problems, errors.New("there is no such kind"))
	}
	if f.Rate < 0 || f.Rate > 1 {
		problems = append(problems, fmt.Errorf("the rate %v is no share", f.Rate))
	}
	for _, pattern := range f.Paths {
		if _, err := path.Match(pattern, "/"); err != nil {
			problems = append(problems, fmt.Errorf("path %q: %w", pattern, err))
		}
	}
	if altering != (len(f.Fields) > 0) {
		problems = append(problems, errors.New("fields belong to null, missing and odd ones, which need some"))
	}
	if len(f.Spare) > 0 && !altering {
		problems = append(problems, errors.New("to spare belongs to null, missing and odd fields"))
	}
	if !f.Until.IsZero() && o.Now == nil {
		problems = append(problems, errors.New("it ends at an instant, and there is no Now"))
	}
	if f.Kind == Drift && o.Arrive == nil {
		problems = append(problems, errors.New("there is no Arrive"))
	}
	return errors.Join(problems...)
}

// Stop ends all faults.
func (x *Injector) Stop() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.stopped = true
}

// Struck returns how many requests each kind has struck.
func (x *Injector) Struck() map[Kind]int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return maps.Clone(x.struck)
}

// Middleware puts the faults before a handler. Resets need a server with
// connections of its own: where there are none, the answer is empty.
func (x *Injector) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fate := x.decide(r)
		switch {
		case fate.answer != nil:
			fate.answer(x, w, r, next, fate.random)
		case len(fate.changes) > 0:
			alter(w, r, next, fate.changes, fate.random)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// fate is what becomes of one request.
type fate struct {
	answer  answer  // Nil where the upstream may answer.
	changes []Fault // Of the upstream's answer.
	random  *rand.Rand
}

func (x *Injector) decide(r *http.Request) fate {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.seen++
	address := r.Method + " " + r.URL.RequestURI()
	x.asked[address]++
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(address)) // A hash takes everything.
	f := fate{random: rand.New(rand.NewPCG(x.opts.Seed^hash.Sum64(), uint64(x.asked[address])))}
	for i := range x.opts.Faults {
		fault := &x.opts.Faults[i]
		strikes := f.random.Float64() < fault.Rate // Drawn in any case: the others' luck must not depend on it.
		if !strikes || x.over(fault) || !fault.concerns(r.URL.Path) {
			continue
		}
		answer, answers := answers[fault.Kind]
		switch {
		case answers && f.answer != nil:
			continue
		case answers:
			f.answer = answer
		case fault.Kind == Drift:
			x.opts.Arrive()
		default:
			f.changes = append(f.changes, *fault)
		}
		x.struck[fault.Kind]++
	}
	return f
}

func (x *Injector) over(f *Fault) bool {
	return x.stopped || (f.Requests > 0 && x.seen > f.Requests) || (!f.Until.IsZero() && !x.opts.Now().Before(f.Until))
}

func (f *Fault) concerns(address string) bool {
	for _, pattern := range f.Paths {
		if matches, _ := path.Match(pattern, address); matches { // New has checked the pattern.
			return true
		}
	}
	return len(f.Paths) == 0
}

// Mix picks some faults of a menu, at least one of a menu that has any: each
// with a rate up to its own there, all of them over after some number of
// requests up to the given one.
func Mix(seed uint64, menu []Fault, requests int) []Fault {
	random := rand.New(rand.NewPCG(seed, 0))
	certain := random.IntN(max(1, len(menu)))
	var mix []Fault
	for i, f := range menu {
		chosen, rate, last := random.IntN(3) == 0, random.Float64(), 1+random.IntN(max(1, requests))
		if chosen || i == certain {
			f.Rate, f.Requests = f.Rate*rate, last
			mix = append(mix, f)
		}
	}
	return mix
}
