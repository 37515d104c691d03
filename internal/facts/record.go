package facts

import (
	"cmp"
	"slices"
)

// Everybody is the team of a record that is about all teams together.
const Everybody = "org"

// Record is one line of a file of records: something that no API knows and that
// somebody attests, such as the answers to a survey or a certification. It names no person.
type Record struct {
	File   string // Relative to the configuration's folder where it is below it, with slashes.
	Line   int    // On which it begins, from 1.
	Date   string // YYYY-MM-DD, a day without a zone.
	Metric string // What it is about, in lower case letters, digits, - and _.
	Team   string // A team of the configuration, or Everybody.
	Value  string // A decimal as it is written, so that nothing rounds it.
	N      int    // How many people answered; 0 where the line does not say.
	Note   string // For those who read the file. It is kept, and shown nowhere.
}

// RecordFile is all that one file of records says. It takes the place of what the
// file said before; without records the file is gone, or empty.
type RecordFile struct {
	Name    string // As Record.File.
	Records []Record
}

// SortRecords orders records by day, then file and line.
func SortRecords(records []Record) {
	slices.SortFunc(records, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}
