package apiclient_test

import (
	"net/http"
	"strings"
	"testing"

	"teamhealth/internal/apiclient"
)

func TestDecodeJSONTakesOnlyJSON(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		step http.HandlerFunc
		want string // In the error; empty when it decodes.
	}{
		"an object":                     {step: status(200, `{"n": 1}`)},
		"an object with white space":    {step: status(200, " {\"n\": 1}\n")},
		"a page":                        {step: status(200, "\n<!DOCTYPE html><title>Log in</title>"), want: "answered HTML instead of JSON"},
		"JSON that calls itself a page": {step: status(200, `{"n": 1}`, "Content-Type", "text/html; charset=utf-8"), want: "answered HTML instead of JSON"},
		"nothing":                       {step: status(200, " \n"), want: "answered nothing instead of JSON"},
		"something after the object":    {step: status(200, `{"n": 1} {"n": 2}`), want: "decode the answer"},
		"an object of another shape":    {step: status(200, `{"n": "one"}`), want: "decode the answer"},
		"a text that is no JSON at all": {step: status(200, `OK`), want: "decode the answer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, _ := script(t, test.step)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/x?private=1", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := apiclient.New(apiclient.Options{}).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			var into struct{ N int }
			err = apiclient.DecodeJSON(resp, &into)
			if test.want == "" {
				if err != nil || into.N != 1 {
					t.Errorf("got %+v, %v", into, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "private") {
				t.Errorf("error %v, want %q without the query", err, test.want)
			}
		})
	}
}
