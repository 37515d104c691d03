package config

import (
	"path/filepath"

	"teamhealth/scorecard"
)

// checkPatterns wants patterns that can be looked for.
func (r *reader) checkPatterns(path string, patterns []string) {
	for i, pattern := range patterns {
		if _, err := filepath.Match(pattern, ""); err != nil && r.sound(item(path, i)) {
			r.report(item(path, i), "write it like records/*.csv; a [ that is meant has a \\ before it", "is not a pattern of files")
		}
	}
	unique(r, path, "pattern", patterns)
}

// checkMetric wants a metric that can stand in a file of records.
func (b *builder) checkMetric(path string, o *scorecard.Objective) {
	if o.Metric != "" && !idForm.MatchString(o.Metric) {
		b.reportFirst(path+".metric", "lower case letters, digits, - and _; at most 63", "%s is not fit for a metric", quote(o.Metric))
	}
}

// checkSurveys wants the metric of a survey to be no other objective's: two rows
// of the same answers could be held against each other, and would tell what each holds back.
func (b *builder) checkSurveys(objectives []scorecard.Objective) {
	owners := map[string]scorecard.Objective{}
	for _, o := range objectives {
		owner, again := owners[o.Metric]
		switch {
		case o.Metric == "":
		case !again:
			owners[o.Metric] = o
		case o.Measure == scorecard.MeasureSurvey || owner.Measure == scorecard.MeasureSurvey:
			b.reportFirst(b.paths[o.ID]+".metric", "two rows of the same answers would tell what each of them holds back: choose another metric, or switch one off",
				"metric %s is objective %s's already, and a survey", quote(o.Metric), quote(owner.ID))
		}
	}
}

// Metrics lists the metrics that the rubric's objectives look at in files of
// records, and those of them that count things, each in rubric order.
func (c *Config) Metrics() (all, counted []string) {
	for _, o := range c.Rubric.Objectives {
		if o.Metric == "" {
			continue
		}
		all = append(all, o.Metric)
		if o.Measure == scorecard.MeasureRecordCount {
			counted = append(counted, o.Metric)
		}
	}
	return all, counted
}
