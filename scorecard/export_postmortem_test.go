package scorecard

// MissingSections names the sections of a text that have no content of their own.
func MissingSections(text, template string) []string {
	return (newForm(template).filled(text) | sectionActions).missing()
}

// FilledSections counts the others.
func FilledSections(text, template string) int { return newForm(template).filled(text).count() }

// Moments counts the times of day in a line.
func Moments(line string) int { return moments([]string{line}) }

// SectionsOf counts the filled sections of a ticket.
func SectionsOf(t Ticket) int { return t.sections.count() }
