package measures

import (
	"teamhealth/internal/facts"
	"teamhealth/scorecard"
)

const methodEvents = "events"

func byEvents(o scorecard.Objective) bool { return o.Method == methodEvents }

func byIncidents(o scorecard.Objective) bool { return !byEvents(o) }

func availability() Measure {
	return Measure{
		ID: scorecard.MeasureAvailability, Title: "Availability",
		Question: "For which share of the time were the services free of outages?",
		equation: availabilityEquation,
		Reading: "Downtime and elapsed time are whole seconds, and so are numerator (up) and denominator (elapsed). An outage is the union of the times at which incidents that count as downtime were open: from their creation to their resolve, again from a reopening, up to the horizon while they are open, and for a merged one until the incident that it was merged into was resolved. Times at which several are open count once. Maintenance windows of the service are taken out. Elapsed time is that of the period up to the horizon.\n\n" +
			"With `aggregate: worst` the value is that of the service with the most downtime; with `pooled`, downtime and elapsed time of all services are added up first. With `method: events` no incident is looked at: the value is that of [`events`](events.md).\n\n" +
			"The budget is what the target leaves: allowed = (1 − target) × the whole period, for `pooled` times the number of services. It says when it will be used up at the pace so far, once a quarter of the period has passed.",
		Population: "Incidents of the subject's services that were open at some time of the period. `incidents.outage` says which count as downtime, by priority or by urgency at the trigger; `incidents.outage_services` says of which services.",
		Classes: append([]Class{
			{"outage", scorecard.InDenominator, "it counts as downtime of a service that the value is about"},
			{"other_service", scorecard.NotCounted, "it counts as downtime of a service that the value is not about, because another is worse"},
			{"not_outage", scorecard.NotCounted, "its priority or urgency does not count as downtime"},
			{"maintenance", scorecard.NotCounted, "its service was in maintenance for all the time that it was open"},
			{"exception", scorecard.NotCounted, "an exception takes it, or its team, out"},
			{"service", scorecard.NotCounted, "in the evidence only: a service"},
		}, byHours()...),
		Org:   "`worst` is the worst service of all its teams; `pooled` adds up all services.",
		Needs: []string{"`pagerduty.services` of a team", "`incidents.outage`: where it names priorities and no incident of the period has any, the row is `no_data`, since priorities are then not used"},
		Sources: []Source{
			{facts.PagerDuty, "incidents, their log entries and priorities, maintenance windows", "with `method: incidents`", byIncidents},
			{facts.Prometheus, "good and total events by hour", "with `method: events`", byEvents},
		},
		Parameters: []Parameter{
			{"method", false, "incidents", "`incidents`: outages are incidents. `events`: good and total events of Prometheus."},
			{"aggregate", false, "worst", "`worst`: the service with the most downtime decides. `pooled`: all services together."},
			{"good", false, "", "With `method: events`: see [`events`](events.md)."},
			{"total", false, "", "With `method: events`: see [`events`](events.md)."},
		},
		Details: []Field{
			{"worst_service", "Id of the service with the most downtime, the first of several."},
			{"pooled", "The value over all services together."},
			{"services[].service", "Id of a service that counts."},
			{"services[].name", "Its name; empty when PagerDuty does not tell."},
			{"services[].team", "Its team."},
			{"services[].value", "1 − its downtime / elapsed."},
			{"services[].downtime_seconds", "Its downtime."},
			{"services[].elapsed_seconds", "Time of the period up to the horizon, as far as facts are kept."},
			{"services[].outages", "How many incidents count as its downtime."},
		},
		Evidence: "Every service, without a value, and every incident. The values of the incidents of class `outage` add up to the downtime: a second in which several are open is the first one's.",
		Caveats:  all(availabilityCaveats(), unmapped(), ofHours(), ofHistory(), ofIncidents()),
		Origin:   "The share of time that a service is up, from incidents because they are what the organisation itself called an outage. Why an outage counts by seconds, and not by requests, is for the objective to choose: `method: events` counts requests.",
	}
}

// byHours are the classes of the hours of a row that counts events instead.
func byHours() []Class {
	classes := hours()
	for i := range classes {
		classes[i].Meaning = "with `method: events`, an hour: " + classes[i].Meaning
	}
	return classes
}

func availabilityEquation(o scorecard.Objective) equation {
	switch {
	case byEvents(o):
		return ratioOf("good events", "total events")
	case o.Aggregate == "pooled":
		return lossOf("downtime of all services", "elapsed time of all services")
	}
	return lossOf("downtime of the worst service", "elapsed time")
}

func availabilityCaveats() []Caveat {
	return []Caveat{
		{
			"Outages that began before the period or lasted beyond its end: …. Only their time in it is counted here.",
			"The rest of their time is in the period before or after. Both cards say so. They lower the coverage.",
		},
		{
			"Outages of which no log entry is known: …. Whether they were reopened cannot be told.",
			"Downtime after a reopening may be missing. They lower the coverage.",
		},
		{
			"Outages that were merged into an incident that is not known: …. They are counted up to the merge.",
			"Downtime after the merge may be missing. They lower the coverage.",
		},
		{
			"Outages of unknown urgency: …. They are counted.",
			"An unknown urgency counts as one that is downtime, so the value may be too low. They lower the coverage.",
		},
		{
			"Incidents that lost the priority of an outage after somebody had answered: …. They are not counted.",
			"A priority that is lowered afterwards takes downtime away. They lower the coverage by their share. Look at who lowered it, and why.",
		},
		{
			"No PagerDuty service of … is configured, so the value does not see it.",
			"The organisation's number is about the other teams.",
		},
		{
			"No incident of … has a priority, so none of them counts as downtime.",
			"The team does not use priorities: its services look free of outages, and nobody can tell whether they were.",
		},
		{
			"PagerDuty's maintenance windows could not be read the last time: outages in those that are not known count as downtime.",
			"The value may be too low, and no outage is beyond doubt. Give the token the right to read them.",
		},
	}
}
