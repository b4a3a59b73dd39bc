package web

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"ward/desk"
	"ward/fault"
	"ward/locale"
)

// passkeysAt says whether passkeys work at the address of a request: "here", or "elsewhere" where only the address is wrong.
func passkeysAt(r *http.Request) string {
	if strings.HasPrefix(r.Host, "localhost") {
		return "here"
	}
	return "elsewhere"
}

// longestAnswer is more than a passkey's answer ever holds, in bytes.
const longestAnswer = 1 << 17

// passkeyAnswer is what our script sends back.
type passkeyAnswer struct {
	Ceremony string          `json:"ceremony"`
	Answer   json.RawMessage `json:"answer"`
	Label    string          `json:"label"`
	Again    bool            `json:"again"`
	Next     string          `json:"next"`
}

// askPasskey sends what the browser is asked.
func askPasskey(w http.ResponseWriter, ceremony string, options any) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(map[string]any{"ceremony": ceremony, "options": options})
}

func answered(w http.ResponseWriter, r *http.Request) (a passkeyAnswer, lang locale.Lang, err error) {
	if lang, err = langOf(r); err != nil {
		return a, lang, err
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestAnswer))
	if err == nil {
		err = json.Unmarshal(body, &a)
	}
	if err != nil {
		err = fault.Wrap(err, fault.Invalid, "the passkey's answer cannot be read").Keeping("nothing was written")
	}
	return a, lang, err
}

func goTo(w http.ResponseWriter, next string) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(map[string]string{"next": next})
}

func (s *Site) beginPasskeySignIn(w http.ResponseWriter, r *http.Request) error {
	ceremony, options, err := s.desk.BeginPasskeySignIn(r.Context(), siteAddress(r))
	if err != nil {
		return err
	}
	return askPasskey(w, ceremony, options)
}

// enterByPasskey takes a passkey's answer: as the way in, or as a fresh proof.
func (s *Site) enterByPasskey(w http.ResponseWriter, r *http.Request) error {
	a, lang, err := answered(w, r)
	if err != nil {
		return err
	}
	if a.Again {
		err = s.desk.ProveByPasskey(r.Context(), cookie(r, sessionCookie), siteAddress(r), a.Ceremony, a.Answer)
	} else {
		var in desk.SignedIn
		if in, err = s.desk.SignInByPasskey(r.Context(), siteAddress(r), a.Ceremony, a.Answer); err == nil {
			handIn(w, r, in)
		}
	}
	if err != nil {
		return err
	}
	return goTo(w, backTo(a.Next, lang))
}

// beginPasskey begins to add a passkey; who acts proves it first.
func (s *Site) beginPasskey(w http.ResponseWriter, r *http.Request) error {
	proved, err := s.proved(r)
	if err != nil {
		return err
	}
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	if !proved {
		return goTo(w, address(lang, "sign-in", "again")+"?next="+address(lang, "account"))
	}
	ceremony, options, err := s.desk.BeginPasskey(r.Context(), whoOf(r.Context()), siteAddress(r))
	if err != nil {
		return err
	}
	return askPasskey(w, ceremony, options)
}

func (s *Site) addPasskey(w http.ResponseWriter, r *http.Request) error {
	a, lang, err := answered(w, r)
	if err == nil {
		err = s.desk.AddPasskey(r.Context(), whoOf(r.Context()), siteAddress(r), a.Ceremony, a.Label, a.Answer)
	}
	if err != nil {
		return err
	}
	return goTo(w, address(lang, "account"))
}
