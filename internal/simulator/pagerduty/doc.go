// Package pagerduty answers HTTP requests about a simulated history in the
// formats of PagerDuty's REST API, with that API's habits: short default
// windows, pages of at most a hundred rows, nothing beyond the first ten
// thousand, empty answers for spans of more than half a year, a limit on
// requests per minute, and fields that are null more often than one thinks.
//
// What is visible is what had happened by the server's clock, so that with a
// running clock incidents come, are answered and end while one looks; of the
// future, the shifts of the next 90 days and announced maintenance are told. The
// server only reads: there is no way to change an incident through it. It
// misbehaves in no way of its own; whoever wants it to puts middleware in
// front, such as that of package faults. It opens no port: callers mount the
// handler where they like.
package pagerduty
