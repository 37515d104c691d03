package api

import (
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"teamhealth/internal/exporters/text"
	"teamhealth/scorecard"
)

// format is a form in which cards can be had.
type format struct {
	name      string // Of the format parameter.
	mediaType string // Of the Accept header.
	render    func(io.Writer, []scorecard.Card) error
}

// formats lists the forms; the first is the default.
func formats() []format {
	return []format{
		{"json", "application/json", func(w io.Writer, cards []scorecard.Card) error { return text.JSON(w, cards...) }},
		{"csv", "text/csv", text.CSV},
		{"md", "text/markdown", text.Markdown},
	}
}

// formatOf returns the form that a request asks for: by the format parameter,
// else by the Accept header, else the default.
func formatOf(q *query, r *http.Request) (format, error) {
	all := formats()
	name := q.oneOf("format", "json", "csv", "md")
	for _, f := range all {
		if f.name == name {
			return f, nil
		}
	}
	return negotiate(strings.Join(r.Header.Values("Accept"), ","), all)
}

// negotiate returns the form that a client likes best; of equals the earlier.
func negotiate(accept string, all []format) (format, error) {
	if strings.TrimSpace(accept) == "" {
		return all[0], nil
	}
	var best format
	var liked float64
	for _, f := range all {
		if q := quality(accept, f.mediaType); q > liked {
			best, liked = f, q
		}
	}
	if liked == 0 {
		return format{}, &problem{
			Status: http.StatusNotAcceptable, Detail: "a scorecard is application/json, text/csv or text/markdown; the Accept header allows none of them",
		}
	}
	return best, nil
}

// quality returns how much an Accept header likes a media type, 0 to 1: what
// its most specific range that matches says. Ranges that make no sense are
// passed over.
func quality(accept, mediaType string) float64 {
	group, _, _ := strings.Cut(mediaType, "/")
	specific, liked := 0, 0.0
	for part := range strings.SplitSeq(accept, ",") {
		name, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		q, ok := weight(parameters)
		rank := map[string]int{"*/*": 1, group + "/*": 2, mediaType: 3}[name]
		if ok && rank > specific {
			specific, liked = rank, q
		}
	}
	return liked
}

func weight(parameters map[string]string) (float64, bool) {
	written, ok := parameters["q"]
	if !ok {
		return 1, true
	}
	q, err := strconv.ParseFloat(written, 64)
	return q, err == nil && q >= 0 && q <= 1
}
