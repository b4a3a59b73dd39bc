package web

import (
	"io"
	"net/http"
	"strings"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/vocab"
)

// historyView is what happened to one incident, step by step.
type historyView struct {
	view
	ID     string
	Steps  []stepRow // the newest first
	Export bool
}

// stepRow is one step in words.
type stepRow struct {
	desk.Step
	Diffs  []diffRow
	Value  string // what a move states
	Over   string // what it speaks of
	Said   string // its source
	Record int    // place of its digest in the act's batch, from 1
}

// diffRow is a value held before and after.
type diffRow struct{ Field, From, To string }

func (s *Site) history(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	who, id := whoOf(r.Context()), r.PathValue("id")
	steps, err := s.desk.IncidentHistory(r.Context(), who, id)
	if err != nil {
		return s.erased(w, r, lang, err)
	}
	v := historyView{view: newView(r, lang, "incidents", locale.For(lang).T("history.title", id)), ID: id, Steps: stepRows(steps, lang), Export: who.Can(access.ExportIncidents)}
	return s.render(w, http.StatusOK, lang, "history", v)
}

// stepRows put steps into words, the newest first.
func stepRows(steps []desk.Step, lang locale.Lang) []stepRow {
	out := make([]stepRow, len(steps))
	for i, step := range steps {
		row := stepRow{Step: step, Record: step.Leaf + 1}
		row.Said = saidBy(step.Stated.Source, "", lang)
		if f := step.Stated.Field; f != "" {
			row.Value, row.Over = say(f, step.Stated.Value, lang), say(f, step.Over, lang)
		}
		for _, c := range step.Changes {
			row.Diffs = append(row.Diffs, diffRow{c.Field, said(c.Field, c.From, lang), said(c.Field, c.To, lang)})
		}
		out[len(steps)-1-i] = row
	}
	return out
}

// said is say; the certainty has no field kind that people state, yet a label.
func said(field, value string, lang locale.Lang) string {
	if value == "" {
		return ""
	}
	if field == "certainty" {
		return vocab.Label("certainty", value, string(lang))
	}
	return say(field, value, lang)
}

// exportHistory sends an incident's history as CSV, for people who work here.
func (s *Site) exportHistory(w http.ResponseWriter, r *http.Request) error {
	id, ok := strings.CutSuffix(r.PathValue("file"), ".csv")
	if !ok {
		return fault.New(fault.NotFound, "there is no such format of a history").Do("use csv")
	}
	return download(w, "ward-history-"+id+".csv", "text/csv; charset=utf-8", func(out io.Writer) error {
		return s.desk.ExportHistory(r.Context(), whoOf(r.Context()), out, id)
	})
}
