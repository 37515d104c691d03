package grafana

// Panel is one panel, or the heading of a row of panels.
type Panel struct {
	ID          int         `json:"id"` // Unique in its dashboard.
	Type        string      `json:"type"`
	Title       string      `json:"title"`
	Description string      `json:"description,omitempty"`
	GridPos     GridPos     `json:"gridPos"`
	Datasource  *Datasource `json:"datasource,omitempty"`
	Targets     []Target    `json:"targets,omitempty"`
	// MaxDataPoints bounds the points of a series; 0 is one for each pixel.
	MaxDataPoints   int              `json:"maxDataPoints,omitempty"`
	Transformations []Transformation `json:"transformations,omitempty"`
	FieldConfig     *FieldConfig     `json:"fieldConfig,omitempty"`
	// Options are those of the panel's type: Stat has StatOptions, and so on.
	Options any `json:"options,omitempty"`
	// Collapsed and Panels are of rows only, which have both. The panels of a row
	// that is open stand after it, not in it.
	Collapsed *bool   `json:"collapsed,omitempty"`
	Panels    []Panel `json:"panels,omitzero"`
}

// The types of panels.
const (
	TypeRow           = "row"
	TypeText          = "text"
	TypeStat          = "stat"
	TypeGauge         = "gauge"
	TypeTable         = "table"
	TypeTimeseries    = "timeseries"
	TypeStateTimeline = "state-timeline"
	TypeHeatmap       = "heatmap"
)

// GridPos is where a panel stands on the grid, which is Columns wide.
type GridPos struct {
	H int `json:"h"` // About 30 pixels each.
	W int `json:"w"`
	X int `json:"x"`
	Y int `json:"y"`
}

// Datasource is where a panel's queries go to.
type Datasource struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

// Target is one query of a panel, in PromQL.
type Target struct {
	RefID        string      `json:"refId"` // Unique in its panel.
	Datasource   *Datasource `json:"datasource,omitempty"`
	Expr         string      `json:"expr"`
	Format       string      `json:"format"`
	LegendFormat string      `json:"legendFormat,omitempty"`
	Instant      bool        `json:"instant"`
	Range        bool        `json:"range"`
	Exemplar     bool        `json:"exemplar"`
}

// The formats of what a query answers.
const (
	FormatSeries  = "time_series"
	FormatTable   = "table"
	FormatHeatmap = "heatmap"
)

// Over makes a query over the dashboard's time range. The legend names labels
// as {{team}}.
func Over(expr, legend string) Target {
	return Target{Expr: expr, Format: FormatSeries, LegendFormat: legend, Range: true}
}

// Now makes a query for the end of the dashboard's time range.
func Now(expr, legend string) Target {
	return Target{Expr: expr, Format: FormatSeries, LegendFormat: legend, Instant: true}
}

// Rows makes a query for the end of the dashboard's time range that answers
// with a row per series and a column per label.
func Rows(expr string) Target {
	return Target{Expr: expr, Format: FormatTable, Instant: true}
}

// Buckets makes a query for the buckets of a histogram, with its exemplars.
func Buckets(expr string) Target {
	return Target{Expr: expr, Format: FormatHeatmap, LegendFormat: "{{le}}", Range: true, Exemplar: true}
}

// Ask gives a panel its queries, which are named A, B, C and so on, and sends
// them to source.
func (p Panel) Ask(source Datasource, targets ...Target) Panel {
	p.Datasource = &source
	for i, t := range targets {
		t.RefID, t.Datasource = RefID(i), &source
		p.Targets = append(p.Targets, t)
	}
	return p
}

// RefID names the query of an index, which must be below 26.
func RefID(i int) string { return string(rune('A' + i)) }

// Describe gives a panel its title and description.
func (p Panel) Describe(title, description string) Panel {
	p.Title, p.Description = title, description
	return p
}

// Size gives a panel its width and height on the grid.
func (p Panel) Size(width, height int) Panel {
	p.GridPos.W, p.GridPos.H = width, height
	return p
}
