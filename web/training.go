package web

import (
	"context"
	"net/http"
	"strings"
)

// inTraining is the key under which a request carries whether the workspace is a training space.
type inTraining struct{}

// trainingPrefix begins the name of every file that leaves a training space through a page.
const trainingPrefix = "TRAINING-"

// marked lets every page know whether it belongs to a training space, and names the files that leave one.
func (s *Site) marked(next http.Handler) http.Handler {
	if !s.desk.Training() { // a workspace is one or the other for ever
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&markedWriter{ResponseWriter: w}, r.WithContext(context.WithValue(r.Context(), inTraining{}, true)))
	})
}

// training reports that a request is for a page of a training space.
func training(r *http.Request) bool {
	is, _ := r.Context().Value(inTraining{}).(bool)
	return is
}

// markedWriter puts the mark before the name of an attached file, as the answer begins.
type markedWriter struct {
	http.ResponseWriter
	begun bool
}

func (m *markedWriter) begin() {
	if m.begun {
		return
	}
	m.begun = true
	const before = `filename="`
	if named := m.Header().Get("Content-Disposition"); strings.Contains(named, before) {
		m.Header().Set("Content-Disposition", strings.Replace(named, before, before+trainingPrefix, 1))
	}
}

func (m *markedWriter) WriteHeader(code int) {
	m.begin()
	m.ResponseWriter.WriteHeader(code)
}

func (m *markedWriter) Write(b []byte) (int, error) {
	m.begin()
	return m.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what is beneath.
func (m *markedWriter) Unwrap() http.ResponseWriter { return m.ResponseWriter }
