// Package grafana writes dashboards in Grafana's classic JSON model, as far as
// ours need it: typed panels that exist since Grafana 9, the fields and values
// that they show, variables, links, and a layout in which no two panels can
// overlap. It knows nothing of what a dashboard is about, asks no Grafana, and
// writes the same bytes for the same dashboard.
package grafana

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// SchemaVersion is the version of the JSON model, that of Grafana 9. Later
// Grafanas bring older models up to date when they load them.
const SchemaVersion = 37

// Dashboard is one dashboard.
type Dashboard struct {
	UID         string   `json:"uid"` // Unique in a Grafana; links name it.
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Tags        []string `json:"tags"`
	Editable    bool     `json:"editable"`
	// GraphTooltip 1 shows the cursor of one panel in all others.
	GraphTooltip int         `json:"graphTooltip"`
	Links        []Link      `json:"links"`
	Panels       []Panel     `json:"panels"`
	Refresh      string      `json:"refresh"` // How often, as 5m.
	Schema       int         `json:"schemaVersion"`
	Templating   Templating  `json:"templating"`
	Time         TimeRange   `json:"time"`
	Timezone     string      `json:"timezone"`             // utc, browser, or an IANA name.
	FiscalStart  int         `json:"fiscalYearStartMonth"` // 0 is January.
	Annotations  Annotations `json:"annotations"`
}

// TimeRange is the span of time that a dashboard opens with, as now-7d to now.
type TimeRange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Annotations are marks on the time axis. Grafana wants the list even when it is empty.
type Annotations struct {
	List []string `json:"list"`
}

// Link leads from a dashboard to another one.
type Link struct {
	Title       string   `json:"title"`
	Type        string   `json:"type"` // LinkTo.
	Icon        string   `json:"icon"`
	Tooltip     string   `json:"tooltip"`
	URL         string   `json:"url"`
	Tags        []string `json:"tags"`
	IncludeVars bool     `json:"includeVars"` // Takes the values of all variables along.
	KeepTime    bool     `json:"keepTime"`    // Takes the time range along.
	AsDropdown  bool     `json:"asDropdown"`
	TargetBlank bool     `json:"targetBlank"`
}

// LinkTo is the type of a link to one place.
const LinkTo = "link"

// Path is where the dashboard of a uid is found in a Grafana.
func Path(uid string) string { return "/d/" + uid }

// JSON writes the dashboard, indented, with a newline at its end. An error
// means that a panel holds a value that has no form in JSON.
func (d *Dashboard) JSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // Expressions are full of > and &.
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("writing dashboard %s: %w", d.UID, err)
	}
	return b.Bytes(), nil
}
