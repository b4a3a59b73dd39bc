package desk

import (
	"slices"
	"strings"

	"ward/consent"
	"ward/id"
	"ward/locale"
	letter "ward/statement"
	"ward/text"
	"ward/when"
)

// recallItem is one thing that a recipient has, named as they know it: its kind, the day on which they got it, and its mark.
type recallItem struct {
	id   string
	kind string // package, file, evaluation, letter
	day  string
	mark string // digest or number that stands on it; the title of a letter
}

// recallTo is a recipient with what is asked back from them.
type recallTo struct {
	to    string
	items []recallItem
}

// longestTo is how many characters of a recipient a letter's addressee takes: a long word in the ledger must not keep a withdrawal from being done.
const longestTo = 300

// recipients are those to whom something of the scope left, with what no earlier letter asked back. What left for nobody by name cannot be.
func (t *withdrawing) recipients() (out []recallTo) {
	put := func(to string, item recallItem) {
		if text.Key(to) == "" || t.sent[item.id] {
			return
		}
		if r := []rune(to); len(r) > longestTo {
			to = string(r[:longestTo])
		}
		i := slices.IndexFunc(out, func(r recallTo) bool { return consent.SameName(r.to, to) })
		if i < 0 {
			i, out = len(out), append(out, recallTo{to: to})
		}
		out[i].items = append(out[i].items, item)
	}
	for _, r := range t.w.Referrals {
		if r.Left && concerns(t.wish.Purposes, r.Purpose) {
			put(r.To, recallItem{r.ID, "package", r.Day, short(r.Digest)})
		}
	}
	for _, e := range t.w.Evaluations {
		if concerns(t.wish.Purposes, e.Purpose) {
			put(e.To, recallItem{e.Entry, "evaluation", e.Day, e.ID})
		}
	}
	for _, e := range t.w.Exits {
		if e.Theirs && concerns(t.wish.Purposes, e.Purposes...) {
			put(e.To, recallItem{e.ID, "file", when.DayOf(e.At).String(), e.ID})
		}
	}
	for _, l := range t.w.Letters {
		for _, to := range l.To {
			if l.Linked && l.Day != "" && concerns(t.wish.Purposes, l.Purposes...) {
				put(to, recallItem{l.ID, "letter", l.Day, l.Title})
			}
		}
	}
	return out
}

// short is the part of a digest by which people compare.
func short(digest string) string { return digest[:min(len(digest), 16)] }

// letters drafts one letter for each recipient. It says what is asked back by kind, day and mark, and nothing about the person: not even their
// pseudonym, nor why.
func (t *withdrawing) letters() error {
	lang, ok := locale.Parse(t.wish.Lang)
	if !ok {
		lang = locale.English
	}
	words := locale.For(lang)
	today := when.DayOf(t.tx.Now())
	for _, r := range t.recipients() {
		var list []string
		kept := consent.Letter{Statement: id.New(t.tx.Now()), To: r.to}
		for _, item := range r.items {
			list = append(list, "– "+words.T("withdraw.letter."+item.kind, words.Digits(item.day), item.mark))
			kept.Items = append(kept.Items, item.id)
		}
		draft := letter.Draft{Kind: letter.Letter, Title: words.T("withdraw.letter.title"), Lang: string(lang), Date: today.String(), Addressees: []string{r.to},
			Signatories: []string{"[[" + words.T("withdraw.letter.signed") + "]]"},
			Text:        strings.Join([]string{words.T("withdraw.letter.lead"), strings.Join(list, "\n"), words.T("withdraw.letter.ask"), words.T("withdraw.letter.cannot"), words.T("withdraw.letter.answer")}, "\n\n")}
		if err := draft.Check(); err != nil {
			return err
		}
		if err := addStatement(t.ctx, t.tx, letter.DraftKind, kept.Statement, draft); err != nil {
			return err
		}
		t.done.Letters = append(t.done.Letters, kept)
	}
	return nil
}
