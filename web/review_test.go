package web

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"ward/access"
	"ward/desk"
	"ward/facility"
	"ward/incident"
	"ward/intake"
	"ward/staff"
)

// formulas are texts that a spreadsheet would run.
var formulas = map[string]string{"equals": "=cmd|' /C calc'!A0", "plus": "+1+cmd|' /C calc'!A0", "minus": "-2+3+cmd|' /C calc'!A0", "at": "@SUM(1+1)*cmd",
	"hidden": "\u200b=1+cmd", "wide": "＝1+cmd", "isolated": "\u2066=1+cmd"}

// sown is what a payload was planted in.
type sown struct {
	d              *desk.Desk
	people         []access.Actor
	report, search string // ids
	incident       string // public id
}

// sow plants a payload in every field of words that the desk takes; the second of two people has a name that is given, for names stand
// openly in the journal.
func sow(t *testing.T, payload, name string) (s sown) {
	t.Helper()
	line := strings.Join(strings.FieldsFunc(payload, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
	line = strings.ToValidUTF8(line[:min(len(line), 180)], "")
	names := []string{"Ana", name}
	s.d, s.people = staffed(t, names...)
	ana, local := s.people[0], access.Local()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	h := siteAs(t, s.d, ana)
	form := arrestCall()
	for _, field := range []string{"narrative", "place", "actor_words", "origin", "elsewhere", "note"} {
		form.Set(field, line)
	}
	form.Set("danger", "no")
	page := taken(t, h, form, [2]string{"a.txt", line})
	s.report = page[strings.LastIndex(page, "/")+1:]
	must(s.d.Handle(ctx, local, []string{s.report}, intake.Handling{Move: intake.Escalate, Why: line}))
	tag := strings.Map(func(r rune) rune {
		if strings.ContainsRune(",\n\t", r) {
			return '.'
		}
		return r
	}, string([]rune(line)[:min(len([]rune(line)), 40)]))
	s.d.Handle(ctx, local, []string{s.report}, intake.Handling{Move: intake.Tag, Tag: tag})
	w := send(h, page+"/incident", url.Values{"take": {"date", "country", "place", "actor.kind", "actor.state", "actor.note", "codes:PER.ARR", "description"}, "reliability": {"C"}, "credibility": {"3"}, "to": {"new"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	s.incident = strings.TrimPrefix(w.Header().Get("Location"), "/en/incidents/")
	for _, field := range []string{"place", "adm1", "description", "actor.note", "actor.name"} {
		m := incident.Stated{Move: incident.Assert, Field: field, Value: line, Raw: line, Source: line, Reliability: "C", Credibility: "3", Root: line, Why: line}
		s.d.StateIncident(ctx, ana, s.incident, m)
		m.Raw, m.Source, m.Root = "", "a nurse", "" // where the field, or the source, takes no such text
		s.d.StateIncident(ctx, ana, s.incident, m)
	}
	file := fileOf(t, s.d, s.incident)
	over := standing(t, file, "place")
	must(s.d.StateIncident(ctx, ana, s.incident, incident.Stated{Move: incident.Contest, Field: "place", Over: over.ID, Why: line}))
	cited := slices.IndexFunc(file.Citations, func(c desk.CitedClause) bool { return c.Mode == "propose" })
	if cited < 0 {
		t.Fatal("no clause is proposed")
	}
	must(s.d.DecideCitation(ctx, ana, s.incident, file.Citations[cited].Clause.ID, file.Citations[cited].Bearing, true, line))
	must(s.d.AskOpinion(ctx, ana, s.incident, incident.Asked{Whom: names[1], Note: line}))
	for _, who := range s.people {
		send(siteAs(t, s.d, who), "/en/incidents/"+s.incident+"/verify", url.Values{"do": {"opinion"}, "certainty": {"rumour"}, "why": {line}, "contradictions": {line}, "root": {line, "a nurse"}})
	}
	s.search, _ = s.d.SaveSearch(ctx, ana, string([]rune(line)[:min(len([]rune(line)), 100)]), true, desk.Search{Words: line})
	must(s.d.KeepDraft(ctx, ana, s.incident, url.Values{"field": {"place"}, "place": {line}, "why": {line}, "source": {line}}.Encode()))
	send(h, "/en/incidents/"+s.incident+"/draft", url.Values{"do": {"at"}, "at": {string([]rune(line)[:min(len([]rune(line)), 20)])}})
	must(s.d.DeclareConflict(ctx, local, s.people[1].Account, staff.Conflict{About: "XAJ", Why: line}))
	_, err := s.d.Invite(ctx, local, desk.Invite{Grant: staff.Grant{Roles: []access.Role{access.Triage}}, Note: line})
	must(err)
	s.d.PutFacility(ctx, local, "", facility.Facility{Type: "hospital.general", Name: line, State: "XAA"})
	return s
}

// pages are the addresses of all that shows or hands out what was sown.
func (s sown) pages(t *testing.T) (out []string) {
	t.Helper()
	for _, a := range addresses(t, siteOf(t, s.d), s.incident) {
		out = append(out, a.address)
	}
	out = append(out, "/en/reports/"+s.report, "/en/incidents/"+s.incident+"/edit?draft=1", "/en/incidents/"+s.incident+"/edit?all=1", "/en/inbox?view=all", "/en/search?view=table&col=place&col=actor_name&col=summary&col=adm1",
		"/en/search?view=map", "/en/search?view=timeline", "/en/incidents/new?report="+s.report, "/en/people/"+url.PathEscape(s.people[1].Account), "/en/people/"+url.PathEscape(s.people[1].Account)+"/handover", "/export/ledger/csv", "/export/reports/"+s.report+"/1")
	if s.search != "" {
		out = append(out, "/en/search/"+s.search)
	}
	for _, path := range slices.Clone(out) {
		if rest, is := strings.CutPrefix(path, "/en/"); is {
			out = append(out, "/fa/"+rest)
		}
	}
	return out
}

// Whatever somebody types at the desk stays words: no markup, no formula, no direction that turns what stands beside it, in no file's name.
func TestHostileWordsOfTheDeskStayWords(t *testing.T) {
	all := map[string]string{}
	for _, kind := range []map[string]string{attacks, formulas} {
		for name, payload := range kind {
			all[name] = payload
		}
	}
	for name, payload := range all {
		t.Run(name, func(t *testing.T) {
			person := "Ben"
			if staff.NameProblem(payload, nil) == "" {
				person = payload
			}
			s := sow(t, payload, person)
			everything := access.Actor{Name: "Ana", Account: s.people[0].Account, Roles: append(slices.Clone(s.people[0].Roles), access.Administrator)}
			h := siteAs(t, s.d, everything)
			_, calculated := formulas[name]
			for _, path := range s.pages(t) {
				if calculated && !strings.HasPrefix(path, "/export/") || strings.HasPrefix(path, "/fa/") && name != "direction" {
					continue // a formula is one in a file, and only directions differ by the page's language
				}
				w := get(t, h, path)
				kind := w.Header().Get("Content-Type")
				if w.Code >= 500 || strings.ContainsAny(w.Header().Get("Content-Disposition"), "<>\r\n") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
					t.Errorf("%s: %d %v", path, w.Code, w.Header())
				}
				switch {
				case w.Code != http.StatusOK:
				case strings.HasPrefix(kind, "text/html") && !strings.HasPrefix(path, "/export/"):
					contained(t, parse(t, path, w.Body.String()))
				case strings.HasPrefix(kind, "text/csv"):
					inertCells(t, path, w.Body.Bytes())
				case strings.HasPrefix(kind, "application/json"), strings.HasPrefix(kind, "application/geo+json"):
					if !json.Valid(w.Body.Bytes()) {
						t.Errorf("%s is no JSON", path)
					}
				}
			}
		})
	}
}

// inertCells checks that a spreadsheet would run no cell, not even one that hides behind what cannot be seen.
func inertCells(t *testing.T, path string, body []byte) {
	t.Helper()
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil {
		t.Errorf("%s: %v", path, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			bare := strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
			if _, err := strconv.ParseFloat(bare, 64); err != nil && strings.IndexAny(bare, "=+-@＝＋－＠") == 0 {
				t.Errorf("%s: the cell %.60q runs", path, cell)
			}
		}
	}
}

// Words that people type lie nowhere in clear: in no file of the workspace, no temporary one, no log, and no address.
func TestNoWordsOfTheDeskLieInClear(t *testing.T) {
	const canary = "Qanarydeskwordzz"
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp) // the workspace lies below it as well
	var logged bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(before) })
	s := sow(t, canary, "Ben")
	h := siteAs(t, s.d, access.Actor{Name: "Ana", Account: s.people[0].Account, Roles: append(slices.Clone(s.people[0].Roles), access.Administrator)})
	shownIn := 0
	for _, path := range s.pages(t) {
		w := get(t, h, path)
		if strings.Contains(path, canary) || holds([]byte(w.Header().Get("Location")+w.Header().Get("Content-Disposition")), canary) {
			t.Errorf("%s: an address or a name has it", path)
		}
		if bytes.Contains(w.Body.Bytes(), []byte(canary)) {
			shownIn++
		}
		for _, link := range hrefs(w.Body.String()) {
			if strings.Contains(link, canary) {
				t.Errorf("%s leads to %s", path, link)
			}
		}
	}
	if shownIn < 12 {
		t.Errorf("only %d pages show it", shownIn)
	}
	if holds(logged.Bytes(), canary) {
		t.Errorf("the log says %s", &logged)
	}
	files := 0
	for _, place := range []string{tmp, filepath.Dir(tmp)} {
		err := filepath.WalkDir(place, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			files++
			body, err := os.ReadFile(path)
			if holds(body, canary) || strings.Contains(path, canary) {
				t.Errorf("it lies in %s", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 3 {
		t.Errorf("only %d files were looked at", files)
	}
}

// hrefs are the addresses to which a page leads.
func hrefs(body string) (out []string) {
	for _, part := range strings.Split(body, `href="`)[1:] {
		link, _, _ := strings.Cut(part, `"`)
		out = append(out, link)
	}
	return out
}

// A form of a report carries a mark by which a second press makes no second report.
func TestASecondPressMakesNoSecondReport(t *testing.T) {
	h := pagesOf(t, workspace(t))
	form := arrestCall()
	for _, e := range shown(t, h, "/en/reports/new").all("input") {
		if e.attr["name"] == "once" {
			form.Set("once", e.attr["value"])
		}
	}
	if form.Get("once") == "" {
		t.Fatal("the form has no mark")
	}
	file := [2]string{"letter.txt", "words"}
	first := taken(t, h, form, file)
	if again := taken(t, h, form, file); again != first {
		t.Errorf("%s after %s", again, first)
	}
	form.Set("narrative", "Another call.")
	if taken(t, h, form, file) == first {
		t.Error("another call is lost")
	}
}

// What failed is logged by its route: an address can hold the token of a link or an invitation.
func TestALogOfAFailureHoldsNoToken(t *testing.T) {
	var logged bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&logged, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	d := workspace(t)
	site := siteOf(t, d)
	site.who = func(*http.Request) (access.Actor, error) { return access.Nobody(), errors.New("no answer") }
	get(t, site.handler(), "/en/sign-in/link/Qanarytokenzz")
	if !strings.Contains(logged.String(), "failed") || strings.Contains(logged.String(), "Qanary") {
		t.Errorf("%s", &logged)
	}
}
