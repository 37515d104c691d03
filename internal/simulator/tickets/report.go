package tickets

import (
	"fmt"
	"strings"

	"teamhealth/internal/simulator/history"
)

// style is how headings and lists are written.
type style uint8

const (
	wiki     style = iota // h2. Impact
	bold                  // *Impact*
	markdown              // ## Impact
)

// section is one section of a post-mortem.
type section struct{ title, body string }

// report is the text of a post-mortem.
type report struct {
	style      style
	references []string // Addresses of incidents.
	sections   []section
}

// report writes the text for some incidents. Some sections are left out, some
// are not filled in, and some timelines say too little.
func (w *writer) report(d dice, incidents []*incident) report {
	i := incidents[0]
	r := report{style: style(d.weighted(60, 10, 30))}
	for n, s := range i.sections(d) {
		blank := d.chance(0.04)
		switch fill := d.Float64(); {
		case n == 0 || fill < 0.86:
		case fill < 0.90:
			continue
		case fill < 0.95:
			s.body = []string{"TBD", "...", "tbd"}[d.IntN(3)]
		default:
			s.body = form()[n].body
		}
		if blank && n > 0 {
			s.body = ""
		}
		r.sections = append(r.sections, s)
	}
	return r
}

// sections are the sections of a complete post-mortem.
func (i *incident) sections(d dice) []section {
	titles := form()
	open := (i.resolved - i.Created + 59) / minute
	bodies := []string{
		fmt.Sprintf("%s. It took %d minutes until the service was well again.", i.title, open),
		fmt.Sprintf("About %d%% of the requests to %s failed or were slow for %d minutes. No data was lost.", d.between(1, 30), i.service, open),
		i.chronicle(d),
		one(d, []string{
			"A batch job opened more connections than the pool allows, and the limit of the service was never set.",
			"The replica fell behind because an index was missing on a table that had grown tenfold.",
			"The certificate was renewed but the node was not reloaded.",
			"A node was lost, and the election took longer than clients were ready to wait.",
		}),
		fmt.Sprintf("Monitoring paged whoever was on call at %s. Customers noticed nothing before that.", i.clock(0)),
		one(d, []string{
			"The job was stopped and the pool was drained.", "The replica was rebuilt from a backup.",
			"Traffic was moved to the second region until the node was replaced.",
		}),
		one(d, []string{
			"The runbook was right, and nobody found it at once. The dashboard showed the cause within a minute.",
			"Two alerts said the same. The one that told the cause came last.",
		}),
		"What follows from this is linked to this ticket.",
	}
	for n := range titles {
		titles[n].body = bodies[n]
	}
	if d.chance(0.2) {
		titles[3].title = "Contributing factors"
	}
	return titles
}

// chronicle is the timeline of the incident, a line for each moment. A few
// people write only when it began and ended.
func (i *incident) chronicle(d dice) string {
	lines := []string{i.clock(0) + " UTC alert fires"}
	for _, event := range i.timeline {
		if event.Kind == history.Acknowledge && !d.chance(0.08) {
			lines = append(lines, i.clock(int64(event.After))+" UTC acknowledged, work begins")
			break
		}
	}
	over := i.resolved - i.Created
	if !d.chance(0.08) {
		lines = append(lines, i.clock(over*2/3)+" UTC cause found")
	}
	lines = append(lines, i.clock(over)+" UTC resolved")
	return "* " + strings.Join(lines, "\n* ")
}

// form is the empty form that post-mortems begin as.
func form() []section {
	return []section{
		{"Summary", "What happened, in two sentences?"},
		{"Impact", "Who noticed what, for how long, and how many of them?"},
		{"Timeline", "* HH:MM UTC what happened"},
		{"Root cause", "Why did it happen? Ask why once more."},
		{"Detection", "How did we learn of it, and how could we have learnt sooner?"},
		{"Resolution", "What ended it?"},
		{"Lessons learned", "What went well, what did not, where were we lucky?"},
		{"Action items", "Link the tickets."},
	}
}

// Form returns the empty form of a post-mortem, in wiki markup.
func Form() string { return report{}.form() }

// form is the report before anything is filled in.
func (r report) form() string {
	r.sections = form()
	return r.write()
}

// write puts the report into its style.
func (r report) write() string {
	var text strings.Builder
	for _, reference := range r.references {
		fmt.Fprintf(&text, "Incident: %s\n\n", reference)
	}
	for n, s := range r.sections {
		if n > 0 {
			text.WriteString("\n\n")
		}
		text.WriteString(r.heading(s.title) + "\n\n" + s.body)
	}
	return text.String()
}

func (r report) heading(title string) string {
	switch r.style {
	case bold:
		return "*" + title + "*"
	case markdown:
		return "## " + title
	case wiki:
	}
	return "h2. " + title
}
