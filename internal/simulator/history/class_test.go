package history_test

import (
	"teamhealth/internal/simulator/history"
)

// The classes of an incident by how soon a person answered it.
const (
	within     = "within"
	late       = "late"
	unanswered = "unanswered"
	merged     = "merged"
	lowUrgency = "low_urgency"
	selfHealed = "self_healed"
	exception  = "exception"
	pending    = "pending"
)

const threshold = 300

// judged reports whether a class is part of the share of prompt answers.
func judged(class string) bool {
	return class == within || class == late || class == unanswered
}

// classify says how an incident was answered, as known at an instant. An
// answer is the first acknowledgement, acceptance, resolve or merge by a
// person; drills are excepted.
func classify(view *history.View, index int, now int64) string {
	inc := &view.Incidents[index]
	answer, resolved, mergedAt := int64(-1), int64(-1), int64(-1)
	for _, event := range view.Timeline(index) {
		after := int64(event.After)
		if inc.At(event) > now {
			break
		}
		person := event.By != history.Machine && !view.Account.Members[event.By].Bot
		switch event.Kind {
		case history.Acknowledge, history.AcceptHelp:
		case history.Resolve:
			resolved = first(resolved, after)
		case history.Merged:
			mergedAt, resolved = first(mergedAt, after), first(resolved, after)
		default:
			continue
		}
		if person {
			answer = first(answer, after)
		}
	}
	age := now - inc.Created
	switch {
	case mergedAt >= 0 && mergedAt <= threshold:
		return merged
	case inc.Urgency == history.Low:
		return lowUrgency
	case inc.Drill:
		return exception
	case resolved >= 0 && resolved <= threshold && (answer < 0 || answer > resolved):
		return selfHealed
	case answer >= 0 && answer <= threshold:
		return within
	case answer >= 0:
		return late
	case resolved >= 0 || age > threshold:
		return unanswered
	default:
		return pending
	}
}

// first keeps the earlier of two moments, the first of which may not have come.
func first(known, next int64) int64 {
	if known >= 0 {
		return known
	}
	return next
}
