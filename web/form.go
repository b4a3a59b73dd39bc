package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"ward/fault"
	"ward/locale"
)

// longestForm is more than any form of ours holds: a letter of some hundred pages.
const longestForm = 1 << 20

// posted reads the form that came with a request: blanks at the ends are cut, line ends are one character. It is Invalid where the form
// cannot be read, Limit where it is longer than longestForm.
func posted(w http.ResponseWriter, r *http.Request) (_ url.Values, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, longestForm)
	if err := r.ParseForm(); err != nil {
		if _, long := err.(*http.MaxBytesError); long {
			return nil, fault.New(fault.Limit, "the form is longer than %d characters", longestForm).Keeping("nothing was written").Do("shorten it")
		}
		return nil, fault.Wrap(err, fault.Invalid, "the form cannot be read").Keeping("nothing was written").Do("go back and send it again")
	}
	for name, values := range r.PostForm {
		for i, v := range values {
			if values[i], err = tidy(name, v); err != nil {
				return nil, err
			}
		}
	}
	return r.PostForm, nil
}

// tidy is the value of a form's field as pages take it.
func tidy(name, v string) (string, error) {
	if !utf8.ValidString(v) {
		return "", fault.New(fault.Invalid, "the field %.40q is not text", name).Keeping("nothing was written").Do("type it anew")
	}
	return strings.TrimSpace(strings.ReplaceAll(v, "\r\n", "\n")), nil
}

// formOf reads the form that came with a request, and the language of its page.
func formOf(w http.ResponseWriter, r *http.Request) (locale.Lang, url.Values, error) {
	lang, err := langOf(r)
	if err != nil {
		return lang, nil, err
	}
	form, err := posted(w, r)
	return lang, form, err
}

// mendable reports what whoever sent a form can do something about, so that they see it again with what they typed.
func mendable(err error) bool {
	return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Refused) || fault.Is(err, fault.Conflict)
}

// told is what a page that shows a form again says of what is wrong with it, and the page's status; nothing is wrong where err is nil.
func told(err error) (problem string, code int) {
	if err == nil {
		return "", http.StatusOK
	}
	return sentence(err.Error()), status(err)
}

// keep puts on record what a form says and leads to the page that take names. What is wrong about the form, or refused, is said on the same
// page, drawn again with what was typed.
func (s *Site) keep(w http.ResponseWriter, r *http.Request, take func(locale.Lang, url.Values) (next string, err error),
	again func(http.ResponseWriter, *http.Request, locale.Lang, url.Values, error) error) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	next, err := take(lang, form)
	if mendable(err) {
		return again(w, r, lang, form, err)
	}
	if err == nil {
		http.Redirect(w, r, next, http.StatusSeeOther)
	}
	return err
}

// ownForms refuses what another site makes a browser send (Fetch Metadata, else the Origin header), so that no foreign page can write here.
func ownForms(next http.Handler) http.Handler {
	refuse := http.NewCrossOriginProtection()
	return refuse.Handler(next)
}
