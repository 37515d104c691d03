package app

import (
	"context"
	"errors"
	"time"

	"teamhealth/scorecard"
)

// surroundings adds to facts what incidents point to, and who was on call and what was
// under maintenance from an instant to another.
func (s *Scores) surroundings(ctx context.Context, f *scorecard.Facts, from, until time.Time) error {
	var errs [8]error
	f.Services, errs[0] = s.store.Services(ctx)
	f.Policies, errs[1] = s.store.Policies(ctx)
	f.Users, errs[2] = s.store.Users(ctx)
	f.Shifts, errs[3] = s.store.Shifts(ctx, from.Add(-s.policy.ShiftLookback()), until)
	f.Maintenance, errs[4] = s.store.Maintenance(ctx, from, until)
	f.Named, errs[5] = s.named(ctx, f)
	f.TicketStatuses, errs[6] = s.store.TicketStatuses(ctx)
	f.Records, errs[7] = s.store.Attested(ctx)
	return errors.Join(errs[:]...)
}
