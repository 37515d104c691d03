package config

import (
	"fmt"
	"os"
	"path/filepath"
	_ "time/tzdata" // Time zones must be known on machines that have no database of them.

	"gopkg.in/yaml.v3"
)

// document is the main file: the configuration, and what is worked into it.
type document struct {
	Config
	RubricFile string       `yaml:"rubric" default:"default"`
	Objectives []*yaml.Node `yaml:"objectives"`
}

// Load reads a configuration file and the files that it names, except those of
// secrets and records. The error is Problems when the file can be read.
func Load(path string) (*Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return Parse(path, data)
}

// Parse reads a configuration from data. The name of the file stands in
// problems, and its folder is where relative paths begin. The error is
// Problems.
func Parse(file string, data []byte) (*Config, error) {
	r := &reader{places: map[string]place{}}
	c := r.document(file, data)
	if len(r.problems) > 0 {
		r.problems.sort()
		return nil, r.problems
	}
	c.places = r.places
	return c, nil
}

// document reads the main file, then what it names, then checks how all of it
// fits together.
func (r *reader) document(file string, data []byte) *Config {
	root := r.parse("", file, data)
	if root == nil {
		return nil
	}
	if root.Kind != yaml.MappingNode {
		r.wrongType(root, "", "keys with values")
		return nil
	}
	var d document
	r.decode(root, "", &d)
	c := &d.Config
	c.expressions = map[string]string{}
	r.people(c)
	c.Rubric = r.rubric(c, d)
	r.checkOrganization(c.Organization)
	r.checkSources(c)
	r.checkStore(&c.Store, filepath.Dir(file))
	r.checkTickets(c.Tickets)
	r.checkAlerts(c.Alerts)
	r.checkTeams(c.Teams)
	r.checkIncidents(c)
	r.checkPeople(c)
	r.checkExceptions(c)
	return c
}

// people adds the roster of people_file.
func (r *reader) people(c *Config) {
	switch {
	case c.PeopleFile == "":
	case r.has("people"):
		r.report("people_file", "keep one of the two", "people and people_file are both given")
	default:
		if root := r.open("people_file", "people", c.PeopleFile); root != nil {
			r.decode(root, "people", &c.People)
		}
	}
}

// has reports whether the files hold a path.
func (r *reader) has(path string) bool {
	_, ok := r.places[path]
	return ok
}

// teamIDs lists the teams.
func (c *Config) teamIDs() []string {
	ids := make([]string, len(c.Teams))
	for i, t := range c.Teams {
		ids[i] = t.ID
	}
	return ids
}

// team returns a team by its id.
func (c *Config) team(id string) (Team, bool) {
	for _, t := range c.Teams {
		if t.ID == id {
			return t, true
		}
	}
	return Team{}, false
}
