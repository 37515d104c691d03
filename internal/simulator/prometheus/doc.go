// Package prometheus answers the queries of Prometheus' HTTP API about made-up
// events, in its formats and with its limits: at most 11,000 values of a series in one
// answer, nothing older than what it keeps, and nothing for hours that it missed.
//
// It knows no PromQL. An expression is answered when it is, word for word, one that
// the server was given a series for, or vector(1); to every other one there is no data,
// as there is to the name of an unknown metric. What an expression gives at an instant
// counts the hour that ends then; between full hours it gives nothing. What a series
// counts depends on nothing but the seed, the expression and the hour.
//
// The server only reads. It opens no port: callers mount the handler where they like.
package prometheus
