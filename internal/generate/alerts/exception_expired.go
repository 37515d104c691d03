package alerts

import "time"

// exceptionExpired tells of exceptions that can be taken out of the configuration.
func exceptionExpired(d *document) *alert {
	example := "ID"
	for _, x := range d.policy.Exceptions {
		example = x.ID
		break
	}
	tell := func(exception string) string {
		return "The exception " + exception + " is over, or covers nothing; it can be taken out of the configuration, or given a later end by whoever approved it."
	}
	a := &alert{
		name: "TeamhealthExceptionExpired", about: ofOperation, severity: info, dashboard: dashboardQuarter,
		why:         "Once an exception is over it changes no number; an hour lets a first read find the incidents that it names.",
		expression:  "teamhealth_exception_expired == 1",
		wait:        time.Hour,
		summary:     "An exception is over or unused.",
		description: tell("{{ $labels.exception }}"),
		runbook: runbook{
			means: "The configuration has an exception whose last day is over, or which names incidents of which none is there. It covers nothing new, so whoever reads the configuration takes it for more than it is. Past numbers stay as they are.",
			check: paragraphs(
				"Who approved what, until when:",
				command("grep -n -A1 'id: "+example+"' teamhealth.yml"),
				"Which exceptions are over, and which still hold:",
				query("teamhealth_exception_expired")),
			act: "Take it out of the configuration when no card needs to name it any more, or ask the approver for a later `until`. " +
				"If it names incidents, look for a typing error in their ids before anything else: an exception for an incident that does not exist excuses nothing.",
			silence: "exception=" + example,
			silent:  "Every exception still covers something, or there is none, or no cards have been computed yet.",
		},
	}
	own := labels{"exception": example}
	const begin, end = 10 * time.Minute, 3 * time.Hour
	a.scenarios = []scenario{{
		name: "an exception that is over fires until it is taken out",
		series: []series{
			{"teamhealth_exception_expired", own, []step{{0, "0"}, {begin, "1"}, {end, ""}}},
			{"teamhealth_exception_expired", labels{"exception": "another"}, always("0")},
		},
		moments: a.phases(begin, end, firing{own, tell(example)}),
	}}
	return a
}
