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
	Err      error    // A *SourceError, with which a cycle would end; nil when there is none.
}

// CheckSources asks every configured source what a cycle asks first, one after
// the other, and reports each. It opens no store, so that it may be called beside a
// running program. The error is that of all sources together, or is about what the files
// show to be wrong; then none is asked.
func CheckSources(ctx context.Context, o Options, report func(SourceCheck)) error {
	if err := o.complete(); err != nil {
		return err
	}
	client := apiclient.New(apiclient.Options{UserAgent: userAgent(), Now: o.Now, Accounts: accounts(o.Config)})
	s := &sources{
		config: o.Config, policy: o.Config.Policy(), now: o.Now, logger: o.Logger,
		client: func(facts.Source) *apiclient.Client { return client },
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
