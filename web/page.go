package web

import (
	"bytes"
	"context"
	"embed"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"ward/access"
	"ward/chart"
	"ward/desk"
	"ward/fault"
	"ward/locale"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pages holds the templates. What all pages share is parsed once for each language, with that language's words bound in; a page when it is
// first asked for: all of them in all languages would take a quarter of a gigabyte.
type pages struct {
	shared map[locale.Lang]*template.Template
	mu     sync.Mutex
	made   map[pageKey]*template.Template
}

type pageKey struct {
	lang locale.Lang
	name string
}

// parsed is every template that was asked for, read once: a round of audits draws hundreds of pages.
var parsed = sync.OnceValues(parsePages)

func parsePages() (*pages, error) {
	out := &pages{shared: map[locale.Lang]*template.Template{}, made: map[pageKey]*template.Template{}}
	for _, lang := range locale.Langs() {
		shared, err := template.New("").Funcs(words(lang)).ParseFS(templateFiles, "templates/_*.html")
		if err != nil {
			return nil, err
		}
		out.shared[lang] = shared
	}
	return out, nil
}

// page is a page's template in a language.
func (p *pages) page(lang locale.Lang, name string) (*template.Template, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := pageKey{lang, name}
	if t, ok := p.made[key]; ok {
		return t, nil
	}
	t, err := template.Must(p.shared[lang].Clone()).ParseFS(templateFiles, "templates/"+name+".html")
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the page %s cannot be read in %s", name, lang)
	}
	p.made[key] = t
	return t, nil
}

// address is the path of a page in a language, each part escaped.
func address(lang locale.Lang, parts ...string) string {
	escaped := make([]string, len(parts))
	for i, p := range parts {
		escaped[i] = url.PathEscape(p)
	}
	return "/" + string(lang) + "/" + path.Join(escaped...)
}

// view is what every page has. Pages embed it.
type view struct {
	Lang      locale.Lang
	Title     string
	Nav       string       // the entry of the menu it belongs to
	Languages []langLink   // this page in each language
	Menu      []menuRoom   // what who asks may open
	Me        access.Actor // who asks
	Invented  bool         // all that it shows is of invented States
	Training  bool         // the workspace is a training space
	Badge     int          // notices that who asks has not read
	Visit     *desk.Visit  // of whose copy this workspace is; nil for one that is none
	Watermark string       // the day, on a page that an investigator reads; "" on any other
}

type langLink struct {
	Lang    locale.Lang
	Name    string
	Href    string
	Current bool
}

// frame is what the charts of a page share; prefix must differ between the figures of one page.
func frame(lang locale.Lang, prefix string) chart.Frame {
	c := locale.For(lang)
	return chart.Frame{Prefix: prefix, RTL: lang.RTL(), Num: c.Num, Words: chart.Words{
		Confirmed: c.T("certainty.confirmed"), Probable: c.T("certainty.probable"), Possible: c.T("certainty.possible"),
		NoInfo: c.T("chart.no_info"), Total: c.T("chart.total"), Period: c.T("chart.period"), Place: c.T("chart.place"), Count: c.T("chart.count"),
		Moves: c.T("chart.moves"), NotCoded: c.T("chart.not_coded"), Refused: c.T("chart.refused"), ShowTable: c.T("chart.show_table"),
	}}
}

// langOf reads the language from the path; another word there is no page of ours.
func langOf(r *http.Request) (locale.Lang, error) {
	lang, ok := locale.Parse(r.PathValue("lang"))
	if !ok {
		return "", fault.New(fault.NotFound, "there is no page at %s", r.URL.Path)
	}
	return lang, nil
}

// newView starts a page's view.
func newView(r *http.Request, lang locale.Lang, nav, title string) view {
	who := whoOf(r.Context())
	v := view{Lang: lang, Nav: nav, Title: title, Me: who, Menu: menuFor(who, nav), Training: training(r), Visit: visitOf(r)}
	v.Invented, _ = r.Context().Value(inInvention{}).(bool)
	v.Badge, _ = r.Context().Value(inBadge{}).(int)
	v.Watermark = watermark(r, lang)
	_, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/")
	for _, l := range locale.Langs() {
		href := "/" + string(l) + "/" + rest
		if r.URL.RawQuery != "" {
			href += "?" + r.URL.RawQuery
		}
		v.Languages = append(v.Languages, langLink{l, locale.For(l).Name(), href, l == lang})
	}
	return v
}

// render draws a page into memory first, so that a page that fails half-way is never sent.
func (s *Site) render(w http.ResponseWriter, code int, lang locale.Lang, name string, data any) error {
	var b bytes.Buffer
	if err := s.pages.execute(&b, lang, name, "layout", data); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", string(lang))
	w.WriteHeader(code)
	_, err := w.Write(b.Bytes())
	return err
}

func (p *pages) execute(w io.Writer, lang locale.Lang, name, block string, data any) error {
	t, err := p.page(lang, name)
	if err != nil {
		return err
	}
	return t.ExecuteTemplate(w, block, data)
}

// front sends a visitor to the pages in the language the browser asks for.
func (s *Site) front(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, "/"+string(locale.Negotiate(r.Header.Get("Accept-Language"), ""))+"/", http.StatusFound)
	return nil
}

func (s *Site) missing(_ http.ResponseWriter, r *http.Request) error {
	return fault.New(fault.NotFound, "there is no page at %s", r.URL.Path)
}

type errorView struct {
	view
	Kind     string
	Standing string // why nothing works any more; "" where only this failed
	Message  string
	Code     int
}

// standing asks what is wrong with the workspace where an error may come from that.
func (s *Site) standing(ctx context.Context, kind fault.Kind) desk.Standing {
	if kind != fault.Refused && kind != fault.Internal {
		return desk.Works
	}
	return s.desk.Standing(context.WithoutCancel(ctx))
}

// fail is the only place where an error becomes a page. What is not a fault for people goes to the operator's log.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	kind := fault.KindOf(err)
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	lang, ok := locale.Parse(first)
	if !ok {
		lang = locale.Negotiate(r.Header.Get("Accept-Language"), "")
	}
	c := locale.For(lang)
	v := errorView{view: newView(r, lang, "", c.T("error."+string(kind)+".title")), Kind: string(kind), Code: status(err)}
	if !ok {
		v.Languages = nil
	}
	if standing := s.standing(r.Context(), kind); standing != desk.Works {
		v.Title, v.Standing, v.Code = c.T("standing."+string(standing)+".title"), string(standing), http.StatusServiceUnavailable
	}
	if kind == fault.Internal {
		slog.Error("a page failed", "route", r.Pattern, "error", err) // an address can hold a token
	} else {
		v.Message = sentence(err.Error())
	}
	if err := s.render(w, v.Code, lang, "error", v); err != nil {
		http.Error(w, "The page could not be drawn.", http.StatusInternalServerError)
	}
}

// sentence makes a fault's phrase into a sentence.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return strings.TrimSuffix(string(unicode.ToUpper(first))+s[size:], ".") + "."
}
