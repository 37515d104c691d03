package pagerduty

import (
	"encoding/json"
	"errors"
	"fmt"

	"teamhealth/internal/facts"
)

// The API's own shapes, as far as they are used. A null leaves a field empty;
// what nothing is made of is not declared, and so cannot fail to decode. Only
// the strings that make an item what it is, its id, time and kind, must have
// their type; all else is lenient, and an item without it is still an item.
type (
	wireReference struct {
		ID      string `json:"id"`
		Type    string `json:"type"`
		Summary string `json:"summary"`
		Name    string `json:"name"`
	}

	wireService struct {
		ID               string         `json:"id"`
		Name             text           `json:"name"`
		Summary          text           `json:"summary"`
		Status           text           `json:"status"`
		HTMLURL          text           `json:"html_url"`
		EscalationPolicy *wireReference `json:"escalation_policy"`
	}

	wireUser struct {
		ID       string `json:"id"`
		TimeZone text   `json:"time_zone"`
	}

	wirePolicy struct {
		ID      string               `json:"id"`
		Name    string               `json:"name"`
		Summary string               `json:"summary"`
		HTMLURL string               `json:"html_url"`
		Rules   *[]lenient[wireRule] `json:"escalation_rules"` // One per level.
	}

	wireRule struct {
		Targets lenientList[wireReference] `json:"targets"` // People and schedules.
	}

	wireSchedule struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Summary  string `json:"summary"`
		HTMLURL  string `json:"html_url"`
		TimeZone string `json:"time_zone"`
	}

	wireMaintenance struct {
		ID        string           `json:"id"`
		StartTime string           `json:"start_time"`
		EndTime   string           `json:"end_time"`
		Services  *[]wireReference `json:"services"`
	}

	wireOnCall struct {
		Policy   *wireReference `json:"escalation_policy"`
		Level    int            `json:"escalation_level"`
		User     *wireReference `json:"user"`
		Schedule *wireReference `json:"schedule"`
		Start    string         `json:"start"` // Empty for a permanent one, as is End.
		End      string         `json:"end"`
	}

	wireIncident struct {
		ID                 string                     `json:"id"`
		Number             wholeNumber                `json:"incident_number"`
		Title              text                       `json:"title"`
		Status             text                       `json:"status"`
		Urgency            text                       `json:"urgency"`
		HTMLURL            text                       `json:"html_url"`
		CreatedAt          string                     `json:"created_at"`
		UpdatedAt          text                       `json:"updated_at"`
		ResolvedAt         text                       `json:"resolved_at"`
		LastStatusChangeAt text                       `json:"last_status_change_at"`
		LastStatusChangeBy *wireReference             `json:"last_status_change_by"`
		Service            *wireReference             `json:"service"`
		Priority           *wireReference             `json:"priority"`
		ResolveReason      lenient[wireResolveReason] `json:"resolve_reason"`
		Responders         lenientList[wireResponder] `json:"incidents_responders"`
	}

	wireResolveReason struct {
		Type     text           `json:"type"`
		Incident *wireReference `json:"incident"`
	}

	wireResponder struct {
		State     text           `json:"state"`
		User      *wireReference `json:"user"`
		UpdatedAt text           `json:"updated_at"`
	}

	wireEntry struct {
		ID        string                    `json:"id"`
		Type      string                    `json:"type"`
		CreatedAt string                    `json:"created_at"`
		Agent     *wireReference            `json:"agent"`
		User      *wireReference            `json:"user"`
		Service   *wireReference            `json:"service"`
		Incident  *wireReference            `json:"incident"`
		Assignees lenient[*[]wireReference] `json:"assignees"`
		// Channel has many shapes and serves two kinds of entries, so that it is
		// decoded only there and spoils no other.
		Channel json.RawMessage `json:"channel"`
	}

	wireChannel struct {
		Notification lenient[wireNotification] `json:"notification"`
		Changeset    lenient[struct {
			Fields lenientList[wireFieldChange] `json:"application_fields"`
		}] `json:"changeset"`
	}

	wireNotification struct {
		Type text `json:"type"`
	}

	wireFieldChange struct {
		Name text            `json:"name"`
		New  json.RawMessage `json:"value"`
		Old  json.RawMessage `json:"old_value"`
	}
)

// envelope is what every list comes in: the items under a key of their own.
type envelope[T any] struct {
	Incidents   *[]T  `json:"incidents"`
	LogEntries  *[]T  `json:"log_entries"`
	Services    *[]T  `json:"services"`
	Teams       *[]T  `json:"teams"`
	Users       *[]T  `json:"users"`
	Priorities  *[]T  `json:"priorities"`
	Policies    *[]T  `json:"escalation_policies"`
	Schedules   *[]T  `json:"schedules"`
	Maintenance *[]T  `json:"maintenance_windows"`
	OnCalls     *[]T  `json:"oncalls"`
	More        *bool `json:"more"`
	Total       *int  `json:"total"`
}

func (e *envelope[T]) items(key string) *[]T {
	switch key {
	case keyIncidents:
		return e.Incidents
	case keyLogEntries:
		return e.LogEntries
	case keyServices:
		return e.Services
	case keyTeams:
		return e.Teams
	case keyUsers:
		return e.Users
	case keyPriorities:
		return e.Priorities
	case keyPolicies:
		return e.Policies
	case keySchedules:
		return e.Schedules
	case keyMaintenance:
		return e.Maintenance
	default:
		return e.OnCalls
	}
}

// The keys of lists, which are their paths as well.
const (
	keyIncidents   = "incidents"
	keyLogEntries  = "log_entries"
	keyServices    = "services"
	keyTeams       = "teams"
	keyUsers       = "users"
	keyPriorities  = "priorities"
	keyPolicies    = "escalation_policies"
	keySchedules   = "schedules"
	keyMaintenance = "maintenance_windows"
	keyOnCalls     = "oncalls"
)

// page is one decoded page of a list.
type page struct {
	facts       facts.Batch
	maintenance []facts.MaintenanceWindow // Those and the shifts are facts only as whole lists.
	shifts      []facts.Shift
	ids         []string // Of the decoded items.
	rows        int      // Items that the page held, decoded or not.
	tellings    []telling
	unsure      []string // Incidents that do not tell all that every one does.
	flawed      span     // The time of what was told badly; empty where that is nothing, or has no time.
	more        bool
	untold      bool // Whether more follow was not told.
	total       int  // -1 when not told.
}

// decodePage decodes the page of a list and adds each item to the page's facts.
// An item that does not decode is counted and left out. An answer without the
// list is an error: it is no answer to what was asked.
func decodePage[T any](body []byte, key, kind string, add func(*page, T)) (page, error) {
	var whole envelope[T]
	err := json.Unmarshal(body, &whole)
	if mismatch := new(json.UnmarshalTypeError); errors.As(err, &mismatch) {
		return decodeSingly(body, key, kind, add)
	}
	if err != nil {
		return page{}, fmt.Errorf("decode %s: %w", key, err)
	}
	return fillPage(&whole, key, func(p *page, item T) { add(p, item) })
}

// decodeSingly is decodePage for a page of which something has a shape that
// was not expected: it finds out which items.
func decodeSingly[T any](body []byte, key, kind string, add func(*page, T)) (page, error) {
	var whole envelope[json.RawMessage]
	if err := json.Unmarshal(body, &whole); err != nil {
		return page{}, fmt.Errorf("decode %s: %w", key, err)
	}
	return fillPage(&whole, key, func(p *page, raw json.RawMessage) {
		var item T
		if json.Unmarshal(raw, &item) != nil {
			p.skip(kind, reasonUndecodable)
			return
		}
		add(p, item)
	})
}

func fillPage[T any](whole *envelope[T], key string, add func(*page, T)) (page, error) {
	items := whole.items(key)
	if items == nil {
		return page{}, fmt.Errorf("the answer has no %q: it is no list of them", key)
	}
	p := page{rows: len(*items), untold: whole.More == nil, total: -1}
	if whole.More != nil {
		p.more = *whole.More
	}
	if whole.Total != nil {
		p.total = *whole.Total
	}
	for _, item := range *items {
		p.tellings = append(p.tellings, telling{})
		add(&p, item)
	}
	return p, nil
}

// The reasons for which an item is left out.
const (
	reasonUndecodable = "undecodable"
	reasonNoID        = "no_id"
	reasonNoTime      = "no_time"
	reasonIncomplete  = "incomplete"
	reasonNotFound    = "not_found"
	reasonForbidden   = "forbidden"
	reasonUnavailable = "unavailable"
)

// The kinds of items that are counted when they are left out.
const (
	kindIncident    = "incident"
	kindLogEntry    = "log_entry"
	kindService     = "service"
	kindTeam        = "team"
	kindUser        = "user"
	kindPriority    = "priority"
	kindPolicy      = "policy"
	kindSchedule    = "schedule"
	kindMaintenance = "maintenance_window"
	kindOnCall      = "oncall"
)

// skip leaves out the item that is being added, or a part of it.
func (p *page) skip(kind, reason string) {
	p.flaw()
	skip(&p.facts, kind, reason)
}

func skip(batch *facts.Batch, kind, reason string) {
	for i := range batch.Skipped {
		if s := &batch.Skipped[i]; s.Kind == kind && s.Reason == reason {
			s.Count++
			return
		}
	}
	batch.Skipped = append(batch.Skipped, facts.Skip{Kind: kind, Reason: reason, Count: 1})
}
