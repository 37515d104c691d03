package pagerduty

import (
	"errors"
	"net/http"
)

// apiError is an answer in PagerDuty's form of an error.
type apiError struct {
	Message string   `json:"message"`
	Code    int      `json:"code"`
	Errors  []string `json:"errors,omitempty"`

	status int
}

func (e *apiError) Error() string { return e.Message }

// invalid says that a parameter is wrong.
func invalid(problem string) error {
	return &apiError{
		status: http.StatusBadRequest, Message: "Invalid Input Provided", Code: 2001,
		Errors: []string{problem},
	}
}

// tooFar says that a page lies beyond the rows that can be reached.
func tooFar() error {
	return &apiError{
		status: http.StatusBadRequest, Message: "Arguments Caused Error", Code: 2002,
		Errors: []string{"Offset+limit exceeds maximum allowed value of 10000. Please try to refine your search to " +
			"reduce the returned set of records below this number, like adding a date range."},
	}
}

func unauthorized() error {
	return &apiError{status: http.StatusUnauthorized, Message: "Invalid token", Code: 2006}
}

func notFound() error {
	return &apiError{status: http.StatusNotFound, Message: "Not Found", Code: 2100}
}

func rateLimited() error {
	return &apiError{status: http.StatusTooManyRequests, Message: "Rate Limit Exceeded", Code: 2020}
}

// writeError sends an error; one that is not PagerDuty's becomes a 500.
func writeError(w http.ResponseWriter, err error) {
	var known *apiError
	if !errors.As(err, &known) {
		known = &apiError{status: http.StatusInternalServerError, Message: "Internal Server Error", Code: 2000}
	}
	write(w, known.status, object{"error", known})
}
