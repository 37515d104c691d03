// Package history makes up the past of an organisation on call: who was on
// call when, which incidents there were, and what people, automation and the
// incident system did about each of them, second by second. Who is paged is who
// is on call.
//
// The past is a function of a seed. Each day of each team is drawn by itself,
// so that a history up to one day is the beginning of every longer one, no
// matter when or in how many steps it was made. Nothing here reads a clock,
// keeps a file or speaks a protocol, and nothing is judged: which answers
// were fast enough is for others to say.
package history
