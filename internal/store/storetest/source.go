package storetest

import (
	"context"
	"testing"

	"teamhealth/internal/facts"
)

func sourceTests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"a cursor is its source's, and nil leaves it": cursors,
		"a completion comes with its batch":           completions,
		"a success clears the error":                  cycles,
		"sources are ordered by name":                 sourceOrder,
		"a source needs a name":                       namelessSource,
	}
}

func cursors(t *testing.T, s Store) {
	ctx := context.Background()
	want(t, "cursor of an empty store", got(s.Cursor(ctx, facts.PagerDuty))(t), nil)
	save(t, s, facts.Batch{Cursor: []byte{0, 'a', 0xff}})
	save(t, s, incidents(incident("Q1", 1)))
	want(t, "cursor", got(s.Cursor(ctx, facts.PagerDuty))(t), []byte{0, 'a', 0xff})
	want(t, "cursor of another source", got(s.Cursor(ctx, facts.Jira))(t), nil)
	save(t, s, facts.Batch{Cursor: []byte("b")})
	want(t, "later cursor", got(s.Cursor(ctx, facts.PagerDuty))(t), []byte("b"))
	save(t, s, facts.Batch{Cursor: []byte{}})
	want(t, "cursor that was taken back", got(s.Cursor(ctx, facts.PagerDuty))(t), nil)
}

func completions(t *testing.T, s Store) {
	save(t, s, facts.Batch{Cursor: []byte("a")})
	want(t, "state before a completion", states(t, s), []facts.SourceState{{Source: facts.PagerDuty}})
	save(t, s, facts.Batch{Complete: &facts.Completion{DataAsOf: at(5), DataSince: at(1)}})
	complete := facts.SourceState{Source: facts.PagerDuty, DataAsOf: at(5), FirstAsOf: at(5), DataSince: at(1)}
	want(t, "state", states(t, s), []facts.SourceState{complete})
	save(t, s, facts.Batch{Cursor: []byte("b")})
	want(t, "state in the next cycle", states(t, s), []facts.SourceState{complete})
	unread := []string{facts.KindShift, facts.KindPolicy}
	save(t, s, facts.Batch{Complete: &facts.Completion{DataAsOf: at(9), DataSince: at(0), Unread: unread}})
	complete.DataAsOf, complete.DataSince, complete.Unread = at(9), at(0), []string{facts.KindPolicy, facts.KindShift}
	want(t, "state after the next cycle", states(t, s), []facts.SourceState{complete})
	save(t, s, facts.Batch{Complete: &facts.Completion{DataAsOf: at(9), DataSince: at(0)}})
	complete.Unread = nil
	want(t, "state after a cycle that left nothing unread", states(t, s), []facts.SourceState{complete})
}

func cycles(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, facts.Batch{Complete: &facts.Completion{DataAsOf: at(1), DataSince: at(0)}, Cursor: []byte("a")})
	state := facts.SourceState{Source: facts.PagerDuty, DataAsOf: at(1), FirstAsOf: at(1), DataSince: at(0)}
	for _, step := range []struct {
		minutes int
		failure string
		change  func()
	}{
		{2, "", func() { state.LastSuccess = at(2) }},
		{3, "token refused", func() { state.LastError, state.LastErrorAt = "token refused", at(3) }},
		{4, "no route", func() { state.LastError, state.LastErrorAt = "no route", at(4) }},
		{5, "", func() { state.LastError, state.LastSuccess = "", at(5) }},
	} {
		if err := s.RecordCycle(ctx, facts.PagerDuty, at(step.minutes), step.failure); err != nil {
			t.Fatal(err)
		}
		step.change()
		want(t, "state", states(t, s), []facts.SourceState{state})
	}
	want(t, "cursor", got(s.Cursor(ctx, facts.PagerDuty))(t), []byte("a"))
}

func sourceOrder(t *testing.T, s Store) {
	for _, source := range []facts.Source{facts.Prometheus, facts.Jira, facts.PagerDuty} {
		if err := s.RecordCycle(context.Background(), source, at(1), "down"); err != nil {
			t.Fatal(err)
		}
	}
	var names []facts.Source
	for _, state := range states(t, s) {
		names = append(names, state.Source)
	}
	want(t, "names", names, []facts.Source{facts.Jira, facts.PagerDuty, facts.Prometheus})
}

func namelessSource(t *testing.T, s Store) {
	if err := s.Save(context.Background(), "", incidents(incident("Q1", 1))); err == nil {
		t.Fatal("facts of no source were taken")
	}
	wantNothing(t, s)
}

func states(t *testing.T, s Store) []facts.SourceState {
	t.Helper()
	return got(s.Sources(context.Background()))(t)
}
