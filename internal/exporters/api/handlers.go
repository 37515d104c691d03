package api

import (
	"bytes"
	"net/http"

	"teamhealth/scorecard"
)

// allTeams asks for every card.
const allTeams = "all"

// Limits on how much evidence one answer holds.
const (
	defaultLimit = 1000
	maxLimit     = 10_000
	maxOffset    = 1<<31 - 1
)

func (a *api) scorecard(r *http.Request) (answer, error) {
	q := read(r, "as_of", "format", "live", "period", "team")
	period, team, asOf := q.word("period", "current"), q.word("team", scorecard.OrgID), q.instant("as_of")
	q.oneOf("live", "true", "false") // Every card is live as long as none is sealed.
	form, err := formatOf(q, r)
	if q.err != nil {
		return answer{}, q.err
	}
	if err != nil {
		return answer{}, err
	}
	cards, err := a.scores.Cards(r.Context(), period, asOf)
	if err != nil {
		return answer{}, err
	}
	if cards, err = choose(cards, team); err != nil {
		return answer{}, err
	}
	var out bytes.Buffer
	if err := form.render(&out, cards); err != nil {
		return answer{}, err
	}
	return answer{form.mediaType + "; charset=utf-8", out.Bytes()}, nil
}

// choose returns a team's card, or all of them.
func choose(cards []scorecard.Card, team string) ([]scorecard.Card, error) {
	if team == allTeams {
		return cards, nil
	}
	known := make([]string, 0, len(cards))
	for i := range cards {
		if cards[i].Subject.ID == team {
			return cards[i : i+1], nil
		}
		known = append(known, cards[i].Subject.ID)
	}
	return nil, &scorecard.UnknownError{Kind: "team", ID: team, Known: known}
}

func (a *api) evidence(r *http.Request) (answer, error) {
	q := read(r, "as_of", "limit", "objective", "offset", "period", "team")
	asked := EvidenceQuery{
		Objective: q.needed("objective", "the id of an objective; /api/v1/objectives lists them"),
		Team:      q.word("team", scorecard.OrgID), Period: q.word("period", "current"), AsOf: q.instant("as_of"),
	}
	limit, offset := q.integer("limit", defaultLimit, 1, maxLimit), q.integer("offset", 0, 0, maxOffset)
	if q.err != nil {
		return answer{}, q.err
	}
	cards, err := a.scores.Cards(r.Context(), asked.Period, asked.AsOf)
	if err != nil {
		return answer{}, err
	}
	if asked.Team == allTeams {
		return answer{}, &scorecard.ParameterError{Parameter: "team", Value: allTeams, Allowed: "org or the id of one team"}
	}
	if cards, err = choose(cards, asked.Team); err != nil {
		return answer{}, err
	}
	asked.AsOf = cards[0].AsOf // So that the evidence is that of the card.
	items, err := a.scores.Evidence(r.Context(), asked)
	if err != nil {
		return answer{}, err
	}
	return document(evidenceDocument{
		Objective: asked.Objective, Team: asked.Team, Period: cards[0].Period.ID, Total: len(items),
		Items: filled(page(items, offset, limit)),
	})
}

type evidenceDocument struct {
	Objective string               `json:"objective"`
	Team      string               `json:"team"`
	Period    string               `json:"period"`
	Total     int                  `json:"total"` // Of all items, not of those shown.
	Items     []scorecard.Evidence `json:"items"`
}

func page[T any](items []T, offset, limit int) []T {
	items = items[min(offset, len(items)):]
	return items[:min(limit, len(items))]
}

func (a *api) teams(r *http.Request) (answer, error) {
	if q := read(r); q.err != nil {
		return answer{}, q.err
	}
	teams, err := a.scores.Teams(r.Context())
	if err != nil {
		return answer{}, err
	}
	for i := range teams {
		teams[i].Services = filled(teams[i].Services)
	}
	return document(struct {
		Teams []Team `json:"teams"`
	}{filled(teams)})
}

func (a *api) objectives(r *http.Request) (answer, error) {
	if q := read(r); q.err != nil {
		return answer{}, q.err
	}
	return document(struct {
		Objectives []scorecard.Objective `json:"objectives"`
	}{filled(a.scores.Objectives())})
}

func (a *api) periods(r *http.Request) (answer, error) {
	if q := read(r); q.err != nil {
		return answer{}, q.err
	}
	periods, err := a.scores.Periods(r.Context())
	if err != nil {
		return answer{}, err
	}
	return document(struct {
		Periods []Period `json:"periods"`
	}{filled(periods)})
}

func (a *api) status(r *http.Request) (answer, error) {
	if q := read(r); q.err != nil {
		return answer{}, q.err
	}
	status, err := a.scores.Status(r.Context())
	if err != nil {
		return answer{}, err
	}
	status.Sources = filled(status.Sources)
	for i := range status.Sources {
		if status.Sources[i].Records == nil {
			status.Sources[i].Records = map[string]int{}
		}
	}
	return document(status)
}

func (*api) healthy(*http.Request) (answer, error) { return sentence("teamhealth is running."), nil }

func (a *api) ready(*http.Request) (answer, error) {
	if !a.scores.Ready() {
		return answer{}, scorecard.ErrNotReady
	}
	return sentence("teamhealth is ready."), nil
}
