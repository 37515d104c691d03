package jira

import (
	"errors"
	"fmt"
	"net/http"
)

// apiError is an answer that is an error.
type apiError struct {
	status int
	body   any // Sent as JSON; a string as it is.
}

func (e *apiError) Error() string { return fmt.Sprintf("%d: %v", e.status, e.body) }

// complaint is Jira's form of an error.
type complaint struct {
	Messages []string          `json:"errorMessages"`
	Errors   map[string]string `json:"errors"`
}

func complain(status int, message string) error {
	return &apiError{status: status, body: complaint{Messages: []string{message}, Errors: map[string]string{}}}
}

// invalid says that a parameter or query is wrong.
func invalid(format string, arguments ...any) error {
	return complain(http.StatusBadRequest, fmt.Sprintf(format, arguments...))
}

// badQuery says that a text is no JQL.
func badQuery(format string, arguments ...any) error {
	return invalid("Error in the JQL Query: "+format, arguments...)
}

func unknownField(name string) error {
	return invalid("Field '%s' does not exist or you do not have permission to view it.", name)
}

func unknownValue(value, field string) error {
	return invalid("The value '%s' does not exist for the field '%s'.", value, field)
}

func noIssue() error {
	return complain(http.StatusNotFound, "Issue does not exist or you do not have permission to see it.")
}

// gone says that Cloud has removed an address.
func gone() error {
	return complain(http.StatusGone, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "+
		"A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046")
}

// unauthorized says that an address is not for anonymous callers.
func unauthorized() error {
	return &apiError{status: http.StatusUnauthorized, body: "Client must be authenticated to access this resource."}
}

func notFound(path string) error {
	return &apiError{status: http.StatusNotFound, body: map[string]any{"message": "null for uri: " + path, "status-code": http.StatusNotFound}}
}

// writeError sends an error.
func writeError(w http.ResponseWriter, err error) {
	known := &apiError{status: http.StatusInternalServerError, body: "Internal server error"}
	errors.As(err, &known)
	if text, ok := known.body.(string); ok {
		w.Header().Set("Content-Type", "text/html;charset=UTF-8")
		w.WriteHeader(known.status)
		_, _ = w.Write([]byte(text)) // The client is gone: there is nobody to tell.
		return
	}
	write(w, known.status, known.body)
}
