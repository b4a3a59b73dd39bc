// Package web is the face: pages for people and files for machines, over the desk and never past it.
//
// Every page is drawn on the server, complete without script, in each language under its own path (/en/..., /fa/...), so that
// a link says what its reader will see. routes.go is the whole site on one screen; one file per page follows.
package web

import (
	"net/http"

	"ward/access"
	"ward/desk"
)

// Site serves one workspace. It is read-only.
type Site struct {
	desk  *desk.Desk
	who   access.Actor
	pages pages
}

// New makes the site's handler. It fails when a template does not parse: a broken page must not start.
func New(d *desk.Desk, who access.Actor) (http.Handler, error) {
	p, err := parsePages()
	if err != nil {
		return nil, err
	}
	site := &Site{desk: d, who: who, pages: p}
	mux := http.NewServeMux()
	for _, r := range site.routes() {
		mux.Handle(r.pattern, site.guard(r.serve))
	}
	return onlyLocal(harden(mux)), nil
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
