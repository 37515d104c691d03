package jira

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// session is what a cycle finds out before it reads issues.
type session struct {
	api   *api
	cloud bool
	site  *url.URL // Where people open issues.
	skew  time.Duration
	// condition is the JQL without its order.
	condition string
	// fields are the ids of the configured fields, by the configured name.
	fields   map[string]string
	statuses []facts.TicketStatus
	skipped  []facts.Skip // Of the statuses.
}

// open logs in and reads what issues refer to.
func (c *Collector) open(ctx context.Context) (*session, error) {
	condition, err := condition(c.opts.JQL)
	if err != nil {
		return nil, &JQLError{err}
	}
	token, err := c.opts.Token.Read()
	if err != nil {
		return nil, fmt.Errorf("read Jira's token: %w", err)
	}
	api, err := newAPI(&c.opts, token)
	if err != nil {
		return nil, err
	}
	s := &session{api: api, condition: condition}
	if err := s.readSite(ctx, &c.opts); err != nil {
		return nil, err
	}
	if err := s.checkAccount(ctx); err != nil {
		return nil, err
	}
	if err := s.readFields(ctx, c.opts.Fields); err != nil {
		return nil, err
	}
	return s, s.readStatuses(ctx)
}

// readSite asks the site which flavor it is, and where it is seen.
func (s *session) readSite(ctx context.Context, opts *Options) error {
	var info struct {
		BaseURL        text    `json:"baseUrl"`
		DeploymentType text    `json:"deploymentType"`
		ServerTime     instant `json:"serverTime"`
	}
	err := s.api.get(ctx, "rest/api/2/serverInfo", nil, &info)
	flavor, known := flavorOf(opts, string(info.DeploymentType))
	s.cloud, s.api.advice.flavor = flavor == FlavorCloud, cmp.Or(flavor, s.api.advice.flavor)
	switch {
	case err != nil:
		return fmt.Errorf("ask Jira what it is: %w", err)
	case !known:
		return errors.New("the site does not tell whether it is Jira Cloud or Data Center: set flavor, and check url")
	}
	s.site = sitePages(string(info.BaseURL), opts.URL)
	s.skew = s.clockSkew(opts, info.ServerTime.Time)
	return nil
}

// flavorOf is the flavor that is configured, else the one that the site told of
// itself, and whether there is one.
func flavorOf(opts *Options, told string) (Flavor, bool) {
	var own Flavor
	switch {
	case strings.EqualFold(told, "cloud"):
		own = FlavorCloud
	case told != "":
		own = FlavorDataCenter
	}
	if opts.Flavor != FlavorCloud && opts.Flavor != FlavorDataCenter {
		return own, own != ""
	}
	if own != "" && own != opts.Flavor {
		opts.Logger.Warn("jira says to be of another flavor", slog.String("flavor", string(opts.Flavor)), slog.String("told", told))
	}
	return opts.Flavor, true
}

// sitePages is the address below which people find issues: the site's own where
// it tells a usable one, since the API may be asked elsewhere.
func sitePages(told, asked string) *url.URL {
	for _, address := range []string{told, asked} {
		u, err := url.Parse(address)
		if err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
			return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
		}
	}
	return &url.URL{}
}

// clockSkew is how far Jira's clock and ours are apart.
func (s *session) clockSkew(opts *Options, told time.Time) time.Duration {
	if told.IsZero() {
		return 0
	}
	skew := told.Sub(opts.Now()).Abs()
	if skew > overlap/2 {
		opts.Logger.Warn("jira's clock differs from this machine's", slog.Duration("by", skew))
	}
	return skew
}

// checkAccount makes sure that Jira knows who asks.
func (s *session) checkAccount(ctx context.Context) error {
	var self wireUser
	if err := s.api.get(ctx, "rest/api/2/myself", nil, &self); err != nil {
		return fmt.Errorf("ask Jira whose the token is: %w", err)
	}
	if self.id() == "" {
		return fmt.Errorf("ask Jira whose the token is: it does not tell: %s", renew)
	}
	return nil
}

// readStatuses reads all statuses of the site. Without them nobody could tell
// what a ticket was in the past. A list of which something is missing is asked for again;
// what is missing then is left out, as it would take the place of what is kept.
func (s *session) readStatuses(ctx context.Context) error {
	for try := 0; ; try++ {
		var all []lenient[wireStatus]
		if err := s.api.get(ctx, "rest/api/2/status", nil, &all); err != nil {
			return fmt.Errorf("list every Jira status: %w", err)
		}
		s.takeStatuses(all)
		if len(s.skipped) == 0 || try == retries {
			break
		}
	}
	if len(s.statuses) == 0 {
		return errors.New("list every Jira status: there is none, so that the token's account may see no project: give it the permission to browse them")
	}
	return nil
}

func (s *session) takeStatuses(all []lenient[wireStatus]) {
	s.statuses, s.skipped = nil, nil
	for _, wire := range all {
		switch status, ok := wire.value.status(); {
		case !ok:
			skip(&s.skipped, kindStatus, reasonNoID)
		case status.Category == "":
			skip(&s.skipped, kindStatus, reasonIncomplete)
		default:
			s.statuses = append(s.statuses, status)
		}
	}
}

// filter is what everything is read with.
func (s *session) filter() filter {
	return filter{Site: s.site.String(), JQL: s.condition, Fields: s.fields}
}
