package web

import (
	"cmp"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"ward/commitment"
	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/policy"
	"ward/text"
	"ward/vocab"
	"ward/when"
)

// commitmentsView counts what is asked, by addressee and by text.
type commitmentsView struct {
	view
	commitmentFilter
	Total      commitment.Tally
	Addressees commitmentSums
	Texts      commitmentSums
}

// commitmentSums is a table of counts; Head is the message over its first column.
type commitmentSums struct {
	Head string
	Rows []commitmentSum
}

// commitmentSum is one addressee or text with its counts.
type commitmentSum struct {
	Code string // of the addressee, or id of the text
	Name string
	Href string
	commitment.Tally
}

// commitmentFilter is what a list was asked for.
type commitmentFilter struct {
	Day     string // as typed; "" = today
	On      when.Day
	Status  string
	Overdue bool
}

// Statuses are what a commitment can be.
func (commitmentFilter) Statuses() []string { return commitment.Statuses() }

// Filtered reports that the list is not whole.
func (f commitmentFilter) Filtered() bool { return f.Day != "" || f.Status != "" || f.Overdue }

// with writes the filter, and more pairs of name and value, as a query.
func (f commitmentFilter) with(pairs ...string) string {
	q := url.Values{}
	overdue := ""
	if f.Overdue {
		overdue = "yes"
	}
	pairs = append(pairs, "on", f.Day, "status", f.Status, "overdue", overdue)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// readCommitments reads which commitments an address asks for.
func readCommitments(r *http.Request) (desk.CommitmentQuery, commitmentFilter, error) {
	day, typed, err := dayAsked(r)
	q := r.URL.Query()
	f := commitmentFilter{Day: typed, On: day, Status: q.Get("status"), Overdue: q.Get("overdue") != ""}
	return desk.CommitmentQuery{Addressee: q.Get("to"), Text: q.Get("text"), Status: f.Status, Overdue: f.Overdue, On: day}, f, err
}

func (s *Site) commitments(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	q, filter, err := readCommitments(r)
	if err != nil {
		return err
	}
	list, err := s.desk.Commitments(r.Context(), whoOf(r.Context()), q)
	if err != nil {
		return err
	}
	v := commitmentsView{view: newView(r, lang, "commitments", locale.For(lang).T("commitment.title")), commitmentFilter: filter, Total: commitment.Count(list)}
	v.Addressees = sumsOf(list, "commitment.addressee", func(c commitment.Commitment) commitmentSum {
		return commitmentSum{Code: c.Addressee, Name: addresseeName(c.Addressee, lang), Href: address(lang, "commitments", "to", c.Addressee) + filter.with()}
	})
	slices.SortStableFunc(v.Addressees.Rows, func(a, b commitmentSum) int {
		return cmp.Or(cmp.Compare(placeOfAddressee(a.Code), placeOfAddressee(b.Code)), cmp.Compare(a.Name, b.Name))
	})
	v.Texts = sumsOf(list, "commitment.text", func(c commitment.Commitment) commitmentSum {
		return commitmentSum{Code: c.Text, Name: s.textName(c.Demand, lang), Href: address(lang, "commitments", "text", c.Text) + filter.with()}
	})
	return s.render(w, http.StatusOK, lang, "commitments", v)
}

// sumsOf counts commitments by what of gives, in the order in which they come.
func sumsOf(list []commitment.Commitment, head string, of func(commitment.Commitment) commitmentSum) commitmentSums {
	var out []commitmentSum
	groups, at := [][]commitment.Commitment{}, map[string]int{}
	for _, c := range list {
		sum := of(c)
		i, seen := at[sum.Code]
		if !seen {
			i = len(out)
			at[sum.Code], out, groups = i, append(out, sum), append(groups, nil)
		}
		groups[i] = append(groups[i], c)
	}
	for i := range out {
		out[i].Tally = commitment.Count(groups[i])
	}
	return commitmentSums{head, out}
}

// addresseeOrder is the order of addressees on a page: our own association first, States last, whatever their grades.
var addresseeOrder = []string{"NMA", "physician", "health_personnel", "institution", "educator", "journal", "operator", "private_body", "WMA", "WHO", "all",
	"court", "custodial_authority", "armed_party", "State"}

// placeOfAddressee sorts a group's own code before those of its members, and what has no code before States.
func placeOfAddressee(code string) int {
	group, _, one := strings.Cut(code, ":")
	i := slices.Index(addresseeOrder, group)
	if i < 0 {
		i = slices.Index(addresseeOrder, "all")
	}
	if one {
		return 2*i + 1
	}
	return 2 * i
}

// addresseeName puts an addressee into words: a State by its name, a group without a code as its text names it.
func addresseeName(code string, lang locale.Lang) string {
	c := locale.For(lang)
	group, state, one := strings.Cut(code, ":")
	switch words, free := strings.CutPrefix(code, "x-"); {
	case one && group == "State":
		return vocab.CountryName(state, string(lang))
	case one:
		return c.T("commitment.association_of", vocab.CountryName(state, string(lang)))
	case free:
		return strings.ReplaceAll(words, "-", " ")
	}
	if c.Has("commitment.to." + code) {
		return c.T("commitment.to." + code)
	}
	return vocab.Label("addressee", code, string(lang))
}

// textName is the short name of the norm that asks, or the title of an imported text.
func (s *Site) textName(d commitment.Demand, lang locale.Lang) string {
	if n, ok := s.desk.Corpus().Norm(d.Text); ok {
		return n.Short
	}
	return cmp.Or(d.Title, locale.For(lang).T("commitment.untitled"))
}

// exportCommitments sends what the same query shows on a page.
func (s *Site) exportCommitments(w http.ResponseWriter, r *http.Request) error {
	format := r.PathValue("file")
	q, _, err := readCommitments(r)
	if err != nil {
		return err
	}
	kind := map[string]string{"csv": "text/csv; charset=utf-8", "json": "application/json"}[format]
	if kind == "" {
		return fault.New(fault.NotFound, "there is no format %.20q for commitments", format).Do("use csv or json")
	}
	return download(w, "ward-commitments."+format, kind, func(out io.Writer) error {
		return s.desk.ExportCommitments(r.Context(), whoOf(r.Context()), out, q, desk.CommitmentFile{Format: format})
	})
}

// commitmentListView is what is asked of one addressee, or by one text.
type commitmentListView struct {
	view
	commitmentFilter
	To      string // addressee; "" on the page of a text
	Text    string // id of the text; "" on the page of an addressee
	Norm    policy.Norm
	English bool // the title is English whatever the page's language
	Total   commitment.Tally
	Rows    []commitmentRow
	General []commitment.Demand // asked of all States or associations: to be opened for one
	CSV     string
	JSON    string
}

// commitmentRow is one commitment with the words around it.
type commitmentRow struct {
	commitment.Commitment
	Name  string // of the addressee
	Short string // of the text
	Form  commitmentForm
}

func (s *Site) rowOf(c commitment.Commitment, lang locale.Lang) commitmentRow {
	form := commitmentForm{Action: address(lang, "commitments", c.ID, c.Addressee), Standing: c.Standing()}
	return commitmentRow{c, addresseeName(c.Addressee, lang), s.textName(c.Demand, lang), form}
}

func (s *Site) commitmentsTo(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("addressee")
	return s.listCommitments(w, r, func(q *desk.CommitmentQuery, v *commitmentListView, lang locale.Lang) error {
		q.Addressee, v.To, v.view = code, code, newView(r, lang, "commitments", addresseeName(code, lang))
		if state, is := strings.CutPrefix(code, "State:"); is {
			v.Invented = vocab.Invented(state)
		}
		return nil
	})
}

func (s *Site) commitmentsOf(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("norm")
	return s.listCommitments(w, r, func(q *desk.CommitmentQuery, v *commitmentListView, lang locale.Lang) error {
		demands, err := s.desk.Demands(r.Context(), whoOf(r.Context()), q.On)
		if err != nil {
			return err
		}
		demands = slices.DeleteFunc(demands, func(d commitment.Demand) bool { return d.Text != id })
		norm, known := s.desk.Corpus().Norm(id)
		v.Norm, v.English = norm, true
		title := norm.Short
		if !known && len(demands) > 0 {
			title = s.textName(demands[0], lang)
			v.English = demands[0].Title != ""
		}
		for _, d := range demands {
			if d.Ended.IsZero() && (slices.Contains(d.Addressees, "State") || slices.Contains(d.Addressees, "NMA")) {
				v.General = append(v.General, d)
			}
		}
		q.Text, v.Text, v.view = id, id, newView(r, lang, "commitments", title)
		return nil
	})
}

// listCommitments draws a list that choose sets up.
func (s *Site) listCommitments(w http.ResponseWriter, r *http.Request, choose func(*desk.CommitmentQuery, *commitmentListView, locale.Lang) error) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	q, filter, err := readCommitments(r)
	if err != nil {
		return err
	}
	v := commitmentListView{commitmentFilter: filter}
	if err := choose(&q, &v, lang); err != nil {
		return err
	}
	list, err := s.desk.Commitments(r.Context(), whoOf(r.Context()), q)
	if err != nil {
		return err
	}
	v.Total = commitment.Count(list)
	for _, c := range list {
		v.Rows = append(v.Rows, s.rowOf(c, lang))
	}
	v.CSV = "/export/commitments/csv" + filter.with("to", v.To, "text", v.Text)
	v.JSON = "/export/commitments/json" + filter.with("to", v.To, "text", v.Text)
	return s.render(w, http.StatusOK, lang, "commitmentlist", v)
}

// findCommitment leads from a recommendation to all States or associations to the commitment of one.
func (s *Site) findCommitment(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	state, err := desk.StateCode(text.Fold(strings.TrimSpace(q.Get("state"))))
	if err != nil {
		return err
	}
	http.Redirect(w, r, address(lang, "commitments", q.Get("recommendation"), q.Get("of")+":"+state), http.StatusSeeOther)
	return nil
}
