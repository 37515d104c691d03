package web

import (
	"context"
	"errors"
	"fmt"
	"net"
)

// Listen opens a listener for every address; when one cannot be opened, none
// stays open.
func Listen(ctx context.Context, addresses []string) ([]net.Listener, error) {
	var config net.ListenConfig
	var listeners []net.Listener
	for _, address := range addresses {
		l, err := config.Listen(ctx, "tcp", address)
		if err != nil {
			for _, open := range listeners {
				err = errors.Join(err, open.Close())
			}
			return nil, fmt.Errorf("listen on %s: %w", address, err)
		}
		listeners = append(listeners, l)
	}
	return listeners, nil
}
