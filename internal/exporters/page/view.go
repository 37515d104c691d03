package page

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"teamhealth/internal/exporters/text"
	"teamhealth/scorecard"
)

// view is what the template shows.
type view struct {
	Organization string
	Style        template.CSS
	AsOf         string
	DataAsOf     string // Empty until every source has completed once.
	Tables       []table
	Endpoints    []endpoint
}

// table is one window's cards.
type table struct {
	Title    string
	Verdicts []string // The headings of a row's counts.
	Rows     []row
}

// row is one subject.
type row struct {
	Name, Score, Coverage string
	Counts                []int
	Links                 []link
}

// endpoint is a thing that can be asked for.
type endpoint struct {
	Name  string
	Links []link
}

// link leads somewhere. Label says where to a reader who does not see what
// stands around it; empty where Text says it.
type link struct{ URL, Text, Label string }

func viewOf(organisation string, p *scorecard.Published) view {
	v := view{Organization: organisation, Endpoints: endpoints(p)}
	if p == nil {
		return v
	}
	v.AsOf = instant(&p.AsOf)
	for _, w := range []struct{ name, title string }{
		{scorecard.PreviousQuarter, "Previous quarter"},
		{scorecard.CurrentQuarter, "Current quarter"},
	} {
		if cards := p.Cards(w.name); len(cards) > 0 {
			v.DataAsOf = instant(cards[0].DataAsOf)
			v.Tables = append(v.Tables, tableOf(fmt.Sprintf("%s, %s", w.title, cards[0].Period.ID), cards))
		}
	}
	return v
}

func instant(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func tableOf(title string, cards []scorecard.Card) table {
	var counts []map[scorecard.Verdict]int
	for i := range cards {
		counts = append(counts, cards[i].Verdicts)
	}
	verdicts := text.Verdicts(counts...)
	t := table{Title: title}
	for _, v := range verdicts {
		t.Verdicts = append(t.Verdicts, sentenceCase(string(v)))
	}
	for i := range cards {
		t.Rows = append(t.Rows, rowOf(&cards[i], verdicts))
	}
	return t
}

func rowOf(c *scorecard.Card, verdicts []scorecard.Verdict) row {
	r := row{Name: c.Subject.Name, Score: text.Score(c.Score), Coverage: text.Share(c.Coverage)}
	for _, v := range verdicts {
		r.Counts = append(r.Counts, c.Verdicts[v])
	}
	r.Links = scorecards(c.Period.ID, c.Subject.ID)
	for i := range r.Links {
		r.Links[i].Label = fmt.Sprintf("Scorecard of %s for %s as %s", c.Subject.Name, c.Period.ID, r.Links[i].Text)
	}
	return r
}

// sentenceCase makes a heading of a word of the API.
func sentenceCase(word string) string {
	return strings.ToUpper(word[:1]) + strings.ReplaceAll(word[1:], "_", " ")
}

// scorecards links a card in each of its forms.
func scorecards(period, team string) []link {
	q := url.Values{"period": {period}, "team": {team}}
	links := []link{{URL: "/api/v1/scorecard?" + q.Encode(), Text: "JSON"}}
	for _, f := range []struct{ name, text string }{{"csv", "CSV"}, {"md", "Markdown"}} {
		q.Set("format", f.name)
		links = append(links, link{URL: "/api/v1/scorecard?" + q.Encode(), Text: f.text})
	}
	return links
}

// endpoints lists everything that the server answers.
func endpoints(p *scorecard.Published) []endpoint {
	list := []endpoint{
		{Name: "Scorecards of all teams, previous quarter", Links: scorecards("previous", "all")},
		{Name: "Scorecards of all teams, current quarter", Links: scorecards("current", "all")},
		{Name: "Evidence behind a row", Links: one(evidenceExample(p))},
	}
	for _, e := range []struct{ name, path string }{
		{"Teams", "/api/v1/teams"},
		{"Objectives", "/api/v1/objectives"},
		{"Periods", "/api/v1/periods"},
		{"Status of the sources", "/api/v1/status"},
		{"Metrics for Prometheus", "/metrics"},
		{"Is it running?", "/-/healthy"},
		{"Is it ready?", "/-/ready"},
	} {
		list = append(list, endpoint{Name: e.name, Links: one(e.path)})
	}
	return list
}

// one is a link that shows where it leads.
func one(path string) []link { return []link{{URL: path, Text: path}} }

// evidenceExample leads to the evidence of the organisation's first row that
// has a value, so that a first visitor sees what evidence is.
func evidenceExample(p *scorecard.Published) string {
	if p != nil {
		for _, c := range p.Cards(scorecard.PreviousQuarter) {
			for i := range c.Rows {
				if c.Rows[i].Value != nil {
					return evidencePath(c.Rows[i].ID, c.Subject.ID)
				}
			}
		}
	}
	return evidencePath("incident_response", scorecard.OrgID)
}

func evidencePath(objective, team string) string {
	return "/api/v1/evidence?" + url.Values{"objective": {objective}, "team": {team}, "period": {"previous"}}.Encode()
}
