package grafana

// StatOptions are the options of a stat.
type StatOptions struct {
	ColorMode     string `json:"colorMode"` // value | background | none.
	GraphMode     string `json:"graphMode"` // none | area.
	JustifyMode   string `json:"justifyMode"`
	Orientation   string `json:"orientation"`
	TextMode      string `json:"textMode"` // auto | value | value_and_name | name.
	ReduceOptions Reduce `json:"reduceOptions"`
}

// GaugeOptions are the options of a gauge.
type GaugeOptions struct {
	Orientation          string `json:"orientation"`
	ShowThresholdLabels  bool   `json:"showThresholdLabels"`
	ShowThresholdMarkers bool   `json:"showThresholdMarkers"`
	ReduceOptions        Reduce `json:"reduceOptions"`
}

// Reduce says how a series becomes one value.
type Reduce struct {
	Calcs  []string `json:"calcs"`
	Fields string   `json:"fields"` // Empty: all that are numbers.
	Values bool     `json:"values"` // True shows every value instead.
}

// TableOptions are the options of a table.
type TableOptions struct {
	ShowHeader bool   `json:"showHeader"`
	SortBy     []Sort `json:"sortBy,omitempty"`
}

// Sort orders a table by a column.
type Sort struct {
	DisplayName string `json:"displayName"`
	Desc        bool   `json:"desc"`
}

// TimeseriesOptions are the options of a time series.
type TimeseriesOptions struct {
	Legend  Legend  `json:"legend"`
	Tooltip Tooltip `json:"tooltip"`
}

// StateTimelineOptions are the options of a state timeline.
type StateTimelineOptions struct {
	AlignValue  string  `json:"alignValue"`
	MergeValues bool    `json:"mergeValues"` // Equal states that follow each other are one.
	RowHeight   float64 `json:"rowHeight"`   // 0 to 1.
	ShowValue   string  `json:"showValue"`   // auto | always | never.
	Legend      Legend  `json:"legend"`
	Tooltip     Tooltip `json:"tooltip"`
}

// Legend says where the names of series stand.
type Legend struct {
	Calcs       []string `json:"calcs"`
	DisplayMode string   `json:"displayMode"` // list | table.
	Placement   string   `json:"placement"`   // bottom | right.
	ShowLegend  bool     `json:"showLegend"`
}

// Tooltip says what the cursor shows.
type Tooltip struct {
	Mode string `json:"mode"` // single | multi.
	Sort string `json:"sort"` // none | asc | desc.
}

// HeatmapOptions are the options of a heat map of buckets.
type HeatmapOptions struct {
	Calculate    bool            `json:"calculate"` // False: the query gives the buckets.
	CellGap      int             `json:"cellGap"`
	Color        HeatmapColor    `json:"color"`
	Exemplars    HeatmapExemplar `json:"exemplars"`
	FilterValues HeatmapFilter   `json:"filterValues"`
	Legend       HeatmapLegend   `json:"legend"`
	RowsFrame    HeatmapRows     `json:"rowsFrame"`
	ShowValue    string          `json:"showValue"`
	Tooltip      HeatmapTooltip  `json:"tooltip"`
	YAxis        HeatmapAxis     `json:"yAxis"`
}

// HeatmapColor says how counts become colours.
type HeatmapColor struct {
	Exponent float64 `json:"exponent"`
	Fill     string  `json:"fill"`
	Mode     string  `json:"mode"`
	Reverse  bool    `json:"reverse"`
	Scale    string  `json:"scale"`
	Scheme   string  `json:"scheme"`
	Steps    int     `json:"steps"`
}

// HeatmapExemplar is the colour of the marks that stand for single events.
type HeatmapExemplar struct {
	Color string `json:"color"`
}

// HeatmapFilter leaves cells with at most LE in them empty.
type HeatmapFilter struct {
	LE float64 `json:"le"`
}

// HeatmapLegend says whether the scale of colours is shown.
type HeatmapLegend struct {
	Show bool `json:"show"`
}

// HeatmapRows says which bound of a bucket its row stands for.
type HeatmapRows struct {
	Layout string `json:"layout"` // auto | le | ge.
}

// HeatmapTooltip says what the cursor shows; Grafana 10 asks for Mode, 9 for Show.
type HeatmapTooltip struct {
	Mode       string `json:"mode"`
	Show       bool   `json:"show"`
	YHistogram bool   `json:"yHistogram"`
}

// HeatmapAxis is the vertical axis.
type HeatmapAxis struct {
	AxisPlacement string `json:"axisPlacement"`
	Reverse       bool   `json:"reverse"`
	Unit          string `json:"unit"`
}

// TextOptions are the options of a text.
type TextOptions struct {
	Content string `json:"content"`
	Mode    string `json:"mode"` // markdown.
}
