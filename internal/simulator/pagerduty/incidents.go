package pagerduty

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"teamhealth/internal/simulator/history"
)

// listIncidents answers GET /incidents. Where the documentation names no
// order, rows come by incident number, the oldest first.
func (s *Server) listIncidents(r *request) (body, error) {
	p, err := r.query.page()
	if err != nil {
		return nil, err
	}
	f, err := s.incidentFilter(r)
	if err != nil {
		return nil, err
	}
	order, err := r.query.order()
	if err != nil {
		return nil, err
	}
	paint := s.incidentPainter(r)
	return draw("incidents", take(p, f.ordered(order)), paint), nil
}

// getIncident answers GET /incidents/{id}.
func (s *Server) getIncident(r *request) (body, error) {
	index, ok := r.view.Find(r.id, r.now)
	if !ok {
		return nil, notFound()
	}
	return object{name: "incident", value: s.incidentPainter(r)(index)}, nil
}

// incidentFilter says which incidents a request asks for.
type incidentFilter struct {
	view      *history.View
	now       int64
	low, high int // Indexes of the incidents within the span.

	services, teams, users, statuses, urgencies choice
}

func (s *Server) incidentFilter(r *request) (*incidentFilter, error) {
	statuses, err := r.query.chooseWords("statuses", statusWords())
	if err != nil {
		return nil, err
	}
	urgencies, err := r.query.chooseWords("urgencies", urgencyWords())
	if err != nil {
		return nil, err
	}
	created, err := r.createdSpan()
	if err != nil {
		return nil, err
	}
	return &incidentFilter{
		view: r.view, now: r.now,
		low: r.view.CreatedBefore(created.from), high: r.view.CreatedBefore(created.to),
		services:  r.query.choose("service_ids", ids(s.account.serviceRefs)),
		teams:     r.query.choose("team_ids", ids(s.account.teamRefs)),
		users:     r.query.choose("user_ids", ids(s.account.memberRefs)),
		statuses:  statuses,
		urgencies: urgencies,
	}, nil
}

// createdSpan is when incidents must have been created; date_range=all stands
// for always, whatever the bounds are.
func (r *request) createdSpan() (span, error) {
	switch r.query.one("date_range") {
	case "":
		return r.span()
	case "all":
		return span{to: r.now + 1}, nil
	default:
		return span{}, invalid("date_range must be all")
	}
}

// matches reports whether the incident at an index is asked for.
func (f *incidentFilter) matches(index int) bool {
	service := int(f.view.Incidents[index].Service)
	if !f.services.allows(service) || !f.teams.allows(f.view.Account.Services[service].Team) {
		return false
	}
	if f.statuses != nil || f.urgencies != nil {
		status, urgency := f.view.Glance(index, f.now)
		if !f.statuses.allows(int(status)) || !f.urgencies.allows(int(urgency)) {
			return false
		}
	}
	return f.users == nil || slices.ContainsFunc(f.view.State(index, f.now).AssignedTo, func(a history.Since) bool {
		return f.users.allows(int(a.Who))
	})
}

// all walks through the matching incidents by number.
func (f *incidentFilter) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for index := f.low; index < f.high; index++ {
			if f.matches(index) && !yield(index) {
				return
			}
		}
	}
}

// backwards is all in the other direction.
func (f *incidentFilter) backwards() iter.Seq[int] {
	return func(yield func(int) bool) {
		for index := f.high - 1; index >= f.low; index-- {
			if f.matches(index) && !yield(index) {
				return
			}
		}
	}
}

// sortKey is one field to sort by.
type sortKey struct {
	field string
	down  bool
}

// order reads sort_by: at most two fields, each with a direction or ascending.
func (q query) order() ([]sortKey, error) {
	text := q.one("sort_by")
	if text == "" {
		return nil, nil
	}
	var keys []sortKey
	for part := range strings.SplitSeq(text, ",") {
		field, direction, directed := strings.Cut(part, ":")
		known := slices.Contains([]string{"incident_number", "created_at", "resolved_at", "urgency"}, field)
		if !known || directed && direction != "asc" && direction != "desc" {
			return nil, invalid("sort_by must be incident_number, created_at, resolved_at or urgency, with :asc or :desc")
		}
		keys = append(keys, sortKey{field: field, down: direction == "desc"})
	}
	if len(keys) > 2 {
		return nil, invalid("sort_by takes at most two fields")
	}
	return keys, nil
}

// ordered walks through the matching incidents in an order. They are numbered
// as they are created, so that the most common orders need no sorting.
func (f *incidentFilter) ordered(keys []sortKey) iter.Seq[int] {
	natural := len(keys) == 1 && keys[0].field == "created_at" || len(keys) > 0 && keys[0].field == "incident_number"
	switch {
	case len(keys) == 0 || natural && !keys[0].down:
		return f.all()
	case natural:
		return f.backwards()
	}
	return slices.Values(slices.SortedStableFunc(f.all(), func(a, b int) int {
		for _, key := range keys {
			if c := f.compare(key.field, a, b); c != 0 && key.down {
				return -c
			} else if c != 0 {
				return c
			}
		}
		return 0
	}))
}

// compare orders two incidents by a field; unresolved ones come after
// resolved ones, and high urgency before low.
func (f *incidentFilter) compare(field string, a, b int) int {
	switch field {
	case "created_at":
		return cmp.Compare(f.view.Incidents[a].Created, f.view.Incidents[b].Created)
	case "resolved_at":
		// An open one's 0 becomes the largest number.
		x, y := uint64(f.view.Resolved(a, f.now)-1), uint64(f.view.Resolved(b, f.now)-1)
		return cmp.Compare(x, y)
	case "urgency":
		_, x := f.view.Glance(a, f.now)
		_, y := f.view.Glance(b, f.now)
		return cmp.Compare(x, y)
	default:
		return cmp.Compare(a, b)
	}
}
