package grafana

// Transformation changes what queries answered before a panel shows it.
type Transformation struct {
	ID      string `json:"id"`
	Options any    `json:"options"`
}

// Matrix is a table with a row per value of one field and a column per value
// of another.
type Matrix struct {
	ColumnField string `json:"columnField"`
	RowField    string `json:"rowField"`
	ValueField  string `json:"valueField"`
}

// ToMatrix spreads the values of one query over rows and columns. The first
// column is called ROW\COLUMN by the fields' names. A cell without a value is
// empty.
func ToMatrix(rowField, columnField string) Transformation {
	return Transformation{ID: "groupingToMatrix", Options: Matrix{
		ColumnField: columnField, RowField: rowField, ValueField: "Value",
	}}
}

// Merge makes one table of several queries: rows that have the same labels
// become one. The columns of the values are named by ValueOf.
func Merge() Transformation { return Transformation{ID: "merge", Options: struct{}{}} }

// ValueOf is the column with the values of one of several queries of a table,
// by its index: Value where it is the only one, else "Value #A" by its RefID.
func ValueOf(i, queries int) string {
	if queries == 1 {
		return "Value"
	}
	return "Value #" + RefID(i)
}

// Organized says which columns a table has, in which order and called what.
type Organized struct {
	ExcludeByName map[string]bool   `json:"excludeByName"`
	IndexByName   map[string]int    `json:"indexByName"`
	RenameByName  map[string]string `json:"renameByName"`
}

// Column is a column of a table, and what it is called there.
type Column struct{ Field, Title string }

// Organize orders and names columns, and leaves out fields that are none of
// them. Fields that are not named keep their names and stand last.
func Organize(columns []Column, leaveOut ...string) Transformation {
	o := Organized{ExcludeByName: map[string]bool{}, IndexByName: map[string]int{}, RenameByName: map[string]string{}}
	for i, c := range columns {
		o.IndexByName[c.Field] = i
		o.RenameByName[c.Field] = c.Title
	}
	for _, field := range leaveOut {
		if _, isColumn := o.IndexByName[field]; !isColumn {
			o.ExcludeByName[field] = true
		}
	}
	return Transformation{ID: "organize", Options: o}
}
