package records

import (
	"encoding/json"
	"fmt"
)

// cursor tells of each file whose records are kept what it looked like: the
// SHA-256 of its content, by the file's name.
type cursor map[string]string

func parseCursor(text []byte) (cursor, error) {
	c := cursor{}
	if len(text) == 0 {
		return c, nil
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("the kept cursor of records is not one: %w", err)
	}
	return c, nil
}
