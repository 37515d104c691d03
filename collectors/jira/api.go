package jira

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	upstream "github.com/andygrunwald/go-jira"

	"teamhealth/internal/apiclient"
	"teamhealth/internal/secret"
)

// api sends requests to Jira. The upstream client knows where they go and who
// sends them; its decoding is not used, as it fails whole pages on single issues.
type api struct {
	client *upstream.Client
	advice *advice
}

func newAPI(opts *Options, token secret.Secret) (*api, error) {
	client, err := upstream.NewClient(authenticated(opts, token), opts.URL)
	if err != nil {
		return nil, fmt.Errorf("use %q as Jira's address: %w", opts.URL, err)
	}
	return &api{client: client, advice: newAdvice(opts)}, nil
}

// authenticated returns a client whose requests bear the token: the transports
// are the upstream client's, and end in the one that was given.
func authenticated(opts *Options, token secret.Secret) *http.Client {
	if opts.Email == "" {
		bearer := upstream.PATAuthTransport{Token: token.Reveal(), Transport: transport{opts.HTTP}}
		return bearer.Client()
	}
	basic := upstream.BasicAuthTransport{Username: opts.Email, Password: token.Reveal(), Transport: transport{opts.HTTP}}
	return basic.Client()
}

// transport lets an HTTPClient do the work of a transport.
type transport struct{ client HTTPClient }

// RoundTrip sends req as the client does.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) { return t.client.Do(req) }

// get decodes the JSON that path answers into a value, also where it was not meant
// for the token's account, which is an error.
func (a *api) get(ctx context.Context, path string, query url.Values, into any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return a.send(ctx, http.MethodGet, path, nil, into)
}

// post asks a question that does not fit into an address. It changes nothing in Jira.
func (a *api) post(ctx context.Context, path string, body, into any) error {
	return a.send(ctx, http.MethodPost, path, body, into)
}

func (a *api) send(ctx context.Context, method, path string, body, into any) error {
	req, err := a.client.NewRequestWithContext(ctx, method, path, body)
	if err != nil {
		return fmt.Errorf("build the request for %s: %w", path, err)
	}
	req.Header.Set("Accept", "application/json")
	resp, err := a.client.Do(apiclient.Repeatable(req), nil)
	if err != nil {
		return a.advice.add(withoutURL(err))
	}
	header := resp.Header
	err = apiclient.DecodeJSON(resp.Response, into)
	if anonymous := a.advice.checkLogin(header); anonymous != nil {
		return anonymous
	}
	return err
}

// withoutURL takes off net/http's layer, which spells out the JQL.
func withoutURL(err error) error {
	if layer, ok := errors.AsType[*url.Error](err); ok {
		return layer.Err
	}
	return err
}
