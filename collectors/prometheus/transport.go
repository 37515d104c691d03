package prometheus

import (
	"fmt"
	"net/http"

	"github.com/prometheus/common/config"
)

// NewTransport returns what makes the single attempts of requests as http_config
// says; nil stands for its defaults. Files of secrets and certificates are read anew when
// they change. The error tells what is wrong with the configuration or its files.
func NewTransport(c *config.HTTPClientConfig) (http.RoundTripper, error) {
	if c == nil {
		c = &config.DefaultHTTPClientConfig
	}
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("http_config: %w", err)
	}
	transport, err := config.NewRoundTripperFromConfig(*c, "prometheus")
	if err != nil {
		return nil, fmt.Errorf("http_config: %w", err)
	}
	if !c.FollowRedirects {
		transport = &settled{transport}
	}
	return transport, nil
}

// settled takes no answer that leads elsewhere. To follow is up to the client
// above it, which knows nothing of http_config.
type settled struct{ next http.RoundTripper }

func (s *settled) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := s.next.RoundTrip(req)
	if err != nil || resp.Header.Get("Location") == "" {
		return resp, err
	}
	resp.Header.Del("Location") // Without it, it is an answer like others.
	return resp, nil
}

// CloseIdleConnections closes those of the transport below.
func (s *settled) CloseIdleConnections() {
	if next, ok := s.next.(interface{ CloseIdleConnections() }); ok {
		next.CloseIdleConnections()
	}
}
