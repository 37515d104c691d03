package tickets

import "slices"

// Category is what a status means, in the tracker's own words.
type Category string

// The categories.
const (
	CategoryNew        Category = "new"
	CategoryInProgress Category = "indeterminate"
	CategoryDone       Category = "done"
)

// Status is one status of the site.
type Status struct {
	ID       string
	Name     string
	Category Category
}

// Ids of statuses. A done ticket is in one of three, by how often the workflow
// of its project was exchanged.
const (
	statusToDo       = "10000"
	statusInProgress = "3"
	statusInReview   = "10003"
	statusDone       = "10001"
	statusClosed     = "10002"
	statusResolved   = "10004"
	// statusSeemsDone is called Done and is none: whoever made it chose the wrong category.
	statusSeemsDone = "10005"
)

var statuses = []Status{
	{statusToDo, "To Do", CategoryNew},
	{statusInProgress, "In Progress", CategoryInProgress},
	{statusInReview, "In Review", CategoryInProgress},
	{statusDone, "Done", CategoryDone},
	{statusClosed, "Closed", CategoryDone},
	{statusResolved, "Resolved", CategoryDone},
	{statusSeemsDone, "Done", CategoryNew},
}

// Statuses returns all statuses that there are.
func Statuses() []Status { return slices.Clone(statuses) }

// statusByID returns a status; the first one for an unknown id.
func statusByID(id string) Status {
	return statuses[max(slices.IndexFunc(statuses, func(s Status) bool { return s.ID == id }), 0)]
}

// doneStatus is the done status after so many exchanges of the workflow.
func doneStatus(exchanges int) string {
	return []string{statusDone, statusClosed, statusResolved}[exchanges%3]
}

// Resolution is why a ticket was closed. Its id may be that of a status too.
type Resolution struct{ ID, Name string }

// Ids of resolutions.
const (
	resolvedDone      = "10000"
	resolvedWontDo    = "10001"
	resolvedDuplicate = "10002"
)

// Resolutions returns all resolutions that there are.
func Resolutions() []Resolution {
	return []Resolution{{resolvedDone, "Done"}, {resolvedWontDo, "Won't Do"}, {resolvedDuplicate, "Duplicate"}}
}

func resolutionName(id string) string {
	for _, resolution := range Resolutions() {
		if resolution.ID == id {
			return resolution.Name
		}
	}
	return ""
}

// Type is a kind of tickets.
type Type struct {
	ID      string
	Name    string
	Subtask bool
}

// Names of types.
const (
	TypePostmortem = "Post-mortem"
	TypeChange     = "Change"
	TypeOnboarding = "Onboarding"
	TypeIncident   = "Incident"
	TypeTask       = "Task"
	TypeStory      = "Story"
	TypeSubtask    = "Sub-task"
)

// Types returns all types that there are.
func Types() []Type {
	return []Type{
		{"10001", TypeStory, false},
		{"10002", TypeTask, false},
		{"10003", TypeSubtask, true},
		{"10101", TypePostmortem, false},
		{"10102", TypeChange, false},
		{"10104", TypeOnboarding, false},
		{"10105", TypeIncident, false},
	}
}

// LinkType is a kind of links, with what is said of the ticket at each end.
type LinkType struct{ ID, Name, Inward, Outward string }

// Names of kinds of links.
const (
	linkRelates = "Relates"
	linkCauses  = "Problem/Incident"
)

// LinkTypes returns all kinds of links that there are.
func LinkTypes() []LinkType {
	return []LinkType{
		{"10003", linkRelates, "relates to", "relates to"},
		{"10100", linkCauses, "is caused by", "causes"},
	}
}

// Project is a project of the site.
type Project struct{ ID, Key, Name string }

// User is an account of the site.
type User struct {
	Account  string
	Name     string
	Email    string
	TimeZone string // IANA name; empty for the site's own zone.
	Bot      bool
}
