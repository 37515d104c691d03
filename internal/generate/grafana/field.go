package grafana

// FieldConfig says how values look.
type FieldConfig struct {
	Defaults  Defaults   `json:"defaults"`
	Overrides []Override `json:"overrides"` // Never nil: Grafana walks through it.
}

// Defaults are how all values of a panel look.
type Defaults struct {
	Unit       string      `json:"unit,omitempty"` // As percentunit; a plain number is none.
	Decimals   *int        `json:"decimals,omitempty"`
	Min        *float64    `json:"min,omitempty"`
	Max        *float64    `json:"max,omitempty"`
	NoValue    string      `json:"noValue,omitempty"` // What is shown where there is none.
	Color      *Color      `json:"color,omitempty"`
	Thresholds *Thresholds `json:"thresholds,omitempty"`
	Mappings   []Mapping   `json:"mappings,omitempty"`
	Links      []DataLink  `json:"links,omitempty"`
	Custom     *Custom     `json:"custom,omitempty"`
}

// Color says where a value's colour comes from.
type Color struct {
	Mode       string `json:"mode"` // thresholds | palette-classic | fixed.
	FixedColor string `json:"fixedColor,omitempty"`
}

// Thresholds colour a value by the last step that is not above it.
type Thresholds struct {
	Mode  string `json:"mode"` // absolute.
	Steps []Step `json:"steps"`
}

// Step is the lower end of a threshold. The first step of a list has no value:
// it holds for everything below the second.
type Step struct {
	Color string   `json:"color"`
	Value *float64 `json:"value"`
}

// From makes thresholds of a colour for what is below all steps, and steps in
// rising order.
func From(base string, steps ...Step) *Thresholds {
	return &Thresholds{Mode: "absolute", Steps: append([]Step{{Color: base}}, steps...)}
}

// At makes a step that begins at a value.
func At(value float64, color string) Step { return Step{Color: color, Value: &value} }

// Mapping shows text, and perhaps a colour, instead of a value.
type Mapping struct {
	Type string `json:"type"` // value | special.
	// Options are a map of Shown by value, or a Special.
	Options any `json:"options"`
}

// Shown is what a mapping shows.
type Shown struct {
	Text  string `json:"text"`
	Color string `json:"color,omitempty"`
	Index int    `json:"index"` // Its place in the legend.
}

// Special is a mapping of what is no usual value.
type Special struct {
	Match  string `json:"match"` // null+nan | empty.
	Result Shown  `json:"result"`
}

// ByValue maps values, as they are written, to what is shown.
func ByValue(shown map[string]Shown) Mapping { return Mapping{Type: "value", Options: shown} }

// Absent maps values that are none to what is shown.
func Absent(shown Shown) Mapping {
	return Mapping{Type: "special", Options: Special{Match: "null+nan", Result: shown}}
}

// Override changes how some of a panel's values look.
type Override struct {
	Matcher    Matcher    `json:"matcher"`
	Properties []Property `json:"properties"`
}

// Matcher says which values.
type Matcher struct {
	ID      string `json:"id"`
	Options string `json:"options"`
}

// Property is one setting of an override, by its path in Defaults.
type Property struct {
	ID    string `json:"id"`
	Value any    `json:"value"`
}

// ByName overrides the field, column or series of a name.
func ByName(name string, properties ...Property) Override {
	return Override{Matcher: Matcher{ID: "byName", Options: name}, Properties: properties}
}

// DataLink leads from a value to another page.
type DataLink struct {
	Title       string `json:"title"`
	URL         string `json:"url"`
	TargetBlank bool   `json:"targetBlank"`
}

// Custom are settings that only some types of panels have.
type Custom struct {
	DrawStyle       string           `json:"drawStyle,omitempty"` // line | bars.
	LineWidth       int              `json:"lineWidth,omitempty"`
	ShowPoints      string           `json:"showPoints,omitempty"`
	ThresholdsStyle *ThresholdsStyle `json:"thresholdsStyle,omitempty"`
	// DisplayMode is a table's: auto | color-text | color-background-solid. It is
	// Grafana 9's name, which later ones read.
	DisplayMode string `json:"displayMode,omitempty"`
	Filterable  bool   `json:"filterable,omitempty"`
}

// ThresholdsStyle says how a time series shows thresholds.
type ThresholdsStyle struct {
	Mode string `json:"mode"` // off | dashed.
}
