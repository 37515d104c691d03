package jira

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// The API's own shapes, as far as they are used. Every value may be null, absent,
// or of a shape that nobody expected: it is then empty, and spoils nothing around it.

// lenient is a value that does not decide whether what holds it is understood:
// where it is no T it stays zero.
type lenient[T any] struct{ value T }

// UnmarshalJSON never fails.
func (l *lenient[T]) UnmarshalJSON(raw []byte) error {
	var value T
	if json.Unmarshal(raw, &value) == nil {
		l.value = value
	}
	return nil
}

// list is a list from which items that are no T are left out as zeros.
type list[T any] = lenient[[]lenient[T]]

// text is a string, or a number as it is written, or empty.
type text string

// UnmarshalJSON never fails.
func (t *text) UnmarshalJSON(raw []byte) error {
	var s string
	var n json.Number
	switch {
	case json.Unmarshal(raw, &s) == nil:
		*t = text(s)
	case json.Unmarshal(raw, &n) == nil:
		*t = text(n)
	}
	return nil
}

// instant is a time: as text with any offset, or counted since 1970. It is zero
// for what is neither.
type instant struct{ time.Time }

// UnmarshalJSON never fails.
func (i *instant) UnmarshalJSON(raw []byte) error {
	var t text
	if err := t.UnmarshalJSON(raw); err != nil {
		return err
	}
	i.Time = parseInstant(strings.TrimSpace(string(t)))
	return nil
}

// parseInstant reads a time that says its offset. Without one it is no instant.
func parseInstant(s string) time.Time {
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return epoch(n)
	}
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700"} {
		// Either takes fractions of a second.
		if at, err := time.Parse(layout, s); err == nil && !at.IsZero() {
			return at.UTC()
		}
	}
	return time.Time{}
}

// epoch reads milliseconds since 1970, or seconds where those would have been before
// there was any Jira. What lies outside the years that can be written is no time.
func epoch(n float64) time.Time {
	const year1973, year9999 = 100_000_000_000, 253_402_300_799_999
	switch {
	case n > 0 && n < year1973:
		return time.Unix(int64(n), 0).UTC()
	case n >= year1973 && n <= year9999:
		return time.UnixMilli(int64(n)).UTC()
	default:
		return time.Time{}
	}
}

type (
	wireIssue struct {
		ID        text                       `json:"id"`
		Key       text                       `json:"key"`
		Fields    map[string]json.RawMessage `json:"fields"`
		Changelog lenient[*wireChangelog]    `json:"changelog"`
	}

	wireStatus struct {
		ID       text                `json:"id"`
		Name     text                `json:"name"`
		Category lenient[wireNaming] `json:"statusCategory"`
	}

	// wireNaming is anything that has a key, a name, or both.
	wireNaming struct {
		ID               text `json:"id"`
		Key              text `json:"key"`
		Name             text `json:"name"`
		UntranslatedName text `json:"untranslatedName"`
	}

	wireUser struct {
		AccountID text `json:"accountId"` // Cloud.
		Key       text `json:"key"`       // Data Center, as is Name.
		Name      text `json:"name"`
	}

	wireLink struct {
		Type    lenient[wireNaming]  `json:"type"`
		Inward  lenient[*wireNaming] `json:"inwardIssue"`
		Outward lenient[*wireNaming] `json:"outwardIssue"`
	}

	wireChangelog struct {
		Total     lenient[*int]      `json:"total"`
		Histories *[]json.RawMessage `json:"histories"`
	}

	wireHistory struct {
		ID      text              `json:"id"`
		Author  lenient[wireUser] `json:"author"`
		Created instant           `json:"created"`
		Items   list[wireItem]    `json:"items"`
	}

	wireItem struct {
		Field     text `json:"field"`
		FieldID   text `json:"fieldId"`   // Cloud.
		FieldType text `json:"fieldtype"` // jira or custom.
		From      text `json:"from"`
		FromName  text `json:"fromString"`
		To        text `json:"to"`
		ToName    text `json:"toString"`
	}

	wireRemoteLink struct {
		Object lenient[struct {
			URL text `json:"url"`
		}] `json:"object"`
	}
)

// id is what the account is known by: it outlives names.
func (u wireUser) id() string { return firstOf(string(u.AccountID), string(u.Key), string(u.Name)) }

// status makes a fact of a status; there is none without an id.
func (s wireStatus) status() (facts.TicketStatus, bool) {
	return facts.TicketStatus{
		ID: string(s.ID), Name: string(s.Name), Category: facts.StatusCategory(s.Category.value.Key),
	}, s.ID != ""
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// The kinds of what may be left out, and why.
const (
	kindTicket = "ticket"
	kindStatus = "status"
	kindChange = "change"
	kindLinks  = "remote_links"

	reasonUndecodable = "undecodable"
	reasonNoID        = "no_id"
	reasonNoTime      = "no_time"
	reasonIncomplete  = "incomplete"
	reasonForbidden   = "forbidden"
	reasonNotFound    = "not_found"
)

// skip counts an item that is left out.
func skip(skipped *[]facts.Skip, kind, reason string) {
	for i := range *skipped {
		if s := &(*skipped)[i]; s.Kind == kind && s.Reason == reason {
			s.Count++
			return
		}
	}
	*skipped = append(*skipped, facts.Skip{Kind: kind, Reason: reason, Count: 1})
}
