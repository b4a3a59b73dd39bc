package web

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"ward/desk"
	"ward/fault"
	"ward/locale"
)

// ledgerView is what left the workspace.
type ledgerView struct {
	view
	desk.LedgerPage
	Asked    desk.LedgerQuery
	First    int
	Last     int
	Page     int
	Pages    int
	Previous string
	Next     string
	CSV      string
}

// Beyond reports a page after the last.
func (v ledgerView) Beyond() bool { return v.Total > 0 && len(v.Lines) == 0 }

func (s *Site) ledger(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	q, err := readLedgerQuery(r.URL.Query())
	if err != nil {
		return err
	}
	page, err := s.desk.LedgerPage(r.Context(), whoOf(r.Context()), q)
	if err != nil {
		return err
	}
	v := ledgerView{view: newView(r, lang, "ledger", locale.For(lang).T("ledger.title")), LedgerPage: page, Asked: q}
	v.First, v.Last = q.Offset+1, q.Offset+len(page.Lines)
	v.Page, v.Pages = q.Offset/pageSize+1, (page.Total+pageSize-1)/pageSize
	v.CSV = ledgerAddress("/export/ledger/csv", q)
	if v.Page > 1 {
		v.Previous = ledgerAddress(address(lang, "ledger"), q, "page", strconv.Itoa(min(v.Page-1, max(v.Pages, 1))))
	}
	if v.Page < v.Pages {
		v.Next = ledgerAddress(address(lang, "ledger"), q, "page", strconv.Itoa(v.Page+1))
	}
	return s.render(w, http.StatusOK, lang, "ledger", v)
}

// readLedgerQuery reads the address's query; it is the same for the page, the readings and the file.
func readLedgerQuery(values url.Values) (q desk.LedgerQuery, err error) {
	q = desk.LedgerQuery{Exit: values.Get("exit"), Who: values.Get("who"), Day: values.Get("day"), Limit: pageSize}
	if q.Act, err = numberAsked(values, "act"); err != nil {
		return q, err
	}
	page, err := numberAsked(values, "page")
	if err != nil || page > 1_000_000 {
		return q, fault.New(fault.Invalid, "there is no page %.40q", values.Get("page"))
	}
	q.Offset = int(max(page, 1)-1) * pageSize
	if q.Day != "" {
		if _, err := time.Parse(time.DateOnly, q.Day); err != nil {
			return q, fault.New(fault.Invalid, "%.40q is not a day", q.Day).Do("write it as 2026-05-07")
		}
	}
	return q, nil
}

// ledgerAddress asks the same of a path, with more pairs of name and value.
func ledgerAddress(path string, q desk.LedgerQuery, more ...string) string {
	values := url.Values{}
	more = append([]string{"exit", q.Exit, "who", q.Who, "day", q.Day}, more...)
	if q.Act > 0 {
		more = append(more, "act", strconv.FormatInt(q.Act, 10))
	}
	for pair := range slices.Chunk(more, 2) {
		if pair[1] != "" {
			values.Set(pair[0], pair[1])
		}
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// exportLedger sends the ledger as the same query shows it, all of it.
func (s *Site) exportLedger(w http.ResponseWriter, r *http.Request) error {
	q, err := readLedgerQuery(r.URL.Query())
	if err != nil {
		return err
	}
	return download(w, "ward-ledger.csv", "text/csv; charset=utf-8", func(out io.Writer) error {
		return s.desk.WriteLedger(r.Context(), whoOf(r.Context()), out, q)
	})
}

// readingsView is who read what.
type readingsView struct {
	view
	Asked  desk.LedgerQuery
	Exits  []string
	Names  []string
	Days   []readingDay
	Older  string
	Newest string
}

// readingDay are the readings of one day.
type readingDay struct {
	Day   string
	Lines []reading
}

type reading struct {
	Day                      string
	At                       time.Time
	Who, Exit, Subject, Tier string
}

// note adds a line to its day and its reader to the names.
func (v *readingsView) note(r reading) {
	if n := len(v.Days); n == 0 || v.Days[n-1].Day != r.Day {
		v.Days = append(v.Days, readingDay{Day: r.Day})
	}
	last := &v.Days[len(v.Days)-1]
	last.Lines = append(last.Lines, r)
	if !slices.Contains(v.Names, r.Who) {
		v.Names = append(v.Names, r.Who)
	}
}

// readingExits are the ways by which somebody reads.
func readingExits() []string { return []string{"page", "audit", "log", "rejects", "changes"} }

func (s *Site) readings(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	q, err := readLedgerQuery(r.URL.Query())
	if err != nil {
		return err
	}
	after, err := numberAsked(r.URL.Query(), "after")
	if err != nil {
		return err
	}
	q.Offset, q.Limit = int(after), 2*pageSize
	page, err := s.desk.ReadingPage(r.Context(), whoOf(r.Context()), q)
	if err != nil {
		return err
	}
	v := readingsView{view: newView(r, lang, "ledger", locale.For(lang).T("readings.title")), Asked: q, Exits: readingExits()}
	for _, l := range page.Lines {
		v.note(reading{l.Day, l.At, l.Who, l.Place, l.Subject, l.Tier})
	}
	if after > 0 {
		v.Newest = ledgerAddress(address(lang, "ledger", "readings"), q)
	}
	if page.Next >= 0 {
		v.Older = ledgerAddress(address(lang, "ledger", "readings"), q, "after", strconv.Itoa(page.Next))
	}
	return s.render(w, http.StatusOK, lang, "readings", v)
}
