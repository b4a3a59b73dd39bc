package web

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// The editor's pages shut nobody out, with every form open too, and long words widen no phone.
func TestTheEditorShutsNobodyOut(t *testing.T) {
	axe := axeSource(t)
	d := workspace(t)
	h := pagesOf(t, d)
	long := strings.Repeat("Longname", 20)
	id := madeOnForm(t, h, "place", long, "source", long, "actor.note", long, "description", long+" arson", "point", "4.5, 5.5")
	f := fileOf(t, d, id)
	over := standing(t, f, "date").ID
	send(h, "/en/incidents/"+id+"/edit", url.Values{"move": {"supersede"}, "field": {"date"}, "over": {over}, "drawn": {"999"}, "date": {"2026-04-02"}, "source": {long}, "why": {long}})
	send(h, "/en/incidents/"+id+"/edit", url.Values{"move": {"contest"}, "field": {"country"}, "over": {standing(t, f, "country").ID}, "drawn": {"999"}, "why": {long}})
	server := httptest.NewServer(h)
	defer server.Close()
	for _, lang := range []string{"en", "fa"} {
		b := browse(t, server.URL+"/"+lang+"/incidents/")
		for _, path := range []string{id, id + "/edit", id + "/edit?all=1", id + "/history", "new"} {
			b.judge(axe, path)
		}
	}
}
