// Package metrics exposes the published cards and the tally of incidents to
// Prometheus. It reads no store and calls no source: a scrape sends samples that
// were made once, of what was published last. What is absent on a card has no
// sample, for a zero would be a claim. No label holds a person, a title, a URL or
// a time.
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
	descs := describe()
	cards := &collector[scorecard.Published]{
		source: s.Published, descs: descs.all(),
		sample: func(p *scorecard.Published) []prometheus.Metric { return sample(&descs, p) },
	}
	return errors.Join(r.Register(cards), r.Register(version.NewCollector(namespace)))
}

// collector sends the samples of what was published last. They are made at
// its first scrape and kept until the next publication: a published pointer
// always means the same numbers.
type collector[T any] struct {
	source func() *T
	descs  []*prometheus.Desc
	sample func(*T) []prometheus.Metric
	latest atomic.Pointer[snapshot[T]]
}

// snapshot is what one publication exposes.
type snapshot[T any] struct {
	of      *T
	samples []prometheus.Metric
}

// Describe implements prometheus.Collector.
func (c *collector[T]) Describe(out chan<- *prometheus.Desc) {
	for _, d := range c.descs {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c *collector[T]) Collect(out chan<- prometheus.Metric) {
	p := c.source()
	if p == nil {
		return
	}
	for _, m := range c.samples(p) {
		out <- m
	}
}

// samples returns the kept samples of p or makes them. Two scrapes at once may
// both make them; they are the same.
func (c *collector[T]) samples(p *T) []prometheus.Metric {
	if kept := c.latest.Load(); kept != nil && kept.of == p {
		return kept.samples
	}
	fresh := &snapshot[T]{of: p, samples: c.sample(p)}
	c.latest.Store(fresh)
	return fresh.samples
}
