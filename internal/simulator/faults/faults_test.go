package faults_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"teamhealth/internal/pipes"
	"teamhealth/internal/simulator/faults"
)

// page is what the upstream answers, whatever it is asked.
const page = `{"items":[{"id":"A","note":"first","details":{"text":"x"}},{"id":"B","note":null}],"more":false,"total":2}`

func upstream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/missing" {
		w.WriteHeader(http.StatusNotFound)
	}
	_, _ = io.WriteString(w, page)
}

// serve puts faults before the upstream, behind real connections.
func serve(t *testing.T, o faults.Options) (*faults.Injector, string) {
	t.Helper()
	x, err := faults.New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(x.Middleware(http.HandlerFunc(upstream)))
	t.Cleanup(server.Close)
	return x, server.URL
}

// result is what a client sees of one request.
type result struct {
	code   int
	header http.Header
	body   string
	err    error
}

// get sends one request over a connection of its own, which nothing repeats.
func get(t *testing.T, address string) result {
	t.Helper()
	return getBy(t, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, address)
}

func getBy(t *testing.T, client *http.Client, address string) result {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return result{err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return result{code: resp.StatusCode, header: resp.Header, body: string(body), err: err}
}

func TestWhatAClientSees(t *testing.T) {
	t.Parallel()
	whole := func(code int) func(result) bool {
		return func(r result) bool { return r.err == nil && r.code == code && json.Valid([]byte(r.body)) }
	}
	limited := func(r result) bool { return r.header.Get("Ratelimit-Reset") != "" }
	begun := func(r result) bool { return strings.HasPrefix(page, r.body) && r.body != page }
	for kind, seen := range map[faults.Kind]func(result) bool{
		faults.TooMany:         func(r result) bool { return whole(429)(r) && limited(r) },
		faults.TooManyBare:     func(r result) bool { return r.err == nil && r.code == 429 && r.body == "" && !limited(r) },
		faults.ServerError:     whole(500),
		faults.BadGateway:      whole(502),
		faults.Unavailable:     whole(503),
		faults.PaymentRequired: whole(402),
		faults.Forbidden:       whole(403),
		faults.HTML:            func(r result) bool { return r.code == 200 && strings.HasPrefix(r.body, "<") },
		faults.Empty:           func(r result) bool { return r.code == 200 && r.body == "{}" },
		faults.Truncated:       func(r result) bool { return r.err == nil && r.code == 200 && r.body != "" && begun(r) },
		faults.Reset:           func(r result) bool { return r.err != nil && r.code == 0 },
		faults.ResetMidway:     func(r result) bool { return r.err != nil && begun(r) },
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			x, url := serve(t, faults.Options{Faults: []faults.Fault{{Kind: kind, Rate: 1}}})
			for range 3 {
				if got := get(t, url); !seen(got) {
					t.Errorf("the client sees %+v", got)
				}
			}
			if diff := cmp.Diff(map[faults.Kind]int{kind: 3}, x.Struck()); diff != "" {
				t.Errorf("struck (-want +got):\n%s", diff)
			}
			x.Stop()
			if got := get(t, url); got.code != 200 || got.body != page {
				t.Errorf("once it is over the client sees %+v", got)
			}
		})
	}
}

func TestASlowAnswerWaitsForTheClientButNotForEver(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		patience time.Duration // Of the client.
		want     error
		after    time.Duration
	}{
		"the client gives up": {20 * time.Second, context.DeadlineExceeded, 20 * time.Second},
		"the answer does":     {time.Hour, io.ErrUnexpectedEOF, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				x, err := faults.New(faults.Options{Faults: []faults.Fault{{Kind: faults.Slow, Rate: 1}}})
				if err != nil {
					t.Fatal(err)
				}
				listener := pipes.Listen()
				server := &http.Server{Handler: x.Middleware(http.HandlerFunc(upstream))}
				go func() { _ = server.Serve(listener) }() // Until it is closed.
				defer server.Close()
				begun := time.Now()
				client := &http.Client{Transport: &http.Transport{DialContext: listener.Dial}, Timeout: test.patience}
				got := getBy(t, client, "http://"+listener.Addr().String())
				isBegun := got.body != "" && got.body != page && strings.HasPrefix(page, got.body)
				if after := time.Since(begun); !isBegun || !errors.Is(got.err, test.want) || after != test.after {
					t.Errorf("after %s the client sees %+v, want %v after %s", after, got, test.want, test.after)
				}
			})
		})
	}
}

func TestAnswersAreAlteredOnTheirWayOut(t *testing.T) {
	t.Parallel()
	fields := []string{"items.note", "items.details", "items.details.text", "nowhere.at.all", "total"}
	for kind, struck := range map[faults.Kind]func(before, after any, present bool) bool{
		faults.Null:    func(_, after any, present bool) bool { return present && after == nil },
		faults.Missing: func(_, _ any, present bool) bool { return !present },
		faults.Odd: func(before, after any, present bool) bool {
			return present && (fmt.Sprintf("%T", before) != fmt.Sprintf("%T", after) || !cmp.Equal(before, after))
		},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			_, url := serve(t, faults.Options{Faults: []faults.Fault{{Kind: kind, Rate: 1, Fields: fields}}})
			hit, spared := 0, 0
			for i := range 40 {
				got := get(t, fmt.Sprintf("%s/?n=%d", url, i))
				var answer struct {
					Items []map[string]any
					More  bool
				}
				if err := json.Unmarshal([]byte(got.body), &answer); err != nil || got.err != nil {
					t.Fatalf("%v: %+v", err, got)
				}
				if len(answer.Items) != 2 || answer.Items[0]["id"] != "A" || answer.Items[1]["id"] != "B" {
					t.Fatalf("what no fault is about has changed: %s", got.body)
				}
				after, present := answer.Items[0]["note"]
				switch {
				case present && after == "first":
					spared++
				case struck("first", after, present):
					hit++
				default:
					t.Errorf("the note is %v", after)
				}
			}
			if hit < 10 || spared < 10 {
				t.Errorf("%d notes were hit and %d spared, want about half of 40", hit, spared)
			}
		})
	}
}

func TestAStarIsAnyFieldButThoseToSpare(t *testing.T) {
	t.Parallel()
	_, url := serve(t, faults.Options{Faults: []faults.Fault{{
		Kind: faults.Missing, Rate: 1, Fields: []string{"items.*"}, Spare: []string{"items.note", "details"},
	}}})
	struck := map[string]int{}
	for i := range 40 {
		var answer struct{ Items []map[string]any }
		if err := json.Unmarshal([]byte(get(t, fmt.Sprintf("%s/?n=%d", url, i)).body), &answer); err != nil {
			t.Fatal(err)
		}
		left := slices.Sorted(maps.Keys(answer.Items[0]))
		struck[strings.Join(left, " ")]++
	}
	// One of two fields in half of the answers; the third is spared.
	whole, noID, noDetails := struck["details id note"], struck["details note"], struck["id note"]
	if whole < 10 || noID < 4 || noDetails < 4 || whole+noID+noDetails != 40 {
		t.Errorf("what is left of the first item: %v", struck)
	}
}

func TestAMapOfTextsGetsOtherValues(t *testing.T) {
	t.Parallel()
	_, url := serve(t, faults.Options{Faults: []faults.Fault{{Kind: faults.Odd, Rate: 1, Fields: []string{"items.details"}}}})
	for i := range 20 {
		var answer struct {
			Items []struct{ Details map[string]any }
		}
		if err := json.Unmarshal([]byte(get(t, fmt.Sprintf("%s/?n=%d", url, i)).body), &answer); err != nil {
			t.Fatal(err)
		}
		if details := answer.Items[0].Details; len(details) > 1 && details["text"] == "x" {
			return
		}
	}
	t.Error("no map of texts was struck")
}

func TestMoreFollowsForEver(t *testing.T) {
	t.Parallel()
	_, url := serve(t, faults.Options{Faults: []faults.Fault{{Kind: faults.EndlessMore, Rate: 1}}})
	if got := get(t, url).body; !strings.Contains(got, `"more":true`) {
		t.Errorf("the answer is %s", got)
	}
	if got := get(t, url+"/missing").body; got != page {
		t.Errorf("an answer that is no success is %s", got)
	}
}

func TestFaultsEndAndSpare(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		fault faults.Fault
		want  []int // Status codes of requests a minute apart.
	}{
		"after a number of requests":    {faults.Fault{Rate: 1, Requests: 2}, []int{403, 403, 200, 200}},
		"at an instant":                 {faults.Fault{Rate: 1, Until: start.Add(3 * time.Minute)}, []int{403, 403, 403, 200}},
		"never":                         {faults.Fault{Rate: 1}, []int{403, 403, 403, 403}},
		"where the path is another one": {faults.Fault{Rate: 1, Paths: []string{"/other", "/x/*"}}, []int{200, 200, 200, 200}},
		"not where the path fits":       {faults.Fault{Rate: 1, Paths: []string{"/other", "/a/*"}}, []int{403, 403, 403, 403}},
		"where the rate is zero":        {faults.Fault{}, []int{200, 200, 200, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := start
			test.fault.Kind = faults.Forbidden
			x, err := faults.New(faults.Options{Faults: []faults.Fault{test.fault}, Now: func() time.Time { return now }})
			if err != nil {
				t.Fatal(err)
			}
			handler := x.Middleware(http.HandlerFunc(upstream))
			var codes []int
			for range test.want {
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/a/b", http.NoBody))
				codes = append(codes, w.Code)
				now = now.Add(time.Minute)
			}
			if diff := cmp.Diff(test.want, codes); diff != "" {
				t.Errorf("codes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestASeedCanBeReplayed asks for the same things in two orders.
func TestASeedCanBeReplayed(t *testing.T) {
	t.Parallel()
	var addresses []string
	for i := range 200 {
		addresses = append(addresses, fmt.Sprintf("/a?n=%d", i))
	}
	run := func(seed uint64, order []string) map[string][]int {
		x, err := faults.New(faults.Options{Seed: seed, Faults: []faults.Fault{
			{Kind: faults.ServerError, Rate: 0.3}, {Kind: faults.HTML, Rate: 0}, {Kind: faults.Forbidden, Rate: 0.3},
		}})
		if err != nil {
			t.Fatal(err)
		}
		handler, codes := x.Middleware(http.HandlerFunc(upstream)), map[string][]int{}
		for _, address := range slices.Concat(order, order) {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody))
			codes[address] = append(codes[address], w.Code)
		}
		return codes
	}
	forth := run(7, addresses)
	slices.Reverse(addresses)
	if diff := cmp.Diff(forth, run(7, addresses)); diff != "" {
		t.Errorf("the order of requests matters (-forth +back):\n%s", diff)
	}
	if cmp.Equal(forth, run(8, addresses)) {
		t.Error("the seed does not matter")
	}
	struck, changed := map[int]int{}, 0
	for _, codes := range forth {
		struck[codes[0]]++
		if codes[0] != codes[1] {
			changed++
		}
	}
	// Of 200, 60 are to fail, and of the other 140 a share of 0.3, which is 42, is to be forbidden.
	if struck[500] < 40 || struck[500] > 80 || struck[403] < 25 || struck[403] > 60 {
		t.Errorf("struck %v", struck)
	}
	if changed == 0 {
		t.Error("whoever asks again is always answered alike")
	}
}

func TestDriftComesBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	var arrived atomic.Int64
	x, err := faults.New(faults.Options{
		Arrive: func() { arrived.Add(1) },
		Faults: []faults.Fault{{Kind: faults.Drift, Rate: 1}, {Kind: faults.ServerError, Rate: 1, Requests: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var seen []int64
	handler := x.Middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen = append(seen, arrived.Load()) }))
	for range 3 {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody))
	}
	if diff := cmp.Diff([]int64{2, 3}, seen); diff != "" { // The first one failed.
		t.Errorf("what had arrived (-want +got):\n%s", diff)
	}
}

func TestAMixIsAMenusAndEnds(t *testing.T) {
	t.Parallel()
	menu := []faults.Fault{{Kind: faults.TooMany, Rate: 0.5}, {Kind: faults.HTML, Rate: 0.1}, {Kind: faults.Reset, Rate: 1}}
	most := map[faults.Kind]float64{faults.TooMany: 0.5, faults.HTML: 0.1, faults.Reset: 1}
	met, sizes := map[faults.Kind]int{}, map[int]bool{}
	for seed := range uint64(100) {
		mix := faults.Mix(seed, menu, 50)
		sizes[len(mix)] = true
		for _, f := range mix {
			met[f.Kind]++
			if f.Rate < 0 || f.Rate > most[f.Kind] || f.Requests < 1 || f.Requests > 50 {
				t.Errorf("seed %d has %+v", seed, f)
			}
		}
		if diff := cmp.Diff(mix, faults.Mix(seed, menu, 50)); diff != "" {
			t.Errorf("seed %d gives two mixes (-first +second):\n%s", seed, diff)
		}
	}
	if sizes[0] || len(sizes) < 3 || len(met) != 3 {
		t.Errorf("of sizes %v, with %v", slices.Sorted(maps.Keys(sizes)), met)
	}
	if got := faults.Mix(1, nil, 50); got != nil {
		t.Errorf("a mix of nothing is %v", got)
	}
}

func TestOptionsThatMakeNoSenseAreNamed(t *testing.T) {
	t.Parallel()
	_, err := faults.New(faults.Options{Faults: []faults.Fault{
		{Kind: "gremlins", Rate: 2},
		{Kind: faults.Null},
		{Kind: faults.HTML, Fields: []string{"a"}},
		{Kind: faults.Reset, Paths: []string{"[", "/fine"}},
		{Kind: faults.Drift},
		{Kind: faults.Slow, Until: time.Unix(1, 0)},
		{Kind: faults.Slow, Rate: -1},
		{Kind: faults.Slow, Spare: []string{"a"}},
	}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"fault 0 (gremlins): there is no such kind", "the rate 2 is no share", "fault 1 (null fields): fields belong to",
		"fault 2 (HTML with status 200): fields belong to", `path "["`, "fault 4 (page drift): there is no Arrive",
		"fault 5 (a slow body): it ends at an instant, and there is no Now", "the rate -1 is no share",
		"fault 7 (a slow body): to spare belongs to",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not among the problems:\n%v", want, err)
		}
	}
}
