package web

import (
	"context"
	"net/http"

	"ward/desk"
)

// onVisit is the key under which a request carries of which visit the workspace is the copy.
type onVisit struct{}

// travelling lets every page know whether it belongs to a visit copy.
func (s *Site) travelling(next http.Handler) http.Handler {
	v, ok, err := s.desk.VisitCopy(context.Background()) // a workspace is one or is none for ever
	if err != nil || !ok {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), onVisit{}, &v)))
	})
}

// visitOf is the visit of whose copy a request asks for a page; nil elsewhere.
func visitOf(r *http.Request) *desk.Visit {
	v, _ := r.Context().Value(onVisit{}).(*desk.Visit)
	return v
}
