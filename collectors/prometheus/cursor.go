package prometheus

import (
	"encoding/json"
	"errors"
	"fmt"

	"teamhealth/internal/facts"
)

// cursorVersion changes when the cursor's meaning does; a cursor of another
// version is refused rather than misread.
const cursorVersion = 1

// cursor says which hours are left to ask for. It is kept with every page, so that
// the next cycle begins at the first page that was not kept.
type cursor struct {
	Version int    `json:"version"`
	Site    string `json:"site"` // The address that was asked.
	// Since is the first hour of which any query ever told something; 0 where none did.
	Since  hour      `json:"since,omitempty"`
	Series []*series `json:"series"`
}

// identity tells series apart: the pair as configured, and the team.
type identity struct {
	Query facts.EventQuery
	Team  string
}

// resume decodes a kept cursor, nil when there is none. Another Prometheus than the one
// that was asked before is asked for everything that was missing there.
func resume(kept []byte, site string) (*cursor, error) {
	if kept == nil {
		return &cursor{Version: cursorVersion, Site: site}, nil
	}
	c := new(cursor)
	if err := json.Unmarshal(kept, c); err != nil {
		return nil, fmt.Errorf("decode the kept cursor: %w", err)
	}
	if c.Version != cursorVersion {
		return nil, fmt.Errorf("the kept cursor is of version %d, which this program cannot read", c.Version)
	}
	if !c.sound() {
		return nil, errors.New("the kept cursor says what no cycle leaves behind")
	}
	if c.Site != site {
		c.Site = site
		for _, s := range c.Series {
			s.askAgain(span{s.From, s.Until})
		}
	}
	return c, nil
}

// sound reports whether a cycle can have left a cursor. To follow any other would
// pass over what is missing, or put other numbers in the place of known ones.
func (c *cursor) sound() bool {
	met := map[identity]bool{}
	for _, s := range c.Series {
		if s == nil || met[s.identity()] || !s.sound() {
			return false
		}
		met[s.identity()] = true
	}
	return plausible(c.Since)
}

// plan makes the series those that are wanted, and plans what is to be asked for: all
// hours from the oldest one on until over that were never asked for, and those
// without data whose turn it is.
func (c *cursor) plan(wanted []query, from, over hour) {
	known := map[identity]*series{}
	for _, s := range c.Series {
		known[s.identity()] = s
	}
	c.Series = make([]*series, 0, len(wanted))
	for _, q := range wanted {
		s := known[q.identity]
		if s == nil {
			s = newSeries(q.identity, from)
		}
		s.plan(from, over)
		c.Series = append(c.Series, s)
	}
}

// note lets the history begin at an hour, where that is earlier; 0 is none.
func (c *cursor) note(first hour) {
	if first != 0 && (c.Since == 0 || first < c.Since) {
		c.Since = first
	}
}

// left is how many hours are still to be asked for.
func (c *cursor) left() int {
	sum := 0
	for _, s := range c.Series {
		sum += s.Todo.length()
	}
	return sum
}

func (c *cursor) encode() ([]byte, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encode the cursor: %w", err)
	}
	return text, nil
}
