package grafana

// Templating holds a dashboard's variables.
type Templating struct {
	List []Variable `json:"list"`
}

// Variable is what a reader chooses at the top of a dashboard.
type Variable struct {
	Type        string      `json:"type"` // datasource | query | custom.
	Name        string      `json:"name"` // Expressions use it as $name.
	Label       string      `json:"label"`
	Description string      `json:"description"`
	Datasource  *Datasource `json:"datasource,omitempty"`
	Query       string      `json:"query"`
	// Definition repeats the query for Grafana's list of variables.
	Definition string   `json:"definition,omitempty"`
	Current    Choice   `json:"current"`
	Options    []Choice `json:"options"`
	Multi      bool     `json:"multi"`
	IncludeAll bool     `json:"includeAll"`
	AllValue   string   `json:"allValue,omitempty"` // A regular expression for all.
	Refresh    int      `json:"refresh,omitempty"`  // 1 on load, 2 whenever the time range changes too.
	Sort       int      `json:"sort,omitempty"`     // 1 is alphabetical.
	Hide       int      `json:"hide"`
}

// Choice is one value of a variable. The zero Choice leaves the choice to
// Grafana, which takes the first.
type Choice struct {
	Selected bool   `json:"selected,omitempty"`
	Text     string `json:"text,omitempty"`
	Value    string `json:"value,omitempty"`
}

// All is the value of a variable that stands for all its values.
const All = "$__all"

// anything is the regular expression that All stands for in expressions. It
// takes every value of a label that there is, and no series without the label.
const anything = ".+"

// Sources lets a reader choose among the data sources of a kind.
func Sources(name, label, kind, description string) Variable {
	return Variable{
		Type: "datasource", Name: name, Label: label, Description: description, Query: kind, Refresh: 1,
		Current: Choice{Text: "default", Value: "default"}, Options: []Choice{},
	}
}

// Values lets a reader choose among the values that a query for them finds in
// a source; several at once. The first is chosen in the beginning.
func Values(name, label, query, description string, source Datasource) Variable {
	return Variable{
		Type: "query", Name: name, Label: label, Description: description, Datasource: &source,
		Query: query, Definition: query, Refresh: 2, Sort: 1, Multi: true, AllValue: anything, Options: []Choice{},
	}
}

// WithAll offers all values as one more choice, and chooses it in the beginning.
func (v Variable) WithAll() Variable {
	v.IncludeAll = true
	v.Current = Choice{Selected: true, Text: "All", Value: All}
	return v
}

// OneOf lets a reader choose one of some texts. The first is chosen in the
// beginning.
func OneOf(name, label, description string, choices ...Choice) Variable {
	v := Variable{Type: "custom", Name: name, Label: label, Description: description, Options: choices}
	for i, c := range choices {
		if i > 0 {
			v.Query += ","
		}
		v.Query += c.Text + " : " + c.Value
	}
	v.Options[0].Selected = true
	v.Current = v.Options[0]
	return v
}
