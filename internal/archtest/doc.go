// Package archtest holds the shape of the project by tests alone: which package
// may import which, how long files and functions may grow, and what no file may
// mention. It has no code to run; whoever wants another shape edits its tables,
// in the open.
package archtest
