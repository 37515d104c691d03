package scorecard

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"teamhealth/internal/facts"
)

// ResponseClass is what became of an incident as far as answering it goes.
type ResponseClass string

// The classes of responses. The first three are judged, the others excluded.
const (
	Within     ResponseClass = "within"
	Late       ResponseClass = "late"
	Unanswered ResponseClass = "unanswered"
	Merged     ResponseClass = "merged"
	LowUrgency ResponseClass = "low_urgency"
	SelfHealed ResponseClass = "self_healed"
	Undecided  ResponseClass = "pending"
	Excepted   ResponseClass = "exception"
)

// episodeGap is the longest pause within an episode.
const episodeGap = 30 * time.Minute

// Judged reports whether incidents of the class are in the denominator.
func (c ResponseClass) Judged() bool { return c == Within || c == Late || c == Unanswered }

// ResponseDetails are the details of a response_time row.
type ResponseDetails struct {
	ThresholdSeconds int64    `json:"threshold_seconds"`
	P50Seconds       *int64   `json:"p50_seconds"`
	P90Seconds       *int64   `json:"p90_seconds"`
	P95Seconds       *int64   `json:"p95_seconds"`
	SelfHealedShare  *Number  `json:"self_healed_share"`
	Episodes         Episodes `json:"episodes"`
}

// Episodes counts runs of judged incidents of one team that began within 30
// minutes of each other: one cause pages many times, so they, and not incidents, are
// the independent trials that an interval needs.
type Episodes struct {
	Within int `json:"within"` // Those all of whose incidents are within.
	Total  int `json:"total"`
}

// response is one incident as a response_time row sees it.
type response struct {
	digest    *Digest
	class     ResponseClass
	without   ResponseClass // The class if there were no exceptions.
	exception *Exception

	bulk       int       // How many were acknowledged in bulk with it, itself included; 0 when it was not.
	reassigned time.Time // When it was given to others in the last moment; zero when it was not.
}

// responses are the incidents of a team, or of all teams of a subject, by time
// within a team.
type responses struct {
	teams    [][]response
	counts   responseCounts
	episodes Episodes
	seconds  []int64 // Of the answers to judged incidents, in ascending order.
}

// measureResponseTime judges how fast people answered.
func measureResponseTime(v *subjectView) measurement {
	r := v.responses()
	c, details := r.counts, r.details(time.Duration(v.objective.Threshold))
	m := measurement{
		judged: c.judged(), immature: c.of[Undecided] > 0, trusted: c.judged() - c.doubts.incidents, population: c.population(),
		details: details, sample: &sample{k: r.episodes.Within, n: r.episodes.Total},
		evidence: func() []Evidence { return v.responseEvidence(slices.Concat(r.teams...)) },
	}
	if c.judged() > 0 {
		m.numerator, m.denominator = Int(c.of[Within]).Ptr(), Int(c.judged()).Ptr()
		m.value = Ratio(int64(c.of[Within]), int64(c.judged())).Ptr()
		m.budget = v.eventBudget(c.judged(), c.judged()-c.of[Within])
		m.reason = v.responseReason(c)
	}
	m.exceptions, m.withoutExceptions = v.responseExceptions(r.teams)
	m.caveats = responseCaveats(c, details)
	unmapped := v.unmappedResponses()
	m.lack(c.judged(), unmapped)
	m.missUnmapped(unmapped)
	return m
}

// responses puts those of the subject's teams together.
func (v *subjectView) responses() *responses {
	if len(v.teams) == 1 {
		return v.teamResponses(v.teams[0])
	}
	sum := &responses{counts: responseCounts{of: map[ResponseClass]int{}}}
	for _, t := range v.teams {
		team := v.teamResponses(t)
		sum.teams = append(sum.teams, team.teams...)
		sum.counts.add(team.counts)
		sum.episodes = sum.episodes.plus(team.episodes)
		sum.seconds = append(sum.seconds, team.seconds...)
	}
	slices.Sort(sum.seconds)
	return sum
}

// teamResponses classifies the incidents of a team once, for its own row and the
// organisation's.
func (v *subjectView) teamResponses(t Team) *responses {
	key := rowKey{v.objective.ID, t.ID}
	if known, ok := v.answers[key]; ok {
		return known
	}
	all := v.classified(t)
	r := &responses{teams: [][]response{all}, counts: countResponses(all), episodes: episodesOf(all), seconds: answerTimes(all)}
	v.answers[key] = r
	return r
}

func (v *subjectView) classified(t Team) []response {
	incidents, bulks := v.byTeam[t.ID], v.acknowledgedInBulk()
	out := make([]response, 0, len(incidents))
	for _, d := range incidents {
		x := v.exceptionFor(d, t.ID)
		r := response{digest: d, without: v.classify(d), exception: x, bulk: bulks[d], reassigned: v.lateReassignment(d)}
		r.class = r.without
		if x != nil && r.class != Merged && r.class != LowUrgency {
			r.class = Excepted
		} else {
			r.exception = nil
		}
		out = append(out, r)
	}
	return out
}

// classify tells what became of an incident by the horizon, exceptions aside.
// What happened after the horizon has not happened.
func (v *subjectView) classify(d *Digest) ResponseClass {
	threshold := time.Duration(v.objective.Threshold)
	quick := func(t time.Time) bool { return t.Sub(d.CreatedAt) <= threshold }
	answered := v.seen(d.AnsweredAt)
	switch {
	case v.seen(d.MergedAt) && quick(d.MergedAt):
		return Merged
	case !v.counts(d.Urgency):
		return LowUrgency
	case v.selfHealed(d, threshold):
		return SelfHealed
	case answered && quick(d.AnsweredAt):
		return Within
	case answered:
		return Late
	case !v.seen(d.ResolvedAt) && quick(v.horizon):
		return Undecided
	}
	return Unanswered
}

// selfHealed reports whether an incident was resolved by no person within a
// threshold, and answered by nobody until then. That is decided at the first resolve: a
// reopening does not undo it.
func (v *subjectView) selfHealed(d *Digest, threshold time.Duration) bool {
	return v.seen(d.ResolvedAt) && d.ResolvedAt.Sub(d.CreatedAt) <= threshold &&
		(!v.seen(d.AnsweredAt) || d.AnsweredAt.After(d.ResolvedAt))
}

// seen reports whether something happened, and did so by the horizon.
func (v *subjectView) seen(t time.Time) bool { return !t.IsZero() && !t.After(v.horizon) }

// counts reports whether incidents of an urgency are judged. An unknown
// urgency is: leaving it out would hide it.
func (v *subjectView) counts(u facts.Urgency) bool {
	return u == "" || slices.Contains(v.policy.Incidents.Urgency, u)
}

// responseCounts are the incidents of a row by class.
type responseCounts struct {
	of     map[ResponseClass]int
	doubts responseDoubts
}

func countResponses(all []response) responseCounts {
	c := responseCounts{of: map[ResponseClass]int{}}
	for i := range all {
		r := &all[i]
		c.of[r.class]++
		if r.class.Judged() {
			c.doubts.doubt(r)
		}
	}
	return c
}

// add counts another team's incidents, too.
func (c *responseCounts) add(o responseCounts) {
	for class, n := range o.of {
		c.of[class] += n
	}
	c.doubts = c.doubts.plus(o.doubts)
}

func (c responseCounts) judged() int { return c.of[Within] + c.of[Late] + c.of[Unanswered] }

func (c responseCounts) population() Population {
	p := Population{Used: c.judged(), Classes: map[string]int{}, Excluded: map[string]int{}}
	for class, n := range c.of {
		p.Total += n
		if class.Judged() {
			p.Classes[string(class)] = n
		} else {
			p.Excluded[string(class)] = n
		}
	}
	return p
}

// details are what is derived from the classes.
func (r *responses) details(threshold time.Duration) ResponseDetails {
	judged := r.counts.judged()
	d := ResponseDetails{
		ThresholdSeconds: int64(threshold / time.Second),
		P50Seconds:       quantile{percent: 50, minimum: 6}.nearestRank(r.seconds, judged),
		P90Seconds:       quantile{percent: 90, minimum: 36}.nearestRank(r.seconds, judged),
		P95Seconds:       quantile{percent: 95, minimum: 72}.nearestRank(r.seconds, judged),
		Episodes:         r.episodes,
	}
	if healed := r.counts.of[SelfHealed]; healed+judged > 0 {
		d.SelfHealedShare = Ratio(int64(healed), int64(healed+judged)).Ptr()
	}
	return d
}

// answerTimes lists how long the answers to judged incidents took, in seconds and in ascending order.
func answerTimes(all []response) []int64 {
	times := make([]int64, 0, len(all))
	for i := range all {
		if r := &all[i]; r.class == Within || r.class == Late {
			times = append(times, r.digest.responseSeconds())
		}
	}
	slices.Sort(times)
	return times
}

// responseSeconds is the time to the first answer. An answer that is dated
// before the incident counts as immediate.
func (d *Digest) responseSeconds() int64 {
	return max(0, seconds(d.AnsweredAt.Sub(d.CreatedAt)))
}

// episodesOf groups a team's judged incidents, which come in order of time.
func episodesOf(team []response) Episodes {
	var e Episodes
	var last time.Time
	good := false
	for i := range team {
		r := &team[i]
		if !r.class.Judged() {
			continue
		}
		if e.Total == 0 || r.digest.CreatedAt.Sub(last) > episodeGap {
			e.Total++
			e.Within++
			good = true
		}
		if good && r.class != Within {
			e.Within--
			good = false
		}
		last = r.digest.CreatedAt
	}
	return e
}

func (e Episodes) plus(o Episodes) Episodes {
	return Episodes{Within: e.Within + o.Within, Total: e.Total + o.Total}
}

// eventBudget is how many of n items may miss before the target is missed;
// nil where the target is none to be kept from below.
func (v *subjectView) eventBudget(n, missed int) *Budget {
	if v.target == nil || (v.objective.Direction != AtLeast && v.objective.Direction != Above) {
		return nil
	}
	spare := Int(1).Sub(*v.target).Mul(Int(n))
	allowed := spare.Floor()
	if v.objective.Direction == Above && Int(allowed).Cmp(spare) == 0 {
		allowed-- // Strictly above: the last one would land on the target.
	}
	return &Budget{
		Unit: "events", Allowed: Int(allowed).Ptr(), Used: Int(missed).Ptr(), Remaining: Int(allowed - int64(missed)).Ptr(),
	}
}

// responseExceptions lists the exceptions that took incidents out, and the
// value that the row would have with them in.
func (v *subjectView) responseExceptions(teams [][]response) ([]RowException, *Number) {
	log := v.exceptionLog()
	within, judged := 0, 0
	for _, team := range teams {
		for i := range team {
			r := &team[i]
			if r.exception != nil {
				x := log.entry(r.exception, v.policy.Calendar.Location)
				x.Incidents = append(x.Incidents, r.digest.ID)
			}
			if r.without.Judged() {
				judged++
			}
			if r.without == Within {
				within++
			}
		}
	}
	if len(log) == 0 || judged == 0 {
		return log.rows(), nil
	}
	return log.rows(), Ratio(int64(within), int64(judged)).Ptr()
}

// responseReason is the row in one sentence.
func (v *subjectView) responseReason(c responseCounts) string {
	return fmt.Sprintf("%d of %d %s were answered within %s.",
		c.of[Within], c.judged(), v.incidentWords(), inWords(time.Duration(v.objective.Threshold)))
}

// incidentWords names the incidents that are judged.
func (v *subjectView) incidentWords() string {
	words := make([]string, 0, len(v.policy.Incidents.Urgency))
	for _, u := range v.policy.Incidents.Urgency {
		words = append(words, string(u))
	}
	return strings.Join(words, "- and ") + "-urgency incidents"
}

// inWords writes a threshold as people say it.
func inWords(d time.Duration) string {
	switch {
	case d%time.Minute != 0:
		return fmt.Sprintf("%d seconds", int64(d/time.Second))
	case d == time.Minute:
		return "1 minute"
	}
	return fmt.Sprintf("%d minutes", int64(d/time.Minute))
}
