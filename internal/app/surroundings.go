package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

// surroundings adds to facts what incidents point to, and who was on call and what was
// under maintenance from an instant to another.
func (s *Scores) surroundings(ctx context.Context, f *scorecard.Facts, from, until time.Time) error {
	var errs [6]error
	f.Services, errs[0] = s.store.Services(ctx)
	f.Policies, errs[1] = s.store.Policies(ctx)
	f.Users, errs[2] = s.store.Users(ctx)
	// Rotation rows look back from the start of a period by a whole rotation.
	f.Shifts, errs[3] = s.store.Shifts(ctx, from.Add(-s.policy.LongestRotation()), until)
	f.Maintenance, errs[4] = s.store.Maintenance(ctx, from, until)
	f.Named, errs[5] = s.named(ctx)
	return errors.Join(errs[:]...)
}

// named looks up the incidents that exceptions name.
func (s *Scores) named(ctx context.Context) ([]facts.Incident, error) {
	var ids []string
	for _, x := range s.policy.Exceptions {
		ids = append(ids, x.Incidents...)
	}
	kept, err := s.store.KnownIncidents(ctx, ids)
	return slices.Collect(maps.Values(kept)), err
}
