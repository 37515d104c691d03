package jira

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"teamhealth/internal/apiclient"
)

// What to do about answers that no repetition changes.
const (
	renew = "the token may be wrong, revoked or expired: make a new one, and check token_file or token_env"

	renewForCloud = renew + ", and email; a scoped token works only with the url https://api.atlassian.com/ex/jira/CLOUD-ID"

	renewForCenter = renew + "; Data Center takes a personal access token, without email"

	renewForEither = renew + "; Jira Cloud takes an API token, together with email, and Data Center a personal access token, without"

	noEmail = "Jira Cloud knows an API token by its account: set email; a Data Center token does not work there"

	forbidden = "the token's account may not read this: give it the permission to browse the projects; after wrong logins Jira may want its captcha solved in a browser first"

	wrongURL = "check url, which must be the site's, such as https://example.atlassian.net, or for a scoped token https://api.atlassian.com/ex/jira/CLOUD-ID; and flavor"

	removed = "this site no longer has the search of Data Center: set flavor to cloud or auto"

	wrongJQL = "check jql: it must be bounded, such as project in (DRE, SRE), and may name only what the token's account can see"
)

// advice tells the operator what to do about a failed request.
type advice struct {
	flavor Flavor // As far as it is known.
	email  bool
}

func newAdvice(opts *Options) *advice {
	a := &advice{flavor: opts.Flavor, email: opts.Email != ""}
	if atlassian(opts.URL) {
		a.flavor = FlavorCloud
	}
	return a
}

// atlassian reports whether an address is one at which there is only Jira Cloud.
func atlassian(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (strings.HasSuffix(u.Hostname(), ".atlassian.net") || u.Hostname() == "api.atlassian.com")
}

// add says beside err what to do about it. It goes by the status of the answer,
// and by the login that its headers tell of: a page that is missing for those who
// are not logged in says nothing of the address.
func (a *advice) add(err error) error {
	answer, ok := errors.AsType[*apiclient.StatusError](err)
	if !ok {
		return err
	}
	if anonymous := a.checkLogin(answer.Header); anonymous != nil && answer.Code != http.StatusUnauthorized {
		return fmt.Errorf("%w (%w)", anonymous, answer)
	}
	if text := a.about(answer.Code); text != "" {
		return fmt.Errorf("%w (%s)", err, text)
	}
	return err
}

func (a *advice) about(code int) string {
	switch code {
	case http.StatusUnauthorized:
		return a.aboutToken()
	case http.StatusForbidden:
		if !a.email && a.flavor != FlavorDataCenter {
			return a.aboutToken() // Cloud's answer to what is no token of its own.
		}
		return forbidden
	case http.StatusNotFound:
		return wrongURL
	case http.StatusGone:
		return removed
	default:
		return ""
	}
}

func (a *advice) aboutToken() string {
	switch {
	case a.flavor == FlavorDataCenter:
		return renewForCenter
	case a.flavor != FlavorCloud:
		return renewForEither
	case a.email:
		return renewForCloud
	default:
		return noEmail
	}
}

// anonymousError says that Jira does not know who asks.
type anonymousError struct {
	header string
	advice *advice // What to do is clear once the flavor is.
}

// Error names the header that says so, and what to do.
func (e *anonymousError) Error() string {
	return fmt.Sprintf("Jira does not accept the token, and answers as if anybody had asked (%s): %s", e.header, e.advice.aboutToken())
}

// checkLogin refuses an answer that was given to somebody unknown: Jira then leaves
// out what not everybody may see, and that may be all.
func (a *advice) checkLogin(header http.Header) error {
	reason := strings.Join(header.Values("X-Seraph-Loginreason"), ", ")
	switch {
	case reason != "" && !strings.HasSuffix(reason, "OK"):
		return &anonymousError{"X-Seraph-LoginReason: " + reason, a}
	case strings.EqualFold(header.Get("X-Ausername"), "anonymous"):
		return &anonymousError{"X-AUSERNAME: anonymous", a}
	default:
		return nil
	}
}

// aboutJQL says what to do about a search that Jira refuses.
func aboutJQL(err error) error {
	if _, anonymous := errors.AsType[*anonymousError](err); !anonymous && hasStatus(err, http.StatusBadRequest) {
		return &JQLError{fmt.Errorf("%w (%s)", err, wrongJQL)}
	}
	return err
}

// JQLError says that the configured JQL cannot be used.
type JQLError struct{ Err error }

// Error says what is wrong with it, and what to do.
func (e *JQLError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong with it.
func (e *JQLError) Unwrap() error { return e.Err }

// hasStatus reports whether err is an answer of one of the statuses.
func hasStatus(err error, codes ...int) bool {
	answer, ok := errors.AsType[*apiclient.StatusError](err)
	return ok && slices.Contains(codes, answer.Code)
}
