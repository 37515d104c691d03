package scorecard_test

import (
	"testing"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

func digest(i facts.Incident) scorecard.Digest {
	return scorecard.NewDigester(newPolicy()).Digest(i)
}

func TestDigestTakesTheServiceOfTheTrigger(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	// The incident was moved to PMONGO1 before we first saw it; its trigger says where it happened.
	i := incident("Q1", created, onService("PMONGO1"))
	i.Timeline[0].Service = alarm
	if got := digest(i).Service; got != alarm {
		t.Errorf("service %q, want that of the trigger, %q", got, alarm)
	}
	entry(facts.EntryTrigger, time.Hour, alarm)(&i) // A second alert of the same incident.
	i.Timeline[1].Service = "PMONGO1"
	if got := digest(i).Service; got != alarm {
		t.Errorf("service %q, want that of the first trigger, %q", got, alarm)
	}
	i.Timeline = i.Timeline[:1]
	i.Timeline[0].Service = ""
	if got := digest(i).Service; got != "PMONGO1" {
		t.Errorf("service %q, want the one first seen, PMONGO1", got)
	}
}

func TestDigestDoesNotDependOnTheOrderOfTheTimeline(t *testing.T) {
	t.Parallel()
	i := incident("Q1", utc(t, "2026-08-03 10:00:00"), acknowledged(4*time.Minute, bo), acknowledged(time.Minute, ada), resolved(time.Hour, alarm))
	before := i.Timeline[1].ID
	if got, want := digest(i).AnsweredAt, i.CreatedAt.Add(time.Minute); !got.Equal(want) {
		t.Errorf("answered at %v, want %v", got, want)
	}
	if i.Timeline[1].ID != before {
		t.Error("digesting has reordered the caller's timeline")
	}
}

func TestDigestKnowsItsOwnMergeFromThoseOfOthers(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	// Ada merges another incident into this one at 1:00, and an hour later a rule merges this one into a third.
	i := incident("Q1", created, entry(facts.EntryMerge, time.Minute, ada), mergedAway(time.Hour, alarm))
	d := digest(i)
	if want := created.Add(time.Hour); !d.MergedAt.Equal(want) {
		t.Errorf("merged at %v, want %v", d.MergedAt, want)
	}
	if !d.AnsweredAt.IsZero() {
		t.Errorf("answered at %v; merging another incident into this one is no answer", d.AnsweredAt)
	}
}

func TestDigestFillsInWhatTheTimelineLacks(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	closing := func(who string, more ...happening) facts.Incident {
		i := incident("Q1", created, append(more, resolved(100*time.Second, who))...)
		i.Timeline = i.Timeline[:len(i.Timeline)-1] // The resolve entry has not been read yet.
		return i
	}
	t.Run("a person's resolve is an answer", func(t *testing.T) {
		t.Parallel()
		d := digest(closing(ada))
		if want := created.Add(100 * time.Second); !d.AnsweredAt.Equal(want) || !d.ResolvedAt.Equal(want) {
			t.Errorf("answered %v, resolved %v, want %v for both", d.AnsweredAt, d.ResolvedAt, want)
		}
	})
	t.Run("a service's resolve is none", func(t *testing.T) {
		t.Parallel()
		if d := digest(closing(alarm)); !d.AnsweredAt.IsZero() || d.ResolvedAt.IsZero() {
			t.Errorf("answered %v, resolved %v, want never and at 100 s", d.AnsweredAt, d.ResolvedAt)
		}
	})
	t.Run("a bot's resolve is none", func(t *testing.T) {
		t.Parallel()
		if d := digest(closing(robot)); !d.AnsweredAt.IsZero() {
			t.Errorf("answered %v, want never", d.AnsweredAt)
		}
	})
	t.Run("an earlier answer stays", func(t *testing.T) {
		t.Parallel()
		if d, want := digest(closing(bo, acknowledged(time.Minute, ada))), created.Add(time.Minute); !d.AnsweredAt.Equal(want) {
			t.Errorf("answered %v, want %v", d.AnsweredAt, want)
		}
	})
	t.Run("a merge without an entry happened at the resolve", func(t *testing.T) {
		t.Parallel()
		i := closing(alarm)
		i.MergedInto = "QTARGET"
		if d, want := digest(i), created.Add(100*time.Second); !d.MergedAt.Equal(want) {
			t.Errorf("merged at %v, want %v", d.MergedAt, want)
		}
	})
}

func TestIncidentWithoutLogEntriesIsJudgedWithACaveat(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	bare := incident("Q1", created)
	bare.Timeline = nil
	unknown := incident("Q2", created, acknowledged(time.Minute, ada))
	unknown.Urgency = ""
	r := newWorld(t, bare, unknown, incident("Q3", created, acknowledged(time.Minute, ada)), incident("Q4", created)).row(t, "mysql")
	// Q1 and Q4 are unanswered, Q2 and Q3 within: 2 of 4. Q1 and Q2 carry a caveat: coverage 1 - 2/4.
	if shown(r.Numerator) != "2" || shown(r.Denominator) != "4" {
		t.Errorf("counted %s of %s, want 2 of 4", shown(r.Numerator), shown(r.Denominator))
	}
	if r.Coverage == nil || *r.Coverage != 0.5 {
		t.Errorf("coverage %v, want 0.5", r.Coverage)
	}
	if len(r.Caveats) != 2 {
		t.Errorf("caveats %q, want one on log entries and one on urgency", r.Caveats)
	}
}

func TestUnmappedServicesAndPeopleAreShownAndInNoCard(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	w := newWorld(
		t,
		incident("Q1", created, acknowledged(time.Minute, ada), entry(facts.EntryAnnotate, time.Hour, "PUSER77")),
		incident("Q2", created, onService("PX99"), acknowledged(time.Minute, "PUSER88"), resolved(time.Hour, "PUSER77")),
		incident("Q3", created, onService("PX11"), acknowledged(time.Minute, robot), entry(facts.EntryNotify, time.Second, "PUSER99")),
		incident("Q4", utc(t, "2026-06-30 23:59:59"), onService("PX00"), acknowledged(time.Minute, "PUSER66")),
	)
	for _, subject := range []string{scorecard.OrgID, "mysql", "oncall"} {
		c := w.card(t, subject)
		// PX00 and PUSER66 belong to the quarter before; the bot is nobody, and PUSER99 was only told.
		if got := c.Unmapped; len(got.Services) != 2 || got.Services[0] != "PX11" || got.Services[1] != "PX99" || got.People != 2 {
			t.Errorf("%s: unmapped %+v, want services PX11 and PX99, and 2 people", subject, got)
		}
	}
	if r := w.row(t, scorecard.OrgID); r.Population.Total != 1 {
		t.Errorf("the organisation's row is about %d incidents, want Q1 alone", r.Population.Total)
	}
}

func TestUnmappedPersonWhoActsAfterTheHorizonIsNotCounted(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	w := newWorld(t, incident("Q1", created, acknowledged(time.Minute, "PUSER77"), entry(facts.EntryAnnotate, time.Hour, "PUSER88")))
	w = w.horizonAt(created.Add(time.Hour - time.Second))
	if got := w.card(t, scorecard.OrgID).Unmapped.People; got != 1 {
		t.Errorf("%d unmapped people, want PUSER77 alone: PUSER88 acts a second after the horizon", got)
	}
}

func TestDigestTakesTheResolveOfAMergeThatLeftNoEntryOfItsOwn(t *testing.T) {
	t.Parallel()
	created := utc(t, "2026-08-03 10:00:00")
	// Ada merges another incident into this one at 1:00; an hour later this one is merged away, which only its resolve shows.
	i := incident("Q1", created, entry(facts.EntryMerge, time.Minute, ada), resolved(time.Hour, alarm))
	i.MergedInto = "Q2"
	d := digest(i)
	if want := created.Add(time.Hour); !d.MergedAt.Equal(want) {
		t.Errorf("merged at %v, want %v", d.MergedAt, want)
	}
	if !d.AnsweredAt.IsZero() {
		t.Errorf("answered at %v; merging another incident into this one is no answer", d.AnsweredAt)
	}
}
