package records

import (
	"fmt"
	"time"
)

// mood is what a team answers on the whole, in hundredths of a point of five. The
// first team is content, the others are not all: the organisation as a whole is
// below 4.5 in every quarter.
func mood(team int) int {
	moods := []int{466, 424, 448, 410, 436, 455}
	return moods[team%len(moods)]
}

// surveys are the answers of each quarter: all teams are asked on one day. Of a
// large team nobody is missing, of a small one somebody is now and then.
func (o *Options) surveys() []line {
	var lines []line
	for _, day := range o.quarters(16) {
		for i, team := range o.Teams {
			if team.Size == 0 {
				continue
			}
			answered := team.Size
			if i > 0 && answered > 2 && o.draw(3, "absent", team.ID, day) == 0 {
				answered--
			}
			score := mood(i) + o.draw(13, "mood", team.ID, day) - 6
			lines = append(lines, line{date: day, metric: "employee_satisfaction", team: team.ID, value: points(score, 2), n: answered})
		}
	}
	return lines
}

// reviews are what somebody from another team found the documentation worth, of 100 points.
func (o *Options) reviews() []line {
	var lines []line
	for _, day := range o.quarters(5) {
		sum, teams := 0, 0
		for _, team := range o.Teams {
			if !team.Databases {
				continue
			}
			score := 700 + 10*o.draw(20, "reviewed", team.ID, day)
			sum, teams = sum+score, teams+1
			lines = append(lines, line{date: day, metric: "documentation_quality", team: team.ID, value: points(score, 1), note: "review by another team"})
		}
		if teams > 0 {
			lines = append(lines, line{date: day, metric: "documentation_quality", team: everybody, value: points(sum/teams, 1), note: "all reviews of the quarter"})
		}
	}
	return lines
}

// points writes a number of 10ths or 100ths.
func points(score, places int) string {
	unit := 10
	if places == 2 {
		unit = 100
	}
	return fmt.Sprintf("%d.%0*d", score/unit, places, score%unit)
}

// achievement is something that the organisation can show, on the same day of every year.
type achievement struct {
	month        time.Month
	day          int
	metric, note string
	whole        bool // It is the organisation's, and no one team's.
}

// achievements are a year's: as many talks as the document asks for, most of them early in the
// year, and one patent too few.
func (o *Options) achievements() []line {
	yearly := []achievement{
		{time.January, 19, "certification", "MySQL 8.0 Database Administrator", false},
		{time.February, 3, "certification", "Kubernetes Administrator", false},
		{time.February, 11, "conference_presentation", "Percona Live", false},
		{time.March, 17, "conference_presentation", "SREcon", false},
		{time.April, 28, "certification", "MongoDB Certified DBA", false},
		{time.May, 20, "patent_submission", "online resharding without a second copy", true},
		{time.August, 25, "certification", "AWS Certified Database Specialty", false},
		{time.September, 22, "conference_presentation", "MongoDB World", false},
		{time.October, 13, "certification", "Kubernetes Administrator", false},
	}
	var lines []line
	for year := o.Start.Year(); year <= o.End.Year(); year++ {
		for _, a := range yearly {
			l := line{date: time.Date(year, a.month, a.day, 0, 0, 0, 0, time.UTC), metric: a.metric, team: everybody, value: "1", note: a.note}
			if !a.whole {
				l.team = o.Teams[o.draw(len(o.Teams), a.note, l.date)].ID
			}
			lines = append(lines, l)
		}
	}
	return lines
}
