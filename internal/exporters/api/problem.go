package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"teamhealth/scorecard"
)

// problem is an error as RFC 9457 writes it. Its type is always about:blank:
// the status says all that a program can branch on.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Parameter string `json:"parameter,omitempty"` // Which parameter is wrong.
	Allowed   string `json:"allowed,omitempty"`   // What it may be.
}

// Error is what a person should know.
func (p *problem) Error() string { return p.Detail }

// kindParameter is the kind of thing that an unknown parameter is.
const kindParameter = "parameter"

// problemOf says what of an error a client may know.
func problemOf(err error) *problem {
	var own *problem
	var parameter *scorecard.ParameterError
	var unknown *scorecard.UnknownError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &parameter):
		return &problem{
			Status: http.StatusBadRequest, Detail: parameter.Error(), Parameter: parameter.Parameter, Allowed: parameter.Allowed,
		}
	case errors.As(err, &unknown):
		return problemOfUnknown(unknown)
	case errors.Is(err, scorecard.ErrNotReady):
		return &problem{Status: http.StatusServiceUnavailable, Detail: scorecard.ErrNotReady.Error()}
	default:
		return &problem{Status: http.StatusInternalServerError, Detail: "the server's log says more"}
	}
}

func problemOfUnknown(err *scorecard.UnknownError) *problem {
	p := &problem{Status: http.StatusNotFound, Detail: err.Error(), Parameter: err.Kind, Allowed: "none"}
	if len(err.Known) > 0 {
		p.Allowed = strings.Join(err.Known, ", ")
	}
	if err.Kind == kindParameter {
		p.Status, p.Parameter = http.StatusBadRequest, err.ID
	}
	return p
}

// fail answers with a problem, and logs what the client is not told.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // Nobody is listening any more.
	}
	p := problemOf(err)
	if told := new(problem); p.Status == http.StatusInternalServerError && !errors.As(err, &told) {
		a.logger.ErrorContext(r.Context(), "answering a request failed", "path", r.URL.Path, "err", err)
	}
	p.Type, p.Title = "about:blank", http.StatusText(p.Status)
	body, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		a.logger.ErrorContext(r.Context(), "writing a problem failed", "path", r.URL.Path, "err", err)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	if _, err := w.Write(append(body, '\n')); err != nil {
		a.logger.DebugContext(r.Context(), "sending a problem failed", "path", r.URL.Path, "err", err)
	}
}

func unknownPath(r *http.Request) (answer, error) {
	return answer{}, &problem{Status: http.StatusNotFound, Detail: "there is nothing at " + r.URL.Path + "; / lists what there is"}
}
