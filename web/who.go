package web

import (
	"context"
	"net/http"
	"net/url"

	"ward/access"
	"ward/fault"
	"ward/locale"
)

// asking is the key under which a request carries who asks.
type asking struct{}

// whoOf is who asks for a page; nobody where a request did not pass the guard.
func whoOf(ctx context.Context) access.Actor {
	who, _ := ctx.Value(asking{}).(access.Actor)
	return who
}

// guard lets a request in whose sender may do the route's act. Whoever has not signed in is led to the way in, and comes back.
func (s *Site) guard(act access.Act, h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := s.who(r)
		r = r.WithContext(context.WithValue(r.Context(), asking{}, who))
		switch {
		case err != nil:
		case who.Can(act):
			if access.Dangerous(act) {
				err = s.stepUp(w, r, h)
			} else {
				err = h(w, r)
			}
		case len(who.Roles) == 0 && r.Method == http.MethodGet:
			http.Redirect(w, r, wayIn(r), http.StatusSeeOther)
		case len(who.Roles) == 0:
			err = fault.New(fault.Refused, "nobody is signed in here any more").Keeping("nothing was written").Do("sign in and send it again")
		default:
			err = who.May(act)
		}
		if err != nil {
			s.fail(w, r, err)
		}
	})
}

// wayIn is the page on which one signs in, in the language of the page asked for.
func wayIn(r *http.Request) string {
	lang, ok := locale.Parse(r.PathValue("lang"))
	if !ok {
		lang = locale.Negotiate(r.Header.Get("Accept-Language"), "")
	}
	return address(lang, "sign-in") + "?next=" + url.QueryEscape(r.URL.RequestURI())
}
