package records

import "teamhealth/internal/facts"

// Decode decodes the content of one file, as a cycle does.
func (c *Collector) Decode(name string, content []byte) (records []facts.Record, problems, warnings []Problem) {
	f := &file{name: name, path: name}
	c.decode(f, content)
	return f.records, shortened(f.problems), f.warnings
}
