// Package tickets makes up what a tracker of work knows about an organisation
// whose incidents package history made up: post-mortems and what follows from
// them, changes, code, migrations, documentation, talks and training.
//
// It is a function of the incidents, the roster and a seed, like they are: what
// exists up to one instant is the beginning of whatever exists later, no matter
// when or in how many steps it was made. Every ticket has its whole future in
// it, and State says what it looks like at an instant. Nothing here reads a
// clock, keeps a file or speaks a protocol, and nothing is judged: which
// post-mortems were late is for others to say.
//
// What is easily got wrong about tickets happens on purpose. In each quarter
// the first team has post-mortems that are on time, late, missing, unfinished,
// declined and reopened, one for three incidents of which only one is named in
// the field, two for one incident, and an old one to which an incident of
// later was added; they name their incidents in every way that there is. Once a
// year a project's workflow is exchanged, and all its tickets change their
// status without anybody having touched them; some kinds of work are finished
// without a resolution, and some end in a status called Done that is none. In
// each project some services lack a runbook or automation, or have an old one.
//
// Simplified: there are two or so projects without epics, sprints, comments or
// worklogs, nobody's rights differ, components and people are never renamed,
// tickets never move between projects and are never deleted, and everybody
// works from 8 to 16 UTC.
package tickets
