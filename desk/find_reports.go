package desk

import (
	"context"

	"ward/entry"
	"ward/intake"
	"ward/search"
	"ward/store"
)

// takeReports enters the reports that people sent in.
func takeReports(ctx context.Context, tx *store.Tx, x *search.Index) error {
	return takeKind(ctx, tx, x, intake.KindReceived, reportDoc)
}

// reportDoc is what can be searched of a report: its words, not who sent it.
func reportDoc(e entry.Entry[intake.Received]) search.Doc {
	r := e.Body
	text := []string{r.Narrative, r.Place, r.ActorWords, r.Origin, r.Elsewhere, r.Note, e.Subject}
	for _, f := range r.Files {
		text = append(text, f.Name)
	}
	return paper(FindReports, e.Subject, r.Country, r.Day, text...)
}
