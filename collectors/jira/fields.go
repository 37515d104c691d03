package jira

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// FieldError says that configured fields do not each name one field of the site.
type FieldError struct{ Fields []FieldProblem }

// FieldProblem is a name that fits no field, or several.
type FieldProblem struct {
	Name    string
	Matches int // How many fields the name fits.
	// Candidates are the fields that it fits, else at most ten with a similar
	// name, each as its name and id; sorted.
	Candidates []string
}

// Error names every problem and what to do.
func (e *FieldError) Error() string {
	parts := make([]string, len(e.Fields))
	for i, p := range e.Fields {
		parts[i] = p.text()
	}
	return strings.Join(parts, "; ")
}

func (p FieldProblem) text() string {
	listed := strings.Join(p.Candidates, ", ")
	switch {
	case p.Matches > 1:
		return fmt.Sprintf("Jira has %d fields %q: %s: write the id of the one that is meant", p.Matches, p.Name, listed)
	case listed != "":
		return fmt.Sprintf("Jira has no field %q, but %s", p.Name, listed)
	default:
		return fmt.Sprintf("Jira has no field %q, or the token's account may not see it", p.Name)
	}
}

type wireField struct {
	ID               text `json:"id"`
	Name             text `json:"name"`
	UntranslatedName text `json:"untranslatedName"`
}

func (f wireField) String() string { return fmt.Sprintf("%s (%s)", f.Name, f.ID) }

// named reports whether name is the field's, or its id.
func (f wireField) named(name string) bool {
	return name == string(f.ID) || strings.EqualFold(name, string(f.Name)) || strings.EqualFold(name, string(f.UntranslatedName))
}

// like reports whether the field's name and another contain one another.
func (f wireField) like(name string) bool {
	own, other := strings.ToLower(string(f.Name)), strings.ToLower(name)
	return own != "" && (strings.Contains(own, other) || strings.Contains(other, own))
}

// readFields finds the ids of the configured fields: they differ from site to site.
func (s *session) readFields(ctx context.Context, names []string) error {
	s.fields = map[string]string{}
	if len(names) == 0 {
		return nil
	}
	var all []lenient[wireField]
	if err := s.api.get(ctx, "rest/api/2/field", nil, &all); err != nil {
		return fmt.Errorf("list every Jira field: %w", err)
	}
	var problems []FieldProblem
	for _, name := range names {
		matches := fieldsThat(all, func(f wireField) bool { return f.named(name) })
		if len(matches) != 1 {
			problems = append(problems, fieldProblem(name, matches, all))
			continue
		}
		s.fields[name] = string(matches[0].ID)
	}
	if len(problems) > 0 {
		return &FieldError{Fields: problems}
	}
	return nil
}

func fieldsThat(all []lenient[wireField], fit func(wireField) bool) []wireField {
	var fitting []wireField
	for _, f := range all {
		if f.value.ID != "" && fit(f.value) {
			fitting = append(fitting, f.value)
		}
	}
	return fitting
}

func fieldProblem(name string, matches []wireField, all []lenient[wireField]) FieldProblem {
	const most = 10
	shown := matches
	if len(matches) == 0 {
		shown = fieldsThat(all, func(f wireField) bool { return f.like(name) })
	}
	p := FieldProblem{Name: name, Matches: len(matches)}
	for _, f := range shown {
		p.Candidates = append(p.Candidates, f.String())
	}
	slices.Sort(p.Candidates)
	if len(matches) == 0 && len(p.Candidates) > most {
		p.Candidates = p.Candidates[:most]
	}
	return p
}
