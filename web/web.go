// Package web is the face: pages for people and files for machines, over the desk and never past it.
//
// Every page is drawn on the server, complete without script, in each language under its own path (/en/..., /fa/...), so that
// a link says what its reader will see. routes.go is the whole site on one screen; one file per page follows.
package web

import (
	"context"
	"net/http"
	"strings"

	"ward/access"
	"ward/desk"
	"ward/locale"
)

// Site serves one workspace. What changes something is a POST from a form of its own.
type Site struct {
	desk  *desk.Desk
	pages *pages
	who   func(*http.Request) (access.Actor, error) // who asks; nobody is no error

	proved func(*http.Request) (bool, error) // whether who asks proved within minutes who they are

	fetches fetches // of calendars
}

// New makes the site's handler. It fails when a template does not parse: a broken page must not start.
func New(d *desk.Desk) (http.Handler, error) {
	site, err := newSite(d)
	if err != nil {
		return nil, err
	}
	return site.handler(), nil
}

func newSite(d *desk.Desk) (*Site, error) {
	p, err := parsed()
	if err != nil {
		return nil, err
	}
	site := &Site{desk: d, pages: p}
	site.who, site.proved = site.session, site.provedLately
	return site, nil
}

func (s *Site) handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		s.mount(mux, r)
	}
	return onlyLocal(ownForms(harden(s.travelling(s.marked(mux)))))
}

// mount registers a route, one that names {lang} once for each language: a wildcard there would also claim /assets/.
func (s *Site) mount(mux *http.ServeMux, r route) {
	if !strings.Contains(r.pattern, "{lang}") {
		mux.Handle(r.pattern, s.guard(r.act, r.serve))
		return
	}
	for _, lang := range locale.Langs() {
		guarded := s.guard(r.act, func(w http.ResponseWriter, q *http.Request) error { return r.serve(w, s.knowing(q)) })
		mux.HandleFunc(strings.Replace(r.pattern, "{lang}", string(lang), 1), func(w http.ResponseWriter, q *http.Request) {
			q.SetPathValue("lang", string(lang))
			guarded.ServeHTTP(w, q)
		})
	}
}

// inInvention is the key under which a request carries whether all that the workspace holds is invented.
type inInvention struct{}

// knowing lets a page know whether it shows an invented world, so that none of them can be taken for the real one.
func (s *Site) knowing(r *http.Request) *http.Request {
	invented, err := s.desk.Invented(r.Context())
	ctx := context.WithValue(r.Context(), inInvention{}, invented && err == nil)
	ctx = context.WithValue(ctx, inDay{}, s.desk.Today())
	return r.WithContext(context.WithValue(ctx, inBadge{}, s.badge(ctx, whoOf(ctx))))
}

// handler answers a request or says why not; errors become pages in one place.
type handler func(w http.ResponseWriter, r *http.Request) error
