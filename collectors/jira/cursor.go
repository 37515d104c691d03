package jira

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"teamhealth/internal/facts"
)

const (
	// overlap is how far a walk goes back before the start of the cycle before
	// it: Jira's search finds a change somewhat after it was made.
	overlap = time.Hour
	// before is how far the first walk goes back before the history begins: what
	// was due in its first weeks may be untouched since earlier ones.
	before = facts.TicketMargin
)

// cursorVersion changes when the cursor's meaning does; a cursor of another
// version is refused rather than misread.
const cursorVersion = 1

// filter is what issues are read with. When it changes, all are read anew.
type filter struct {
	Site   string            `json:"site"`
	JQL    string            `json:"jql"`
	Fields map[string]string `json:"fields,omitempty"` // Ids by name.
}

func (f filter) equal(other filter) bool {
	return f.Site == other.Site && f.JQL == other.JQL && maps.Equal(f.Fields, other.Fields)
}

// cursor says what is left to read. It is kept with every page, so that the
// next cycle begins at the first page that was not kept.
type cursor struct {
	Version int       `json:"version"`
	Filter  filter    `json:"filter"`
	Since   time.Time `json:"since"` // Where the history begins.
	// Read is the instant up to which every change is read, once the rest is;
	// zero before the first walk.
	Read time.Time `json:"read"`
	// Rest is what a walk that was cut off has left; nil when there is none.
	Rest *walk `json:"rest,omitempty"`
	// Found is set when the filter ever found an issue.
	Found bool `json:"found,omitempty"`
	// Projects are the keys of the projects in which issues were found, by id.
	Projects map[string]string `json:"projects,omitempty"`
	// Flaws are the issues that were not understood, by id or key.
	Flaws map[string]flaw `json:"flaws,omitempty"`
	Call  rollCall        `json:"call,omitzero"`
}

// walk is a search for all issues that were updated at From or later, in order
// of their creation, from those on that were created at Created.
type walk struct {
	From    time.Time `json:"from"`
	Created time.Time `json:"created,omitzero"` // Zero: from the first.
}

// resume decodes a kept cursor, nil when there is none. It begins anew when the
// filter is another, or an earlier past is asked for.
func resume(kept []byte, f filter, since time.Time) (*cursor, error) {
	fresh := &cursor{Version: cursorVersion, Filter: f, Since: since}
	if kept == nil {
		return fresh, nil
	}
	c := new(cursor)
	if err := json.Unmarshal(kept, c); err != nil {
		return nil, fmt.Errorf("decode the kept cursor: %w", err)
	}
	if c.Version != cursorVersion {
		return nil, fmt.Errorf("the kept cursor is of version %d, which this program cannot read", c.Version)
	}
	if !c.Filter.equal(f) || since.Before(c.Since) {
		return fresh, nil
	}
	return c, nil
}

// changed is the walk over what happened since the last one began.
func (c *cursor) changed() walk {
	if c.Read.IsZero() {
		return walk{From: c.Since.Add(-before)}
	}
	return walk{From: c.Read.Add(-overlap)}
}

func (c *cursor) encode() ([]byte, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encode the cursor: %w", err)
	}
	return text, nil
}
