package metrics

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"teamhealth/internal/facts"
)

// exemplarLabel names the incident of an exemplar.
const exemplarLabel = "incident_id"

// TallySource gives the latest published tally; nil before the first one.
type TallySource interface {
	Tally() *Tally
}

// RegisterTally adds the counters and histograms of the source's tally to a
// registry. The error is the registry's.
func RegisterTally(r prometheus.Registerer, s TallySource) error {
	descs := describeTally()
	return r.Register(&collector[Tally]{source: s.Tally, descs: descs.all(), sample: descs.sample})
}

type tallyDescriptions struct{ incidents, response, resolution *prometheus.Desc }

// once says how the counters count.
const once = " Over the whole history, by the team of the service at the trigger. An incident counts once," +
	" and later corrections do not move it; a configuration that moves a service starts the counting anew."

func describeTally() *tallyDescriptions {
	return &tallyDescriptions{
		incidents: desc("incidents_total", "Incidents by their urgency at the trigger."+once, "team", "urgency"),
		response: desc("incident_response_seconds",
			"Time to the first answer by a person, of answered high-urgency incidents only."+once, "team"),
		resolution: desc("incident_resolution_seconds",
			"Time to the first resolve of an incident, whoever made it."+once, "team"),
	}
}

func (d *tallyDescriptions) all() []*prometheus.Desc {
	return []*prometheus.Desc{d.incidents, d.response, d.resolution}
}

// sample returns the samples of a tally, in the order of the exposition.
func (d *tallyDescriptions) sample(t *Tally) []prometheus.Metric {
	var counters, responses, resolutions []prometheus.Metric
	for _, of := range slices.SortedFunc(slices.Values(t.Teams), TeamTally.compare) {
		for _, u := range slices.Sorted(maps.Keys(of.Incidents)) {
			counters = append(counters, d.counter(of.Incidents[u], t.Created, of.Team, urgency(u)))
		}
		responses = append(responses, of.Response.metric(d.response, ResponseBounds(), t.Created, of.Team))
		resolutions = append(resolutions, of.Resolution.metric(d.resolution, ResolutionBounds(), t.Created, of.Team))
	}
	return slices.Concat(counters, responses, resolutions)
}

func (t TeamTally) compare(o TeamTally) int { return cmp.Compare(t.Team, o.Team) }

func (d *tallyDescriptions) counter(n int64, created time.Time, labels ...string) prometheus.Metric {
	m, err := prometheus.NewConstMetricWithCreatedTimestamp(
		d.incidents, prometheus.CounterValue, float64(n), created, labels...)
	if err != nil {
		return prometheus.NewInvalidMetric(d.incidents, err)
	}
	return m
}

// metric makes the histogram, with the latest incident of each bucket.
func (h Histogram) metric(d *prometheus.Desc, bounds []time.Duration, created time.Time, team string) prometheus.Metric {
	upTo, count := h.cumulative(bounds)
	m, err := prometheus.NewConstHistogramWithCreatedTimestamp(d, count, h.Sum, upTo, created, team)
	if err != nil {
		return prometheus.NewInvalidMetric(d, err)
	}
	if with, err := prometheus.NewMetricWithExemplars(m, h.exemplars()...); err == nil {
		return with
	}
	return m // An id that is no exemplar, or none at all, takes nothing from the counts.
}

// cumulative returns how many lie at or below each bound, and how many there are.
func (h Histogram) cumulative(bounds []time.Duration) (map[float64]uint64, uint64) {
	upTo := make(map[float64]uint64, len(bounds))
	var count uint64
	for i, bound := range bounds {
		if i < len(h.Buckets) {
			count += uint64(h.Buckets[i].Count)
		}
		upTo[bound.Seconds()] = count
	}
	for _, above := range h.Buckets[min(len(bounds), len(h.Buckets)):] {
		count += uint64(above.Count)
	}
	return upTo, count
}

func (h Histogram) exemplars() []prometheus.Exemplar {
	var list []prometheus.Exemplar
	for _, b := range h.Buckets {
		if b.Count > 0 {
			list = append(list, prometheus.Exemplar{
				Value: b.Latest.Took.Seconds(), Timestamp: b.Latest.At,
				Labels: prometheus.Labels{exemplarLabel: b.Latest.Incident},
			})
		}
	}
	return list
}

// urgency is the label of an urgency.
func urgency(u facts.Urgency) string { return cmp.Or(string(u), "unknown") }
