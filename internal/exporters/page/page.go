// Package page shows the landing page: how every team stands, and where to
// find the rest. It computes nothing, runs no script, loads nothing from
// elsewhere, and shows no person.
package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"

	"teamhealth/scorecard"
)

//go:embed page.html style.css
var files embed.FS

// Source is what the page shows.
type Source interface {
	// Organization is the name of the organisation.
	Organization() string
	// Published returns the latest cards; nil before the first ones.
	Published() *scorecard.Published
}

// Options says what the page is made from.
type Options struct {
	Source Source       // Required.
	Logger *slog.Logger // Required.
}

// New returns the handler of /; every other path is not found.
func New(o Options) (http.Handler, error) {
	if o.Source == nil || o.Logger == nil {
		return nil, errors.New("the page needs a source and a logger")
	}
	t, err := template.ParseFS(files, "page.html")
	if err != nil {
		return nil, fmt.Errorf("parse the page: %w", err)
	}
	style, err := files.ReadFile("style.css")
	if err != nil {
		return nil, fmt.Errorf("read the page's style: %w", err)
	}
	return &page{source: o.Source, logger: o.Logger, template: t, style: template.CSS(style), policy: policyFor(style)}, nil
}

// policyFor is the content security policy: our own style, by its hash, and
// nothing else.
func policyFor(style []byte) string {
	sum := sha256.Sum256(style)
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

type page struct {
	source   Source
	logger   *slog.Logger
	template *template.Template
	style    template.CSS
	policy   string
}

// ServeHTTP implements http.Handler.
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", p.policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-cache")
	switch {
	case r.URL.Path != "/":
		http.Error(w, "There is nothing here; / lists what there is.", http.StatusNotFound)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "This page can only be read.", http.StatusMethodNotAllowed)
	default:
		p.render(w, r)
	}
}

// render writes the whole page at once or, when it fails, none of it.
func (p *page) render(w http.ResponseWriter, r *http.Request) {
	v := viewOf(p.source.Organization(), p.source.Published())
	v.Style = p.style
	var out bytes.Buffer
	if err := p.template.Execute(&out, v); err != nil {
		p.logger.ErrorContext(r.Context(), "rendering the page failed", "err", err)
		http.Error(w, "The server's log says more.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if _, err := w.Write(out.Bytes()); err != nil {
		p.logger.DebugContext(r.Context(), "sending the page failed", "err", err)
	}
}
