package web

import (
	"encoding/json"
	"net/http"
)

// refusal is an answer in the form of RFC 9457 that says why there is no other.
type refusal struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

func refuse(status int, detail string) *refusal {
	return &refusal{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// write sends the refusal, and asks for no more over a connection whose
// request may not have been read to its end.
func (r *refusal) write(w http.ResponseWriter) {
	body, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		body = nil // The status says it, too.
	}
	w.Header().Set("Content-Type", "application/problem+json")
	if r.Status == http.StatusRequestEntityTooLarge {
		w.Header().Set("Connection", "close")
	}
	w.WriteHeader(r.Status)
	_, _ = w.Write(append(body, '\n')) // Whoever asked is gone, or reads it.
}
