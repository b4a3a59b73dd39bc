package desk

import (
	"context"

	"ward/entry"
	"ward/incident"
	"ward/policy"
	"ward/search"
	"ward/store"
)

// told is the set of incidents, by public id, about which people here stated something: their words are searched with the incident's own.
type told map[string]bool

// follow adds the incidents of which journal rows after a number tell.
func (t *told) follow(ctx context.Context, tx *store.Tx, after int64) error {
	if *t == nil {
		*t = told{}
	}
	stated, err := entry.After[struct{}](ctx, tx, incident.KindStated, after)
	for _, e := range stated {
		(*t)[e.Subject] = true
	}
	return err
}

// toldDocuments are what can be searched of incidents with what people stated about them, whatever became of it since.
func toldDocuments(ctx context.Context, tx *store.Tx, ids []string, corpus *policy.Corpus) ([]search.Doc, error) {
	stated, err := entry.OfMany[incident.Stated](ctx, tx, incident.KindStated, ids)
	if err != nil {
		return nil, err
	}
	var docs []search.Doc
	err = incident.Each(ctx, tx, incident.Where{PublicIDs: ids}, func(inc incident.Incident) error {
		doc := document(inc, corpus)
		for _, e := range stated[inc.PublicID] {
			doc.Text = append(doc.Text, e.Body.Raw, e.Body.Source, e.Body.Why)
			if e.Body.Value != inc.Summary {
				doc.Text = append(doc.Text, e.Body.Value)
			}
		}
		docs = append(docs, doc)
		return nil
	})
	return docs, err
}
