package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/locale"
	"ward/store"
	"ward/store/storetest"
)

// flush closes the running hour of the log.
func flush(t testing.TB, d *desk.Desk) {
	t.Helper()
	if _, err := d.FlushLog(ctx, access.Local()); err != nil {
		t.Fatal(err)
	}
}

// work adds acts to the log that change nothing else: one witness, named again and again.
func work(t testing.TB, d *desk.Desk, acts int) {
	t.Helper()
	_, key, err := workspace(t).Witness(ctx, access.Local())
	if err != nil {
		t.Fatal(err)
	}
	for i := range acts {
		w := store.Witness{Verifier: key, URL: fmt.Sprintf("https://witness.example/%d", i)}
		if err := d.AddWitness(ctx, access.Local(), w); err != nil {
			t.Fatal(err)
		}
	}
}

// published is a workspace with two incidents whose hour is closed, and their public ids.
func published(t testing.TB) (*desk.Desk, []string) {
	t.Helper()
	d := workspace(t)
	publish(t, d, "sind", "sind-2016-2023", event("1", "2021-03-07"), event("2", "2022-04-09"))
	flush(t, d)
	page, err := d.Incidents(ctx, access.Local(), desk.IncidentQuery{Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	return d, []string{page.Incidents[0].PublicID, page.Incidents[1].PublicID}
}

func TestANewLogSaysThatItsFirstHourIsOpen(t *testing.T) {
	h := pagesOf(t, workspace(t))
	doc := shown(t, h, "/en/log")
	doc.says(t, "1 act waits for its hour to close", "The tree has no leaf yet", "Workspace founded", "nobody else has signed yet", "ward log witness add")
	shown(t, h, "/fa/log").says(t, "بنیان‌گذاری فضای کار", "در انتظار")
	for _, e := range doc.all("a") {
		if e.attr["href"] == "/log/checkpoint" {
			t.Error("a checkpoint is offered before there is one")
		}
	}
	shown(t, h, "/en/log/1").says(t, "It waits for its hour to close", "kept here, sealed")
	shown(t, h, "/en/ledger").says(t, "Nothing has left yet")
	if w := get(t, h, "/log/checkpoint"); w.Code != http.StatusNotFound {
		t.Errorf("the checkpoint that is not there: %d", w.Code)
	}
}

func TestTheLogTellsWhereItStands(t *testing.T) {
	d, _ := published(t)
	head, err := d.LogHead(ctx, access.Local())
	if err != nil {
		t.Fatal(err)
	}
	h := pagesOf(t, d)
	for _, lang := range []string{"en", "fa"} {
		doc := shown(t, h, "/"+lang+"/log")
		doc.says(t, "log "+head.Verifier, head.Root, head.Origin)
		if got := len(doc.rows("acts")); got != int(head.Last)+1 { // and the day
			t.Errorf("%s lists %d acts of %d", doc.path, got, head.Last)
		}
	}
	doc := shown(t, h, "/en/log")
	doc.says(t, "Nothing waits", "SiND", "Records imported, one batch", "sixteen leaves", "Random fillers", "closed an hour early")
	shown(t, h, doc.href(t, "How to check a bundle")).says(t, "log "+head.Verifier)
	if got := get(t, h, doc.href(t, "The signed checkpoint, as a file")).Body.String(); got != head.Checkpoint {
		t.Errorf("the checkpoint is %q", got)
	}
}

// Pages go by the acts' numbers: together they hold each act once, and beyond the end one is told so.
func TestTheLogTurnsItsPages(t *testing.T) {
	d := workspace(t)
	work(t, d, 2*pageSize+7)
	h := pagesOf(t, d)
	acts := func(doc *document) (out []string) {
		for _, row := range doc.rows("acts") {
			if len(row) > 1 {
				out = append(out, row[0])
			}
		}
		return out
	}
	seen := map[string]int{}
	doc := shown(t, h, "/en/log")
	for ; ; doc = shown(t, h, doc.href(t, "next")) {
		for _, n := range acts(doc) {
			seen[n]++
		}
		if slices.Contains(acts(doc), "1") {
			break
		}
	}
	for n := 1; n <= 2*pageSize+8; n++ {
		if seen[locale.For(locale.English).Num(int64(n))] != 1 {
			t.Errorf("act %d is listed %d times", n, seen[fmt.Sprint(n)])
		}
	}
	if got := acts(shown(t, h, doc.href(t, "prev"))); len(got) != pageSize || got[pageSize-1] != "9" {
		t.Errorf("before the last page come %d acts down to %s", len(got), got[len(got)-1])
	}
	beyond := shown(t, h, "/en/log?before=1")
	beyond.says(t, "There is no act before number 1: this is beyond the end of the list")
	if got := acts(shown(t, h, beyond.href(t, "prev"))); !slices.Contains(got, "1") {
		t.Errorf("back from beyond the end stands %v", got)
	}
	if got := acts(shown(t, h, "/fa/log?before=۱۰")); !slices.Equal(got, []string{"۹", "۸", "۷", "۶", "۵", "۴", "۳", "۲", "۱"}) {
		t.Errorf("in Persian digits: %q", got)
	}
	if got := acts(shown(t, h, "/en/log?before=1000000")); got[0] != "108" {
		t.Errorf("before a number to come stands %s", got[0])
	}
}

// An act's page leads to the file that holds its leaf, and the leaf is there.
func TestAnActLeadsToItsLeaf(t *testing.T) {
	d, ids := published(t)
	if _, err := d.Erase(ctx, access.Local(), ids[0], "court_order"); err != nil {
		t.Fatal(err)
	}
	flush(t, d)
	h := pagesOf(t, d)
	public := 0
	for n := 1; ; n++ {
		w := get(t, h, fmt.Sprintf("/en/log/%d", n))
		if w.Code == http.StatusNotFound {
			break
		}
		doc := parse(t, fmt.Sprint(n), w.Body.String())
		var leaf, file string
		for _, e := range doc.all("code.hash") {
			if len(e.text) == 2*36 {
				leaf = e.text
			}
		}
		for _, e := range doc.all("a") {
			if strings.HasPrefix(e.attr["href"], "/log/tile/entries/") {
				file = e.attr["href"]
			}
		}
		var place int
		at := strings.Index(doc.text(), "number ")
		if _, err := fmt.Sscanf(doc.text()[at:], "number %d, counted from 0", &place); err != nil {
			t.Fatalf("act %d: %v", n, err)
		}
		if got := hex.EncodeToString(leafOf(t, get(t, h, file).Body.Bytes(), place)); got != leaf {
			t.Errorf("act %d: the file has %s, the page %s", n, got, leaf)
		}
		if body := doc.all("pre"); len(body) > 0 {
			public++
			sum := sha256.Sum256([]byte(body[0].text))
			if !strings.HasSuffix(leaf, hex.EncodeToString(sum[:])) || !strings.Contains(body[0].text, "court_order") {
				t.Errorf("act %d: %s is not the leaf of %s", n, leaf, body[0].text)
			}
			doc.says(t, "The leaf is public")
		}
	}
	if public == 0 {
		t.Error("no public leaf was seen")
	}
}

// leafOf is one leaf of an entry bundle: leaves stand behind their length in two bytes.
func leafOf(t *testing.T, body []byte, n int) []byte {
	t.Helper()
	for ; n > 0 && len(body) > 2; n-- {
		body = body[2+binary.BigEndian.Uint16(body):]
	}
	if len(body) < 2 {
		t.Fatal("the file ends before the leaf")
	}
	return body[2 : 2+binary.BigEndian.Uint16(body)]
}

func TestAnActWhoseOpeningWasErasedSaysSo(t *testing.T) {
	d, _ := published(t)
	acts, err := d.Acts(ctx, access.Local(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(acts, func(e store.Entry) bool { return e.Act == "import.begin" })
	page := fmt.Sprintf("/en/log/%d", acts[at].Number)
	h := pagesOf(t, d)
	shown(t, h, page).says(t, "What opens the leaf is still here", "kept here, sealed")
	if _, err := d.Erase(ctx, access.Local(), acts[at].Subject, "error"); err != nil {
		t.Fatal(err)
	}
	shown(t, h, page).says(t, "What opens the leaf was erased", "erased, for good")
}

func TestTheLogsFilesAreServedAsAnyHostWouldServeThem(t *testing.T) {
	d := workspace(t)
	for range 16 { // hours of 16 leaves each
		work(t, d, 1)
		flush(t, d)
	}
	h := pagesOf(t, d)
	const forever, never = "max-age=31536000, immutable", "no-store"
	for path, want := range map[string][2]string{
		"/log/checkpoint":       {"text/plain; charset=utf-8", never},
		"/log/tile/0/000":       {"application/octet-stream", forever},
		"/log/tile/1/000.p/1":   {"application/octet-stream", never},
		"/log/tile/entries/000": {"application/octet-stream", forever},
	} {
		w := get(t, h, path)
		if got := [2]string{w.Header().Get("Content-Type"), w.Header().Get("Cache-Control")}; w.Code != http.StatusOK || got != want {
			t.Errorf("%s: %d %q", path, w.Code, got)
		}
	}
	for _, path := range []string{"/log/", "/log/tile/0/001", "/log/tile/0/000.p/16" /* a whole tile took its place */, "/log/tile/0/000.p/999", "/log/tile/64/000", "/log/ward.db", "/log/tile/entries/..%2f..%2f..%2fward.db", "/log/%2e%2e/ward.db", "/log/checkpoint.bak"} {
		if w := get(t, h, path); w.Code < 300 || w.Code >= 500 || w.Header().Get("Cache-Control") != never {
			t.Errorf("%s: %d, %q", path, w.Code, w.Header().Get("Cache-Control"))
		}
	}
}

// Every act that the program can journal has words in every language, and every way out too.
func TestEveryActHasWords(t *testing.T) {
	literal := regexp.MustCompile(`(?:Journal|JournalBatch|JournalPublic)\(\w+(?:\.ctx)?, "([a-z]+\.[a-z]+)"|putKeyring\(ctx, tx, "([a-z]+\.[a-z]+)"|actMove\s*= "([a-z]+\.[a-z]+)"`)
	register := regexp.MustCompile(`entry\.Add\(\w+(?:\.ctx)?, tx, "([a-z]+)"`)
	found := map[string]bool{}
	for _, file := range sources(t) {
		for _, m := range register.FindAllStringSubmatch(file, -1) {
			found["entry."+m[1]] = true
		}
		for _, m := range literal.FindAllStringSubmatch(file, -1) {
			found[m[1]+m[2]+m[3]] = true
		}
	}
	if !found["import.batch"] || !found["erase.tombstone"] || len(found) < 15 {
		t.Fatalf("the search finds only %v", found)
	}
	exits := regexp.MustCompile(`Exit\s*= "([a-z]+)"`)
	for _, lang := range locale.Langs() {
		c := locale.For(lang)
		for act := range found {
			if actWord(act, c) == act {
				t.Errorf("%s has no words for the act %s", lang, act)
			}
		}
		for _, file := range sources(t) {
			for _, m := range exits.FindAllStringSubmatch(file, -1) {
				if !c.Has("exit." + m[1]) {
					t.Errorf("%s has no words for the exit %s", lang, m[1])
				}
			}
		}
		for _, reason := range desk.EraseReasons() {
			if !c.Has("reason." + reason) {
				t.Errorf("%s has no words for the reason %s", lang, reason)
			}
		}
	}
}

// sources are the program's own files.
func sources(t *testing.T) (out []string) {
	t.Helper()
	paths, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(body))
	}
	return out
}

func TestHostileValuesOfTheLogStayText(t *testing.T) {
	d, ids := published(t)
	export := desk.ExportOptions{Format: "csv", To: attacks["markup"] + attacks["direction"], Why: attacks["attribute"] + attacks["controls"]}
	if _, err := d.Export(ctx, access.Local(), &strings.Builder{}, export); err != nil {
		t.Fatal(err)
	}
	h := pagesOf(t, d)
	for _, path := range []string{"/en/ledger", "/fa/ledger"} {
		contained(t, shown(t, h, path))
	}
	for name, payload := range attacks {
		q := url.QueryEscape(payload)
		for _, path := range []string{"/en/log?before=" + q, "/fa/log?before=" + q, "/en/log/" + url.PathEscape(payload), "/en/ledger?exit=" + q + "&who=" + q, "/en/ledger?act=" + q, "/en/ledger?page=" + q,
			"/en/ledger/readings?day=" + q, "/en/ledger/readings?after=" + q, "/en/ledger/readings?who=" + q, "/fa/ledger?who=" + q, "/en/verify?x=" + q, "/log/" + url.PathEscape(payload),
			"/log/tile/" + url.PathEscape(payload), "/export/ledger/csv?exit=" + q, "/export/bundle/" + url.PathEscape(payload), "/export/bundle/" + url.PathEscape(payload) + ".zip"} {
			w := get(t, h, path)
			if w.Code >= 500 {
				t.Errorf("%s: %.60s: %d", name, path, w.Code)
			}
			if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && w.Code != 301 && w.Code != 307 {
				parse(t, name+" "+path[:min(len(path), 40)], w.Body.String())
			}
		}
	}
	for _, path := range []string{"/en/log?before=0", "/en/log?before=-3", "/en/log?before=1e3", "/en/log?before=99999999999999999999", "/en/ledger?page=0", "/en/ledger?act=x", "/en/ledger/readings?day=2026-13-01"} {
		if w := get(t, h, path); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	for _, path := range []string{"/en/log/0", "/en/log/9999", "/en/log/" + ids[0], "/export/bundle/" + ids[0], "/export/bundle/WRD-XAA-2020-AAAAAAAA.zip"} {
		if w := get(t, h, path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// unlocked opens the workspace in a directory.
func unlocked(t testing.TB, dir string) *desk.Desk {
	t.Helper()
	d, err := desk.Open(ctx, desk.Workspace{Dir: dir, Cost: storetest.Cheap(), Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// tells checks that a page says in plain words that the workspace stopped: what happened, what was kept, what to do.
func tells(t *testing.T, h http.Handler, path string, want ...string) {
	t.Helper()
	w := get(t, h, path)
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("%s: %d", path, w.Code)
	}
	doc := parse(t, path, w.Body.String())
	doc.says(t, want...)
	if len(doc.all("input")) > 0 {
		t.Errorf("%s offers a search that cannot work", path)
	}
}

func TestALockedWorkspaceSaysSo(t *testing.T) {
	dir := t.TempDir()
	h := pagesOf(t, unlocked(t, dir))
	if _, err := unlocked(t, dir).Rotate(ctx, access.Local(), []byte(storetest.Passphrase)); err != nil {
		t.Fatal(err)
	}
	tells(t, h, "/en/ledger", "The workspace is locked", "changed by another program", "Everything is kept, sealed", "Stop Ward", "ward serve")
	tells(t, h, "/fa/log/1", "فضای کار قفل است", "چه نگه داشته شد", "چه باید کرد")
}

func TestAHaltedWorkspaceSaysSo(t *testing.T) {
	dir := t.TempDir()
	unlocked(t, dir).Close()
	h := pagesOf(t, unlocked(t, dir))
	file, err := os.OpenFile(filepath.Join(dir, "ward.db"), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096 // the first is left whole: it says that this is a database
	if _, err := file.WriteAt(bytes.Repeat([]byte("broken disk "), int(info.Size()-page)/12), page); err != nil {
		t.Fatal(err)
	}
	tells(t, h, "/en/log", "Ward has stopped writing", "the disk answered with an error", "Everything that was confirmed before is kept", "Check the disk", "ward doctor")
	tells(t, h, "/fa/incidents", "دیگر نمی‌نویسد", "ward doctor")
}

// A restored log that a witness knows better stands still until a person decides, and says so first of all.
func TestAReadOnlyLogSaysSo(t *testing.T) {
	p, err := parsePages()
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[locale.Lang]string{locale.English: "a witness has seen more of its log", locale.Persian: "گواهی بیش از آنچه اینجاست"} {
		var b strings.Builder
		v := logView{view: view{Lang: lang, Title: "x", Nav: "log"}, Frozen: "The log has 96 leaves."}
		v.Waiting = 1
		if err := p.execute(&b, lang, "log", "layout", v); err != nil {
			t.Fatal(err)
		}
		doc := parse(t, "read-only", b.String())
		doc.says(t, want, "ward log accept-rollback", "The log has 96 leaves.")
		if strings.Contains(doc.text(), "waits for its hour") {
			t.Error("a log that stands still promises when its hour is over")
		}
		b.Reset()
		if err := p.execute(&b, lang, "error", "layout", errorView{view: view{Lang: lang}, Kind: "refused", Standing: string(desk.Frozen), Code: 503}); err != nil {
			t.Fatal(err)
		}
		parse(t, "read-only error", b.String()).says(t, want, "ward log accept-rollback")
	}
}
