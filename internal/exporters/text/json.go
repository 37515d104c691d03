package text

import (
	"encoding/json"
	"fmt"
	"io"

	"teamhealth/scorecard"
)

// JSON writes one card as an object, and several as {"cards": […]}, indented.
// The same cards always give the same bytes.
func JSON(w io.Writer, cards ...scorecard.Card) error {
	if cards == nil {
		cards = []scorecard.Card{}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	var document any = struct {
		Cards []scorecard.Card `json:"cards"`
	}{cards}
	if len(cards) == 1 {
		document = cards[0]
	}
	if err := enc.Encode(document); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
