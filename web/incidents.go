package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ward/desk"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/locale"
	"ward/text"
	"ward/vocab"
	"ward/when"
)

// pageSize is how many incidents a page lists.
const pageSize = 50

// incidentsView is a list that words, filters and years have chosen.
type incidentsView struct {
	view
	Query     url.Values
	Words     string
	From, To  string
	Total     int
	Table     incidentTable
	Facets    []facetView
	Chosen    []chosenFilter
	Clear     string
	Quoting   string // address of this number as a sentence
	First     int
	Last      int
	Page      int
	Pages     int
	Previous  string
	Next      string
	Exports   []exportLink
	Empty     bool // the workspace has no incidents at all
	Suggested []chosenFilter
	Sources   []intake.Source // of the incidents shown
	Path      string          // address of the list without its query
	Search    string          // id of the search whose words chose the list; "" where the address has them
}

// incidentTable is a table of incidents; one that can be sorted has a link for each column that sorts.
type incidentTable struct {
	Rows  []incident.Incident
	Sorts []sortLink // date, then the four counts of people
}

// Columns are the columns that can sort, with links where the table has them.
func (t incidentTable) Columns() []sortLink {
	if t.Sorts != nil {
		return t.Sorts
	}
	return unlinked(sortColumns)
}

func unlinked(names []string) []sortLink {
	out := make([]sortLink, len(names))
	for i, name := range names {
		out[i].Name = name
	}
	return out
}

// sortLink is a column, the address that sorts by it, and whether it does so now.
type sortLink struct {
	Name    string
	Href    string
	Current bool
	Down    bool
}

type exportLink struct{ Format, Href string }

// sortColumns are what the list can be sorted by.
var sortColumns = []string{"from", "killed", "injured", "abducted", "arrested"}

func (s *Site) incidents(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	q, err := s.queryOf(r, r.URL.Query())
	if err != nil {
		return err
	}
	page, err := s.desk.Incidents(r.Context(), whoOf(r.Context()), q)
	if err != nil {
		return err
	}
	v := incidentsView{view: newView(r, lang, "incidents", locale.For(lang).T("incidents.title")), Query: r.URL.Query(), Words: q.Words,
		From: q.From.String(), To: q.To.String(), Total: page.Total, Table: incidentTable{Rows: page.Incidents}, Path: address(lang, "incidents"), Search: r.URL.Query().Get("search")}
	v.Invented = v.Invented || len(page.Incidents) > 0 && !slices.ContainsFunc(page.Incidents, func(inc incident.Incident) bool { return !vocab.Invented(inc.Country) })
	v.turnPages(lang, q)
	v.sortLinks(q)
	v.offer(lang, page.Facets)
	v.Empty = page.Total == 0 && len(v.Chosen) == 0 && q.Words == "" && q.From.IsZero() && q.To.IsZero()
	v.Sources, err = s.sources(r.Context(), func(src intake.Source) bool {
		return slices.ContainsFunc(page.Incidents, func(inc incident.Incident) bool { return slices.Contains(inc.Series, src.Series) })
	})
	if err != nil {
		return err
	}
	if page.Total == 0 && q.Words != "" {
		words, err := s.desk.Suggest(r.Context(), whoOf(r.Context()), q, false)
		if err != nil {
			return err
		}
		for _, w := range words {
			v.Suggested = append(v.Suggested, chosenFilter{Label: w, Href: v.with([]string{"q", w})})
		}
	}
	return s.render(w, http.StatusOK, lang, "incidents", v)
}

// sources lists the sources that a page rests on, for their terms.
func (s *Site) sources(ctx context.Context, keep func(intake.Source) bool) ([]intake.Source, error) {
	all, err := s.desk.Sources(ctx, whoOf(ctx))
	return slices.DeleteFunc(all, func(src intake.Source) bool { return !keep(src) }), err
}

// readQuery reads the address's query, digits of any script; it is the same for the page and the exports.
func readQuery(values url.Values) (desk.IncidentQuery, error) {
	q := desk.IncidentQuery{Words: values.Get("q"), Filters: map[string][]string{}, Sort: "from", Desc: values.Get("order") != "up", Limit: pageSize}
	for _, f := range filterColumns {
		q.Filters[f.name] = slices.DeleteFunc(slices.Clone(values[f.name]), func(s string) bool { return s == "" })
	}
	if sort := values.Get("sort"); sort != "" {
		q.Sort = sort
	}
	for name, into := range map[string]*when.Date{"from": &q.From, "to": &q.To} {
		if asked := strings.TrimSpace(values.Get(name)); asked != "" {
			d, err := when.Parse(text.Fold(asked))
			if err != nil {
				return q, err
			}
			*into = d
		}
	}
	if asked := values.Get("page"); asked != "" {
		n, err := strconv.Atoi(asked)
		if err != nil || n < 1 || n > 1_000_000 {
			return q, fault.New(fault.Invalid, "there is no page %q", asked)
		}
		q.Offset = (n - 1) * pageSize
	}
	return q, nil
}

// queryOf reads the address's query like readQuery; the words of a search that somebody made stand in it by their id.
func (s *Site) queryOf(r *http.Request, values url.Values) (desk.IncidentQuery, error) {
	q, err := readQuery(values)
	if key := values.Get("search"); err == nil && key != "" && q.Words == "" {
		var made desk.SavedSearch
		made, err = s.desk.SearchByID(r.Context(), whoOf(r.Context()), key)
		q.Words = made.Words
	}
	return q, err
}

// with is the address of this list with some parameters set and the page turned back to the first. Each edit is a name
// and its values; a name alone is removed.
func (v *incidentsView) with(edits ...[]string) string {
	next := maps.Clone(v.Query)
	next.Del("page")
	for _, e := range edits {
		next[e[0]] = e[1:]
		if len(e) == 1 {
			next.Del(e[0])
		}
	}
	if len(next) == 0 {
		return v.Path
	}
	return v.Path + "?" + next.Encode()
}

func (v *incidentsView) turnPages(lang locale.Lang, q desk.IncidentQuery) {
	v.First, v.Last = q.Offset+1, q.Offset+len(v.Table.Rows)
	v.Page, v.Pages = q.Offset/pageSize+1, (v.Total+pageSize-1)/pageSize
	if v.Page > 1 {
		v.Previous = v.with([]string{"page", strconv.Itoa(min(v.Page-1, max(v.Pages, 1)))})
	}
	if v.Last < v.Total && len(v.Table.Rows) > 0 {
		v.Next = v.with([]string{"page", strconv.Itoa(v.Page + 1)})
	}
	v.Clear = v.Path
	edit := []string{"search"}
	if v.Search != "" {
		edit = append(edit, v.Search)
	}
	_, asked, _ := strings.Cut(v.with(edit), "?")
	v.Quoting = address(lang, "quote") + "?" + asked
	for _, format := range exportFormats {
		v.Exports = append(v.Exports, exportLink{format, "/export/incidents/" + format + "?" + asked})
	}
}

// sortLinks gives each column that sorts its address; the column in force turns around.
func (v *incidentsView) sortLinks(q desk.IncidentQuery) {
	for _, name := range sortColumns {
		link := sortLink{Name: name, Current: q.Sort == name, Down: q.Desc}
		order := []string{"order"}
		if link.Current && q.Desc {
			order = append(order, "up")
		}
		link.Href = v.with([]string{"sort", name}, order)
		v.Table.Sorts = append(v.Table.Sorts, link)
	}
}
