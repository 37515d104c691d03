package jira

import (
	"hash/crc32"
	"maps"
	"slices"
	"strconv"
	"strings"

	"teamhealth/internal/simulator/tickets"
)

// wireIssue is a ticket as it is sent.
type wireIssue struct {
	Expand    string         `json:"expand,omitempty"`
	ID        string         `json:"id"`
	Self      string         `json:"self,omitempty"`
	Key       string         `json:"key,omitempty"`
	Fields    map[string]any `json:"fields,omitempty"`
	Changelog *wireChangelog `json:"changelog,omitempty"`
}

// paint returns what a field of a ticket looks like in an answer.
type paint func(*request, *row) any

// issueFields are the fields that tickets have.
func (s *Server) issueFields() map[string]paint {
	fields := map[string]paint{
		"summary":        func(_ *request, t *row) any { return t.Summary },
		"description":    s.description,
		"environment":    func(*request, *row) any { return nil },
		"issuetype":      func(_ *request, t *row) any { return s.issueType(t.Type) },
		"project":        func(r *request, t *row) any { return s.project(r, t.Project) },
		"status":         func(_ *request, t *row) any { return s.status(t.Status) },
		"resolution":     func(_ *request, t *row) any { return s.resolution(t.Resolution) },
		"resolutiondate": func(_ *request, t *row) any { return s.stampOrNull(t.ResolvedAt) },
		"created":        func(_ *request, t *row) any { return s.stamp(t.Created) },
		"updated":        func(_ *request, t *row) any { return s.stamp(t.UpdatedAt) },
		"duedate":        func(_ *request, t *row) any { return textOrNull(t.Due) },
		"priority":       func(_ *request, t *row) any { return s.priority(t.Unranked) },
		"labels":         func(_ *request, t *row) any { return append([]string{}, t.State.Labels...) },
		"components":     func(_ *request, t *row) any { return s.components(t.Project, t.Components) },
		"assignee":       func(_ *request, t *row) any { return s.user(t.State.Assignee) },
		"reporter":       func(_ *request, t *row) any { return s.user(t.Reporter) },
		"creator":        func(_ *request, t *row) any { return s.user(t.Creator) },
		"issuelinks":     s.links,
		"subtasks":       s.subtasks,
		"parent":         s.parent,
	}
	fields[s.incident] = func(_ *request, t *row) any { return textOrNull(t.Incident) }
	if s.options.Mode == Cloud {
		fields["statuscategorychangedate"] = func(_ *request, t *row) any { return s.stamp(t.CategoryChangedAt) }
	}
	return fields
}

// systemFields are the ids of the fields that every site has, in order.
func systemFields() []string {
	return []string{
		"assignee", "components", "created", "creator", "description", "duedate", "environment", "issuelinks", "issuetype", "labels", "parent",
		"priority", "project", "reporter", "resolution", "resolutiondate", "status", "subtasks", "summary", "updated",
	}
}

// fieldName is what people call a field.
func fieldName(id string) string {
	special := map[string]string{
		"issuelinks": "Linked Issues", "issuetype": "Issue Type", "components": "Component/s", "duedate": "Due Date",
		"resolutiondate": "Resolved", "subtasks": "Sub-tasks",
	}
	if name, ok := special[id]; ok {
		return name
	}
	return strings.ToUpper(id[:1]) + id[1:]
}

func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func (s *Server) stampOrNull(at int64) any {
	if at == 0 {
		return nil
	}
	return s.stamp(at)
}

// choice is which fields are asked for.
type choice struct {
	all   bool
	named []string
	not   []string
}

// choose reads names of fields, *all, *navigable, and names after a minus.
func choose(names []string) choice {
	var c choice
	for _, name := range names {
		if without, isNot := strings.CutPrefix(name, "-"); isNot {
			c.not = append(c.not, without)
		} else if name == "*all" || name == "*navigable" {
			c.all = true
		} else {
			c.named = append(c.named, name)
		}
	}
	c.all = c.all || len(c.named) == 0 && len(c.not) > 0
	return c
}

// isIDOnly reports whether nothing is asked for but what an issue is called.
func (c choice) isIDOnly() bool {
	return !c.all && !slices.ContainsFunc(c.named, func(name string) bool { return name != "id" && name != "key" })
}

// wants reports whether a field is asked for.
func (c choice) wants(id string) bool {
	return (c.all || slices.Contains(c.named, id)) && !slices.Contains(c.not, id)
}

// issue returns a ticket as it is sent.
func (s *Server) issue(r *request, index int, asked choice, withChanges bool) wireIssue {
	ticket := &r.view.Tickets[index]
	t := &row{index: index, Ticket: ticket, State: ticket.State(r.now)}
	wire := wireIssue{ID: strconv.Itoa(t.ID), Key: t.Key, Self: s.api() + "/issue/" + strconv.Itoa(t.ID), Expand: "operations,editmeta,changelog,renderedFields"}
	wire.Fields = map[string]any{}
	for id, draw := range s.paints {
		if asked.wants(id) {
			wire.Fields[id] = draw(r, t)
		}
	}
	if s.options.Malformed && index == 0 {
		maps.Copy(wire.Fields, map[string]any{"created": "yesterday", "status": "Done", "labels": map[string]bool{"odd": true}})
	}
	if withChanges {
		wire.Changelog = s.changelog(t)
	}
	return wire
}

// description is a text; on version 3, and where the options say so, a tree.
func (s *Server) description(r *request, t *row) any {
	if t.State.Description == "" {
		return nil
	}
	if s.options.Mode == Cloud && (r.version == "3" || s.options.Documents && t.Document) {
		return document(t.State.Description)
	}
	return t.State.Description
}

func (s *Server) issueType(name string) any {
	at := slices.IndexFunc(tickets.Types(), func(t tickets.Type) bool { return t.Name == name })
	kind := tickets.Types()[at]
	wire := map[string]any{
		"self": s.api() + "/issuetype/" + kind.ID, "id": kind.ID, "description": "", "iconUrl": s.options.WebURL + "/images/icons/type.png",
		"name": kind.Name, "subtask": kind.Subtask,
	}
	if s.options.Mode == Cloud {
		wire["untranslatedName"] = kind.Name
	}
	return wire
}

func (s *Server) resolution(resolution tickets.Resolution) any {
	if resolution.ID == "" {
		return nil
	}
	return map[string]any{"self": s.api() + "/resolution/" + resolution.ID, "id": resolution.ID, "description": "", "name": resolution.Name}
}

func (s *Server) priority(isUnranked bool) any {
	if isUnranked {
		return nil
	}
	return map[string]any{"self": s.api() + "/priority/3", "iconUrl": s.options.WebURL + "/images/icons/priority.png", "name": "Medium", "id": "3"}
}

func (s *Server) components(project string, names []string) any {
	list := []map[string]any{}
	for _, name := range names {
		id := strconv.FormatUint(uint64(10000+crc32.ChecksumIEEE([]byte(project+name))%90000), 10)
		list = append(list, map[string]any{"self": s.api() + "/component/" + id, "id": id, "name": name})
	}
	return list
}

// linked is a ticket as others refer to it.
func (s *Server) linked(r *request, index int) map[string]any {
	other := &r.view.Tickets[index]
	id := strconv.Itoa(other.ID)
	return map[string]any{
		"id": id, "key": other.Key, "self": s.api() + "/issue/" + id,
		"fields": map[string]any{
			"summary": other.Summary, "status": s.status(other.State(r.now).Status), "priority": s.priority(other.Unranked),
			"issuetype": s.issueType(other.Type),
		},
	}
}

// links are the links of a ticket to others. Of one that nobody may see, only
// id and key are told.
func (s *Server) links(r *request, t *row) any {
	list := []map[string]any{}
	for _, link := range t.Links {
		if link.At > r.now {
			continue
		}
		at := slices.IndexFunc(tickets.LinkTypes(), func(k tickets.LinkType) bool { return k.Name == link.Type })
		kind := tickets.LinkTypes()[at]
		id := strconv.Itoa(link.ID)
		wire := map[string]any{
			"id": id, "self": s.api() + "/issueLink/" + id,
			"type": map[string]any{"id": kind.ID, "name": kind.Name, "inward": kind.Inward, "outward": kind.Outward, "self": s.api() + "/issueLinkType/" + kind.ID},
		}
		end := "inwardIssue"
		if link.Outward {
			end = "outwardIssue"
		}
		if link.Other < 0 {
			hidden, key := tickets.Hidden()
			wire[end] = map[string]any{"id": hidden, "key": key, "self": s.api() + "/issue/" + hidden}
		} else {
			wire[end] = s.linked(r, link.Other)
		}
		list = append(list, wire)
	}
	return list
}

func (s *Server) subtasks(r *request, t *row) any {
	list := []map[string]any{}
	for _, child := range r.view.Children(t.index) {
		if r.view.Tickets[child].Created <= r.now {
			list = append(list, s.linked(r, child))
		}
	}
	return list
}

func (s *Server) parent(r *request, t *row) any {
	if t.Parent < 0 {
		return nil
	}
	return s.linked(r, t.Parent)
}
