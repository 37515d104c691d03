package grafana

// Columns is the width of the grid.
const Columns = 24

// Row is a heading with the panels below it. A panel's position is worked out;
// only its size counts.
type Row struct {
	Title  string
	Panels []Panel
}

// Arrange places rows below each other and the panels of a row beside each
// other, in lines as long as the grid is wide, and numbers all of them from 1.
// A line is as high as its highest panel, and the next one begins below it, so
// that no two panels overlap. A row without panels is left out. A panel that is
// wider than the grid is cut to its width.
func Arrange(rows ...Row) []Panel {
	a := arrangement{}
	for _, row := range rows {
		if len(row.Panels) > 0 {
			a.row(row)
		}
	}
	for i := range a.panels {
		a.panels[i].ID = i + 1
	}
	return a.panels
}

// arrangement is a grid that is filled from the top.
type arrangement struct {
	panels []Panel
	x, y   int // Where the next panel of the line would stand.
	height int // Of the line so far.
}

func (a *arrangement) row(row Row) {
	a.endLine()
	collapsed := false
	a.place(Panel{Type: TypeRow, Title: row.Title, Collapsed: &collapsed, Panels: []Panel{}}.Size(Columns, 1))
	for _, p := range row.Panels {
		a.place(p)
	}
}

func (a *arrangement) place(p Panel) {
	p.GridPos.W = min(p.GridPos.W, Columns)
	if a.x+p.GridPos.W > Columns {
		a.endLine()
	}
	p.GridPos.X, p.GridPos.Y = a.x, a.y
	a.x, a.height = a.x+p.GridPos.W, max(a.height, p.GridPos.H)
	a.panels = append(a.panels, p)
}

func (a *arrangement) endLine() {
	a.x, a.y, a.height = 0, a.y+a.height, 0
}
