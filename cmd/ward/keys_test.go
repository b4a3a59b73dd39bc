package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"ward/access"
	"ward/desk"
	"ward/incident"
	"ward/store"
	"ward/store/storetest"
	"ward/web"
)

// shares talks with a command that prints key shares and then asks for two of them.
func shares(ts *testscript.TestScript, _ bool, args []string) {
	command := exec.Command(executable(ts, args[3]), args[4:]...)
	command.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "WARD_PASSPHRASE_FILE", "WARD_OFFICER_PASSPHRASE_FILE"} {
		command.Env = append(command.Env, name+"="+ts.Getenv(name))
	}
	in, err := command.StdinPipe()
	ts.Check(err)
	out, err := command.StdoutPipe()
	ts.Check(err)
	var told bytes.Buffer
	command.Stderr = &told
	ts.Check(command.Start())
	printed := bufio.NewReader(out)
	var list []string
	for n := shareCount(ts, args); len(list) < n; {
		line, err := printed.ReadString('\n')
		if err != nil {
			ts.Fatalf("%d shares were printed: %v\n%s", len(list), err, &told)
		}
		if number, words, ok := strings.Cut(strings.TrimSpace(line), ". "); ok && number == strconv.Itoa(len(list)+1) {
			list = append(list, words)
		}
	}
	for _, which := range args[1:3] {
		place, err := strconv.Atoi(which)
		ts.Check(err)
		fmt.Fprintln(in, list[place-1])
	}
	in.Close()
	rest, err := io.ReadAll(printed)
	ts.Check(err)
	if err := command.Wait(); err != nil {
		ts.Fatalf("%v: %s%s", err, rest, &told)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Join(list, "\n")+"\n"), 0o600))
}

// shareCount is the value of the flag --shares.
func shareCount(ts *testscript.TestScript, args []string) int {
	at := slices.Index(args, "--shares")
	n, err := strconv.Atoi(args[at+1])
	ts.Check(err)
	return n
}

// executable finds a program as a script's own exec does.
func executable(ts *testscript.TestScript, name string) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if found, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return found
		}
	}
	ts.Fatalf("%s is not found", name)
	return ""
}

func lists(ts *testscript.TestScript, _ bool, args []string) {
	inside(ts, args[1], func(tx *store.Tx) error {
		list, err := incident.List(context.Background(), tx, incident.Where{})
		slices.SortFunc(list, func(a, b incident.Incident) int { return strings.Compare(a.ExternalID, b.ExternalID) })
		var text string
		for _, inc := range list {
			text += inc.PublicID + "\n"
		}
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
		return err
	})
}

func capture(ts *testscript.TestScript, _ bool, args []string) {
	found := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if found == nil {
		ts.Fatalf("%s is not in the output", args[1])
	}
	ts.Setenv(args[0], found[1])
}

// nowhere looks through all files of a directory.
func nowhere(ts *testscript.TestScript, _ bool, args []string) {
	files := 0
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		body, err := os.ReadFile(path)
		for _, word := range args[1:] {
			if spelling := foundIn(body, word); spelling != "" {
				ts.Fatalf("%q stands in %s, %s", word, filepath.Base(path), spelling)
			}
		}
		return err
	}))
	if files == 0 {
		ts.Fatalf("there are no files in %s", args[0])
	}
}

// foundIn names the spelling in which bytes hold a word, "" where they do not.
func foundIn(body []byte, word string) string {
	if bytes.Contains(body, []byte(word)) {
		return "as it is"
	}
	if bytes.Contains(bytes.ToLower(body), []byte(hex.EncodeToString([]byte(word)))) {
		return "in hexadecimal"
	}
	for shift := range 3 {
		text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("-", shift) + word))
		if bytes.Contains(body, []byte(text[(shift*8+5)/6:(shift+len(word))*8/6])) {
			return "in base64"
		}
	}
	wide := make([]byte, 0, 2*len(word))
	for _, c := range []byte(word) {
		wide = append(wide, c, 0)
	}
	if bytes.Contains(body, wide) {
		return "in UTF-16"
	}
	return ""
}

func TestWordsAreFoundInEachSpelling(t *testing.T) {
	const word = "qwandel"
	for shift := range 4 {
		around := strings.Repeat("a", shift) + word + "zz"
		for want, body := range map[string]string{"as it is": around, "in hexadecimal": hex.EncodeToString([]byte(around)),
			"in base64": base64.StdEncoding.EncodeToString([]byte(around)), "in UTF-16": strings.Join(strings.Split(around, ""), "\x00"), "": "zorbette"} {
			if got := foundIn([]byte(body), word); got != want {
				t.Errorf("%d places on: found %q, want %q", shift, got, want)
			}
		}
	}
}

// The page of an erased incident says so, in place of what it said.
func TestPageOfAnErasedIncidentSaysThatItWasErased(t *testing.T) {
	place := desk.Workspace{Dir: t.TempDir(), Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }, Cost: storetest.Cheap()}
	d, err := desk.Open(context.Background(), place)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	file := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(file, []byte(head+"1,2023-01-01,XAA,1,Qwandel was taken.,Arcadia,Police\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Import(context.Background(), access.Local(), file, desk.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	found, err := d.Incidents(context.Background(), access.Local(), desk.IncidentQuery{Words: "qwandel", Limit: 2})
	if err != nil || len(found.Incidents) != 1 {
		t.Fatalf("%d found, %v", len(found.Incidents), err)
	}
	site, err := web.New(d)
	if err != nil {
		t.Fatal(err)
	}
	id := found.Incidents[0].PublicID
	get := func() (int, string) {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/en/incidents/"+id, nil)
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	if status, body := get(); status != http.StatusOK || !strings.Contains(body, "Qwandel") {
		t.Fatalf("the page before: %d", status)
	}
	if _, err := d.Erase(context.Background(), access.Local(), id, "court_order"); err != nil {
		t.Fatal(err)
	}
	if status, body := get(); status != http.StatusNotFound || !strings.Contains(body, "erased on request") || strings.Contains(body, "Qwandel") {
		t.Errorf("the page after: %d\n%s", status, body)
	}
}
