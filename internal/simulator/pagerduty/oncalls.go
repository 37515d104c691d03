package pagerduty

import (
	"iter"
	"slices"

	"teamhealth/internal/simulator/history"
)

// onCallDays is how far into the future on-calls are told.
const onCallDays = 90

// onCall is somebody being on call for a team at a level.
type onCall struct {
	team, level int
	who         history.Actor
	schedule    *reference     // Nil for who is named by the policy itself.
	shift       *history.Shift // Nil for who is on call at all times.
}

type wireOnCall struct {
	User             *reference `json:"user"`
	Schedule         *reference `json:"schedule"`
	EscalationPolicy *reference `json:"escalation_policy"`
	EscalationLevel  int        `json:"escalation_level"`
	Start            *string    `json:"start"`
	End              *string    `json:"end"`
}

// listOnCalls answers GET /oncalls, by policy, level and start. What begins
// before the history does is not known.
func (s *Server) listOnCalls(r *request) (body, error) {
	p, err := r.query.page()
	if err != nil {
		return nil, err
	}
	within, err := r.onCallSpan()
	if err != nil {
		return nil, err
	}
	earliest, err := r.query.yes("earliest")
	if err != nil {
		return nil, err
	}
	rows := s.onCalls(r, within)
	if earliest {
		rows = firstOfEach(rows)
	}
	return draw("oncalls", take(p, rows), s.onCallPainter(r)), nil
}

// onCallSpan reads since and until, each of which is now if it is missing. What
// overlaps the span is asked for; an instant is a span of one second.
func (r *request) onCallSpan() (span, error) {
	since, until, err := r.bounds()
	if err != nil {
		return span{}, err
	}
	within := span{from: r.now, to: r.now}
	if !since.IsZero() {
		within.from = since.Unix()
	}
	if !until.IsZero() {
		within.to = ceil(until)
	}
	if within.to < within.from {
		return span{}, invalid("until lies before since")
	}
	within.to = max(within.to, within.from+1)
	const day = 24 * 60 * 60
	return span{from: max(within.from, r.view.Since), to: min(within.to, r.now+onCallDays*day)}, nil
}

// onCalls walks through the rows that a request asks for.
func (s *Server) onCalls(r *request, within span) iter.Seq[onCall] {
	policies := r.query.choose("escalation_policy_ids", ids(s.account.policyRefs))
	users := r.query.choose("user_ids", ids(s.account.memberRefs))
	schedules := r.query.several("schedule_ids")
	return func(yield func(onCall) bool) {
		if within.from >= within.to {
			return
		}
		for team := range r.view.Account.Teams {
			if !policies.allows(team) {
				continue
			}
			for _, row := range s.onCallsOf(r, team, within) {
				inSchedule := len(schedules) == 0 || slices.Contains(schedules, scheduleID(row))
				if inSchedule && users.allows(int(row.who)) && !yield(row) {
					return
				}
			}
		}
	}
}

// scheduleID is what schedule_ids[] calls a row's schedule.
func scheduleID(row onCall) string {
	if row.schedule == nil {
		return "null"
	}
	return row.schedule.ID
}

// onCallsOf returns the rows of one team.
func (s *Server) onCallsOf(r *request, team int, within span) []onCall {
	var rows []onCall
	for level := 1; level <= 2; level++ {
		for _, shift := range r.view.Account.Shifts(team, level, within.from, within.to) {
			ref := s.account.schedules[2*team+level-1].ref
			rows = append(rows, onCall{team: team, level: level, who: shift.Who, schedule: ref, shift: &shift})
		}
	}
	return append(rows, onCall{team: team, level: 3, who: r.view.Account.Lead(team)})
}

// firstOfEach keeps the first row of each policy, level and user.
func firstOfEach(rows iter.Seq[onCall]) iter.Seq[onCall] {
	return func(yield func(onCall) bool) {
		seen := map[onCall]bool{}
		for row := range rows {
			key := onCall{team: row.team, level: row.level, who: row.who}
			if !seen[key] && !yield(row) {
				return
			}
			seen[key] = true
		}
	}
}

// onCallPainter returns what turns a row into what is sent.
func (s *Server) onCallPainter(r *request) func(onCall) wireOnCall {
	return func(row onCall) wireOnCall {
		wire := wireOnCall{
			User: s.account.memberRefs[row.who], Schedule: row.schedule,
			EscalationPolicy: s.account.policyRefs[row.team], EscalationLevel: row.level,
		}
		if row.shift != nil {
			start, end := r.stamp(row.shift.Start), r.stamp(row.shift.End)
			wire.Start, wire.End = &start, &end
		}
		return wire
	}
}
