package metrics

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Reloads shows how the last attempt to read the configuration ended. It is
// safe for concurrent use.
type Reloads struct{ successful, at prometheus.Gauge }

// NewReloads returns Reloads that are registered with r. The error is the
// registry's.
func NewReloads(r prometheus.Registerer) (*Reloads, error) {
	m := &Reloads{
		successful: plainGauge("config_last_reload_successful",
			"Whether the last attempt to read the configuration succeeded; after one that did not, the configuration before it stays in use."),
		at: plainGauge("config_last_reload_success_timestamp_seconds",
			"When the configuration was last read successfully."),
	}
	return m, errors.Join(r.Register(m.successful), r.Register(m.at))
}

func plainGauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help})
}

// Succeeded shows that the configuration was read at an instant.
func (m *Reloads) Succeeded(at time.Time) {
	m.at.Set(float64(at.UnixMilli()) / 1000)
	m.successful.Set(1)
}

// Failed shows that the configuration could not be used.
func (m *Reloads) Failed() { m.successful.Set(0) }
