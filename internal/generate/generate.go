// Package generate holds what the generators of alert rules, dashboards and
// documents share: the files that they give out, and how these reach a disk.
// What is in a file is the business of the packages below this one.
package generate

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// File is one generated file. The same configuration gives the same bytes.
type File struct {
	Path    string // Where it belongs below the folder of its kind, with slashes.
	Content []byte
}

// Write puts files below folder, which is made where it does not exist, and
// calls wrote with the place of each one. A file that holds the same bytes
// already is left untouched, so that its time tells when it changed.
func Write(folder string, files []File, wrote func(path string, changed bool)) error {
	for _, f := range files {
		path := filepath.Join(folder, filepath.FromSlash(f.Path))
		changed, err := put(path, f.Content)
		if err != nil {
			return err
		}
		wrote(path, changed)
	}
	return nil
}

// put writes content to path and reports whether that changed it.
func put(path string, content []byte) (bool, error) {
	old, err := os.ReadFile(path)
	if err == nil && bytes.Equal(old, content) {
		return false, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("reading what would be replaced: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return false, fmt.Errorf("making the folder: %w", err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return false, fmt.Errorf("writing a generated file: %w", err)
	}
	return true, nil
}
