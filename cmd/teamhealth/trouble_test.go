package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// troubled is an account that was read into a store, and the store's folder.
type troubled struct {
	account *crashAccount
	dir     string
}

func newTroubled(t *testing.T) *troubled {
	t.Helper()
	tr := &troubled{account: newCrashAccount(t, evaluated.AddDate(0, 0, -10))}
	tr.dir = tr.account.place(t)
	tr.account.sync(t, tr.dir, evaluated, trap{})
	return tr
}

func (tr *troubled) store() string { return filepath.Join(tr.dir, "teamhealth.db") }

// run runs a command of the program and returns its exit status and what it
// wrote to standard error.
func (tr *troubled) run(t *testing.T, environment []string, args ...string) (status int, message string) {
	t.Helper()
	var out, errOut output
	child := stoppedAt(t, evaluated, tr.dir, args...)
	child.Env = append(child.Env, environment...)
	child.Stdout, child.Stderr = &out, &errOut
	_ = child.Run() // The status says how it went.
	return child.ProcessState.ExitCode(), errOut.String()
}

// mustRefuse asserts that a command ends with the status of an unusable store
// and one line that names the store and has all the words.
func (tr *troubled) mustRefuse(t *testing.T, environment []string, command string, words ...string) {
	t.Helper()
	status, message := tr.run(t, environment, strings.Fields(command)...)
	if status != exitUsage {
		t.Errorf("%s: status %d, want %d:\n%s", command, status, exitUsage, message)
	}
	if strings.Count(message, "\n") != 1 {
		t.Errorf("%s: the message is not one line:\n%s", command, message)
	}
	for _, word := range append(words, tr.store()) {
		if !strings.Contains(message, word) {
			t.Errorf("%s: the message misses %q:\n%s", command, word, message)
		}
	}
}

// served is a running "teamhealth serve".
type served struct {
	process *exec.Cmd
	log     *output
	url     string
}

func (tr *troubled) serve(t *testing.T, environment ...string) *served {
	t.Helper()
	s := &served{process: stoppedAt(t, evaluated, tr.dir, "serve", "--web.listen-address=127.0.0.1:0"), log: &output{}}
	s.process.Env = append(s.process.Env, environment...)
	s.process.Stderr = s.log
	check(t, s.process.Start())
	t.Cleanup(func() {
		check(t, s.process.Process.Signal(syscall.SIGTERM))
		if err := s.process.Wait(); err != nil {
			t.Errorf("serve ended with %v:\n%s", err, s.log)
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	address := s.log.await(ctx, t, `address=127\.0\.0\.1:\d+`)
	s.url = "http://" + strings.TrimPrefix(address, "address=")
	return s
}

// get returns what is served at a path.
func (s *served) get(t *testing.T, path string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, http.NoBody)
	check(t, err)
	resp, err := new(http.Client).Do(req)
	check(t, err)
	body, err := io.ReadAll(resp.Body)
	check(t, err)
	check(t, resp.Body.Close())
	return string(body)
}

// await asks until what is served at a path has the words.
func (s *served) await(t *testing.T, path, words string) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Minute)
	for body := ""; !strings.Contains(body, words); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s has no %s:\n%s\nthe log:\n%s", path, words, body, s.log)
		}
		body = s.get(t, path)
	}
}

func TestServeOutlivesAFullDisk(t *testing.T) {
	t.Parallel()
	tr := newTroubled(t)
	s := tr.serve(t, fileLimit+"=49152") // Enough to open the store, and for a few pages.
	const full = "check the space on the disk"
	s.await(t, "/api/v1/scorecard?period=2026-Q3", `"horizon"`)
	cards := s.get(t, "/api/v1/scorecard?period=2026-Q3&team=all")
	s.await(t, "/api/v1/status", full)
	if status := s.get(t, "/api/v1/status"); !strings.Contains(status, `"up": false`) {
		t.Errorf("the status says that all is well: %s", status)
	}
	s.await(t, "/metrics", `teamhealth_collector_up{collector="pagerduty"} 0`)
	if log := s.log.String(); !strings.Contains(log, tr.store()) || !strings.Contains(log, full) {
		t.Errorf("the log does not say so:\n%s", log)
	}
	if diff := cmp.Diff(cards, s.get(t, "/api/v1/scorecard?period=2026-Q3&team=all")); diff != "" {
		t.Errorf("cards changed (-before +after):\n%s", diff)
	}
	check(t, s.process.Process.Signal(syscall.SIGUSR1))
	s.await(t, "/metrics", `teamhealth_collector_up{collector="pagerduty"} 1`)
	s.await(t, "/api/v1/status", `"last_error": null`)
}

func TestSyncOnAFullDiskGoesOnLater(t *testing.T) {
	t.Parallel()
	whole := newTroubled(t)
	tr := &troubled{account: whole.account, dir: whole.account.place(t)}
	tr.mustRefuse(t, []string{fileLimit + "=300000"}, "sync", "check the space on the disk", "what was saved before is safe")
	tr.account.sync(t, tr.dir, evaluated, trap{})
	if diff := cmp.Diff(dump(t, whole.store()), dump(t, tr.store())); diff != "" {
		t.Errorf("the store differs (-undisturbed +interrupted):\n%s", diff)
	}
}

func TestAFolderThatMayNotBeWritten(t *testing.T) {
	t.Parallel()
	tr := newTroubled(t)
	environment := withoutRights(t, tr.dir)
	before := folder(t, tr.dir)
	tr.mustRefuse(t, environment, "sync", "let this user", "the file and its folder")
	tr.mustRefuse(t, environment, "serve --web.listen-address=127.0.0.1:0", "let this user", "the file and its folder")
	tr.mustRefuse(t, environment, "scorecard", "this user must be able to write in the folder "+tr.dir)
	if diff := cmp.Diff(before, folder(t, tr.dir)); diff != "" {
		t.Errorf("the folder was written to (-before +after):\n%s", diff)
	}
	fresh := &troubled{account: tr.account, dir: tr.account.place(t)}
	environment = withoutRights(t, fresh.dir)
	fresh.mustRefuse(t, environment, "sync", "this user may not create files in the folder "+fresh.dir)
}

// withoutRights takes the right to write in a folder from whoever the returned
// environment makes a child: not root, for whom such rights are nothing.
func withoutRights(t *testing.T, dir string) []string {
	t.Helper()
	files, err := os.ReadDir(dir)
	check(t, err)
	for _, f := range files {
		check(t, os.Chmod(filepath.Join(dir, f.Name()), 0o444))
	}
	check(t, os.Chmod(filepath.Dir(dir), 0o755))
	check(t, os.Chmod(dir, 0o555))
	t.Cleanup(func() { check(t, os.Chmod(dir, 0o755)) })
	if os.Geteuid() != 0 {
		return nil
	}
	return []string{runAs + "=65534"}
}

// folder returns the files of a folder by their names.
func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	list, err := os.ReadDir(dir)
	check(t, err)
	for _, f := range list {
		content, err := os.ReadFile(filepath.Join(dir, f.Name()))
		check(t, err)
		files[f.Name()] = string(content)
	}
	return files
}

func TestAStoreThatAnotherProgramLocks(t *testing.T) {
	t.Parallel()
	tr := newTroubled(t)
	before := dump(t, tr.store())
	db, err := sql.Open("sqlite", tr.store()+"?_txlock=immediate")
	check(t, err)
	defer func() { check(t, db.Close()) }()
	tx, err := db.BeginTx(t.Context(), nil)
	check(t, err)
	tr.mustRefuse(t, nil, "sync", "another program keeps it locked")
	if status, message := tr.run(t, nil, "scorecard"); status != exitDone {
		t.Errorf("a reader waits for the lock: status %d:\n%s", status, message)
	}
	check(t, tx.Rollback())
	tr.account.sync(t, tr.dir, evaluated, trap{})
	if diff := cmp.Diff(before, dump(t, tr.store())); diff != "" {
		t.Errorf("the store differs (-before +after):\n%s", diff)
	}
}

func TestOneStoreHasOneWriter(t *testing.T) {
	t.Parallel()
	tr := newTroubled(t)
	s := tr.serve(t)
	s.await(t, "/api/v1/scorecard?period=2026-Q3", `"horizon"`)
	holder := fmt.Sprintf("process %d has it open: another teamhealth writes to it", s.process.Process.Pid)
	for range 2 {
		tr.mustRefuse(t, nil, "sync", holder)
		tr.mustRefuse(t, nil, "serve --web.listen-address=127.0.0.1:0", holder)
	}
	for _, command := range []string{"scorecard --team=all", "explain incident_response --team=mysql"} {
		if status, message := tr.run(t, nil, strings.Fields(command)...); status != exitDone {
			t.Errorf("%s beside serve: status %d:\n%s", command, status, message)
		}
	}
	s.await(t, "/api/v1/status", `"last_error": null`)
}
