// Package pipes connects clients and servers of one process without a network. Tests
// run both in a bubble of testing/synctest: there a clock that stands while anybody
// works decides what takes too long, and not how busy the machine is.
//
// It has no buffers, as net.Pipe has none: who writes waits for the reader. It
// refuses to know names: a Listener is what every address leads to.
package pipes

import (
	"context"
	"net"
	"sync"
)

// Listener is a net.Listener for the connections that its Dial makes.
type Listener struct {
	dialled chan net.Conn
	closed  chan struct{}
	once    sync.Once // Closes closed.
}

// Listen returns an open Listener.
func Listen() *Listener {
	return &Listener{dialled: make(chan net.Conn), closed: make(chan struct{})}
}

// Dial connects to the listener, whatever the network and the address, once it
// accepts. It has the form of http.Transport's DialContext. Its error is net.ErrClosed
// when nobody listens any more, or the context's.
func (l *Listener) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.dialled <- theirs:
		return ours, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept implements net.Listener.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.dialled:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener. It never fails.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements net.Listener.
func (*Listener) Addr() net.Addr { return address{} }

// address is where every Listener listens, in a form that may stand in a URL.
type address struct{}

// Network implements net.Addr.
func (address) Network() string { return "pipe" }

// String implements net.Addr.
func (address) String() string { return "pipe.example:80" }
