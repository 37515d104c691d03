package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// A timeline is read as one text. As rows it would take twice as long, nearly all
// of it the price of each column of each row.
//
// The text is the number of entries, and then their columns. What parts them
// are control characters that no source uses. Should one be in a value all the same,
// the text has more parts than it should, and the entries are read as rows.
const (
	betweenEntries = "\x1e"
	betweenColumns = "\x1f"

	packedTimeline = "(SELECT count(*) || '" + betweenEntries + "' || group_concat(concat_ws('" + betweenColumns + "', " +
		entryColumns + "), '" + betweenEntries + "') FROM log_entry AS e WHERE e.incident = i.key)"

	// A list is never empty text, so that it stands for one that was not told.
	entryColumns  = "e.id, e.at, e.kind, e.actor, e.by_user + 2 * e.page, e.medium, e.service, ifnull(e.assignees, ''), e.old, e.new"
	columnsOfEach = 10

	findEntries = "SELECT " + entryColumns + " FROM log_entry AS e WHERE e.incident = ?"
)

// timelines reads the timelines of one incident after the other.
type timelines struct {
	fleeting bool // One is good only until the next is asked for.
	found    []facts.Entry
	order    []int
	sorted   []facts.Entry
}

// of returns the timeline of an incident, in order.
func (t *timelines) of(ctx context.Context, tx *sql.Tx, key int64, incident, packed string) ([]facts.Entry, error) {
	if packed == "" {
		return nil, nil
	}
	whole, err := t.unpack(packed)
	if err == nil && !whole {
		err = t.readRows(ctx, tx, key)
	}
	if err != nil {
		return nil, err
	}
	for i := range t.found {
		t.found[i].Incident = incident
	}
	return t.inOrder(), nil
}

// unpack finds the entries in a text. Whole is false when the text does not tell
// where each of them begins.
func (t *timelines) unpack(packed string) (whole bool, err error) {
	count, rest, _ := strings.Cut(packed, betweenEntries)
	n, err := strconv.Atoi(count)
	if err != nil {
		return false, fmt.Errorf("count them: %w", err)
	}
	t.found = t.found[:0]
	if strings.Count(rest, betweenEntries) != n-1 {
		return false, nil
	}
	var columns [columnsOfEach]string
	for text := range strings.SplitSeq(rest, betweenEntries) {
		if !split(text, &columns) {
			return false, nil
		}
		if err := t.add(&columns); err != nil {
			return false, err
		}
	}
	return true, nil
}

// split parts the columns of an entry, and reports whether there are as many as should be.
func split(text string, columns *[columnsOfEach]string) bool {
	last := columnsOfEach - 1
	for i := range last {
		var found bool
		if columns[i], text, found = strings.Cut(text, betweenColumns); !found {
			return false
		}
	}
	columns[last] = text
	return !strings.Contains(text, betweenColumns)
}

// readRows finds the entries of an incident row by row.
func (t *timelines) readRows(ctx context.Context, tx *sql.Tx, key int64) error {
	rows, err := tx.QueryContext(ctx, findEntries, key)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err has told by then.
	var columns [columnsOfEach]string
	targets := make([]any, columnsOfEach)
	for i := range columns {
		targets[i] = &columns[i]
	}
	t.found = t.found[:0]
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if err := t.add(&columns); err != nil {
			return err
		}
	}
	return rows.Err()
}

// add decodes an entry.
func (t *timelines) add(columns *[columnsOfEach]string) error {
	at, err := strconv.ParseInt(columns[1], 10, 64)
	if err != nil {
		return fmt.Errorf("an instant: %w", err)
	}
	flags, err := strconv.Atoi(columns[4])
	if err != nil {
		return fmt.Errorf("flags: %w", err)
	}
	var assignees listColumn
	if list := columns[7]; list != "" {
		if assignees, err = decodeList(list); err != nil {
			return err
		}
	}
	t.found = append(t.found, facts.Entry{
		ID: columns[0], At: time.UnixMicro(at).UTC(), Kind: facts.EntryKind(columns[2]),
		Actor: facts.Actor{ID: columns[3], User: flags&1 != 0}, Medium: columns[5], Page: flags&2 != 0,
		Service: columns[6], Assignees: assignees, Old: columns[8], New: columns[9],
	})
	return nil
}

// inOrder returns what was found, in order. Entries are large, so each is moved once.
func (t *timelines) inOrder() []facts.Entry {
	t.order = t.order[:0]
	for i := range t.found {
		t.order = append(t.order, i)
	}
	slices.SortFunc(t.order, func(i, j int) int {
		a, b := &t.found[i], &t.found[j]
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	t.sorted = t.sorted[:0]
	if !t.fleeting {
		t.sorted = make([]facts.Entry, 0, len(t.found))
	}
	for _, i := range t.order {
		t.sorted = append(t.sorted, t.found[i])
	}
	return t.sorted
}
