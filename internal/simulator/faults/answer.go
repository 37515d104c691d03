package faults

import (
	"bytes"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"
)

// answer is given in the place of the upstream's.
type answer func(x *Injector, w http.ResponseWriter, r *http.Request, next http.Handler, random *rand.Rand)

var answers = map[Kind]answer{
	TooMany: tooMany,
	TooManyBare: func(_ *Injector, w http.ResponseWriter, _ *http.Request, _ http.Handler, _ *rand.Rand) {
		w.WriteHeader(429)
	},
	ServerError:     status(http.StatusInternalServerError),
	BadGateway:      status(http.StatusBadGateway),
	Unavailable:     status(http.StatusServiceUnavailable),
	PaymentRequired: status(http.StatusPaymentRequired),
	Forbidden:       status(http.StatusForbidden),
	HTML:            text("text/html; charset=utf-8", "<!DOCTYPE html><html><body>We'll be back soon.</body></html>"),
	Empty:           text(jsonType, "{}"),
	Truncated:       truncated,
	Slow:            slow,
	Reset:           reset,
	ResetMidway:     resetMidway,
}

const jsonType = "application/json; charset=utf-8"

func tooMany(x *Injector, w http.ResponseWriter, r *http.Request, next http.Handler, random *rand.Rand) {
	maps.Copy(w.Header(), x.opts.Limit)
	status(http.StatusTooManyRequests)(x, w, r, next, random)
}

// status answers with an error in a form that several APIs share.
func status(code int) answer {
	return func(_ *Injector, w http.ResponseWriter, _ *http.Request, _ http.Handler, _ *rand.Rand) {
		w.Header().Set("Content-Type", jsonType)
		w.WriteHeader(code)
		send(w, []byte(`{"error":{"message":"`+http.StatusText(code)+`"}}`))
	}
}

func text(kind, content string) answer {
	return func(_ *Injector, w http.ResponseWriter, _ *http.Request, _ http.Handler, _ *rand.Rand) {
		w.Header().Set("Content-Type", kind)
		send(w, []byte(content))
	}
}

// truncated leaves out the end of the answer, as a server does that dies
// behind a proxy which then ends the answer for it.
func truncated(_ *Injector, w http.ResponseWriter, r *http.Request, next http.Handler, random *rand.Rand) {
	whole := record(next, r)
	whole.body = whole.body[:part(whole.body, random)]
	whole.replay(w)
}

// slow sends the beginning of the answer, and then nothing until the client
// has given up.
func slow(x *Injector, w http.ResponseWriter, r *http.Request, next http.Handler, random *rand.Rand) {
	whole := record(next, r)
	length := len(whole.body)
	whole.body = whole.body[:part(whole.body, random)]
	whole.header.Set("Content-Length", strconv.Itoa(length))
	whole.replay(w)
	_ = http.NewResponseController(w).Flush() // What cannot be flushed comes later, which is slow as well.
	patience := time.NewTimer(x.opts.Patience)
	defer patience.Stop()
	select {
	case <-r.Context().Done():
	case <-patience.C:
	}
}

func reset(_ *Injector, w http.ResponseWriter, _ *http.Request, _ http.Handler, _ *rand.Rand) {
	breakOff(w, nil)
}

func resetMidway(_ *Injector, w http.ResponseWriter, r *http.Request, next http.Handler, random *rand.Rand) {
	whole := record(next, r)
	var head bytes.Buffer
	head.WriteString("HTTP/1.1 " + strconv.Itoa(whole.code) + " " + http.StatusText(whole.code) + "\r\n")
	whole.header.Set("Content-Length", strconv.Itoa(len(whole.body)))
	_ = whole.header.Write(&head) // A buffer takes everything.
	head.WriteString("\r\n")
	breakOff(w, append(head.Bytes(), whole.body[:part(whole.body, random)]...))
}

// breakOff sends some bytes and ends the connection without a farewell.
func breakOff(w http.ResponseWriter, first []byte) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return // There is no connection to break.
	}
	_, _ = connection.Write(first) // The client may have gone before.
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // Reset it. Without, it is closed, which breaks off as well.
	}
	_ = connection.Close()
}

// part is how much of a body is sent: something, but not all of it.
func part(body []byte, random *rand.Rand) int {
	if len(body) < 2 {
		return 0
	}
	return 1 + random.IntN(len(body)-1)
}

func send(w io.Writer, content []byte) { _, _ = w.Write(content) } // The client may be gone: there is nobody to tell.

// recording is the answer of a handler.
type recording struct {
	code   int
	header http.Header
	body   []byte
}

func record(next http.Handler, r *http.Request) *recording {
	whole := &recording{code: http.StatusOK, header: http.Header{}}
	next.ServeHTTP(whole, r)
	return whole
}

// Header implements http.ResponseWriter.
func (a *recording) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *recording) WriteHeader(code int) { a.code = code }

// Write implements http.ResponseWriter. It never fails.
func (a *recording) Write(content []byte) (int, error) {
	a.body = append(a.body, content...)
	return len(content), nil
}

func (a *recording) replay(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.code)
	send(w, a.body)
}
