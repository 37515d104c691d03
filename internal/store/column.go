package store

import (
	"encoding/json"
	"fmt"
	"time"
)

// timeColumn reads an instant: microseconds since 1970, or NULL for none.
type timeColumn time.Time

// Scan implements sql.Scanner.
func (c *timeColumn) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*c = timeColumn{}
	case int64:
		*c = timeColumn(time.UnixMicro(v).UTC())
	default:
		return fmt.Errorf("an instant is kept as %T", value)
	}
	return nil
}

// optional is an instant as it is kept where it may be missing.
func optional(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// kept is the instant that a reader gets back for t.
func kept(t time.Time) time.Time { return time.UnixMicro(t.UnixMicro()).UTC() }

// listColumn reads a JSON list of strings; NULL is nil, which is not the
// empty list.
type listColumn []string

// Scan implements sql.Scanner.
func (c *listColumn) Scan(value any) error {
	*c = nil
	switch v := value.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), (*[]string)(c))
	default:
		return fmt.Errorf("a list is kept as %T", value)
	}
}

// list is a list of strings as it is kept.
func list(items []string) (any, error) {
	if items == nil {
		return nil, nil
	}
	encoded, err := json.Marshal(items)
	return string(encoded), err
}
