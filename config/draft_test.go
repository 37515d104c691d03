package config_test

import (
	"path/filepath"
	"strings"
	"testing"

	"teamhealth/config"
)

func TestDraftIsWhatIsCertainDespiteMistakes(t *testing.T) {
	t.Parallel()
	records := strings.Replace(minimal, "sources: {", "sources: {records: {files: [a.csv]}, ", 1)
	tests := map[string]struct {
		text  string
		files int // Of records; 0: there is no draft.
	}{
		"no mistake":                      {records, 1},
		"a mistake in the roster":         {records + "people: [{id: p01, team: mysqll}]\n", 1},
		"a mistake in the rubric":         {records + "objectives: [{id: incident_response, target: 91d}]\n", 1},
		"a mistake in a source":           {strings.Replace(records, "url:", "urll:", 1), 0},
		"a mistake in the first team":     {strings.Replace(records, "id: mysql", "id: mysql, nickname: MySQL", 1), 0},
		"a mistake in the organisation":   {strings.Replace(records, "name: Databases", "name: Databases, time_zone: Mars", 1), 0},
		"no YAML":                         {records + "people: [", 0},
		"a document that is another form": {"- 1\n", 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "teamhealth.yml")
			write(t, file, tt.text)
			draft, files := config.Draft(file), 0
			if draft != nil {
				files = len(draft.Sources.Records.Files)
			}
			if files != tt.files {
				t.Errorf("got a draft with %d files, want %d", files, tt.files)
			}
		})
	}
	if config.Draft(filepath.Join(t.TempDir(), "none.yml")) != nil {
		t.Error("there is a draft of no file")
	}
}
