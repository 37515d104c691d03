package scorecard

import (
	"time"

	"teamhealth/internal/facts"
)

// The windows for which every computation publishes cards.
const (
	CurrentQuarter  = "current_quarter"
	PreviousQuarter = "previous_quarter"
	Last28Days      = "28d"
)

// Published is what one computation gives out: the cards of each window, all
// taken at one instant. It is immutable; a later computation publishes another
// one, so that two readers of the same pointer see the same numbers.
type Published struct {
	AsOf    time.Time
	Windows []WindowCards // In a stable order.

	// Open are the incidents that are open, counted by team, urgency and status.
	// What is not listed is not known.
	Open []OpenIncidents

	UnmappedServices int // Services with incidents that no team claims.
	UnmappedPeople   int // Accounts that acted, or wrote or did tickets, and are in nobody's entry of the roster.

	// ExceptionsExpired tells for each configured exception, by id, whether
	// it no longer covers anything that happens from AsOf on, or is of no use.
	ExceptionsExpired map[string]bool
}

// WindowCards are the cards of one window.
type WindowCards struct {
	Name  string // CurrentQuarter, PreviousQuarter or Last28Days.
	Cards []Card // The organisation's first, then the teams' in configuration order.
}

// OpenIncidents counts the open incidents of a team that have one urgency and
// one status.
type OpenIncidents struct {
	Team    string
	Urgency facts.Urgency // The present one.
	Status  string        // triggered, acknowledged, or a word that the source adds later.
	Count   int           // Zero where it is known that there are none.
}

// Cards returns the cards of a window, or nil when it was not published.
func (p *Published) Cards(window string) []Card {
	for _, w := range p.Windows {
		if w.Name == window {
			return w.Cards
		}
	}
	return nil
}
