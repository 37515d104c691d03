package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"

	"teamhealth/collectors"
	"teamhealth/collectors/prometheus"
	"teamhealth/config"
	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
)

func (s *sources) prometheus(p *config.Prometheus) (collector, error) {
	transport, err := prometheus.NewTransport(&p.HTTP)
	if err != nil {
		return nil, problemAt(s.config, httpConfigPath, err.Error(), "")
	}
	client := s.client(facts.Prometheus, &ownWay{transport, func() []string { return credentials(p) }})
	o := prometheus.Options{URL: p.URL, HTTP: client, Now: s.now, Logger: s.logger}
	for _, q := range s.policy.EventQueries() {
		o.Queries = append(o.Queries, prometheus.Query{Objective: q.Objective, Events: q.Query, Teams: q.Teams})
	}
	c, err := prometheus.New(o)
	return &discreet{&located{c, s.config}, client}, err
}

// httpConfigPath is where the configuration says how Prometheus is asked.
const httpConfigPath = "sources.prometheus.http_config"

// clientProblems reports files that a client needs and that cannot be read.
func clientProblems(c *config.Config) config.Problems {
	if c.Sources.Prometheus == nil {
		return nil
	}
	var problems config.Problems
	for _, f := range c.Sources.Prometheus.Files {
		content, err := os.ReadFile(f.File)
		switch {
		case err != nil:
			problems = append(problems, problemAt(c, f.Path, err.Error(), "")...)
		case len(content) == 0:
			problems = append(problems, problemAt(c, f.Path, "file "+f.File+" is empty", "")...)
		}
	}
	return problems
}

// credentials are what requests to Prometheus prove their right with, as they are
// in the files now. Certificates and keys are never sent.
func credentials(p *config.Prometheus) []string {
	var all []string
	for _, f := range p.Files {
		if content, err := os.ReadFile(f.File); err == nil && !bytes.Contains(content, []byte("-----BEGIN")) {
			all = append(all, strings.TrimSpace(string(content)))
		}
	}
	if p.HTTP.BasicAuth == nil {
		return all
	}
	words := all
	for _, user := range append(slices.Clone(words), p.HTTP.BasicAuth.Username) {
		for _, password := range words {
			all = append(all, base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
		}
	}
	return all
}

// discreet is a collector whose answers are shown to others without what nobody
// may read: what they quote may be anything.
type discreet struct {
	collector
	client *apiclient.Client
}

func (d *discreet) Collect(ctx context.Context, m collectors.Memory, save func(facts.Batch) error) error {
	return d.client.ConcealError(d.collector.Collect(ctx, m, save))
}

func (d *discreet) Probe(ctx context.Context) ([]string, error) {
	warnings, err := d.collector.Probe(ctx)
	for i := range warnings {
		warnings[i] = d.client.Conceal(warnings[i])
	}
	return warnings, d.client.ConcealError(err)
}

// hangUp closes the connections of the generation's own transports that nobody uses.
func (g *generation) hangUp() {
	for _, t := range g.transports {
		(&http.Client{Transport: t}).CloseIdleConnections()
	}
}

// expressions says for expressions that Prometheus cannot answer where they are
// configured. After a few it only tells how many more there are.
func (l *located) expressions(failed prometheus.QueryErrors) error {
	const most = 3
	problems := make([]error, 0, most+1)
	for _, p := range failed[:min(len(failed), most)] {
		problems = append(problems, l.at(l.config.ExpressionPath(p.Objective, string(p.Side)), p))
	}
	if more := len(failed) - most; more > 0 {
		problems = append(problems, fmt.Errorf("and %d more", more))
	}
	return errors.Join(problems...)
}
