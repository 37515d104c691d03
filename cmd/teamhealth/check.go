package main

import (
	"context"
	"fmt"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/version"

	"teamhealth/config"
)

// configFlag adds the flag that names the configuration file.
func configFlag(c *kingpin.CmdClause, target *string) {
	c.Flag("config.file", "Configuration file.").Default("teamhealth.yml").StringVar(target)
}

func loadConfig(path string) (*config.Config, error) {
	c, err := config.Load(path)
	if err != nil {
		return nil, fmt.Errorf("the configuration has mistakes:\n%w", err)
	}
	return c, nil
}

func addCheckConfig(cli *kingpin.Application, t *terminal) (string, func(context.Context) error) {
	var path string
	c := cli.Command("check", "Check files and sources.").Command("config", "Check the configuration; every mistake is shown in one run.")
	configFlag(c, &path)
	return c.FullCommand(), func(context.Context) error {
		loaded, err := loadConfig(path)
		if err != nil {
			return err
		}
		p := loaded.Policy()
		_, err = fmt.Fprintf(t.out, "%s: ok: %d teams, %d people, %d objectives\n",
			path, len(p.Teams), len(p.People), len(p.Rubric.Objectives))
		return err
	}
}

func addVersion(cli *kingpin.Application, t *terminal) (string, func(context.Context) error) {
	c := cli.Command("version", "Print the version.")
	return c.FullCommand(), func(context.Context) error {
		_, err := fmt.Fprintln(t.out, version.Print("teamhealth"))
		return err
	}
}
