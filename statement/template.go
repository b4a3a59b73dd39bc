package statement

import (
	"slices"

	"ward/locale"
)

// Template is a text to begin from, in our own words, with places to fill in.
type Template struct {
	ID      string
	Kind    string
	Clauses []string // that such a text usually rests on
}

var templates = []Template{
	{"detained", Appeal, []string{"WMA-ICOME-2022:40", "WMA-HAMBURG-1997:4"}},
	{"attack", Public, []string{"CIHL:R28", "WMA-CONFLICT-2023:reporting"}},
	{"ministry", Letter, []string{"WMA-ICOME-2022:22", "WMA-TOKYO-2016:7"}},
	{"rapporteur", Letter, []string{"WMA-TOKYOAUDIT-2021:6", "WMA-TOKYOAUDIT-2021:3"}},
	{"solidarity", Letter, []string{"WMA-TOKYOAUDIT-2021:5"}},
	{"prohibition", Circular, []string{"WMA-FORCEDEXAM-2022:2"}},
}

// Templates are all templates.
func Templates() []Template { return slices.Clip(templates) }

// Begin is a draft from a template in a language; English where the language has no words of its own. An unknown template gives an empty
// draft of a public statement.
func Begin(id, lang string) Draft {
	at := slices.IndexFunc(templates, func(t Template) bool { return t.ID == id })
	if at < 0 {
		return Draft{Kind: Public, Lang: lang}
	}
	t, c := templates[at], locale.For(locale.Lang(lang))
	d := Draft{Kind: t.Kind, Lang: lang, Template: id, Clauses: slices.Clone(t.Clauses)}
	d.Title, d.Text = c.T("statement.template."+id+".title"), c.T("statement.template."+id+".text")
	if to := c.T("statement.template." + id + ".to"); to != "" && t.Kind != Public {
		d.Addressees = []string{to}
	}
	d.Signatories = []string{c.T("statement.template.signatory")}
	return d
}
