package grafana_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"teamhealth/internal/generate/grafana"
)

func sized(title string, width, height int) grafana.Panel {
	return grafana.Text("").Describe(title, "").Size(width, height)
}

func TestPanelsStandInLines(t *testing.T) {
	t.Parallel()
	panels := grafana.Arrange(
		grafana.Row{Title: "first", Panels: []grafana.Panel{
			sized("a", 12, 4), sized("b", 12, 8), // One line, as high as b.
			sized("c", 16, 2), sized("d", 12, 3), // d does not fit beside c.
		}},
		grafana.Row{Title: "nothing is in it"},
		grafana.Row{Title: "last", Panels: []grafana.Panel{sized("e", 30, 5)}}, // Wider than the grid.
	)
	type place struct {
		Title      string
		ID         int
		X, Y, W, H int
	}
	var got []place
	for _, p := range panels {
		got = append(got, place{p.Title, p.ID, p.GridPos.X, p.GridPos.Y, p.GridPos.W, p.GridPos.H})
	}
	want := []place{
		{"first", 1, 0, 0, 24, 1},
		{"a", 2, 0, 1, 12, 4},
		{"b", 3, 12, 1, 12, 8},
		{"c", 4, 0, 9, 16, 2},
		{"d", 5, 0, 11, 12, 3},
		{"last", 6, 0, 14, 24, 1},
		{"e", 7, 0, 15, 24, 5},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

func TestPanelsNeverOverlapNorLeaveTheGrid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.Custom(func(t *rapid.T) grafana.Row {
			var r grafana.Row
			for range rapid.IntRange(0, 8).Draw(t, "panels") {
				r.Panels = append(r.Panels, sized("", rapid.IntRange(1, 30).Draw(t, "width"), rapid.IntRange(1, 9).Draw(t, "height")))
			}
			return r
		})
		taken := map[[2]int]int{}
		for _, p := range grafana.Arrange(rapid.SliceOfN(row, 0, 5).Draw(t, "rows")...) {
			for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
				for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
					if other, ok := taken[[2]int{x, y}]; ok || x >= grafana.Columns {
						t.Fatalf("panel %d is at %d, %d, beyond the grid or on panel %d", p.ID, x, y, other)
					}
					taken[[2]int{x, y}] = p.ID
				}
			}
		}
	})
}
