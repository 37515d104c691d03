package main

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// synced are the columns, as table.column, that say when or in how many steps
// something was read, and not what was read. All other times in a store come
// from a clock that the test stops.
var synced = []string{
	"goose_db_version.tstamp", // When a table was made.
	"source.last_error_at",    // When a sync failed.
	"source.first_as_of",      // When the first sync that ended began; one may be killed behind its last page.
	"revision.value",          // How many pages changed something; on-calls to come may take some more.
	"ticket.revision",         // Which page it came with: a search that goes on has other pages than the one before.
	"event_query.revision",    // Likewise: which page the last of its hours came with.
}

// begun is, in a cursor, when the last look for all tickets began.
var begun = regexp.MustCompile(`"begun":"[^"]*"`)

// dump returns the rows of every table of a store, sorted by their columns
// from left to right, and how each table and index is defined.
func dump(t *testing.T, path string) map[string][]string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	check(t, err)
	defer func() { check(t, db.Close()) }()
	content := map[string][]string{"sound": rows(t, db, "", "PRAGMA integrity_check")}
	content["schema"] = rows(t, db, "", "SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2")
	for _, row := range rows(t, db, "", "SELECT name FROM sqlite_schema WHERE type = 'table'") {
		table := strings.TrimPrefix(row, "name=")
		content[table] = rows(t, db, table, "SELECT * FROM "+table)
		slices.Sort(content[table])
	}
	return content
}

// ask returns what a store answers to one query.
func ask(t *testing.T, path, query string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	check(t, err)
	defer func() { check(t, db.Close()) }()
	return rows(t, db, "", query)
}

func rows(t *testing.T, db *sql.DB, table, query string) []string {
	t.Helper()
	result, err := db.QueryContext(t.Context(), query)
	check(t, err)
	defer func() { check(t, result.Close()) }()
	columns, err := result.Columns()
	check(t, err)
	var lines []string
	for result.Next() {
		values, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		check(t, result.Scan(targets...))
		var line []string
		for i, name := range columns {
			if !slices.Contains(synced, table+"."+name) {
				line = append(line, fmt.Sprintf("%s=%v", name, shown(values[i])))
			}
		}
		lines = append(lines, strings.Join(line, " "))
	}
	check(t, result.Err())
	return lines
}

// shown makes text of what SQLite keeps as bytes, a cursor for one, but for its
// time of a sync.
func shown(value any) any {
	if text, ok := value.([]byte); ok {
		return begun.ReplaceAllString(string(text), "")
	}
	return value
}
