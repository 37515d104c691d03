// Package realservers holds the tests that prove generated rules and dashboards
// on the programs that will read them, and the collector of events and the documented
// expressions on the program that evaluates them: Prometheus in the version of Debian and
// in a present one, promtool, and Alertmanager, started on loopback for the length of a
// test. It has no code of its own that a program could use. A program that is not on the
// machine skips its tests, which `make test` says at its end, and fails them where
// CI=true.
package realservers
