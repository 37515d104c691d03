package main

import (
	"context"
	"fmt"

	"github.com/alecthomas/kingpin/v2"

	"teamhealth/internal/app"
	"teamhealth/internal/generate"
)

// generating is a command that writes files of one kind.
type generating struct {
	terminal *terminal
	kind     app.Generated
	config   string
	folder   string
}

// addGenerate returns what adds the command for one kind of generated files.
func addGenerate(kind app.Generated) func(*kingpin.Application, *terminal) (string, func(context.Context) error) {
	return func(cli *kingpin.Application, t *terminal) (string, func(context.Context) error) {
		g := &generating{terminal: t, kind: kind}
		c := group(cli, "generate", "Write what follows from the configuration.").Command(kind.Kind, kind.Help)
		configFlag(c, &g.config)
		c.Flag("output.directory", "Folder to write to.").Default(kind.Folder).StringVar(&g.folder)
		return c.FullCommand(), g.run
	}
}

func (g *generating) run(context.Context) error {
	c, err := loadConfig(g.config)
	if err != nil {
		return err
	}
	files, err := g.kind.Files(c)
	if err != nil {
		return err
	}
	return generate.Write(g.folder, files, func(path string, changed bool) {
		state := "unchanged"
		if changed {
			state = "written"
		}
		fmt.Fprintf(g.terminal.out, "%s: %s\n", path, state)
	})
}
