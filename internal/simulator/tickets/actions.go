package tickets

import (
	"strconv"
	"strings"
	"time"
)

// LabelAction is on the tickets that post-mortems ask for.
const LabelAction = "postmortem-action"

// writeActions writes what a post-mortem asks for: nothing, mostly, or up to
// three things.
func (w *writer) writeActions(c *casting, at place, p *draft, owner string, finished int64) {
	for n := range p.weighted(80, 12, 6, 2) {
		d := roll(w.seed, "action", p.origin, strconv.Itoa(n))
		begun := p.ticket.Created + 1 + d.Int64N(finished-p.ticket.Created)
		what := one(d, []string{
			"Alert before the limit is reached", "Limit the connections of batch jobs", "Rehearse the failover",
			"Add the missing index", "Raise the timeout of health checks", "Write down how to rebuild a replica",
		})
		a := w.draft(d, brief{
			origin: p.origin + "-action-" + strconv.Itoa(n), kind: TypeTask, team: at.team, at: begun, creator: owner,
			summary: what + " (" + strings.TrimPrefix(p.ticket.Summary, "Post-mortem: ") + ")",
			text:    "Follows from the review. Done when the next drill shows that it works.",
			labels:  []string{LabelAction},
		})
		a.ticket.Summary = withoutAddress(a.ticket.Summary)
		if d.chance(0.7) {
			a.ticket.Due = time.Unix(begun+30*day, 0).UTC().Format(time.DateOnly)
		}
		a.carryOut(w.actionFate(c, at, d), one(d, w.inTeam(at.team, begun)))
		w.keep(a)
		if d.chance(0.15) {
			a.ticket.Type, a.parent = TypeSubtask, p
		} else {
			p.link(begun+minute, owner, linkRelates, a)
		}
	}
}

// actionFate draws what becomes of an action. Of the first four of a team's
// quarter, one goes each way.
func (w *writer) actionFate(c *casting, at place, d dice) fate {
	fates := []fate{onTime, late, unfinished, declined}
	n := c.actions[at]
	c.actions[at]++
	if n < len(fates) {
		order := roll(w.seed, "actions", strconv.Itoa(at.team), at.quarter.id()).Perm(len(fates))
		return fates[order[n]]
	}
	return fates[d.weighted(65, 13, 13, 9)]
}

// carryOut lets somebody do an action within 30 days, later, or never.
func (d *draft) carryOut(f fate, by string) {
	begun := d.ticket.Created
	switch f {
	case late:
		d.start(begun+int64(d.between(5, 25))*day, by)
		d.finish(d.office(begun+int64(d.between(34, 90))*day), by, resolvedDone)
	case unfinished:
		d.assign(begun+hour, by, by)
	case declined:
		d.finish(d.office(begun+int64(d.between(3, 28))*day), by, resolvedWontDo)
	default:
		d.start(begun+int64(d.between(1, 24))*hour, by)
		d.finish(d.office(begun+int64(d.between(2, 26))*day), by, resolvedDone)
	}
}

// withoutAddress leaves addresses out of a text of one line.
func withoutAddress(text string) string {
	words := strings.Fields(text)
	kept := words[:0]
	for _, word := range words {
		if !strings.Contains(word, "://") {
			kept = append(kept, word)
		}
	}
	return strings.TrimSpace(strings.Join(kept, " "))
}
