package pagerduty

import (
	"slices"
	"strconv"
	"strings"

	"teamhealth/internal/simulator/history"
)

// schedule is the rota behind one level of a team's policy.
type schedule struct {
	ref         *reference
	team, level int
	shiftBased  bool
}

// addSchedules gives each team two schedules.
func (a *account) addSchedules() {
	for i, team := range a.from.Teams {
		for n, name := range []string{" primary", " secondary"} {
			ref := a.reference("schedule", "S"+team.Policy+strconv.Itoa(n+1), team.Name+name, "schedules")
			one := schedule{ref: ref, team: i, level: n + 1, shiftBased: team.Rotation.ShiftBased}
			if one.shiftBased {
				ref.Type, ref.Self = "schedule_v3_reference", apiURL+"/v3/schedules/"+ref.ID
			}
			a.schedules = append(a.schedules, one)
		}
	}
}

type wireSchedule struct {
	reference
	Name               string       `json:"name"`
	TimeZone           string       `json:"time_zone"`
	Description        *string      `json:"description"`
	EscalationPolicies []*reference `json:"escalation_policies"`
	Teams              []*reference `json:"teams"`
	Users              []*reference `json:"users,omitempty"` // Of layer-based ones.
}

type wireWholeSchedule struct {
	wireSchedule
	Layers    []wireLayer `json:"schedule_layers"`
	Overrides rendering   `json:"overrides_subschedule"`
	Final     rendering   `json:"final_schedule"`
}

type wireLayer struct {
	rendering
	ID           string            `json:"id"`
	Start        string            `json:"start"`
	End          *string           `json:"end"`
	VirtualStart string            `json:"rotation_virtual_start"`
	Turn         int               `json:"rotation_turn_length_seconds"`
	Users        []wireLayerUser   `json:"users"`
	Restrictions []wireRestriction `json:"restrictions"`
}

type wireLayerUser struct {
	User *reference `json:"user"`
}

type wireRestriction struct {
	Type     string `json:"type"`
	Weekday  int    `json:"start_day_of_week"`
	Start    string `json:"start_time_of_day"`
	Duration int    `json:"duration_seconds"`
}

// rendering is who is on call when, as far as it was asked for.
type rendering struct {
	Name    string     `json:"name"`
	Entries []rendered `json:"rendered_schedule_entries"`
	// Coverage is a percentage of what was asked for.
	Coverage *float64 `json:"rendered_coverage_percentage"`
}

type rendered struct {
	Start string     `json:"start"`
	End   string     `json:"end"`
	User  *reference `json:"user"`
}

// listSchedules answers GET /schedules. It knows layer-based ones only.
func (s *Server) listSchedules(r *request) (body, error) {
	p, err := r.query.page()
	if err != nil {
		return nil, err
	}
	text := strings.ToLower(r.query.one("query"))
	all := func(yield func(schedule) bool) {
		for _, one := range s.account.schedules {
			if !one.shiftBased && strings.Contains(strings.ToLower(one.ref.Summary), text) && !yield(one) {
				return
			}
		}
	}
	return draw("schedules", take(p, all), func(one schedule) wireSchedule { return s.scheduleHead(r, one) }), nil
}

// getSchedule answers GET /schedules/{id}. A shift-based one is found too, but
// nothing about its shifts is told.
func (s *Server) getSchedule(r *request) (body, error) {
	one, ok := s.account.schedule(r.id)
	if !ok {
		return nil, notFound()
	}
	within, err := r.scheduleSpan()
	if err != nil {
		return nil, err
	}
	overflow, err := r.query.yes("overflow")
	if err != nil {
		return nil, err
	}
	wire := wireWholeSchedule{
		wireSchedule: s.scheduleHead(r, one), Layers: []wireLayer{},
		Overrides: rendering{Name: "Overrides", Entries: []rendered{}},
		Final:     rendering{Name: "Final Schedule", Entries: []rendered{}},
	}
	if !one.shiftBased {
		wire.Layers = append(wire.Layers, s.layer(r, one))
		shifts := r.view.Account.Shifts(one.team, one.level, within.from, within.to)
		swapped := slices.DeleteFunc(slices.Clone(shifts), func(shift history.Shift) bool { return !shift.Swapped })
		s.render(r, &wire.Overrides, swapped, within, overflow)
		s.render(r, &wire.Final, shifts, within, overflow)
	}
	return object{name: "schedule", value: wire}, nil
}

func (a *account) schedule(id string) (schedule, bool) {
	i := slices.IndexFunc(a.schedules, func(one schedule) bool { return one.ref.ID == id })
	if i < 0 {
		return schedule{}, false
	}
	return a.schedules[i], true
}

// scheduleYears is how far into the future schedules are rendered, in years.
const scheduleYears = 1

// scheduleSpan reads since and until. Nothing is rendered unless both are there.
func (r *request) scheduleSpan() (span, error) {
	since, until, err := r.bounds()
	if err != nil {
		return span{}, err
	}
	switch {
	case since.IsZero() || until.IsZero():
		return span{from: r.now, to: r.now}, nil
	case until.Before(since):
		return span{}, invalid("until lies before since")
	}
	last := r.now + scheduleYears*366*24*60*60
	within := span{from: max(since.Unix(), r.view.Since), to: min(ceil(until), last)}
	return span{from: min(within.from, within.to), to: within.to}, nil
}

// scheduleHead is what lists show of a schedule.
func (s *Server) scheduleHead(r *request, one schedule) wireSchedule {
	wire := wireSchedule{
		reference: whole(one.ref), Name: one.ref.Summary, TimeZone: r.view.Account.Clock(one.team).String(),
		EscalationPolicies: []*reference{s.account.policyRefs[one.team]}, Teams: []*reference{s.account.teamRefs[one.team]},
	}
	if !one.shiftBased {
		wire.Users = s.takingTurns(r, one)
	}
	return wire
}

// takingTurns names who takes turns now, beginning with whose turn it is.
func (s *Server) takingTurns(r *request, one schedule) []*reference {
	var users []*reference
	for _, who := range r.view.Account.Turn(one.team, r.now) {
		users = append(users, s.account.memberRefs[who])
	}
	return users
}

// layer is how the turns are made up, as far as that goes without swaps.
func (s *Server) layer(r *request, one schedule) wireLayer {
	start := r.stamp(r.view.Account.Handover(one.team, r.view.Since))
	layer := wireLayer{
		rendering: rendering{Name: "Layer 1", Entries: []rendered{}}, ID: "L" + one.ref.ID,
		Start: start, VirtualStart: start, Turn: 7 * 24 * 60 * 60, Restrictions: []wireRestriction{},
	}
	for _, user := range s.takingTurns(r, one) {
		layer.Users = append(layer.Users, wireLayerUser{User: user})
	}
	if one.inBusinessHours(r.view.Account) {
		for weekday := 1; weekday <= 5; weekday++ {
			layer.Restrictions = append(layer.Restrictions,
				wireRestriction{Type: "weekly_restriction", Weekday: weekday, Start: "09:00:00", Duration: 8 * 60 * 60})
		}
	}
	return layer
}

func (one schedule) inBusinessHours(account *history.Account) bool {
	return one.level == 1 && account.Teams[one.team].Rotation.Coverage == history.BusinessHours
}

// render fills in shifts, which are clipped to the span unless they may
// overflow it.
func (s *Server) render(r *request, into *rendering, shifts []history.Shift, within span, overflow bool) {
	covered := int64(0)
	for _, shift := range shifts {
		start, end := max(shift.Start, within.from), min(shift.End, within.to)
		covered += end - start
		if overflow {
			start, end = shift.Start, shift.End
		}
		into.Entries = append(into.Entries, rendered{
			Start: r.stamp(start), End: r.stamp(end), User: s.account.memberRefs[shift.Who],
		})
	}
	into.Coverage = within.percentage(covered)
}

// percentage returns how much of a span so many seconds are; nothing of an
// empty one.
func (s span) percentage(covered int64) *float64 {
	if s.from >= s.to {
		return nil
	}
	share := 100 * float64(covered) / float64(s.to-s.from)
	return &share
}
