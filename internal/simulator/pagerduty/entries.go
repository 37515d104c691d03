package pagerduty

import (
	"iter"
	"slices"

	"teamhealth/internal/simulator/history"
)

// place is where an event is: the index of its incident, and its own in the
// timeline.
type place struct{ incident, event int }

// listEntries answers GET /log_entries, the newest first.
func (s *Server) listEntries(r *request) (body, error) {
	within, err := r.span()
	if err != nil {
		return nil, err
	}
	teams := r.query.choose("team_ids", ids(s.account.teamRefs))
	low, high := r.view.LoggedBefore(within.from), r.view.LoggedBefore(within.to)
	return s.entriesPage(r, func(yield func(place) bool) {
		for i := high - 1; i >= low; i-- {
			at := place{incident: int(r.view.Log[i].Incident), event: int(r.view.Log[i].Event)}
			service := r.view.Incidents[at.incident].Service
			if teams.allows(r.view.Account.Services[service].Team) && !yield(at) {
				return
			}
		}
	})
}

// listIncidentEntries answers GET /incidents/{id}/log_entries, the newest
// first. Without bounds it is about the whole timeline.
func (s *Server) listIncidentEntries(r *request) (body, error) {
	index, ok := r.view.Find(r.id, r.now)
	if !ok {
		return nil, notFound()
	}
	within := span{to: r.now + 1}
	if r.query.one("since") != "" || r.query.one("until") != "" {
		var err error
		if within, err = r.span(); err != nil {
			return nil, err
		}
	}
	inc := &r.view.Incidents[index]
	return s.entriesPage(r, func(yield func(place) bool) {
		for n, event := range slices.Backward(r.view.Timeline(index)) {
			at := inc.At(event)
			if at >= within.from && at < within.to && !yield(place{incident: index, event: n}) {
				return
			}
		}
	})
}

// entriesPage answers with a page of entries.
func (s *Server) entriesPage(r *request, all iter.Seq[place]) (body, error) {
	p, err := r.query.page()
	if err != nil {
		return nil, err
	}
	overview, err := r.query.yes("is_overview")
	if err != nil {
		return nil, err
	}
	if overview {
		all = important(r.view, all)
	}
	return draw("log_entries", take(p, all), s.entryPainter(r)), nil
}

// important leaves out what changes nothing about an incident.
func important(view *history.View, all iter.Seq[place]) iter.Seq[place] {
	return func(yield func(place) bool) {
		for at := range all {
			kind := view.Timeline(at.incident)[at.event].Kind
			if kind != history.Notify && kind != history.Annotate && !yield(at) {
				return
			}
		}
	}
}
