package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"ward/consent"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/vocab"
	"ward/when"
)

// withdrawView is everything that rests on a person's word, with the form that takes it back, and what earlier withdrawals did.
type withdrawView struct {
	view
	desk.Withdrawal
	Typed   url.Values
	Problem string
}

func (s *Site) withdrawal(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	return s.showWithdrawal(w, r, lang, nil, nil)
}

// showWithdrawal draws the page; typed is what was sent, wrong why it was not done.
func (s *Site) showWithdrawal(w http.ResponseWriter, r *http.Request, lang locale.Lang, typed url.Values, wrong error) error {
	all, err := s.desk.Withdrawal(r.Context(), whoOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	if typed == nil {
		typed = url.Values{"day": {all.Today.String()}}
	}
	v := withdrawView{newView(r, lang, "persons", locale.For(lang).T("withdraw.title", all.Pseudonym)), all, typed, ""}
	v.Invented = vocab.Invented(all.Country)
	problem, code := told(wrong)
	v.Problem = problem
	return s.render(w, code, lang, "withdraw", v)
}

// withdraw takes a person's word back. The page that follows says what was done and which letters wait.
func (s *Site) withdraw(w http.ResponseWriter, r *http.Request) error {
	return s.keep(w, r, func(lang locale.Lang, form url.Values) (string, error) {
		wish := desk.WithdrawalWish{By: form.Get("by"), Day: dayTyped(form.Get("day")), Why: form.Get("why"), Lang: cmp.Or(form.Get("letters"), string(lang))}
		switch {
		case form.Get("sure") != "yes":
			return "", fault.New(fault.Invalid, "nobody ticked that the list was read").Keeping("nothing was changed").Do("read what follows, then tick it")
		case form.Get("scope") == "some":
			wish.Purposes = form["purpose"]
			if len(wish.Purposes) == 0 {
				return "", fault.New(fault.Invalid, "no purpose was ticked").Keeping("nothing was changed").Do("tick at least one, or take everything back")
			}
		case form.Get("scope") != consent.All:
			return "", fault.New(fault.Invalid, "it is not said what is taken back").Keeping("nothing was changed").Do("choose everything or some purposes")
		}
		_, err := s.desk.Withdraw(r.Context(), whoOf(r.Context()), r.PathValue("id"), wish)
		return address(lang, "persons", r.PathValue("id"), "withdraw"), err
	}, s.showWithdrawal)
}

// Resting counts everything that rests on the word and can be named.
func (v withdrawView) Resting() int {
	return len(v.Findings) + len(v.Withdrawal.Incidents) + len(v.Referrals) + len(v.Evaluations) + len(v.Exits) + len(v.Withdrawal.Letters)
}

// Unnamed counts the exits for which nobody was named: they cannot be called back.
func (v withdrawView) Unnamed() (n int) {
	for _, e := range v.Exits {
		if e.To == "" {
			n++
		}
	}
	return n
}

// Newest is the newest of what withdrawals did.
func (v withdrawView) Newest() *consent.Done {
	if len(v.Done) == 0 {
		return nil
	}
	return &v.Done[0].Body
}

// Ticked reports what was chosen in the form.
func (v withdrawView) Ticked(name, value string) bool { return slices.Contains(v.Typed[name], value) }

// Expiry is the day on which the last copy should be gone.
func (v withdrawView) Expiry() when.Day { return when.DayOf(v.Expire) }

// letterLang is a language in which letters can be written, by its own name.
type letterLang struct{ Code, Name string }

// Langs are the languages in which letters can be written.
func (withdrawView) Langs() (out []letterLang) {
	for _, l := range locale.Langs() {
		out = append(out, letterLang{string(l), locale.For(l).Name()})
	}
	return out
}
