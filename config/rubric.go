package config

import (
	"cmp"
	_ "embed"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"teamhealth/scorecard"
)

// defaultRubric is the organisation's document, line by line.
//
//go:embed rubric/default.yml
var defaultRubric []byte

const (
	// rubricName is the default rubric's name, in place of a file.
	rubricName = "default"
	// targetFromRotation is the target that is the size of the team's rotation.
	targetFromRotation = "rotation.size"
)

// rubricFile is a whole rubric.
type rubricFile struct {
	Name       string       `yaml:"name"`
	Objectives []*yaml.Node `yaml:"objectives" check:"required"`
}

// entry is an objective as it is written: its keys are those of its JSON form,
// but for the target.
type entry struct {
	_       struct{} `yaml:"target_from"` // Not a key: target says it.
	ID      string   `yaml:"id" check:"required,id"`
	Enabled *bool    `yaml:"enabled"`
	Target  goal     `yaml:"target"`
	scorecard.Objective
}

// rubric returns the effective rubric: the default one or that of a file, with
// the main file's own objectives worked in. It is empty when the file cannot be
// read.
func (r *reader) rubric(c *Config, d document) scorecard.Rubric {
	root, name := r.rubricRoot(d.RubricFile)
	if root == nil {
		return scorecard.Rubric{}
	}
	var f rubricFile
	r.decode(root, "rubric", &f)
	b := builder{reader: r, config: c, off: map[string]bool{}, paths: map[string]string{}}
	b.add("rubric.objectives", f.Objectives)
	b.overriding = true
	b.add("objectives", d.Objectives)
	c.written = b.paths
	disabled := b.disabled()
	enabled := b.enabled()
	b.checkSurveys(enabled)
	b.checkPairs(enabled)
	return scorecard.Rubric{Name: cmp.Or(f.Name, name), Objectives: enabled, Disabled: disabled}
}

// rubricRoot reads the rubric that is meant by its name or file.
func (r *reader) rubricRoot(file string) (root *yaml.Node, name string) {
	switch {
	case file == "" || file == rubricName:
		return r.parse("rubric", "rubric/default.yml", defaultRubric), rubricName
	case !filepath.IsAbs(file):
		file = filepath.Join(r.folderOf(""), file)
	}
	return r.open("rubric", "rubric", file), strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
}

// builder works objectives into a rubric.
type builder struct {
	*reader
	config     *Config
	overriding bool // An id that is there already is changed, else it is a mistake.
	objectives []scorecard.Objective
	off        map[string]bool
	paths      map[string]string // Where each objective was written of last, by its id.
}

// add works in a list of objectives.
func (b *builder) add(path string, entries []*yaml.Node) {
	ids := map[string]string{}
	for i, n := range entries {
		at := item(path, i)
		if n == nil { // Has no value, or is an alias: that was reported.
			continue
		}
		if n.Kind != yaml.MappingNode {
			b.decode(n, at, &entry{}) // Says what is wrong with it.
			continue
		}
		id := childText(n, "id")
		b.claim(ids, at+".id", id, "objective "+quote(id))
		b.one(n, at)
	}
}

// one works in one objective.
func (b *builder) one(n *yaml.Node, path string) {
	id, measure := childText(n, "id"), scorecard.Measure(childText(n, "measure"))
	i := slices.IndexFunc(b.objectives, func(o scorecard.Objective) bool { return o.ID == id })
	isNew := i < 0 || !b.overriding
	e := entry{ID: id, Objective: newObjective(measure)}
	if !isNew {
		e.Objective = b.objectives[i]
		if measure != "" && measure != e.Measure {
			setMeasure(&e.Objective, measure)
		}
	}
	b.decode(n, path, &e)
	o := e.Objective
	o.ID, o.Title = e.ID, cmp.Or(o.Title, e.ID)
	setTarget(&o, child(n, "target"), e.Target)
	b.paths[o.ID] = path
	b.off[o.ID] = e.Enabled != nil && !*e.Enabled
	if isNew && measure == "" && b.sound(path+".id") && b.sound(path+".measure") {
		b.withoutMeasure(path, id)
	}
	b.check(n, path, &o)
	if isNew {
		b.objectives = append(b.objectives, o)
	} else {
		b.objectives[i] = o
	}
}

// setTarget replaces the target where the node gives one; a target without a
// value is none, and the objective is tracked.
func setTarget(o *scorecard.Objective, n *yaml.Node, given goal) {
	if n != nil {
		o.Target, o.TargetFrom = given.number, given.from
	}
}

// withoutMeasure reports an objective that neither exists nor can be added.
func (b *builder) withoutMeasure(path, id string) {
	if !b.overriding {
		b.report(path+".measure", "it has no default", "required")
		return
	}
	hint := "to add an objective, give it a measure"
	known := make([]string, len(b.objectives))
	for i, o := range b.objectives {
		known[i] = o.ID
	}
	if near, ok := scorecard.Nearest(id, known); ok {
		hint = "did you mean " + quote(near) + "?"
	}
	b.report(path+".id", hint, "unknown objective %s", quote(id))
}

// disabled lists the ids of the objectives that are switched off.
func (b *builder) disabled() (ids []string) {
	for _, o := range b.objectives {
		if b.off[o.ID] {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// enabled returns the objectives that are not switched off.
func (b *builder) enabled() []scorecard.Objective {
	return slices.DeleteFunc(b.objectives, func(o scorecard.Objective) bool { return b.off[o.ID] })
}

// child returns the value of a key of a mapping, nil when there is none.
func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// childText returns the word at a key of a mapping, empty when there is none.
func childText(n *yaml.Node, key string) string {
	if value := child(n, key); value != nil && value.Kind == yaml.ScalarNode && !isNull(value) {
		return value.Value
	}
	return ""
}
