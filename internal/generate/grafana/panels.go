package grafana

// last reduces a series to its latest value.
func last() Reduce { return Reduce{Calcs: []string{"lastNotNull"}} }

// Stat shows the latest value of each series, large, in the colour that its
// thresholds or mappings give it.
func Stat(fields FieldConfig) Panel {
	return Panel{Type: TypeStat, FieldConfig: &fields, Options: StatOptions{
		ColorMode: "background", GraphMode: "none", JustifyMode: "auto", Orientation: "auto",
		TextMode: "auto", ReduceOptions: last(),
	}}
}

// Gauge shows the latest value of each series between its least and largest.
func Gauge(fields FieldConfig) Panel {
	return Panel{Type: TypeGauge, FieldConfig: &fields, Options: GaugeOptions{
		Orientation: "auto", ShowThresholdMarkers: true, ReduceOptions: last(),
	}}
}

// Table shows rows and columns, sorted by the columns that are named.
func Table(fields FieldConfig, sortBy ...string) Panel {
	options := TableOptions{ShowHeader: true}
	for _, column := range sortBy {
		options.SortBy = append(options.SortBy, Sort{DisplayName: column})
	}
	return Panel{Type: TypeTable, FieldConfig: &fields, Options: options}
}

// Timeseries shows series as lines, and thresholds as dashed ones.
func Timeseries(fields FieldConfig) Panel {
	fields.Defaults.Custom = &Custom{DrawStyle: "line", LineWidth: 2, ShowPoints: "auto"}
	if fields.Defaults.Thresholds != nil {
		fields.Defaults.Custom.ThresholdsStyle = &ThresholdsStyle{Mode: "dashed"}
	}
	return Panel{Type: TypeTimeseries, FieldConfig: &fields, Options: TimeseriesOptions{
		Legend:  Legend{Calcs: []string{"lastNotNull"}, DisplayMode: "table", Placement: "right", ShowLegend: true},
		Tooltip: Tooltip{Mode: "multi", Sort: "desc"},
	}}
}

// StateTimeline shows for each series when it was in which state.
func StateTimeline(fields FieldConfig) Panel {
	return Panel{Type: TypeStateTimeline, FieldConfig: &fields, Options: StateTimelineOptions{
		AlignValue: "left", MergeValues: true, RowHeight: 0.9, ShowValue: "auto",
		Legend:  Legend{Calcs: []string{}, DisplayMode: "list", Placement: "bottom", ShowLegend: true},
		Tooltip: Tooltip{Mode: "single", Sort: "none"},
	}}
}

// Heatmap shows how the values of a histogram spread over time. The unit is
// that of the buckets' bounds.
func Heatmap(unit string) Panel {
	return Panel{
		Type: TypeHeatmap, MaxDataPoints: 60, // Cells that one can see and point at.
		FieldConfig: &FieldConfig{Defaults: Defaults{Unit: unit}, Overrides: []Override{}},
		Options: HeatmapOptions{
			CellGap: 1,
			Color: HeatmapColor{
				Exponent: 0.5, Fill: "dark-blue", Mode: "scheme", Scale: "exponential", Scheme: "Blues", Steps: 64, Reverse: false,
			},
			Exemplars:    HeatmapExemplar{Color: "orange"},
			FilterValues: HeatmapFilter{LE: 1e-9},
			Legend:       HeatmapLegend{Show: true},
			RowsFrame:    HeatmapRows{Layout: "auto"},
			ShowValue:    "never",
			Tooltip:      HeatmapTooltip{Mode: "single", Show: true, YHistogram: true},
			YAxis:        HeatmapAxis{AxisPlacement: "left", Unit: unit},
		},
	}
}

// Text shows Markdown.
func Text(markdown string) Panel {
	return Panel{Type: TypeText, Options: TextOptions{Content: markdown, Mode: "markdown"}}
}
