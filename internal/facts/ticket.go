package facts

import (
	"cmp"
	"slices"
	"time"
)

// StatusCategory is what a status means, whatever it is called.
type StatusCategory string

// The categories that Jira has. Any other, and none, is unknown.
const (
	CategoryNew        StatusCategory = "new"
	CategoryInProgress StatusCategory = "indeterminate"
	CategoryDone       StatusCategory = "done"
)

// TicketStatus is one status of the site. Ids stay when names change.
type TicketStatus struct {
	ID       string
	Name     string
	Category StatusCategory
}

// TextFormat is how the text of a ticket is written.
type TextFormat string

// The formats of texts. Wiki markup and Markdown are told apart by reading them.
const (
	FormatPlain TextFormat = "text"
	// FormatDocument is a text that came as Atlassian's document tree: it holds
	// the words of the tree, one line for each of its blocks, without its headings' marks.
	FormatDocument TextFormat = "document"
)

// Ticket is one issue of Jira as it is now, with the history that tells what it was.
type Ticket struct {
	ID      string // The id, which stays when it moves to another project.
	Key     string
	URL     string // The page that people open.
	Project string // Key.
	Type    string // Name; the untranslated one where Jira tells it.
	Status  TicketStatus
	// CategoryChangedAt is when the category of the status last changed; zero when Jira does not tell.
	CategoryChangedAt time.Time
	Resolution        string // Name; empty while there is none.
	CreatedAt         time.Time
	UpdatedAt         time.Time // Orders two versions of one ticket.
	ResolvedAt        time.Time // When the resolution was set; zero while there is none.
	Due               string    // YYYY-MM-DD, a day without a zone; empty when there is none.
	Summary           string
	Description       string
	Format            TextFormat // Of the description.
	Labels            []string   // Sorted.
	Components        []string   // Names, sorted.
	Assignee          string     // Account id (Cloud) or user key (Data Center); empty when nobody is.
	Creator           string     // Likewise.
	Reporter          string     // Likewise.
	Parent            string     // Id of the ticket that this one is a part of; empty when it is none.
	Links             []TicketLink
	// Fields are the values of the custom fields that the configuration names, by that name.
	// A field without a value is not in it.
	Fields map[string][]string
	// RemoteLinks are the URLs that the ticket links to, sorted; nil when they were not read.
	RemoteLinks []string
	// Changes are ordered by SortChanges, and complete.
	Changes []TicketChange
	// GoneAt is when Jira was first seen not to show the ticket any more: it was deleted,
	// or is not among those to read. Zero while it is shown. A collector does not set it: see
	// Absence.
	GoneAt time.Time
}

// Absence says that tickets which were shown before are shown no more.
type Absence struct {
	At      time.Time
	Tickets []string // Ids.
}

// TicketLink says that a ticket is linked to another one.
type TicketLink struct {
	Type    string // Name of the kind of link.
	Outward bool   // This ticket is the one that the link's outward words are said of.
	Ticket  string // Id of the other.
	Key     string // Key of the other.
}

// TicketField is a field whose changes are kept.
type TicketField string

// The fields whose changes are kept.
const (
	FieldStatus     TicketField = "status"
	FieldResolution TicketField = "resolution"
	FieldAssignee   TicketField = "assignee"
)

// TicketMargin is how long before the beginning of its history a source of
// tickets is read: all are known to which something happened from then on.
const TicketMargin = 35 * 24 * time.Hour

// TicketChange is one change of one field.
type TicketChange struct {
	// History is the id of the history entry; the changes of one entry were made together.
	History  string
	At       time.Time
	Author   string // Account id or user key; empty when nobody is told.
	Field    TicketField
	From, To string // Ids of statuses or resolutions, accounts of assignees; empty for none.
	// FromName and ToName are the names at that time.
	FromName, ToName string
	// Migrated is true where the same entry also changed the workflow: then
	// somebody changed the project's rules, and nothing happened to the ticket.
	Migrated bool
}

// SortChanges orders changes by time and, within an instant, by entry and field.
func SortChanges(changes []TicketChange) {
	slices.SortFunc(changes, func(a, b TicketChange) int {
		return cmp.Or(a.At.Compare(b.At), compareHistories(a.History, b.History), cmp.Compare(a.Field, b.Field))
	})
}

// compareHistories puts ids in the order of their numbers, which Jira counts up.
func compareHistories(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}
