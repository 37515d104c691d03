// Package metrics exposes the published cards to Prometheus. It reads no store
// and calls no source: a scrape sends samples that were made once, when the
// cards were published. What is absent on a card has no sample, for a zero
// would be a claim. No label holds a person, a title, a URL or a time.
package metrics

import (
	"errors"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors/version"

	"teamhealth/scorecard"
)

// Source gives the latest published cards; nil before the first ones.
type Source interface {
	Published() *scorecard.Published
}

// Register adds the metrics of the source's cards to a registry, and the
// build's version as teamhealth_build_info. The error is the registry's.
func Register(r prometheus.Registerer, s Source) error {
	return errors.Join(
		r.Register(&collector{source: s, descs: describe()}),
		r.Register(version.NewCollector(namespace)),
	)
}

// collector sends the samples of the published cards. The samples of one
// computation are made at its first scrape and kept until the next
// computation: a published pointer always means the same numbers.
type collector struct {
	source Source
	descs  descriptions
	latest atomic.Pointer[snapshot]
}

// snapshot is what one computation exposes.
type snapshot struct {
	of      *scorecard.Published
	samples []prometheus.Metric
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range c.descs.all() {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	p := c.source.Published()
	if p == nil {
		return
	}
	for _, m := range c.samples(p) {
		out <- m
	}
}

// samples returns the kept samples of p or makes them. Two scrapes at once may
// both make them; they are the same.
func (c *collector) samples(p *scorecard.Published) []prometheus.Metric {
	if kept := c.latest.Load(); kept != nil && kept.of == p {
		return kept.samples
	}
	fresh := &snapshot{of: p, samples: sample(&c.descs, p)}
	c.latest.Store(fresh)
	return fresh.samples
}
