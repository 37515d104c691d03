package pagerduty

import (
	"context"
	"fmt"
	"time"
)

// comfortable is how many items a window is meant to hold after a split: as
// many as make pages cheap, with room for busier stretches below maxRows.
const comfortable = 8_000

// place is how far a walk through windows has come.
type place struct {
	Windows []span `json:"windows,omitempty"` // Still to read; the first one is being read.
	Offset  int    `json:"offset,omitempty"`  // How many items of the first window are done.

	total int // How many items the first window holds; 0 when unknown.
}

func startOf(window span) place { return place{Windows: []span{window}} }

// split reads the first window in n parts.
func (at *place) split(n int) error {
	window := at.Windows[0]
	parts := window.split(n)
	if len(parts) < 2 {
		return fmt.Errorf("%w within the second from %s", errTooMany, window.From.Format(timeFormat))
	}
	*at = place{Windows: append(parts, at.Windows[1:]...)}
	return nil
}

// pass notes that p, a page of the first window, is done.
func (at *place) pass(p *page) {
	if p.total > 0 {
		at.total = p.total
	}
	if p.more {
		at.Offset += p.rows
		return
	}
	*at = place{Windows: at.Windows[1:]}
}

// left is the share of whole that is still to be read, 0 to 1.
func (at *place) left(whole span) float64 {
	if len(at.Windows) == 0 || whole.empty() {
		return 0
	}
	var sum float64
	for _, window := range at.Windows {
		sum += float64(window.length())
	}
	if at.total > 0 {
		sum -= float64(at.Windows[0].length()) * min(1, float64(at.Offset)/float64(at.total))
	}
	return min(1, sum/float64(whole.length()))
}

// windows reads l over all windows of at, which it moves on, and hands over
// each page after at has passed it. A window that holds more than can be read
// page by page is read in parts.
func (a *api) windows(ctx context.Context, l list, at *place, keep func(page) error) error {
	for len(at.Windows) > 0 {
		window := at.Windows[0]
		if err := a.window(ctx, l.within(window), at, keep); err != nil {
			return fmt.Errorf("read %s from %s to %s: %w",
				l.path, window.From.Format(timeFormat), window.Until.Format(timeFormat), err)
		}
	}
	return nil
}

// window reads the first window of at to its end, or splits it.
func (a *api) window(ctx context.Context, l list, at *place, keep func(page) error) error {
	way, before := beginWalk(at.Offset), time.Time{}
	for more := true; more; {
		p, err := a.page(ctx, l, at.Offset, at.Offset == 0)
		if err != nil {
			return err
		}
		if p.total > maxRows {
			return at.split((p.total + comfortable - 1) / comfortable)
		}
		if err := way.pass(&p); err != nil {
			return err
		}
		if p.more && at.Offset+p.rows >= maxRows {
			return at.split(2)
		}
		p.flawed, before = p.flawedWithin(at.Windows[0], before), lastTime(p.tellings, before)
		at.pass(&p)
		if err := keep(p); err != nil {
			return err
		}
		more = p.more
	}
	return nil
}
