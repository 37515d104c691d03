package config

import (
	"slices"

	"teamhealth/scorecard"
)

// windowed reports whether an objective's measure looks at its window. The others
// look at the card's period, or back from its end, whatever a window says: their
// rows would be about another time than the one they name.
func windowed(o *scorecard.Objective) bool {
	return o.CountsEvents() || slices.Contains([]scorecard.Measure{
		scorecard.MeasureTicketCount, scorecard.MeasureTicketRatio, scorecard.MeasureActionItems, scorecard.MeasurePostmortemQuality,
		scorecard.MeasureRecordCount, scorecard.MeasureSurvey, scorecard.MeasureRetention, scorecard.MeasureTimeToProductivity,
		scorecard.MeasureMentorship,
	}, o.Measure)
}

// checkWindow wants a window that the measure looks at.
func (b *builder) checkWindow(path string, o *scorecard.Objective) {
	if o.Window != scorecard.WindowPeriod && !windowed(o) && b.sound(path+".method") {
		b.reportFirst(path+".window", "write period", "measure %s looks at the card's period only", o.Measure)
	}
}
