package scorecard

import (
	"encoding/json"
	"time"

	"teamhealth/internal/facts"
)

// SchemaVersion is the version of the card's JSON form.
const SchemaVersion = 1

// Card is one subject's rows for one period. It is immutable once computed;
// its JSON form is the contract of the scorecard endpoint.
type Card struct {
	SchemaVersion int             `json:"schema_version"`
	Subject       Subject         `json:"subject"`
	Period        Period          `json:"period"`
	AsOf          time.Time       `json:"as_of"`
	DataAsOf      *time.Time      `json:"data_as_of"` // Earliest of the configured sources that answer; null until each completed once.
	Rubric        RubricID        `json:"rubric"`
	Score         *float64        `json:"score"`    // 0 to 100; null when coverage is below one half.
	Coverage      *float64        `json:"coverage"` // 0 to 1; null when no row has a target that counts.
	Verdicts      map[Verdict]int `json:"verdicts"` // How many rows have each verdict; verdicts of no row are absent.
	Rows          []Row           `json:"rows"`     // In rubric order.
	Unmapped      Unmapped        `json:"unmapped"`
	Seal          *Seal           `json:"seal"`
	Diff          *Diff           `json:"diff"`
}

// Row returns the row of an objective, or nil when the card has none.
func (c *Card) Row(objective string) *Row {
	for i := range c.Rows {
		if c.Rows[i].ID == objective {
			return &c.Rows[i]
		}
	}
	return nil
}

// Subject is a team or the organisation as a whole.
type Subject struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Line Line   `json:"line"` // Empty, and null in JSON, for the organisation.
}

// OrgID is the subject id of all teams together.
const OrgID = "org"

// RubricID names the rubric that a card was computed by.
type RubricID struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"` // Of the effective rubric, overrides included; hexadecimal.
}

// Unmapped is what nobody of the configuration claims.
type Unmapped struct {
	Services []string `json:"services"` // Ids of services with incidents in the period, sorted.
	People   int      `json:"people"`   // How many accounts acted on the period's incidents, or wrote or did tickets finished in it, and are in nobody's entry.
}

// Seal marks a card that was frozen.
type Seal struct {
	SealedAt time.Time `json:"sealed_at"`
	SHA256   string    `json:"sha256"`
	Revision int       `json:"revision"`
}

// Diff says what changed since a card was sealed.
type Diff struct{}

// Verdict is the judgement on a row.
type Verdict string

// The verdicts, in the order in which the first that applies is taken.
const (
	Exempt           Verdict = "exempt"
	NoData           Verdict = "no_data"
	Stale            Verdict = "stale"
	Empty            Verdict = "empty"
	Pending          Verdict = "pending"
	InsufficientData Verdict = "insufficient_data"
	Tracked          Verdict = "tracked"
	Met              Verdict = "met"
	Missed           Verdict = "missed"
)

// Confidence says whether a verdict holds over the whole of the row's interval.
type Confidence string

// The confidences; a row without an interval has none.
const (
	Proven   Confidence = "proven"
	Unproven Confidence = "unproven"
)

// Row is an objective evaluated for one subject and period. Pointers are nil,
// and null in JSON, where there is nothing honest to say.
type Row struct {
	ID             string    `json:"id"`
	Title          string    `json:"title"`
	Category       string    `json:"category"`
	Measure        string    `json:"measure"`
	Quote          string    `json:"quote"`
	Interpretation string    `json:"interpretation"`
	Unit           Unit      `json:"unit"`
	Direction      Direction `json:"direction"`
	Target         *Number   `json:"target"` // Null where the document names none.
	Window         Window    `json:"window"` // What the row looks at, when it is not the card's period.
	// Horizon is the instant up to which facts were taken in; null when a needed source has none.
	Horizon *time.Time `json:"horizon"`

	Value                  *Number   `json:"value"` // In Unit.
	Numerator              *Number   `json:"numerator"`
	Denominator            *Number   `json:"denominator"`
	ValueWithoutExceptions *Number   `json:"value_without_exceptions"` // Null when no exception touches the row.
	Interval               *Interval `json:"interval"`

	Verdict    Verdict     `json:"verdict"`
	Confidence *Confidence `json:"confidence"`
	Score      *float64    `json:"score"` // 0 to 100; null unless met or missed.
	Weight     *Number     `json:"weight"`
	Coverage   *float64    `json:"coverage"` // 0 to 1, the share of the used population without caveat; null when nothing was used.

	Details    any        `json:"details"`    // Of the measure; null when it has none to give.
	Population Population `json:"population"` // Null when the row could not be measured.
	Budget     *Budget    `json:"budget"`
	Trend      *Trend     `json:"trend"`
	Reason     string     `json:"reason"` // One sentence.
	NextStep   *string    `json:"next_step"`

	Sources    []RowSource    `json:"sources"`
	Exceptions []RowException `json:"exceptions"`
	Caveats    []string       `json:"caveats"`
}

// Window is a half-open span of time.
type Window struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// Interval is a confidence interval of a proportion.
type Interval struct {
	Method string  `json:"method"` // wilson
	Level  float64 `json:"level"`  // 0.95
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
}

// Population is the funnel from everything that was looked at to what counts.
type Population struct {
	Total    int            `json:"total"`
	Used     int            `json:"used"`
	Classes  map[string]int `json:"classes"`  // Of the used ones; classes with nothing in them are absent.
	Excluded map[string]int `json:"excluded"` // Why the others are not used; likewise.
}

// Known reports whether anybody has looked. The zero Population is that of a
// row that could not be measured: not one of nothing.
func (p Population) Known() bool { return p.Classes != nil }

// MarshalJSON writes an unknown population as null.
func (p Population) MarshalJSON() ([]byte, error) {
	if !p.Known() {
		return []byte("null"), nil
	}
	type plain Population
	return json.Marshal(plain(p))
}

// Budget is what a target leaves to be used up.
type Budget struct {
	Unit       string     `json:"unit"` // events | seconds
	Allowed    *Number    `json:"allowed"`
	Used       *Number    `json:"used"`
	Remaining  *Number    `json:"remaining"` // Negative when overspent.
	ExhaustsAt *time.Time `json:"exhausts_at"`
}

// Trend compares a row with the same row one period earlier.
type Trend struct {
	Previous   *Number `json:"previous"`
	Delta      *Number `json:"delta"` // Value less previous.
	Detectable *bool   `json:"detectable"`
}

// RowSource says how far a needed source was read.
type RowSource struct {
	Name     facts.Source `json:"name"`
	DataAsOf *time.Time   `json:"data_as_of"`
	Complete bool         `json:"complete"`

	// Unconfigured is for words beside the row, whose reason says it. What a source told
	// before it was taken out of the configuration may still be kept.
	Unconfigured bool `json:"-"`
}

// RowException is an exception that touches a row.
type RowException struct {
	ID         string    `json:"id"`
	Reason     string    `json:"reason"`
	ApprovedBy string    `json:"approved_by"`
	Until      time.Time `json:"until"`
	Incidents  []string  `json:"incidents"` // Those of this row's population that it covers, sorted.
}

// Counted says what an evidence item adds to.
type Counted string

// The ways in which an item counts. Numerator items are in the denominator too.
const (
	InNumerator   Counted = "numerator"
	InDenominator Counted = "denominator"
	NotCounted    Counted = "excluded"
)

// Evidence is one fact behind a row.
type Evidence struct {
	Kind    string    `json:"kind"` // incident|ticket|shift|record|service|person_count
	ID      string    `json:"id"`
	URL     string    `json:"url"`
	At      time.Time `json:"at"`
	Class   string    `json:"class"`
	Counted Counted   `json:"counted"`
	Value   *Number   `json:"value"` // Of a response: seconds; null when there was none.
	Reason  string    `json:"reason"`
}
