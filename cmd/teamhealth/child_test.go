package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// stoppedName is the program as a process of its own, with a clock that
// stands, and in such trouble as these environment variables ask for.
const (
	stoppedName  = "teamhealth-stopped"
	stoppedClock = "TEAMHEALTH_TEST_CLOCK"      // RFC 3339. Required.
	fileLimit    = "TEAMHEALTH_TEST_FILE_LIMIT" // The most bytes that a file may have, until SIGUSR1.
	runAs        = "TEAMHEALTH_TEST_USER"       // The number of the user to become.
)

func stopped() {
	at, err := time.Parse(time.RFC3339, os.Getenv(stoppedClock))
	if err == nil {
		err = limitFiles(os.Getenv(fileLimit))
	}
	if user := os.Getenv(runAs); err == nil && user != "" {
		err = become(user)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitUsage)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	t := &terminal{out: os.Stdout, err: os.Stderr, now: func() time.Time { return at }}
	status := t.run(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}

// limitFiles is what a full disk is to files that grow: the kernel refuses.
func limitFiles(bytes string) error {
	if bytes == "" {
		return nil
	}
	limit, err := strconv.ParseUint(bytes, 10, 64)
	if err != nil {
		return err
	}
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	room := make(chan os.Signal, 1)
	signal.Notify(room, syscall.SIGUSR1)
	go func() {
		<-room
		_ = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before)
	}()
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: before.Max})
}

// become gives up what root may.
func become(user string) error {
	id, err := strconv.Atoi(user)
	if err != nil {
		return err
	}
	return syscall.Setuid(id)
}

// stoppedAt is a command of the program, with the clock at the time given and
// the configuration of a folder. Whoever starts it sees to its end.
func stoppedAt(t *testing.T, at time.Time, dir string, args ...string) *exec.Cmd {
	t.Helper()
	child := exec.CommandContext(context.WithoutCancel(t.Context()), stoppedName,
		append(args, "--config.file="+filepath.Join(dir, "teamhealth.yml"))...)
	child.Env = append(os.Environ(),
		stoppedClock+"="+at.Format(time.RFC3339), "GORACE=atexit_sleep_ms=0") // The race detector else ends after a second.
	return child
}
