package web

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/vocab"
)

// proofView is how an incident stands in the log, in the words of a language.
type proofView struct {
	desk.IncidentProof
	Records []proofRecord
	Checks  bool // who asks may read how to check a bundle
}

type proofRecord struct {
	Kind          string
	Shown, Hidden []string // labels; hidden ones are named of the incident alone
	Number, Kept  int      // of fields shown and of fields hidden
}

func (s *Site) proof(ctx context.Context, id string, lang locale.Lang) (proofView, error) {
	p, err := s.desk.Proof(ctx, whoOf(ctx), id)
	if err != nil {
		return proofView{}, err
	}
	v := proofView{IncidentProof: p, Checks: whoOf(ctx).Can(access.ReadLog)}
	for _, r := range p.Records {
		v.Records = append(v.Records, proofRecord{r.Kind, recordLabels(r.Shown, lang), recordLabels(r.Hidden, lang), len(r.Shown), r.Kept})
	}
	return v, nil
}

// recordLabels names the fields of a record, each name once: those of an incident in their usual order, then Ward's own.
func recordLabels(names []string, lang locale.Lang) (out []string) {
	order := vocab.Fields()
	place := func(name string) int {
		if at := slices.IndexFunc(order, func(f vocab.Field) bool { return f.Key == bareField(name) }); at >= 0 {
			return at
		}
		return len(order)
	}
	names = slices.Clone(names)
	slices.SortStableFunc(names, func(a, b string) int { return place(a) - place(b) })
	for _, name := range names {
		if label := recordLabel(name, lang); !slices.Contains(out, label) {
			out = append(out, label)
		}
	}
	return out
}

// recordLabel names a field of a record: one of an incident, or one of Ward's own.
func recordLabel(name string, lang locale.Lang) string {
	bare := bareField(name)
	if _, ok := vocab.FieldOf(bare); ok {
		return fieldLabel(bare, lang)
	}
	c := locale.For(lang)
	if c.Has("field." + bare) {
		return c.T("field." + bare)
	}
	return fieldLabel(bare, lang)
}

// bareField is the incident's field that a record's field states.
func bareField(name string) string {
	bare, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(name, "is."), "count."), "#")
	return bare
}

// exportBundle sends one incident with its proof: what a bundle shows without choices, and no files.
func (s *Site) exportBundle(w http.ResponseWriter, r *http.Request) error {
	id, is := strings.CutSuffix(r.PathValue("file"), ".zip")
	if !is {
		return fault.New(fault.NotFound, "there is no page at %s", r.URL.Path)
	}
	return download(w, "ward-bundle.zip", "application/zip", func(out io.Writer) error {
		return s.desk.Bundle(r.Context(), whoOf(r.Context()), out, id, desk.BundleOptions{})
	})
}

// remainsView is what is left of an erased incident.
type remainsView struct {
	view
	desk.Remains
	Message string // the fault, in English
}

// erased shows what is left of an incident that was erased; any other cause stays the error that it is.
func (s *Site) erased(w http.ResponseWriter, r *http.Request, lang locale.Lang, cause error) error {
	if !fault.Is(cause, fault.NotFound) {
		return cause
	}
	remains, err := s.desk.Remains(r.Context(), whoOf(r.Context()), r.PathValue("id"))
	if fault.Is(err, fault.NotFound) {
		return cause
	}
	if err != nil {
		return err
	}
	v := remainsView{newView(r, lang, "incidents", locale.For(lang).T("erased.title")), remains, sentence(cause.Error())}
	v.Invented = vocab.Invented(stateOf(remains.PublicID))
	return s.render(w, http.StatusNotFound, lang, "erased", v)
}

// stateOf reads the State from a public id, WRD-XAA-2021-...
func stateOf(publicID string) string {
	parts := strings.Split(publicID, "-")
	if len(parts) < 2 {
		return ""
	}
	return parts[1]
}
