package main

import (
	"bytes"
	"database/sql"
	"os"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// sqlite runs statements on a database, which need not exist.
func sqlite(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: sqlite file statement...")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	for _, statement := range args[1:] {
		_, err := db.Exec(statement)
		ts.Check(err)
	}
	ts.Check(db.Close())
}

// spoil overwrites a page of a database, counted from 0.
func spoil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: spoil file page")
	}
	page, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	const size = 4096
	file, err := os.OpenFile(ts.MkAbs(args[0]), os.O_WRONLY, 0)
	ts.Check(err)
	_, err = file.WriteAt(bytes.Repeat([]byte{0xa5}, size), page*size)
	ts.Check(err)
	ts.Check(file.Close())
}
