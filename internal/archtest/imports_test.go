package archtest_test

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "teamhealth"

// everything lets a package import all others.
const everything = "*"

// allowed says which packages of ours a package may import, tests aside. It is
// a statement of policy: a change to it is a change to the design.
var allowed = map[string][]string{
	"cmd/teamhealth":                         {"config", "internal/app", "internal/exporters/text", "internal/generate", "scorecard"},
	"collectors":                             {"internal/facts"},
	"collectors/jira":                        {"collectors", "internal/apiclient", "internal/facts", "internal/secret"},
	"collectors/pagerduty":                   {"collectors", "internal/apiclient", "internal/facts", "internal/secret"},
	"collectors/prometheus":                  {"collectors", "internal/apiclient", "internal/facts"},
	"collectors/records":                     {"collectors", "internal/facts"},
	"config":                                 {"internal/facts", "internal/secret", "scorecard"},
	"internal/apiclient":                     {"internal/secret"},
	"internal/app":                           {everything},
	"internal/archtest":                      {},
	"internal/exporters/api":                 {"internal/exporters/text", "internal/facts", "scorecard"},
	"internal/exporters/metrics":             {"internal/facts", "scorecard"},
	"internal/exporters/metrics/metricstest": {},
	"internal/exporters/page":                {"internal/exporters/text", "internal/facts", "scorecard"},
	"internal/exporters/text":                {"internal/facts", "internal/measures", "scorecard"},
	"internal/exporters/text/cardtest":       {"internal/facts", "scorecard"},
	"internal/facts":                         {},
	"internal/generate":                      {},
	"internal/generate/alerts":               {"internal/facts", "internal/generate", "scorecard"},
	"internal/generate/dashboards":           {"internal/facts", "internal/generate", "internal/generate/grafana", "scorecard"},
	"internal/generate/documents":            {"internal/generate", "internal/measures", "scorecard"},
	"internal/generate/generatetest":         {"collectors", "internal/exporters/metrics", "scorecard"},
	"internal/generate/grafana":              {},
	"internal/generate/grafana/grafanatest":  {"internal/generate/grafana"},
	"internal/goldentest":                    {},
	"internal/measures":                      {"internal/facts", "scorecard"},
	"internal/measures/measurestest":         {"scorecard"},
	"internal/pipes":                         {},
	"internal/realservers":                   {},
	"internal/secret":                        {},
	"internal/simulator/faults":              {},
	"internal/simulator/history":             {},
	"internal/simulator/jira":                {"internal/simulator/requestlog", "internal/simulator/tickets"},
	"internal/simulator/pagerduty":           {"internal/simulator/history", "internal/simulator/requestlog"},
	"internal/simulator/prometheus":          {"internal/simulator/requestlog"},
	"internal/simulator/records":             {},
	"internal/simulator/requestlog":          {},
	"internal/simulator/tickets":             {"internal/simulator/history"},
	"internal/store":                         {"internal/facts"},
	"internal/store/storetest":               {"internal/facts", "internal/store"},
	"internal/web":                           {},
	"scorecard":                              {"internal/facts"},
}

// impure are the imports, with all that is below them, by which a package
// could block, log, or come to two results from one input.
var impure = []string{"context", "crypto/rand", "database/sql", "log", "math/rand", "net", "os", "syscall"}

// owners says for some modules of others which packages alone may import them.
var owners = map[string][]string{
	"github.com/PagerDuty/go-pagerduty": {"collectors/pagerduty"},
	"github.com/alecthomas/kingpin/v2":  {"cmd/teamhealth"},
	"github.com/andygrunwald/go-jira":   {"collectors/jira"},
	"github.com/pressly/goose/v3":       {"internal/store"},
	"github.com/prometheus/prometheus":  {"config", "internal/generate/generatetest"},
	"gopkg.in/yaml.v3":                  {"config", "internal/generate/alerts", "internal/generate/dashboards", "internal/secret"},
	"modernc.org/sqlite":                {"internal/store"},
}

func TestPackagesImportOnlyWhatTheyMay(t *testing.T) {
	t.Parallel()
	for _, file := range goFiles(t) {
		may := allowed[file.folder()]
		for _, imported := range file.imports(t) {
			ours, isOurs := strings.CutPrefix(imported, module+"/")
			if isOurs && !slices.Contains(may, ours) && !slices.Contains(may, everything) {
				t.Errorf("%s imports %s; %s may import %q", file.path, ours, file.folder(), may)
			}
		}
	}
}

func TestTableOfImportsNamesThePackagesThatExist(t *testing.T) {
	t.Parallel()
	exists := map[string]bool{everything: true}
	for _, file := range goFiles(t) {
		if _, listed := allowed[file.folder()]; !listed && !exists[file.folder()] {
			t.Errorf("package %s is not in the table of imports", file.folder())
		}
		exists[file.folder()] = true
	}
	for name, may := range allowed {
		for _, listed := range append([]string{name}, may...) {
			if !exists[listed] {
				t.Errorf("the table of imports names %s, and there is no such package", listed)
			}
		}
	}
}

func TestCoreIsPure(t *testing.T) {
	t.Parallel()
	for _, file := range goFiles(t) {
		if file.folder() != "internal/facts" && file.folder() != "scorecard" {
			continue
		}
		for _, imported := range file.imports(t) {
			if slices.ContainsFunc(impure, func(p string) bool { return within(imported, p) }) {
				t.Errorf("%s imports %s; the core performs no I/O and depends on nothing but its input", file.path, imported)
			}
		}
	}
}

func TestOtherPeoplesModulesStayWithTheirOwners(t *testing.T) {
	t.Parallel()
	for _, file := range goFiles(t) {
		for _, imported := range file.imports(t) {
			for _, owned := range slices.Sorted(maps.Keys(owners)) {
				if within(imported, owned) && !slices.Contains(owners[owned], file.folder()) {
					t.Errorf("%s imports %s; only %q may", file.path, imported, owners[owned])
				}
			}
		}
	}
}

func TestTopLevelHoldsTheAgreedFolders(t *testing.T) {
	t.Parallel()
	want := []string{"alerts", "cmd", "collectors", "config", "dashboards", "docs", "internal", "scorecard"}
	for _, name := range allFiles(t) {
		top, _, isFolder := strings.Cut(path.Clean(name), "/")
		if isFolder && !strings.HasPrefix(top, ".") && !slices.Contains(want, top) {
			t.Errorf("%s: the top level holds the folders %q and no others", name, want)
		}
	}
}

// within reports whether an import path is a package or below it.
func within(imported, p string) bool {
	return imported == p || strings.HasPrefix(imported, p+"/")
}
