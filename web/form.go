package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"ward/fault"
)

// longestForm is more than any form of ours holds: a letter of some hundred pages.
const longestForm = 1 << 20

// posted reads the form that came with a request: blanks at the ends are cut, line ends are one character. It is Invalid where the form
// cannot be read, Limit where it is longer than longestForm.
func posted(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, longestForm)
	if err := r.ParseForm(); err != nil {
		if _, long := err.(*http.MaxBytesError); long {
			return nil, fault.New(fault.Limit, "the form is longer than %d characters", longestForm).Keeping("nothing was written").Do("shorten it")
		}
		return nil, fault.Wrap(err, fault.Invalid, "the form cannot be read").Keeping("nothing was written").Do("go back and send it again")
	}
	for name, values := range r.PostForm {
		for i, v := range values {
			if !utf8.ValidString(v) {
				return nil, fault.New(fault.Invalid, "the field %.40q is not text", name).Keeping("nothing was written").Do("type it anew")
			}
			values[i] = strings.TrimSpace(strings.ReplaceAll(v, "\r\n", "\n"))
		}
	}
	return r.PostForm, nil
}

// ownForms refuses what another site makes a browser send (Fetch Metadata, else the Origin header), so that no foreign page can write here.
func ownForms(next http.Handler) http.Handler {
	refuse := http.NewCrossOriginProtection()
	return refuse.Handler(next)
}
