package tickets

// fate is what becomes of the post-mortem of an incident.
type fate uint8

const (
	onTime fate = iota
	late
	missing    // There is none.
	unfinished // There is one, and nobody ever finishes it.
	declined
	shared   // One for this incident and the two after it.
	doubled  // Two for one incident.
	added    // The incident is added to the post-mortem of an earlier one.
	reopened // Finished, taken up again, and finished again.
)

// way is how a post-mortem names its incident.
type way uint8

const (
	byField way = iota
	byText
	byFieldAndText
	bySummary
	byLabel
	byLink   // Another ticket names the incident, and the post-mortem is linked to that.
	byRemote // A link to the incident's page.
)

// lot is what is drawn for an incident.
type lot struct {
	fate fate
	way  way
}

// deckSize is how many lots of a quarter the first team draws from a deck; what
// comes after them is left to chance.
const deckSize = 24

// deck returns the lots of the first incidents of a quarter: each case at
// least once, and what chance adds, in any order.
func (d dice) deck(m mood) []lot {
	lots := []lot{
		{onTime, byField},
		{onTime, byText},
		{onTime, bySummary},
		{onTime, byLabel},
		{onTime, byLink},
		{onTime, byRemote},
		{late, byField},
		{late, byLabel},
		{missing, byField},
		{unfinished, byText},
		{declined, byField},
		{shared, byField},
		{doubled, byField},
		{added, byText},
		{reopened, byFieldAndText},
	}
	for len(lots) < deckSize {
		lots = append(lots, d.lot(m))
	}
	swap := func(i, j int) { lots[i], lots[j] = lots[j], lots[i] }
	d.Shuffle(len(lots), swap)
	for n := range deckSize / 3 { // What needs an earlier one does not come first.
		if lots[n].fate == added {
			swap(n, deckSize-1-n)
		}
	}
	return lots
}

// mood is how much a team cares in a quarter: how many of a thousand incidents
// go each way.
type mood struct{ late, missing, unfinished, declined, shared, doubled int }

// mood draws how a team's quarter goes. The first team never does all it
// should; of the others, two do their best.
func (w *writer) mood(team int, q quarter) mood {
	diligent := mood{late: 60, missing: 2, unfinished: 1, declined: 1, shared: 360, doubled: 10}
	usual := mood{late: 120, missing: 40, unfinished: 20, declined: 20, shared: 360, doubled: 12}
	sloppy := mood{late: 200, missing: 90, unfinished: 40, declined: 30, shared: 360, doubled: 5}
	if team == 0 {
		return usual
	}
	moods := []mood{diligent, diligent, usual, usual, sloppy}
	order := roll(w.seed, "moods", q.id()).Perm(len(moods))
	return moods[order[(team-1)%len(moods)]]
}

// lot draws what becomes of an incident, and how it is named.
func (d dice) lot(m mood) lot {
	rest := 1000 - m.late - m.missing - m.unfinished - m.declined - m.shared - m.doubled
	fates := []fate{late, missing, unfinished, declined, shared, doubled, onTime}
	f := fates[d.weighted(m.late, m.missing, m.unfinished, m.declined, m.shared, m.doubled, rest)]
	ways := []way{byField, byText, byFieldAndText, bySummary, byLabel}
	return lot{fate: f, way: ways[d.weighted(50, 20, 10, 5, 15)]}
}
