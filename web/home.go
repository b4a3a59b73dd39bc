package web

import (
	"context"
	"html/template"
	"net/http"
	"strconv"

	"ward/access"
	"ward/chart"
	"ward/desk"
	"ward/intake"
	"ward/locale"
	"ward/vocab"
)

// homeView says what happened, how sure it is, and how much is missing.
type homeView struct {
	view
	Empty     bool
	Registers []*registerSum
	Largest   *registerSum // the register that holds most
	States    stateTable
	Silent    int // countries and territories without an incident on record
	First     int
	Last      int
	Map       template.HTML
	Runs      []intake.Run
	Other     []*registerSum // scopes that are not health: kept apart
}

// Most lines that the home page shows of a list that has a page of its own.
const (
	homeStates = 12
	homeRuns   = 8
)

func (s *Site) home(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	if !whoOf(r.Context()).Can(access.ReadAudit) { // sums of the whole workspace are not for everybody
		http.Redirect(w, r, address(lang, "today"), http.StatusSeeOther)
		return nil
	}
	o, err := s.desk.Overview(r.Context(), whoOf(r.Context()))
	if err != nil {
		return err
	}
	v := homeView{view: newView(r, lang, "home", locale.For(lang).T("home.title")), Runs: o.Runs[:min(len(o.Runs), homeRuns)]}
	sums := summarise(o, lang)
	v.Registers, v.Other, v.First, v.Last = sums.health, sums.other, sums.first, sums.last
	v.Empty, v.Invented = len(o.Tallies) == 0, invented(sums.states)
	v.Map, v.Silent = worldMap(lang, sums.states), silent(sums.states)
	for i, reg := range v.Registers {
		if err := s.missingIn(r.Context(), reg, i, lang); err != nil {
			return err
		}
	}
	if len(v.Registers) > 0 {
		v.Largest = v.Registers[0]
	}
	sums.states = sums.states[:min(len(sums.states), homeStates)]
	v.States = newStateTable(sums, lang)
	return s.render(w, http.StatusOK, lang, "home", v)
}

// missingIn counts in how many of a register's incidents something that matters is not known, and draws it.
func (s *Site) missingIn(ctx context.Context, reg *registerSum, i int, lang locale.Lang) error {
	c := locale.For(lang)
	var err error
	if reg.ActorUnknown, err = s.actorUnknown(ctx, reg.Name); err != nil {
		return err
	}
	share := func(n int64) string { return c.Percent(float64(n)/float64(max(reg.Incidents, 1)), 0) }
	bars := chart.HBars{Frame: frame(lang, "gap"+strconv.Itoa(i)), Title: c.T("missing.title"), Head: c.T("missing.head"), Max: reg.Incidents,
		Items: []chart.HBar{
			{Label: c.T("missing.possible"), Value: reg.Possible, Text: share(reg.Possible), Class: "gap"},
			{Label: c.T("missing.actor"), Value: reg.ActorUnknown, Text: share(reg.ActorUnknown), Class: "gap"},
		}}
	if reg.Undated > 0 {
		bars.Items = append(bars.Items, chart.HBar{Label: c.T("missing.year"), Value: reg.Undated, Text: share(reg.Undated), Class: "gap"})
	}
	reg.Missing, reg.ActorShare = bars.HTML(), share(reg.ActorUnknown)
	return nil
}

// actorUnknown is the number of a register's health incidents, those no longer published left out, without a known actor.
func (s *Site) actorUnknown(ctx context.Context, register string) (int64, error) {
	ask := func(standing ...string) (n int64, err error) {
		page, err := s.desk.Incidents(ctx, whoOf(ctx), desk.IncidentQuery{Filters: map[string][]string{"register": {register}, "scope": {"health"}, "standing": standing}})
		for _, k := range page.Facets["actor"] {
			if k.Value == "unknown" {
				n = int64(k.Docs)
			}
		}
		return n, err
	}
	all, err := ask()
	if err != nil {
		return 0, err
	}
	gone, err := ask("gone")
	return all - gone, err
}

// silent counts the countries and territories of which nothing is on record. An invented world has its own.
func silent(states []*stateSum) int {
	if invented(states) {
		return max(0, len(chart.Invented().Shapes)-len(states))
	}
	recorded := map[string]bool{}
	for _, st := range states {
		recorded[st.Code] = true
	}
	n := 0
	for _, code := range vocab.Countries() {
		if !recorded[code] && !vocab.Invented(code) && code != vocab.NoCountry {
			n++
		}
	}
	return n
}
