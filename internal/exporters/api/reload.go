package api

import (
	"context"
	"net/http"
)

// lifecycleFlag is what lets clients ask for a reload.
const lifecycleFlag = "--web.enable-lifecycle"

// askReload lets the configuration be read again. It goes on when the client
// leaves: half a reload is none, and the next one would only wait for it.
func (a *api) askReload(r *http.Request) (answer, error) {
	if q := read(r); q.err != nil {
		return answer{}, q.err
	}
	if a.reload == nil {
		return answer{}, &problem{
			Status: http.StatusForbidden,
			Detail: "reloading over HTTP is not enabled; start teamhealth with " + lifecycleFlag + ", or send it SIGHUP",
		}
	}
	if err := a.reload(context.WithoutCancel(r.Context())); err != nil {
		return answer{}, &problem{Status: http.StatusInternalServerError, Detail: err.Error()}
	}
	return sentence("The configuration is reloaded."), nil
}

// command is the handler of a question that changes something: only PUT and
// POST ask it, and no answer is kept.
func (a *api) command(ask question) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		if !a.admits(w, r, http.MethodPost, http.MethodPut) {
			return
		}
		got, err := ask(r)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		h.Set("Content-Type", got.contentType)
		if _, err := w.Write(got.body); err != nil {
			a.logger.DebugContext(r.Context(), "sending an answer failed", "path", r.URL.Path, "err", err)
		}
	})
}
