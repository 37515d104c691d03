package config_test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"teamhealth/config"
	"teamhealth/scorecard"
)

// rubricPage is what users read about the rubric.
func rubricPage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../docs/rubric.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

func TestExamplesOfTheRubricPageAreRight(t *testing.T) {
	t.Parallel()
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(rubricPage(t), -1)
	whole := ""
	for _, b := range blocks {
		switch {
		case strings.HasPrefix(b[1], "# ours.yml"):
			whole = b[1]
		case strings.HasPrefix(b[1], "rubric: ours.yml"): // The key of the one above.
		default:
			if _, err := config.Parse("rubric.md", []byte(minimal+b[1])); err != nil {
				t.Errorf("%v\n%s", err, b[1])
			}
		}
	}
	if c, err := withRubric(t, whole, ""); err != nil || len(c.Rubric.Objectives) != 2 {
		t.Errorf("the whole rubric: %v\n%s", err, whole)
	}
	if len(blocks) != 5 {
		t.Errorf("found %d examples", len(blocks))
	}
}

func TestTheRubricPageListsEveryKeyOfAnObjective(t *testing.T) {
	t.Parallel()
	_, section, _ := strings.Cut(rubricPage(t), "\n## Keys\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var got []string
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\|").FindAllStringSubmatch(section, -1) {
		got = append(got, row[1])
	}
	want := []string{"enabled"}
	for field := range reflect.TypeFor[scorecard.Objective]().Fields() {
		if key, _, _ := strings.Cut(field.Tag.Get("json"), ","); key != "" && key != "target_from" {
			want = append(want, key)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys (-code +page):\n%s", diff)
	}
}
