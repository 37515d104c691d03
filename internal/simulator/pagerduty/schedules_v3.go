package pagerduty

import (
	"time"

	"teamhealth/internal/simulator/history"
)

// The limits of paging through shift-based schedules.
const (
	shiftBasedLimit    = 100
	maxShiftBasedLimit = 1000
)

type wireShiftBased struct {
	wireSchedule
	Rotations []wireRotation `json:"rotations"`
	Final     *computed      `json:"final_schedule,omitempty"`
}

type wireRotation struct {
	ID     string      `json:"id"`
	Type   string      `json:"type"`
	Events []wireEvent `json:"events"`
}

type wireEvent struct {
	ID             string     `json:"id"`
	Type           string     `json:"type"`
	Name           string     `json:"name"`
	StartTime      wallClock  `json:"start_time"`
	EndTime        wallClock  `json:"end_time"`
	EffectiveSince string     `json:"effective_since"`
	EffectiveUntil *string    `json:"effective_until"`
	Recurrence     []string   `json:"recurrence"`
	Assignment     turnTaking `json:"assignment_strategy"`
}

type wallClock struct {
	DateTime string `json:"date_time"`
	TimeZone string `json:"time_zone"`
}

type turnTaking struct {
	Type            string         `json:"type"`
	ShiftsPerMember int            `json:"shifts_per_member"`
	Members         []assignedUser `json:"members"`
}

// assignedUser is who has a shift, or that nobody has.
type assignedUser struct {
	Type   string `json:"type"`
	UserID string `json:"user_id,omitempty"`
}

// computed is who is on call when. Times with nobody are told too.
type computed struct {
	Type        string           `json:"type"`
	Coverage    *float64         `json:"rendered_coverage_percentage"`
	Assignments []wireAssignment `json:"computed_shift_assignments"`
}

type wireAssignment struct {
	Type      string       `json:"type"`
	StartTime string       `json:"start_time"`
	EndTime   string       `json:"end_time"`
	Member    assignedUser `json:"member"`
	Source    wireSource   `json:"source"`
}

type wireSource struct {
	Type       string `json:"type"`
	RotationID string `json:"rotation_id"`
}

// listShiftBased answers GET /v3/schedules: references to shift-based
// schedules, and no total.
func (s *Server) listShiftBased(r *request) (body, error) {
	p, err := r.query.pageOf(shiftBasedLimit, maxShiftBasedLimit)
	if err != nil {
		return nil, err
	}
	all := func(yield func(*reference) bool) {
		for _, one := range s.account.schedules {
			if one.shiftBased && !yield(one.ref) {
				return
			}
		}
	}
	return listing[*reference]{name: "schedules", rows: take(p, all), untold: true}, nil
}

// getShiftBased answers GET /v3/schedules/{id}, for layer-based schedules with
// a complaint. Who is on call is told to who includes it, and says when.
func (s *Server) getShiftBased(r *request) (body, error) {
	one, ok := s.account.schedule(r.id)
	switch {
	case !ok:
		return nil, notFound()
	case !one.shiftBased:
		return nil, invalid("the schedule is layer-based")
	}
	within, err := r.scheduleSpan()
	if err != nil {
		return nil, err
	}
	wire := wireShiftBased{wireSchedule: s.scheduleHead(r, one), Rotations: []wireRotation{s.rotation(r, one)}}
	if r.query.includes("final_schedule") {
		shifts := r.view.Account.Shifts(one.team, one.level, within.from, within.to)
		wire.Final = s.compute(r, one, shifts, within)
	}
	return object{name: "schedule", value: wire}, nil
}

func (one schedule) rotationID() string { return "ROTATION" + one.ref.ID }

// rotation is how the turns are made up.
func (s *Server) rotation(r *request, one schedule) wireRotation {
	zone := r.view.Account.Clock(one.team)
	first := r.view.Account.Handover(one.team, r.view.Since)
	clock := func(t time.Time) wallClock {
		return wallClock{DateTime: t.In(zone).Format(time.RFC3339), TimeZone: zone.String()}
	}
	start := time.Unix(first, 0).In(zone)
	event := wireEvent{
		ID: "EVENT" + one.ref.ID, Type: "schedule_event", Name: "Weekly",
		StartTime: clock(start), EndTime: clock(start.AddDate(0, 0, 7)),
		EffectiveSince: r.stamp(first), Recurrence: []string{"RRULE:FREQ=WEEKLY"},
		Assignment: turnTaking{Type: "rotating_member_assignment_strategy", ShiftsPerMember: 1},
	}
	if one.inBusinessHours(r.view.Account) {
		event.EndTime, event.Recurrence = clock(start.Add(8*time.Hour)), []string{"RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"}
	}
	for _, who := range r.view.Account.Turn(one.team, r.now) {
		event.Assignment.Members = append(event.Assignment.Members, s.assigned(who))
	}
	return wireRotation{ID: one.rotationID(), Type: "schedule_rotation", Events: []wireEvent{event}}
}

func (s *Server) assigned(who history.Actor) assignedUser {
	return assignedUser{Type: "user_member", UserID: s.account.memberRefs[who].ID}
}

// compute clips shifts to the span, and fills the times between them with
// nobody.
func (s *Server) compute(r *request, one schedule, shifts []history.Shift, within span) *computed {
	final := &computed{Type: "final_schedule", Assignments: []wireAssignment{}}
	add := func(from, to int64, member assignedUser, source string) {
		if from < to {
			final.Assignments = append(final.Assignments, wireAssignment{
				Type: "computed_shift_assignment", StartTime: r.stamp(from), EndTime: r.stamp(to), Member: member,
				Source: wireSource{Type: source, RotationID: one.rotationID()},
			})
		}
	}
	nobody := assignedUser{Type: "empty_member"}
	covered, told := int64(0), within.from
	for _, shift := range shifts {
		start, end := max(shift.Start, within.from), min(shift.End, within.to)
		source := "schedule_rotation"
		if shift.Swapped {
			source = "schedule_rotation_override"
		}
		add(told, start, nobody, "schedule_rotation")
		add(start, end, s.assigned(shift.Who), source)
		covered, told = covered+end-start, end
	}
	add(told, within.to, nobody, "schedule_rotation")
	final.Coverage = within.percentage(covered)
	return final
}
