package realservers_test

import (
	"fmt"
	"slices"
)

// The teams. The exemplary one has what the documentation asks for, the larger one has ten
// times as much of it, and the careless one lacks something of it.
const (
	exemplary = "mysql"
	larger    = "mongodb"
	careless  = "platform"
	documents = "monitoring" // Has MongoDB alone, as the exemplary one has it.
	absent    = "oncall"     // Of which nothing is known.
)

func teams() []string { return []string{exemplary, larger, careless, documents, absent} }

// timesOf is how many times as much as the exemplary one a team has.
func timesOf(team string) float64 {
	if team == larger {
		return 10
	}
	return 1
}

// exported is what all exporters show of all teams.
func exported() []family {
	all := append(mongodb(documents), scrapes(documents, "mongodb")...)
	for _, team := range []string{exemplary, larger, careless} {
		all = slices.Concat(all, mysqld(team), mongodb(team), mongodbBefore020(team), scrapes(team, "mysql"), scrapes(team, "mongodb"), callers(team))
	}
	return all
}

// mysqld is what mysqld_exporter shows. The careless team's server b has MySQL's own
// limit for slow queries, and the histogram's own bounds.
func mysqld(team string) []family {
	n, limit := timesOf(team), 0.05
	bounds := []string{"6e-06", "0.000125", "0.0025", "0.05", "1", "20", "400", "8000", "160000", "+Inf"}
	boundsOfB := bounds
	if team == careless {
		limit, boundsOfB = 10, []string{"1e-06", "1e-05", "0.0001", "0.001", "0.01", "0.1", "1", "10", "100", "+Inf"}
	}
	const name, job = "mysql_info_schema_query_response_time_seconds", "mysqld"
	return []family{
		{"mysql_global_status_queries", "unknown", job, team, []series{counter("", 100*n, 40*n)}},
		{"mysql_global_status_slow_queries", "unknown", job, team, []series{counter("", 3*n, 10*n)}},
		{"mysql_global_variables_long_query_time", "gauge", job, team, []series{gauge("", 0.05, limit)}},
		histogram(name, job, team, onServer(0), bounds, 0, 10*n, 40*n, 45*n, 4*n, n, 0, 0, 0, 0),
		histogram(name, job, team, onServer(1), boundsOfB, 0, 0, 20*n, 12*n, 8*n, 0, 0, 0, 0, 0),
	}
}

// changedState is from when on server b is a secondary: since it was started again.
func changedState(s server, minute int) bool { return s == 1 && minute >= restarts*60+25 }

// member is a counter of percona/mongodb_exporter, whose labels tell the state of a
// member of a replica set: another state is another series.
func member(labels string, a, b float64) []series {
	const target = `cl_id="",cl_role="mongod",rs_nm="rs0",`
	return []series{
		counter(target+`rs_state="1",`+labels, a, b).only(func(s server, minute int) bool { return !changedState(s, minute) }),
		counter(target+`rs_state="2",`+labels, a, b).only(changedState),
	}
}

// lateRead is when server a has a read as slow as none before: in the middle of hour 3.
func lateRead(s server, minute int) bool { return s == 0 && minute >= 3*60+30 }

// mongodb is what percona/mongodb_exporter shows. The careless team has it without
// --collector.profile.
func mongodb(team string) []family {
	n := timesOf(team)
	reads := member(`op_type="reads"`, 50*n, 20*n)
	reads[0] = reads[0].plus(n, lateRead)
	all := []family{
		{"mongodb_ss_opLatencies_ops", "unknown", "mongodb", team, slices.Concat(
			reads, member(`op_type="writes"`, 30*n, 12*n), member(`op_type="commands"`, 20*n, 8*n), member(`op_type="transactions"`, 5*n, 2*n),
		)},
		{"mongodb_ss_opLatencies_reads_histogram_count", "counter", "mongodb", team, slices.Concat(
			member(`lower_bound="0"`, 0, 0), member(`lower_bound="8"`, 0, 0), member(`lower_bound="64"`, 30*n, 10*n),
			member(`lower_bound="512"`, 10*n, 4*n), member(`lower_bound="3072"`, 5*n, 3*n), member(`lower_bound="8192"`, 3*n, n),
			member(`lower_bound="24576"`, n, 2*n), member(`lower_bound="65536"`, n, 0),
			[]series{member(`lower_bound="131072"`, 0, 0)[0].plus(n, lateRead).only(lateRead)},
		)},
	}
	if team == careless {
		return all
	}
	const target = `cl_id="",cl_role="mongod",`
	return append(all, family{"mongodb_profile_slow_query_count", "unknown", "mongodb", team, []series{
		gauge(target+`database="admin"`, 0, 0), gauge(target+`database="config"`, 0, 0), gauge(target+`database="shop"`, 2*n, n),
	}})
}

// mongodbBefore020 is what the branch before 0.20 shows: gauges that count.
func mongodbBefore020(team string) []family {
	n := timesOf(team)
	histogram := family{"mongodb_mongod_op_latencies_histogram", "gauge", "mongodb-old", team, []series{counter(`type="write",micros="1024"`, 30*n, 12*n)}}
	for micros, both := range map[string][2]float64{"1024": {40, 10}, "8192": {6, 5}, "32768": {2, 3}, "49152": {2, 0}, "65536": {0, 2}} {
		histogram.series = append(histogram.series, counter(fmt.Sprintf(`type="read",micros=%q`, micros), both[0]*n, both[1]*n))
	}
	ops := []series{counter(`type="read"`, 50*n, 20*n), counter(`type="write"`, 30*n, 12*n)}
	return []family{histogram, {"mongodb_mongod_op_latencies_ops_total", "gauge", "mongodb-old", team, ops}}
}

// scrapes is whether the exporters of a kind of database and the databases are reached.
// A second job asks the same exporters for what takes long.
func scrapes(team, kind string) []family {
	var all []family
	labels := map[string]string{"mongodb": `cluster_role="mongod"`}[kind]
	job := map[string]string{"mysql": "mysqld", "mongodb": "mongodb"}[kind]
	for _, job := range []string{job, job + "-slow"} {
		all = append(all, family{"up", "unknown", job, team, []series{yes("", server.scraped, always)}})
		all = append(all, family{kind + "_up", "gauge", job, team, []series{yes(labels, server.runs, server.scraped)}})
	}
	return all
}

// callers is what others tell: clients of the databases, a service, and a prober. No
// request to server b fails, so that it has no counter of failures.
func callers(team string) []family {
	n, bounds := timesOf(team), []string{"0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "1", "+Inf"}
	all := []family{
		{"http_requests", "counter", "shop", team, []series{
			counter(`_total code="200"`, 97*n, 40*n), counter(`_total code="503"`, 3*n, 0).only(onServer(0)),
		}},
		{"probe_success", "gauge", "blackbox", team, []series{yes("", server.runs, server.scraped)}},
	}
	for _, name := range []string{"db_query_duration_seconds", "db_client_operation_duration_seconds"} {
		all = append(all,
			histogram(name, "shop", team, onServer(0), bounds, 10*n, 20*n, 30*n, 30*n, 5*n, 5*n, 0, 0),
			histogram(name, "shop", team, onServer(1), bounds, 5*n, 5*n, 10*n, 10*n, 5*n, 5*n, 0, 0))
	}
	return all
}
