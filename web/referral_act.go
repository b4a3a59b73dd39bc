package web

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"ward/consent"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/paper"
	"ward/referral"
)

// referralActs are what the forms of a referral's page do, by the value of their button.
var referralActs = map[string]func(s *Site, r *http.Request, id string, form url.Values) error{
	"reprisal": func(s *Site, r *http.Request, id string, form url.Values) error {
		return s.desk.CheckReprisal(r.Context(), whoOf(r.Context()), id, referral.Reprisal{Who: form.Get("who"), How: form.Get("how"), Mitigation: form.Get("mitigation"), Go: form.Has("go")})
	},
	"approve": func(s *Site, r *http.Request, id string, form url.Values) error {
		return s.desk.ApproveReferral(r.Context(), whoOf(r.Context()), id, form.Get("digest"), form.Get("why"))
	},
	"reply": func(s *Site, r *http.Request, id string, form url.Values) error {
		return s.desk.ReferralReply(r.Context(), whoOf(r.Context()), id, referral.Reply{Day: form.Get("day"), From: form.Get("from"), Text: form.Get("text")})
	},
	"recall": func(s *Site, r *http.Request, id string, form url.Values) error {
		return s.desk.RecallReferral(r.Context(), whoOf(r.Context()), id, form.Get("why"))
	},
	"step": func(s *Site, r *http.Request, id string, form url.Values) error {
		step := referral.Step{To: form.Get("to"), Why: form.Get("why"), Due: form.Get("due"), Grade: form.Get("grade")}
		if step.To == referral.StateAcknowledged {
			step.Receipt = &referral.Receipt{Day: form.Get("day"), Reference: form.Get("reference"), Note: form.Get("note")}
		}
		return s.desk.MoveReferral(r.Context(), whoOf(r.Context()), id, step)
	},
}

// doReferral takes a form of a referral's page.
func (s *Site) doReferral(w http.ResponseWriter, r *http.Request) error {
	lang, form, err := formOf(w, r)
	if err != nil {
		return err
	}
	id := r.PathValue("referral")
	switch form.Get("do") {
	case "preview":
		return s.previewPackage(w, r, lang, form)
	case "build":
		return s.buildPackage(w, r, lang, form)
	case "send":
		return s.sendReferral(w, r, lang, form)
	case "offer":
		return s.offerPackage(w, r, lang, form)
	}
	next := address(lang, "referrals", id)
	if act, ok := referralActs[form.Get("do")]; ok {
		err = act(s, r, id, form)
	} else if form.Get("do") == "escalate" {
		id, err = s.desk.EscalateReferral(r.Context(), whoOf(r.Context()), id, form.Get("mechanism"), form.Get("why"))
		next = address(lang, "referrals", id)
	} else {
		err = fault.New(fault.Invalid, "the form does not say what to do").Keeping("nothing was written").Do("open the page again")
	}
	return s.actedOn(w, r, lang, form, next, err)
}

// actedOn leads on where an act stands, and draws the page again where somebody can mend it.
func (s *Site) actedOn(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values, next string, err error) error {
	if mendable(err) {
		return s.showReferral(w, r, lang, form, err)
	}
	if err == nil {
		http.Redirect(w, r, next, http.StatusSeeOther)
	}
	return err
}

// packageWish is what the ticks of a form ask for.
func packageWish(form url.Values, file desk.ReferralFile) desk.PackageWish {
	wish := desk.PackageWish{Ticked: form["tick"], Values: map[string]string{}, Mandates: form["mandate"], To: form.Get("to")}
	for _, c := range file.Candidates {
		if typed := form.Get("value." + c.Key); typed != "" {
			wish.Values[c.Key] = typed
		}
	}
	for _, entry := range form["file"] {
		wish.Files = append(wish.Files, desk.AttachWish{Entry: entry, Original: form.Has("original." + entry)})
	}
	return wish
}

// buildPackage asks the consent for what is ticked, and makes the package of it where the consent carries it.
func (s *Site) buildPackage(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values) error {
	v, err := s.referralView(r, lang, form)
	if err != nil {
		return err
	}
	who, wish := whoOf(r.Context()), packageWish(form, v.File)
	judged, err := s.desk.CheckReferralConsent(r.Context(), who, v.File.ID, wish.Ticked)
	if err == nil && !judged.May && !judged.Needless {
		err = uncarried(judged.Lacks)
	}
	if err == nil {
		v.Problems, err = s.desk.BuildPackage(r.Context(), who, v.File.ID, wish)
	}
	if err == nil && len(v.Problems) > 0 {
		return s.render(w, http.StatusBadRequest, lang, "referral", v)
	}
	return s.actedOn(w, r, lang, form, address(lang, "referrals", v.File.ID)+"#package", err)
}

// uncarried says what the consent lacks for what is ticked, and how that can be mended.
func uncarried(lacks string) error {
	why := locale.For(locale.English).T("referral.lacks." + lacks)
	f := fault.New(fault.Refused, "the consent there is does not carry what is ticked: %s", why).Keeping("no package was built")
	if lacks == consent.LacksReview || lacks == consent.LacksSecond || lacks == consent.LacksObjection {
		return f.Do("let two people on the case review the risk, on the page of the person's consent")
	}
	return f.Do("tick less, or record what the person says about consent")
}

// previewPackage shows what the ticks of a form would make, and keeps nothing. A script asks for it as data.
func (s *Site) previewPackage(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values) error {
	v, err := s.referralView(r, lang, form)
	if err != nil {
		return err
	}
	p, problems, err := s.desk.PreviewPackage(r.Context(), whoOf(r.Context()), v.File.ID, packageWish(form, v.File))
	if err != nil {
		return s.actedOn(w, r, lang, form, "", err)
	}
	v.Preview, v.Problems = &p, problems
	if r.Header.Get("Accept") != "application/json" {
		return s.render(w, http.StatusOK, lang, "referral", v)
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(v.live())
}

// livePreview is a preview as the script shows it while somebody ticks.
type livePreview struct {
	Count    string        `json:"count"`
	Lines    []leavingLine `json:"lines"`
	Problems []string      `json:"problems"`
}

func (v referralView) live() livePreview {
	c := locale.For(v.Lang)
	out := livePreview{Count: c.N("referral.preview.count", len(v.Preview.Fields)), Lines: v.Leaves(), Problems: []string{}}
	for _, p := range v.Problems {
		field := "referral.problem.whole"
		if p.Field != "" {
			field = "referral.field." + p.Field
		}
		out.Problems = append(out.Problems, c.T(field)+": "+c.T("referral.problem."+p.Word, p.Has, p.Most))
	}
	return out
}

// sendReferral sends the approved package: as a file that whoever asked takes along, or to a link.
func (s *Site) sendReferral(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values) error {
	id := r.PathValue("referral")
	wish := desk.SendWish{To: form.Get("to"), Channel: form.Get("channel"), Until: form.Get("until"), Reference: form.Get("reference")}
	wish.Key, wish.Passphrase, wish.Open = sealing(form)
	if !form.Has("understood") {
		return s.showReferral(w, r, lang, form, fault.New(fault.Invalid, "it is not ticked that what cannot be called back is known").Keeping("nothing left").Do("read it, and tick it"))
	}
	print := paper.PrintReferral
	if wish.Channel == "link" {
		err := s.desk.SendReferral(r.Context(), whoOf(r.Context()), id, wish, print, io.Discard)
		if err != nil {
			return s.actedOn(w, r, lang, form, "", err)
		}
		return s.offerPackage(w, r, lang, form)
	}
	name := "ward-referral-" + id + ".zip"
	if !wish.Open {
		name += ".age"
	}
	err := download(w, name, "application/octet-stream", func(out io.Writer) error {
		return s.desk.SendReferral(r.Context(), whoOf(r.Context()), id, wish, print, out)
	})
	if mendable(err) {
		return s.showReferral(w, r, lang, form, err)
	}
	return err
}

// sealing reads from a form by what a package is sealed.
func sealing(form url.Values) (key string, passphrase []byte, open bool) {
	switch form.Get("sealed") {
	case "key":
		return strings.TrimSpace(form.Get("key")), nil, false
	case "open":
		return "", nil, true
	}
	return "", []byte(form.Get("passphrase")), false
}

// offerPackage makes a link by which a package is handed over, and shows it this once.
func (s *Site) offerPackage(w http.ResponseWriter, r *http.Request, lang locale.Lang, form url.Values) error {
	wish := desk.OfferWish{Until: form.Get("link_until")}
	wish.Key, wish.Passphrase, _ = sealing(form)
	wish.Downloads, _ = strconv.Atoi(form.Get("downloads"))
	token, err := s.desk.OfferPackage(r.Context(), whoOf(r.Context()), r.PathValue("referral"), wish, paper.PrintReferral)
	if err != nil {
		return s.actedOn(w, r, lang, form, "", err)
	}
	v, err := s.referralView(r, lang, nil)
	if err != nil {
		return err
	}
	v.Passphrase = string(wish.Passphrase)
	v.Handed = (&url.URL{Scheme: schemeOf(r), Host: r.Host, Path: "/handed/" + token}).String()
	return s.render(w, http.StatusOK, lang, "referral_link", v)
}

func schemeOf(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// newPassphrase is one that nobody can guess (128 bits), in groups that can be read out over a telephone.
func newPassphrase() string {
	var b strings.Builder
	for i, c := range strings.ToLower(rand.Text()) {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteRune(c)
	}
	return b.String()
}
