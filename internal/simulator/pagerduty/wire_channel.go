package pagerduty

import (
	"fmt"

	"teamhealth/internal/simulator/history"
)

// channel returns the way by which an event came about.
func (h happening) channel(detailed bool) channel {
	c := channel{Type: channelType(h.Via)}
	if !detailed {
		return c
	}
	switch h.Kind {
	case history.Trigger:
		c.Summary = h.title
	case history.Annotate:
		c.Summary = h.Note()
	case history.Notify:
		c.Notification = h.notification()
	case history.Prioritise:
		before, after := h.PriorityChange()
		change := fieldChange{Name: "priority", Value: h.account.priorityRefs[after].Summary}
		if before > 0 {
			change.OldValue = &h.account.priorityRefs[before].Summary
		}
		c.Changeset = &changeset{Fields: []fieldChange{change}}
	default:
	}
	return c
}

func channelType(via history.Via) string {
	switch via {
	case history.ViaAPI:
		return "api"
	case history.ViaTimeout:
		return "timeout"
	case history.ViaWebsite:
		return "website"
	case history.ViaMobile:
		return "mobile"
	case history.ViaPhone:
		return "phone"
	case history.ViaSMS:
		return "sms"
	case history.ViaNote:
		return "note"
	default: // The service itself, and all notifications.
		return "auto"
	}
}

// medium names the way of a notification.
func medium(via history.Via) string {
	switch via {
	case history.ByPush:
		return "push"
	case history.ByPhone:
		return "phone"
	case history.BySMS:
		return "sms"
	default:
		return "email"
	}
}

// telephone is the number of a member.
func telephone(who history.Actor) string { return fmt.Sprintf("+1 555 01%02d", who%100) }

// notification tells how somebody was told. Both of PagerDuty's spellings of
// a type occur, and both kinds of telephones: which one, the person decides.
func (h happening) notification() *notification {
	n := &notification{Type: medium(h.Via), Status: "success"}
	switch {
	case h.Via == history.ByPush && h.Arg%2 == 0:
		n.Type = "ios_push_notification"
	case h.Via == history.ByPush:
		n.Type = "android_push_notification"
	case h.Arg%3 != 0:
		n.Type += "_notification"
	}
	if h.Via == history.ByPhone || h.Via == history.BySMS {
		n.Address = telephone(history.Actor(h.Arg))
	}
	return n
}
