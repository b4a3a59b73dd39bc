package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"ward/desk"
	"ward/fault"
	"ward/locale"
	"ward/text"
	"ward/when"
)

// logView is where the log stands and some of the acts in it.
type logView struct {
	view
	desk.LogPage
	Days     []actDay
	Before   int64 // the acts listed come before this number; 0 for the newest
	Cosigned int   // witnesses that have cosigned the newest checkpoint
	Newer    string
	Older    string
	Frozen   string // why the log stands still, in English; "" while it grows
}

// actDay are the acts of one day.
type actDay struct {
	Day  when.Day
	Acts []desk.Act
}

// byDay gathers acts, which come the newest first, by their days.
func byDay(acts []desk.Act) (days []actDay) {
	for _, a := range acts {
		day := when.DayOf(a.At)
		if n := len(days); n == 0 || days[n-1].Day != day {
			days = append(days, actDay{Day: day})
		}
		days[len(days)-1].Acts = append(days[len(days)-1].Acts, a)
	}
	return days
}

func (s *Site) log(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	before, err := numberAsked(r.URL.Query(), "before")
	if err != nil {
		return err
	}
	page, err := s.desk.LogPage(r.Context(), whoOf(r.Context()), before, pageSize)
	if err != nil {
		return err
	}
	v := logView{view: newView(r, lang, "log", locale.For(lang).T("log.title")), LogPage: page, Before: before, Days: byDay(page.Acts)}
	for _, witness := range page.Witnesses {
		if witness.Size > 0 && witness.Size == page.Size {
			v.Cosigned++
		}
	}
	v.turnPages(lang)
	why, err := s.desk.ReadOnly(r.Context())
	if err != nil {
		return err
	}
	if why != "" {
		v.Frozen = sentence(why)
	}
	return s.render(w, http.StatusOK, lang, "log", v)
}

// turnPages goes by the numbers of the acts and not by pages: the log grows, and a link must keep what it showed.
func (v *logView) turnPages(lang locale.Lang) {
	at := func(before int64) string {
		if before > v.Last {
			return address(lang, "log")
		}
		return address(lang, "log") + "?before=" + strconv.FormatInt(before, 10)
	}
	first, last := int64(0), int64(0) // of the page, the newest first; none beyond the end
	if len(v.Acts) > 0 {
		first, last = v.Acts[0].Number, v.Acts[len(v.Acts)-1].Number
	}
	if first < v.Last {
		v.Newer = at(first + pageSize + 1)
	}
	if last > 1 {
		v.Older = at(last)
	}
}

// numberAsked reads a whole number above 0 from the query, in digits of any script; blank is 0.
func numberAsked(values url.Values, name string) (int64, error) {
	asked := strings.TrimSpace(values.Get(name))
	if asked == "" {
		return 0, nil
	}
	return wholeNumber(asked)
}

func wholeNumber(asked string) (int64, error) {
	const most = 1_000_000_000_000
	n, err := strconv.ParseInt(text.Fold(asked), 10, 64)
	if err != nil || n < 1 || n > most {
		return 0, fault.New(fault.Invalid, "%.40q is not a number from 1 on", asked).Keeping("nothing was changed").Do("go back to the list and follow its links")
	}
	return n, nil
}

// actView is one act with its neighbours.
type actView struct {
	view
	desk.ActFile
}

func (s *Site) act(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	number, err := wholeNumber(r.PathValue("number"))
	if err != nil {
		return fault.New(fault.NotFound, "there is no act %.40q in the log", r.PathValue("number"))
	}
	file, err := s.desk.Act(r.Context(), whoOf(r.Context()), number)
	if err != nil {
		return err
	}
	v := actView{view: newView(r, lang, "log", locale.For(lang).T("act.title", number)), ActFile: file}
	return s.render(w, http.StatusOK, lang, "act", v)
}

// logFile sends the log's static files as any host of them would: the checkpoint changes, a full tile never does.
func (s *Site) logFile(w http.ResponseWriter, r *http.Request) error {
	path := r.PathValue("path")
	body, err := s.desk.LogFile(path)
	if err != nil {
		return err
	}
	kind := "text/plain; charset=utf-8"
	if strings.HasPrefix(path, "tile/") {
		kind = "application/octet-stream"
		if !strings.Contains(path, ".p/") {
			w.Header().Set("Cache-Control", "max-age=31536000, immutable")
		}
	}
	w.Header().Set("Content-Type", kind)
	_, err = w.Write(body)
	return err
}

// verifyView is how anybody checks a bundle.
type verifyView struct {
	view
	Verifier string
	Codes    []int
}

// bundleCodes are the answers of ward verify, in the order of its judgement.
func bundleCodes() []int { return []int{0, 20, 16, 10, 11, 13, 15, 12, 14, 1} }

func (s *Site) verify(w http.ResponseWriter, r *http.Request) error {
	lang, err := langOf(r)
	if err != nil {
		return err
	}
	head, err := s.desk.LogHead(r.Context(), whoOf(r.Context()))
	if err != nil {
		return err
	}
	v := verifyView{newView(r, lang, "log", locale.For(lang).T("verify.title")), head.Verifier, bundleCodes()}
	return s.render(w, http.StatusOK, lang, "verify", v)
}
