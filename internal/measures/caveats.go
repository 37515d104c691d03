package measures

// What follows are the caveats that rows of several measures may carry.

// ofExceptions are those of rows that exceptions are written for: of any.
func ofExceptions() []Caveat {
	return []Caveat{
		{
			"Exception … expired on …: periods that begin from then on are not taken out.",
			"It took the whole objective out and no longer does. What it took out by then stays out. Renew it, or delete it.",
		},
		{
			"Exception … expired on …: what began from then on is not taken out.",
			"It took incidents out and no longer does. What it took out by then stays out. Renew it, or delete it.",
		},
		{
			"Exception … expired on … and takes nothing out of this row.",
			"It is over and has nothing to do here any more. Delete it.",
		},
		{
			"Exception … takes nothing out of this row: no incident that it names counts in it.",
			"The incidents that it names are another team's, are not counted anyway, or do not exist. Correct their ids, or delete it.",
		},
	}
}

// ofHistory are those of rows about a time that sources may not reach back to.
func ofHistory() []Caveat {
	return []Caveat{{
		"The … began before …, from when on facts are kept; what happened earlier is not counted.",
		"The number is about the rest of the period or window only. The row's coverage is lowered by the share that is not known. `since` decides what is read of PagerDuty and Jira; Prometheus tells what it still has.",
	}}
}

// unlisted are those of rows that see what the configuration lists of a team.
func unlisted() []Caveat {
	return []Caveat{{
		"No … of … is configured, so the value does not see it.",
		"A team of the organisation has nothing that the objective could look at. Its own row is `no_data`.",
	}}
}

// unmapped are those of the organisation's rows about incidents.
func unmapped() []Caveat {
	return []Caveat{{
		"Incidents that would count if a team listed their service: …. The card names the services as unmapped.",
		"Nobody answers for them on any card. They lower the coverage by their share. List the services with the teams that own them.",
	}}
}

// ofIncidents are those of rows about incidents and what people did.
func ofIncidents() []Caveat {
	return []Caveat{{
		"Some of PagerDuty's incidents or log entries could not be understood: what they tell may be missing, and they are asked for again.",
		"The number may change when they can be read. The log names them.",
	}}
}

// ofShifts are those of rows about who was on call.
func ofShifts() []Caveat {
	return []Caveat{
		{
			"Some of what PagerDuty tells of who is on call could not be understood: it may be missing, and is asked for again.",
			"The number may change when it can be read. The log names it.",
		},
		{
			"Who was on call before …, the first sync, is as PagerDuty reconstructs it from its present policies.",
			"Of time before teamhealth ran, PagerDuty shows what its present schedules and policies would have made of it. What it made of it then, nobody can tell.",
		},
	}
}

// ofSchedules are those of rows about rotations.
func ofSchedules() []Caveat {
	return []Caveat{{
		"Schedules at the first level that PagerDuty does not show: … of …. Whoever is on call by them alone is not seen.",
		"What looks like a gap, or like too few people, may be a schedule that the token must not read. They lower the coverage by their share.",
	}}
}

// ofRecords are those of rows about records.
func ofRecords() []Caveat {
	return []Caveat{
		{"A record stands in two files, and counts once.", "Remove it from one of the files."},
		{"… records stand in two files, and count once.", "Remove them from one of the files."},
	}
}

// all puts the caveats of a row together, its measure's own ones first.
func all(lists ...[]Caveat) []Caveat {
	var joined []Caveat
	for _, l := range lists {
		joined = append(joined, l...)
	}
	return append(joined, ofExceptions()...)
}
