package collectors

import (
	"errors"
	"fmt"
	"net/url"
)

// ParseURL reads a collector's option URL, the address of its API. It returns an
// error for what is no http or https address.
func ParseURL(address string) (*url.URL, error) {
	base, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, fmt.Errorf("URL %q: not an http or https address", address)
	}
	return base, nil
}

// Require returns an error that names a collector's option unless it was given.
func Require(name string, given bool) error {
	if given {
		return nil
	}
	return errors.New("no " + name)
}
