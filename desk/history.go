package desk

import (
	"cmp"
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"ward/access"
	"ward/assertion"
	"ward/entry"
	"ward/exchange"
	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/vocab"
)

// Kinds of steps in the history of an incident.
const (
	StepEdition = "edition" // a publisher's row came, or a newer edition of it
	StepStated  = "stated"  // somebody asserted, contested, retracted or superseded
	StepVerdict = "verdict" // verification came to a certainty
	StepErased  = "erased"  // a report of it was erased, and what is held was put together anew
)

// Step is one thing that happened to what is held of an incident, with what it changed and where the log commits to it.
type Step struct {
	Kind     string
	At       time.Time
	By       string
	Stated   incident.Stated  // of stated
	Over     string           // the value that the move speaks of
	Verdict  incident.Verdict // of a verdict
	Series   string           // of an edition
	Newer    bool             // the edition is not the first of its row
	Changes  []assertion.Change
	Number   int64 // of the journal row
	Leaf     int   // place of its digest in that row's batch, from 0
	Position int64 // of the row's leaf in the log; -1 while its hour is open

	apply func(*said)
}

// IncidentHistory tells what happened to an incident, the oldest first: each step with the values held before and after it.
func (d *Desk) IncidentHistory(ctx context.Context, who access.Actor, publicID string) (steps []Step, err error) {
	if err := who.May(access.ReadIncidents); err != nil {
		return nil, err
	}
	err = d.db.Read(ctx, func(tx *store.Tx) error {
		inc, err := seen(ctx, tx, who, publicID)
		if err != nil {
			return err
		}
		if inc.Erased {
			return erased(inc.PublicID)
		}
		steps, err = historyOf(ctx, tx, inc)
		return err
	})
	if err != nil {
		return nil, err
	}
	return steps, d.read(ctx, who, access.ReadIncidents, access.Page, publicID)
}

func historyOf(ctx context.Context, tx *store.Tx, inc incident.Incident) ([]Step, error) {
	sources, err := sourcesBySeries(ctx, tx)
	if err != nil {
		return nil, err
	}
	var steps []Step
	for _, gather := range []func(context.Context, *store.Tx, incident.Incident) ([]Step, error){editionSteps, statedSteps, verdictSteps, erasedSteps} {
		more, err := gather(ctx, tx, inc)
		if err != nil {
			return nil, err
		}
		steps = append(steps, more...)
	}
	slices.SortStableFunc(steps, func(a, b Step) int { return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Leaf, b.Leaf)) })
	for i := range steps {
		if err := steps[i].sign(ctx, tx); err != nil {
			return nil, err
		}
	}
	replay(steps, sources)
	return steps, nil
}

// sign fills in who did it and when, as the journal has it.
func (s *Step) sign(ctx context.Context, tx *store.Tx) error {
	rows, err := tx.Since(ctx, s.Number-1, 1)
	if err != nil || len(rows) == 0 {
		return err
	}
	s.At, s.By, s.Position = rows[0].At, rows[0].Who, rows[0].Position
	return nil
}

func editionSteps(ctx context.Context, tx *store.Tx, inc incident.Incident) ([]Step, error) {
	all, err := intake.Editions(ctx, tx, inc.ID)
	var out []Step
	for _, r := range all {
		if r.Erased {
			continue // its erasure stands among the erasures
		}
		r.Gone = false // what a later file no longer had was there when it came
		out = append(out, Step{Kind: StepEdition, Series: r.Series, Newer: r.Supersedes != "", Number: r.Journal, Leaf: r.Leaf, apply: func(s *said) {
			for _, old := range s.reports {
				if old.ID == r.Supersedes {
					s.earlier = append(s.earlier, old)
				}
			}
			s.reports = append(slices.DeleteFunc(s.reports, func(old intake.Report) bool { return old.ID == r.Supersedes }), r)
			slices.SortFunc(s.reports, func(a, b intake.Report) int {
				return cmp.Or(cmp.Compare(a.Series, b.Series), cmp.Compare(a.Occurrence, b.Occurrence), cmp.Compare(a.ID, b.ID))
			})
		}})
	}
	return out, err
}

func statedSteps(ctx context.Context, tx *store.Tx, inc incident.Incident) ([]Step, error) {
	list, err := entry.Of[incident.Stated](ctx, tx, incident.KindStated, inc.PublicID)
	if err != nil {
		return nil, err
	}
	places, err := entry.Places(ctx, tx, inc.PublicID)
	out := make([]Step, len(list))
	for i, e := range list {
		out[i] = Step{Kind: StepStated, Stated: e.Body, Number: places[e.ID].Number, Leaf: places[e.ID].Leaf, apply: func(s *said) { s.stated = append(s.stated, e) }}
	}
	return out, err
}

func verdictSteps(ctx context.Context, tx *store.Tx, inc incident.Incident) ([]Step, error) {
	list, err := entry.Of[incident.Verdict](ctx, tx, incident.KindVerdict, inc.PublicID)
	if err != nil {
		return nil, err
	}
	places, err := entry.Places(ctx, tx, inc.PublicID)
	out := make([]Step, len(list))
	for i, e := range list {
		out[i] = Step{Kind: StepVerdict, Verdict: e.Body, Number: places[e.ID].Number, Leaf: places[e.ID].Leaf, apply: func(s *said) { s.verdicts = append(s.verdicts, e) }}
	}
	return out, err
}

func erasedSteps(ctx context.Context, tx *store.Tx, inc incident.Incident) (out []Step, err error) {
	rows, err := tx.History(ctx, inc.ID)
	for _, row := range rows {
		if strings.HasPrefix(row.Act, "erase.") {
			out = append(out, Step{Kind: StepErased, Number: row.Number, apply: func(*said) {}})
		}
	}
	return out, err
}

// replay lets the steps happen again, one by one, and notes what each changed of what is held.
func replay(steps []Step, sources map[string]intake.Source) {
	var now said
	before := map[string]string{}
	for i := range steps {
		steps[i].Over = now.valueOf(steps[i].Stated.Over, sources)
		steps[i].apply(&now)
		after := now.held(sources)
		steps[i].Changes = changesBetween(before, after)
		before = after
	}
}

// valueOf is what the assertion of an id says; for one that was itself a move, what that one spoke of.
func (s said) valueOf(id string, sources map[string]intake.Source) string {
	if id == "" {
		return ""
	}
	for _, e := range s.stated {
		if e.ID == id && e.Body.Value == "" {
			id = e.Body.Over
		}
	}
	for _, a := range s.standing(sources) {
		if a.ID == id {
			return a.Value
		}
	}
	return ""
}

// held is the value of each field as Ward held it, by field; a count as the range of all that was said.
func (s said) held(sources map[string]intake.Source) map[string]string {
	out := map[string]string{}
	for field, f := range s.folded(sources) {
		if def, known := vocab.FieldOf(field); known && !strings.HasPrefix(field, "detail:") {
			if out[field] = f.Value; def.Kind == "count" && f.Contested {
				out[field] = f.Count.Text()
			}
		}
	}
	if len(s.reports) > 0 || s.own() {
		out["certainty"] = s.fold(sources).Certainty
	}
	return out
}

// changesBetween lists what differs, in the order of the field list.
func changesBetween(before, after map[string]string) (out []assertion.Change) {
	for _, f := range vocab.Fields() {
		if before[f.Key] != after[f.Key] {
			out = append(out, assertion.Change{Field: f.Key, From: before[f.Key], To: after[f.Key]})
		}
	}
	return out
}

// historyColumns head the history as a file.
var historyColumns = []string{"at", "by", "step", "move", "field", "before", "after", "value", "over", "source", "reason", "act", "record", "log_position"}

// ExportHistory writes an incident's history as CSV for people who work here: a line for each value held that a step changed, or for the step
// itself. Its line stands in the ledger first.
func (d *Desk) ExportHistory(ctx context.Context, who access.Actor, w io.Writer, publicID string) error {
	if err := who.May(access.ExportIncidents); err != nil {
		return err
	}
	steps, err := d.IncidentHistory(ctx, who, publicID)
	if err != nil {
		return err
	}
	if err := d.disclose(ctx, who, access.ChangeFile, store.Disclosure{Subjects: publicID, Records: 1, What: "history csv"}); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(historyColumns); err != nil {
		return err
	}
	for _, s := range steps {
		changes := s.Changes
		if len(changes) == 0 {
			changes = []assertion.Change{{Field: s.Stated.Field}}
		}
		for _, c := range changes {
			if err := out.Write(s.line(c)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func (s Step) line(c assertion.Change) []string {
	position := ""
	if s.Position >= 0 {
		position = strconv.FormatInt(s.Position, 10)
	}
	out := []string{s.At.UTC().Format(time.RFC3339), s.By, s.Kind, s.Stated.Move, c.Field, c.From, c.To, s.Stated.Value, s.Over, cmp.Or(s.Stated.Source, s.Series),
		cmp.Or(s.Stated.Why, s.Verdict.Why), strconv.FormatInt(s.Number, 10), itoa(s.Leaf), position}
	for i := range out {
		out[i] = exchange.SafeCell(out[i])
	}
	return out
}
