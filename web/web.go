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
	who   access.Actor
	pages pages
}

// New makes the site's handler. It fails when a template does not parse: a broken page must not start.
func New(d *desk.Desk, who access.Actor) (http.Handler, error) {
	p, err := parsed()
	if err != nil {
		return nil, err
	}
	site := &Site{desk: d, who: who, pages: p}
	mux := http.NewServeMux()
	for _, r := range site.routes() {
		site.mount(mux, r)
	}
	return onlyLocal(ownForms(harden(mux))), nil
}

// mount registers a route, one that names {lang} once for each language: a wildcard there would also claim /assets/.
func (s *Site) mount(mux *http.ServeMux, r route) {
	if !strings.Contains(r.pattern, "{lang}") {
		mux.Handle(r.pattern, s.guard(r.serve))
		return
	}
	for _, lang := range locale.Langs() {
		mux.Handle(strings.Replace(r.pattern, "{lang}", string(lang), 1), s.guard(func(w http.ResponseWriter, q *http.Request) error {
			q.SetPathValue("lang", string(lang))
			return r.serve(w, s.knowing(q))
		}))
	}
}

// inInvention is the key under which a request carries whether all that the workspace holds is invented.
type inInvention struct{}

// knowing lets a page know whether it shows an invented world, so that none of them can be taken for the real one.
func (s *Site) knowing(r *http.Request) *http.Request {
	invented, err := s.desk.Invented(r.Context())
	return r.WithContext(context.WithValue(r.Context(), inInvention{}, invented && err == nil))
}

// handler answers a request or says why not; errors become pages in one place.
type handler func(w http.ResponseWriter, r *http.Request) error

func (s *Site) guard(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}
