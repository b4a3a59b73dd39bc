package web

import (
	"cmp"
	"net/http"
	"net/url"

	"ward/desk"
	"ward/locale"
	"ward/paper"
)

// quoteView is one count as a sentence, with what stands behind it.
type quoteView struct {
	view
	Quote    desk.Quote
	Sentence paper.Sentence
	Measures []string
	Query    url.Values // of the list that was counted
	List     string     // address of that list
}

// quote puts the number of a list into a sentence; it takes the list's own query and, beside it, what to count.
func (s *Site) quote(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	measure := cmp.Or(query.Get("measure"), desk.Measures()[0])
	query.Del("measure")
	query.Del("page")
	q, err := s.queryOf(r, query)
	if err != nil {
		return err
	}
	found, err := s.desk.Quote(r.Context(), whoOf(r.Context()), q, measure)
	if err != nil {
		return err
	}
	v := quoteView{view: newView(r, lang, "incidents", locale.For(lang).T("quote.title")), Quote: found, Measures: desk.Measures(), Query: query, List: address(lang, "incidents")}
	if len(query) > 0 {
		v.List += "?" + query.Encode()
	}
	v.Sentence = paper.Quotable(found, lang, "http://"+r.Host+v.List)
	return s.render(w, http.StatusOK, lang, "quote", v)
}
