// Package jira answers HTTP requests about simulated tickets in the formats of
// Jira's REST API, as Jira Cloud or as Jira Data Center, with the habits that
// each of them has. Cloud has removed its old search and says so, refuses
// queries without a restriction, names only ids unless fields are asked for,
// hands out pages by tokens and 40 entries of a history, newest first. Data
// Center pages by number and tells whole histories, oldest first. Both read
// dates in the caller's time zone, and both answer a caller whose token is wrong
// or has expired with success and nothing.
//
// What is visible is what had happened by the server's clock. The server only
// reads. It misbehaves in no way that Jira would not; whoever wants it to puts
// middleware in front. It opens no port: callers mount the handler where they
// like.
//
// Simplified: there is one caller who may see everything but one ticket, the
// estimated count is exact, changes are found at once, the pages of one Cloud
// search are all of the moment of its first page, Data Center's window of
// 10,000 rows has no end, the limit on requests is one bucket for everybody,
// and JQL knows the fields, operators and functions that package jira's own
// tests list: no history searches and no functions but now() and startOfDay().
// Filtered by fields, the bulk of histories holds only the changes of those
// fields, also where an entry changed others too.
package jira
