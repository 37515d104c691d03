package realservers_test

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// Each team's databases are two servers, and these are hours in which something
// happens to one of them. Samples are a minute apart and begin half a minute after the
// hour.
const (
	resets    = 1 // The counters of server a begin anew in the middle, and no scrape misses.
	restarts  = 2 // Server b is down for five minutes, while its exporter answers.
	leaves    = 4 // Server b and its exporter are not reached from the middle on,
	stays     = 5 // nor in all of this hour,
	returns   = 6 // and then are there again, with counters that went on.
	someHours = 8
)

// server is one of a team's two: 0 is a, 1 is b.
type server int

func (s server) String() string { return string(rune('a' + s)) }

// scraped reports whether its exporter answers in a minute of all hours.
func (s server) scraped(minute int) bool {
	return s == 0 || minute < leaves*60+30 || minute >= returns*60
}

// runs reports whether the exporter reaches it.
func (s server) runs(minute int) bool {
	return s.scraped(minute) && (s == 0 || minute < restarts*60+20 || minute >= restarts*60+25)
}

// counted is how many minutes its counters have counted.
func (s server) counted(minute int) int {
	const before = 10_000 // It ran long before the first hour.
	switch {
	case s == 0 && minute >= resets*60+30:
		return minute - resets*60 - 30
	case s == 1 && minute >= restarts*60+25:
		return minute - restarts*60 - 25
	default:
		return before + minute
	}
}

// steps are how many minutes increase() sees of an hour. Between 60 samples are 59
// steps, and it puts half a step before the first and half a step after the last.
func (s server) steps(hour int) float64 {
	switch {
	case s == 0 && hour == resets:
		return (29 + 29) * 60.0 / 59 // The step to the new beginning is lost.
	case s == 1 && hour == restarts:
		return (19 + 34) * 60.0 / 59 // And here six of them: minutes 0 to 19, and 25 to 59.
	case s == 1 && hour == leaves:
		return 30 // 29 steps between 30 samples.
	case s == 1 && hour == stays:
		return 0
	default:
		return 60
	}
}

// samples are how many scrapes of an hour tell of the database.
func (s server) samples(hour int) float64 {
	switch {
	case s == 1 && hour == restarts:
		return 55
	case s == 1 && hour == leaves:
		return 30
	case s == 1 && hour == stays:
		return 0
	default:
		return 60
	}
}

// minutes tells some of a server's minutes from the others.
type minutes func(s server, minute int) bool

func always(server, int) bool { return true }

// onServer are all minutes of one of the two.
func onServer(of server) minutes { return func(s server, _ int) bool { return s == of } }

// series is one that the exporter of a server shows.
type series struct {
	labels string // Besides those of the target; a name that begins with _ before them is the sample's suffix.
	value  func(s server, minute int) float64
	shown  minutes
}

// counter grows by so much in a minute, on server a and on server b.
func counter(labels string, a, b float64) series {
	return series{labels, func(s server, minute int) float64 { return []float64{a, b}[s] * float64(s.counted(minute)) }, server.runs}
}

// gauge is what it is, on server a and on server b.
func gauge(labels string, a, b float64) series {
	return series{labels, func(s server, _ int) float64 { return []float64{a, b}[s] }, server.runs}
}

// yes is 1 in some minutes and 0 in others.
func yes(labels string, is, shown minutes) series {
	return series{labels, func(s server, minute int) float64 {
		if is(s, minute) {
			return 1
		}
		return 0
	}, shown}
}

// only is a series that is not shown in other minutes.
func (one series) only(in minutes) series {
	before := one.shown
	one.shown = func(s server, minute int) bool { return before(s, minute) && in(s, minute) }
	return one
}

// plus is a series that has so many more from some minutes on.
func (one series) plus(events float64, from minutes) series {
	before := one.value
	one.value = func(s server, minute int) float64 {
		if from(s, minute) {
			return before(s, minute) + events
		}
		return before(s, minute)
	}
	return one
}

// family is a metric, as its exporter names and types it.
type family struct {
	name, kind string
	job, team  string
	series     []series
}

// histogram is a classic one of a server, of which each bound adds so much in a minute.
func histogram(name, job, team string, of minutes, bounds []string, added ...float64) family {
	f, sum := family{name: name, kind: "histogram", job: job, team: team}, 0.0
	for i, bound := range bounds {
		sum += added[i]
		f.series = append(f.series, counter(fmt.Sprintf("_bucket le=%q", bound), sum, sum).only(of))
	}
	f.series = append(f.series, counter("_count", sum, sum).only(of), counter("_sum", sum/100, sum/100).only(of))
	return f
}

// write writes the samples of a family's servers in the OpenMetrics format.
func (f *family) write(out *bytes.Buffer, begin time.Time) {
	for _, one := range f.series {
		suffix, labels := "", one.labels
		if strings.HasPrefix(labels, "_") {
			suffix, labels, _ = strings.Cut(labels, " ")
		}
		if labels != "" {
			labels = "," + labels
		}
		for s := range server(2) {
			for minute := range someHours * 60 {
				if one.shown(s, minute) {
					at := begin.Add(time.Duration(minute)*time.Minute + 30*time.Second)
					fmt.Fprintf(out, "%s%s{team=%q,instance=%q,job=%q%s} %v %d\n",
						f.name, suffix, f.team, s, f.job, labels, one.value(s, minute), at.Unix())
				}
			}
		}
	}
}

// pastOf writes what all families were, those of one name together.
func pastOf(begin time.Time, families []family) []byte {
	var out bytes.Buffer
	written := map[string]bool{}
	for _, f := range families {
		if written[f.name] {
			continue
		}
		written[f.name] = true
		fmt.Fprintf(&out, "# TYPE %s %s\n", f.name, f.kind)
		for _, same := range families {
			if same.name == f.name {
				same.write(&out, begin)
			}
		}
	}
	out.WriteString("# EOF\n")
	return out.Bytes()
}
