package apiclient

import (
	"context"
	"net/http"
)

type repeatableKey struct{}

// Repeatable returns req marked as one that changes nothing at the server,
// whatever its method suggests, so that it is repeated like a GET. A body must
// be one that can be had again, as http.NewRequest makes it of one in memory.
func Repeatable(req *http.Request) *http.Request {
	return req.WithContext(context.WithValue(req.Context(), repeatableKey{}, true))
}

func marked(req *http.Request) bool {
	yes, ok := req.Context().Value(repeatableKey{}).(bool)
	return ok && yes
}

// rewind gives req, which an attempt before may have sent, its body again.
func rewind(req *http.Request) error {
	if req.GetBody == nil {
		return nil
	}
	body, err := req.GetBody()
	req.Body = body
	return err
}
