package store

import (
	"context"
	"os"
)

// A writer that closes a store which it found to be sound leaves a farewell: it notes,
// beside the lock, how large the file is and when it was last written to. The farewell
// holds for as long as both are so and no log lies beside the file. It is taken
// back before anything is written, so that it does not outlive a crash.
//
// A farewell that holds tells that nobody touched the file, and nothing of what a disk
// does to it by itself: it is reason enough to read the store before it is checked, and
// none to write to it.
const (
	hasFarewell  = "SELECT count(*) FROM sqlite_schema WHERE name = 'farewell'"
	readFarewell = "SELECT count(*) FROM farewell WHERE size = ? AND modified = ?"
	makeFarewell = "CREATE TABLE farewell (size INTEGER NOT NULL, modified INTEGER NOT NULL)" // Bytes, and ns since 1970.
	fillFarewell = "INSERT INTO farewell (size, modified) VALUES (?, ?)"
	dropFarewell = "DROP TABLE IF EXISTS farewell"
)

// leftInOrder reports whether there is a farewell that holds.
func (s *Store) leftInOrder(ctx context.Context) (bool, error) {
	info, err := os.Stat(s.path)
	if err != nil || hasLog(s.path) {
		return false, err
	}
	var found bool
	if err := s.locked.QueryRowContext(ctx, hasFarewell).Scan(&found); err != nil || !found {
		return false, wrap("look for its farewell", err)
	}
	err = s.locked.QueryRowContext(ctx, readFarewell, info.Size(), info.ModTime().UnixNano()).Scan(&found)
	return found, wrap("read its farewell", err)
}

// takeFarewellBack comes before the first write.
func (s *Store) takeFarewellBack(ctx context.Context) error {
	_, err := s.locked.ExecContext(ctx, dropFarewell)
	return wrap("take its farewell back", err)
}

// sayFarewell comes after the last connection to the file has gone. Without one the
// next writer checks everything before anything is read: no harm is done where
// none can be made.
func (s *Store) sayFarewell() {
	info, err := os.Stat(s.path)
	if err != nil || hasLog(s.path) {
		return
	}
	for _, statement := range []string{dropFarewell, makeFarewell} {
		if _, err := s.locked.Exec(statement); err != nil { //nolint:noctx // A store is closed whatever else ends.
			return
		}
	}
	_, _ = s.locked.Exec(fillFarewell, info.Size(), info.ModTime().UnixNano()) //nolint:noctx // Likewise.
}
