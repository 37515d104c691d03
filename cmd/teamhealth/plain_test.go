package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"testing"
)

// plain runs the tests with commands that have no race detector, also where the
// tests have one: what is asked of these processes is what is left of them, and
// with it they take eight times as long. Those that launch starts have it.
type plain struct{ *testing.M }

// Run implements testscript.TestingM. The commands are in place by then.
func (p plain) Run() int {
	if detectsRaces() {
		if err := replaceCommands(); err != nil {
			fmt.Fprintln(os.Stderr, "build commands without the race detector:", err)
			return 1
		}
	}
	return p.M.Run()
}

func detectsRaces() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// replaceCommands builds the tests once more and puts them where the commands are.
func replaceCommands() error {
	first, err := exec.LookPath(stoppedName)
	if err != nil {
		return err
	}
	second := filepath.Join(filepath.Dir(first), "teamhealth")
	if output, err := exec.Command("go", "test", "-c", "-race=false", "-o", first, ".").CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, output)
	}
	if err := os.Remove(second); err != nil {
		return err
	}
	return os.Link(first, second)
}
