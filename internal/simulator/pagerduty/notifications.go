package pagerduty

import (
	"slices"
	"strings"

	"teamhealth/internal/simulator/history"
)

// wireNotification does not say which incident it is about: nor does PagerDuty.
type wireNotification struct {
	ID        string     `json:"id"`
	Type      string     `json:"type"`
	StartedAt string     `json:"started_at"`
	Address   string     `json:"address,omitempty"`
	User      *reference `json:"user"`
}

// notificationMonths is the time that one request must stay below.
const notificationMonths = 3

// listNotifications answers GET /notifications, the newest first.
func (s *Server) listNotifications(r *request) (body, error) {
	p, err := r.query.page()
	if err != nil {
		return nil, err
	}
	within, err := r.notificationSpan()
	if err != nil {
		return nil, err
	}
	kind := r.query.one("filter")
	kinds := []string{"", "sms_notification", "email_notification", "phone_notification", "push_notification"}
	if !slices.Contains(kinds, kind) {
		return nil, invalid("filter must be one of" + strings.Join(kinds, " "))
	}
	low, high := r.view.LoggedBefore(within.from), r.view.LoggedBefore(within.to)
	all := func(yield func(place) bool) {
		for i := high - 1; i >= low; i-- {
			at := place{incident: int(r.view.Log[i].Incident), event: int(r.view.Log[i].Event)}
			event := r.view.Timeline(at.incident)[at.event]
			asked := event.Kind == history.Notify && (kind == "" || kind == notificationType(event.Via))
			if asked && !yield(at) {
				return
			}
		}
	}
	return draw("notifications", take(p, all), s.notificationPainter(r)), nil
}

// notificationSpan reads since and until, both of which must be there.
func (r *request) notificationSpan() (span, error) {
	since, until, err := r.bounds()
	switch {
	case err != nil:
		return span{}, err
	case since.IsZero() || until.IsZero():
		return span{}, invalid("since and until are needed")
	case until.Before(since):
		return span{}, invalid("until lies before since")
	case !until.Before(since.AddDate(0, notificationMonths, 0)):
		return span{}, invalid("the range must be less than 3 months")
	}
	return span{from: ceil(since), to: min(ceil(until), r.now+1)}, nil
}

func notificationType(via history.Via) string { return medium(via) + "_notification" }

// notificationPainter returns what turns a place into what is sent.
func (s *Server) notificationPainter(r *request) func(place) wireNotification {
	return func(at place) wireNotification {
		inc := &r.view.Incidents[at.incident]
		event := r.view.Timeline(at.incident)[at.event]
		wire := wireNotification{
			ID: "N" + inc.EntryID(at.event)[1:], Type: notificationType(event.Via),
			StartedAt: r.stamp(inc.At(event)), User: s.account.memberRefs[event.Arg],
		}
		switch event.Via {
		case history.ByPhone, history.BySMS:
			wire.Address = telephone(history.Actor(event.Arg))
		case history.ByEmail:
			wire.Address = email(r.view.Account.Members[event.Arg])
		default:
		}
		return wire
	}
}
