package tickets

import "strings"

// Ticket is one ticket as it was created, with all that ever happens to it.
// Instants are seconds since 1970.
type Ticket struct {
	ID          int
	Key         string
	Project     string // Key.
	Type        string // Name.
	Created     int64
	Creator     string // Account.
	Reporter    string // Account; empty for one that is gone.
	Assignee    string // Account; empty for nobody.
	Summary     string
	Description string // Wiki markup or Markdown.
	// Document is true where the description was written in the editor whose
	// texts are trees.
	Document   bool
	Labels     []string
	Components []string
	Incident   string // Of the field for incidents: an id or a URL.
	Due        string // YYYY-MM-DD; empty for none.
	Unranked   bool   // It has no priority.
	Parent     int    // Index of the ticket that this one is a part of; -1 for none.
	Links      []Link
	Remote     []RemoteLink
	Entries    []Entry // In order of time.
}

// Link is a link to another ticket, as seen from one end.
type Link struct {
	ID      int
	At      int64
	Type    string // Name.
	Outward bool   // The other ticket is what the outward words lead to.
	Other   int    // Index of the other ticket; -1 for Hidden.
}

// Hidden is a ticket that links lead to and that nobody here may see.
func Hidden() (id, key string) { return "9007", "SEC-7" }

// RemoteLink is a link to a page elsewhere.
type RemoteLink struct {
	ID    int
	At    int64
	URL   string
	Title string
}

// Entry is one entry of a ticket's history: changes that were made together.
type Entry struct {
	ID     int // Larger in later entries of the ticket.
	At     int64
	Author string // Account.
	Items  []Item
}

// Item is the change of one field.
type Item struct {
	Field        string // As the tracker writes it: status, resolution, assignee, labels, description, Workflow, Link, Rank …
	From, To     string // Ids, accounts or keys; empty for none.
	FromText     string // What people are shown; of a status, its name at that time.
	ToText       string
	appended     string // To labels or to a description, when From and To are not known yet.
	linkedTicket *draft // Of a Link, until keys are known.
}

// The fields whose changes State follows.
const (
	fieldStatus      = "status"
	fieldResolution  = "resolution"
	fieldAssignee    = "assignee"
	fieldLabels      = "labels"
	fieldDescription = "description"
)

// State is what a ticket looks like at an instant.
type State struct {
	Status            Status
	CategoryChangedAt int64
	Resolution        Resolution // The zero one while there is none.
	ResolvedAt        int64      // 0 while there is no resolution.
	Assignee          string
	Labels            []string
	Description       string
	UpdatedAt         int64
	Entries           int // How many entries have happened.
}

// State returns what the ticket looks like at an instant.
func (t *Ticket) State(now int64) State {
	s := State{
		Status: statusByID(statusToDo), CategoryChangedAt: t.Created, Assignee: t.Assignee, Labels: t.Labels,
		Description: t.Description, UpdatedAt: t.Created,
	}
	for _, entry := range t.Entries {
		if entry.At > now {
			break
		}
		s.Entries++
		s.UpdatedAt = entry.At
		for _, item := range entry.Items {
			s.apply(item, entry.At)
		}
	}
	return s
}

// apply lets one change happen.
func (s *State) apply(item Item, at int64) {
	switch item.Field {
	case fieldStatus:
		before := s.Status.Category
		s.Status = statusByID(item.To)
		if s.Status.Category != before {
			s.CategoryChangedAt = at
		}
	case fieldResolution:
		s.Resolution, s.ResolvedAt = Resolution{}, 0
		if item.To != "" {
			s.Resolution, s.ResolvedAt = Resolution{ID: item.To, Name: resolutionName(item.To)}, at
		}
	case fieldAssignee:
		s.Assignee = item.To
	case fieldLabels:
		s.Labels = strings.Fields(item.ToText)
	case fieldDescription:
		s.Description = item.ToText
	default:
	}
}
