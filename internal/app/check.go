package app

import (
	"context"
	"errors"

	"teamhealth/internal/apiclient"
	"teamhealth/internal/facts"
)

// SourceCheck is what was found out about a source.
type SourceCheck struct {
	Source   string
	Warnings []string // What a cycle would go without.
	Err      error    // With which a cycle would end: a *SourceError, or what is wrong with the user's files; nil when there is none.
}

// CheckSources asks every configured source what a cycle asks first, one after
// the other, and reports each. It opens no store, so that it may be called beside a
// running program. The error is that of all sources together, or is about what the files
// show to be wrong; then none is asked.
func CheckSources(ctx context.Context, o Options, report func(SourceCheck)) error {
	if err := o.complete(); err != nil {
		return err
	}
	s := &sources{
		config: o.Config, policy: o.Config.Policy(), now: o.Now, logger: o.Logger,
		client: func(_ facts.Source, own *ownWay) *apiclient.Client {
			if own == nil {
				own = &ownWay{}
			}
			return apiclient.New(apiclient.Options{
				Transport: own.transport, Credentials: own.credentials, UserAgent: userAgent(), Now: o.Now, Accounts: accounts(o.Config),
			})
		},
	}
	all, err := s.build()
	if err != nil {
		return err
	}
	var errs []error
	for _, one := range all {
		warnings, err := one.Probe(ctx)
		err = blame(one.Source(), err)
		report(SourceCheck{Source: string(one.Source()), Warnings: warnings, Err: err})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
