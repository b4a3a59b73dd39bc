package web

import (
	"io"
	"net/http"

	"ward/fault"
	"ward/locale"
)

// handedView is the page on which somebody takes a package that was handed over to them.
type handedView struct {
	view
	Action string // "" where there is nothing
	Busy   bool
}

// handed says what waits at the address of a handed-over package. It asks nothing: the page is the same whether there is something or not,
// so that looking at an address tells nothing and uses nothing up.
func (s *Site) handed(w http.ResponseWriter, r *http.Request) error {
	return s.showHanded(w, r, http.StatusOK, handedView{Action: "/handed/" + r.PathValue("token")})
}

func (s *Site) showHanded(w http.ResponseWriter, r *http.Request, code int, v handedView) error {
	lang := locale.Negotiate(r.Header.Get("Accept-Language"), "")
	title := "handed.title"
	if v.Action == "" {
		title = "handed.gone"
	}
	v.view = newView(r, lang, "", locale.For(lang).T(title))
	v.Languages = nil
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("X-Robots-Tag", "noindex")
	return s.render(w, code, lang, "handed", v)
}

// takeHanded sends the sealed package of an address and counts it. What was never there, is past its day or used up is answered alike.
func (s *Site) takeHanded(w http.ResponseWriter, r *http.Request) error {
	if !s.fetches.allow(s.desk.Now()) {
		w.Header().Set("Retry-After", "60")
		return s.showHanded(w, r, http.StatusTooManyRequests, handedView{Busy: true})
	}
	sealed, err := s.desk.FetchPackage(r.Context(), r.PathValue("token"))
	if fault.Is(err, fault.NotFound) {
		return s.showHanded(w, r, http.StatusNotFound, handedView{})
	}
	if err != nil {
		return err
	}
	defer sealed.Close()
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("X-Robots-Tag", "noindex")
	return download(w, "package.zip.age", "application/octet-stream", func(out io.Writer) error {
		_, err := io.Copy(out, sealed)
		return err
	})
}
