package pagerduty

import (
	"slices"
	"strings"

	"teamhealth/internal/simulator/history"
)

type wireMaintenance struct {
	reference
	SequenceNumber int          `json:"sequence_number"`
	StartTime      string       `json:"start_time"`
	EndTime        string       `json:"end_time"`
	Description    string       `json:"description"`
	Services       []*reference `json:"services"`
	Teams          []*reference `json:"teams"`
	CreatedBy      *reference   `json:"created_by"`
}

// listMaintenance answers GET /maintenance_windows, in order of start.
func (s *Server) listMaintenance(r *request) (body, error) {
	p, err := r.query.page()
	if err != nil {
		return nil, err
	}
	state := r.query.one("filter")
	if !slices.Contains([]string{"", "past", "future", "ongoing", "open", "all"}, state) {
		return nil, invalid("filter must be past, future, ongoing, open or all")
	}
	services := r.query.choose("service_ids", ids(s.account.serviceRefs))
	teams := r.query.choose("team_ids", ids(s.account.teamRefs))
	text := strings.ToLower(r.query.one("query"))
	all := func(yield func(history.Window) bool) {
		for _, w := range r.view.Maintenance(r.now) {
			matches := isIn(state, w, r.now) && teams.allows(w.Team) && slices.ContainsFunc(w.Services, services.allows) &&
				strings.Contains(strings.ToLower(r.view.Account.Purpose(&w)), text)
			if matches && !yield(w) {
				return
			}
		}
	}
	return draw("maintenance_windows", take(p, all), s.maintenancePainter(r)), nil
}

// isIn reports whether a window is in a state that filter names.
func isIn(state string, w history.Window, now int64) bool {
	switch state {
	case "past":
		return w.End <= now
	case "future":
		return now < w.Start
	case "ongoing":
		return w.Start <= now && now < w.End
	case "open":
		return now < w.End
	default:
		return true
	}
}

// maintenancePainter returns what turns a window into what is sent.
func (s *Server) maintenancePainter(r *request) func(history.Window) wireMaintenance {
	return func(w history.Window) wireMaintenance {
		purpose := r.view.Account.Purpose(&w)
		ref := s.account.reference("maintenance_window", w.ID(), purpose, "service-directory/maintenance-windows")
		wire := wireMaintenance{
			reference: whole(ref), SequenceNumber: w.Number, Description: purpose,
			StartTime: r.stamp(w.Start), EndTime: r.stamp(w.End),
			Teams: []*reference{s.account.teamRefs[w.Team]}, CreatedBy: s.account.memberRefs[w.By],
		}
		for _, service := range w.Services {
			wire.Services = append(wire.Services, s.account.serviceRefs[service])
		}
		return wire
	}
}
