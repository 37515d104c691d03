package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"teamhealth/internal/facts"
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
		var err error
		*c, err = decodeList(v)
		return err
	default:
		return fmt.Errorf("a list is kept as %T", value)
	}
}

// decodeList decodes a JSON list of texts. Where nothing is escaped, quotes and
// commas between the texts are all that needs to be looked for.
func decodeList(text string) (list listColumn, err error) {
	if inner, plain := unquoted(text); plain {
		return strings.Split(inner, `","`), nil
	}
	err = json.Unmarshal([]byte(text), (*[]string)(&list))
	return list, err
}

// unquoted returns what is between the first and the last quote of a list that
// has texts, none of them with anything escaped.
func unquoted(text string) (inner string, plain bool) {
	inner, begins := strings.CutPrefix(text, `["`)
	inner, ends := strings.CutSuffix(inner, `"]`)
	return inner, begins && ends && !strings.Contains(inner, `\`)
}

// Value implements driver.Valuer.
func (c listColumn) Value() (driver.Value, error) {
	if c == nil {
		return nil, nil
	}
	encoded, err := json.Marshal([]string(c))
	return string(encoded), err
}

// schedulesColumn is a JSON list of the schedules that a policy names. No
// schedule is the empty list, which says that there is none.
type schedulesColumn []facts.PolicySchedule

// policySchedule is a facts.PolicySchedule as it is kept.
type policySchedule struct {
	Level    int    `json:"level"`
	ID       string `json:"id"`
	Unlisted bool   `json:"unlisted,omitempty"`
}

// Scan implements sql.Scanner.
func (c *schedulesColumn) Scan(value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("schedules are kept as %T", value)
	}
	var kept []policySchedule
	err := json.Unmarshal([]byte(text), &kept)
	*c = nil
	for _, s := range kept {
		*c = append(*c, facts.PolicySchedule(s))
	}
	return err
}

// Value implements driver.Valuer.
func (c schedulesColumn) Value() (driver.Value, error) {
	kept := make([]policySchedule, 0, len(c))
	for _, s := range c {
		kept = append(kept, policySchedule(s))
	}
	encoded, err := json.Marshal(kept)
	return string(encoded), err
}
