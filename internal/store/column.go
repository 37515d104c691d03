package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
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

// keyColumn reads a whole number that is never NULL.
type keyColumn int64

// Scan implements sql.Scanner.
func (c *keyColumn) Scan(value any) error {
	key, ok := value.(int64)
	if !ok {
		return fmt.Errorf("a key is kept as %T", value)
	}
	*c = keyColumn(key)
	return nil
}

// textColumn reads a text; NULL is the empty one.
type textColumn string

// Scan implements sql.Scanner.
func (c *textColumn) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*c = ""
	case string:
		*c = textColumn(v)
	default:
		return fmt.Errorf("a text is kept as %T", value)
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

// ending is the end of a span as it is compared: a zero one is no end.
func ending(t time.Time) int64 {
	if t.IsZero() {
		return math.MaxInt64
	}
	return t.UnixMicro()
}

// kept is the instant that a reader gets back for t.
func kept(t time.Time) time.Time { return time.UnixMicro(t.UnixMicro()).UTC() }

// listColumn is a JSON list of strings; NULL is nil, which is not the empty
// list.
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

// Value implements driver.Valuer.
func (c listColumn) Value() (driver.Value, error) {
	if c == nil {
		return nil, nil
	}
	encoded, err := json.Marshal([]string(c))
	return string(encoded), err
}
