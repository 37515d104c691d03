package measures

import (
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// byRecords is what all measures of records read.
func byRecords() []Source {
	return []Source{{facts.Records, "the lines of the metric, see [records](../records.md)", "", nil}}
}

func ofMetric() []Parameter {
	return []Parameter{{"metric", true, "", "The word under `metric` in the files of records."}}
}

func survey() Measure {
	return Measure{
		ID: scorecard.MeasureSurvey, Title: "Survey",
		Question: "What is the mean of the answers?",
		equation: always(ratioOf("Σ (mean answer × respondents)", "Σ respondents")),
		Reading: "A record's `value` is the mean answer of a team, its `n` how many answered. Weighting by `n` gives the mean of all answers; a mean of teams' means would let the smallest team count as much as the largest.\n\n" +
			"What fewer than five people of a team answered in a fiscal quarter is held back (`insufficient_data`), by itself and where it could be worked out: so are the next smallest teams of that quarter until those that are held back are five people together, and windows that have only some of a quarter's answers. [Records](../records.md#answers-of-few-people) says how.",
		Population: "Records of the metric whose day is in the period: those of the subject's teams, and for the organisation also those of `org`.",
		Classes: []Class{
			{"answered", scorecard.InNumerator, "a record that says how many answered"},
			{"no_respondents", scorecard.NotCounted, "it does not say how many answered, so that nobody knows whether they were enough to be shown"},
			{"repeated", scorecard.NotCounted, "the same line stands in another file, where it counts"},
		},
		Org: "The answers of all its teams and those of `org`, added up and divided once.", Sources: byRecords(),
		Needs: []string{"`sources.records.files`"}, Parameters: ofMetric(),
		Evidence: "Every record with its file and line; the values of those that are held back are not shown.",
		Caveats: all(ofRecords(), []Caveat{{
			"Records that do not say how many people answered are left out: ….",
			"Write `n` into the lines.",
		}}, ofHistory()),
		Origin: "A weighted mean. Hiding the next smallest team as well is complementary cell suppression, as statistical offices do it with tables.",
	}
}

func recordCount() Measure {
	return Measure{
		ID: scorecard.MeasureRecordCount, Title: "Count of records",
		Question:   "How many things of a kind are on record?",
		equation:   always(only("Σ values on record")),
		Reading:    countReading,
		Population: "Records of the metric whose day is in the row's window: those of the subject's teams, and for the organisation also those of `org`.",
		Classes: []Class{
			{"recorded", InValue, "a record; its value is how many there were"},
			{"repeated", scorecard.NotCounted, "the same line stands in another file, where it counts"},
		},
		Org: "The values of all its teams and those of `org`, added up.", Sources: byRecords(),
		Needs: []string{"`sources.records.files`"}, Parameters: ofMetric(), Details: pace(),
		Evidence: "Every record with its file and line; the values of those of class `recorded` add up to the value.",
		Caveats:  all(ofRecords(), ofHistory()),
		Origin:   "The document names a number.",
	}
}

func recordLatest() Measure {
	return Measure{
		ID: scorecard.MeasureRecordLatest, Title: "Latest record",
		Question:   "What does the latest record say?",
		equation:   always(only("value of the latest record")),
		Reading:    "The record may be of any day before the end of the period, however long ago.",
		Population: "Records of the metric whose team is the subject itself, up to the end of the period.",
		Classes: []Class{
			{"recorded", InValue, "the latest one"},
			{"earlier", scorecard.NotCounted, "there is a later one"},
		},
		Org: "The latest record whose team is `org`. Those of teams say nothing about the others, so without one there is no value.", Sources: byRecords(),
		Needs: []string{"`sources.records.files`"}, Parameters: ofMetric(),
		Details:  []Field{{"date", "Day of the record."}},
		Evidence: "Every record with its file and line; only the value of the latest is shown.",
		Caveats:  all(ofHistory()),
		Origin:   "Something that is reviewed now and then, on a scale of its own, has a latest value and no sum.",
	}
}
