package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"

	"ward/incident"
	"ward/intake"
	"ward/store"
	"ward/store/storetest"
)

// TestMain lets the test binary be the program: called by the name ward, it is ward.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ward": main})
}

// TestScripts runs testdata/*.txtar: each tells, as on a terminal, what a person types and what must appear. Besides testscript's own words
// they know:
//
//	code N ward ...        run ward; it must end with exit code N
//	holds DIR N            the workspace holds N incidents, and no import is left open
//	untouched DIR          the workspace holds no record and no file, and nothing in its journal but its founding
//	tidy DIR               no temporary file is left in the directory
//	hostile KIND FILE      make a hostile file
//	alter FILE REGEXP      raise by one the digit in the expression's brackets
//	later-schema DIR       pretend that a later Ward wrote the workspace
//	shares FILE A B ward   run ward, which prints key shares; type the A-th and B-th back and keep all of them in the file
//	lists FILE DIR         write the public ids of the workspace's incidents to a file, a line each in the order of their publishers' ids
//	capture NAME REGEXP    set a variable to what the expression's brackets hold in the standard output
//	nowhere DIR WORD ...   no file in the directory holds any of the words, in any usual spelling
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			tmp := filepath.Join(env.WorkDir, ".tmp")
			env.Setenv("TMPDIR", tmp)
			pass := filepath.Join(env.WorkDir, ".passphrase")
			env.Setenv("WARD_PASSPHRASE_FILE", pass)
			return errors.Join(os.MkdirAll(tmp, 0o700), os.WriteFile(pass, []byte(storetest.Passphrase+"\n"), 0o600))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": exitsWith, "holds": holds, "untouched": untouched, "tidy": tidy, "hostile": hostile, "alter": alter,
			"later-schema": laterSchema, "shares": shares, "lists": lists, "nowhere": nowhere, "capture": capture,
		},
	})
}

func exitsWith(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// inside runs fn over a script's workspace.
func inside(ts *testscript.TestScript, dir string, fn func(tx *store.Tx) error) {
	ctx := context.Background()
	db, err := store.Open(ctx, ts.MkAbs(dir))
	ts.Check(err)
	defer db.Close()
	ts.Check(storetest.Unlock(ctx, db))
	ts.Check(db.Read(ctx, fn))
}

func holds(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	inside(ts, args[0], func(tx *store.Tx) error {
		list, err := incident.List(context.Background(), tx, incident.Where{})
		if len(list) != want {
			ts.Fatalf("%d incidents, want %d", len(list), want)
		}
		if err != nil {
			return err
		}
		runs, err := intake.Runs(context.Background(), tx)
		for _, r := range runs {
			if r.Finished.IsZero() {
				ts.Fatalf("the import of %s is left open", r.File)
			}
		}
		return err
	})
}

func untouched(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	inside(ts, args[0], func(tx *store.Tx) error {
		for _, table := range []string{"source", "import_run", "report", "report_rejected", "incident", "audit_value", "norm_text"} {
			var n int
			if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
				return err
			}
			if n != 0 {
				ts.Fatalf("%s has %d rows", table, n)
			}
		}
		var keys int
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM subject_key WHERE subject<>$1", store.Workspace).Scan(&keys); err != nil || keys != 0 {
			ts.Fatalf("%d subjects have keys (%v)", keys, err)
		}
		journal, err := tx.Since(ctx, 0, 100)
		if len(journal) != 1 || journal[0].Act != "workspace.found" {
			ts.Fatalf("the journal has %+v", journal)
		}
		return err
	})
	originals, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "files", "*", "*"))
	if err != nil || len(originals) > 0 {
		ts.Fatalf("sealed files were left: %v (%v)", originals, err)
	}
}

// tidy looks for what writeFile and the readers of workbooks would leave, in the directory and in the script's own TMPDIR.
func tidy(ts *testscript.TestScript, _ bool, args []string) {
	for _, dir := range []string{args[0], ts.Getenv("TMPDIR")} {
		entries, err := os.ReadDir(ts.MkAbs(dir))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		ts.Check(err)
		for _, e := range entries {
			if e.Name() != ".tmp" && e.Name() != ".passphrase" && (strings.HasPrefix(e.Name(), ".") || dir != args[0]) {
				ts.Fatalf("%s was left in %s", e.Name(), dir)
			}
		}
	}
}

func alter(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	b, err := os.ReadFile(path)
	ts.Check(err)
	at := regexp.MustCompile(args[1]).FindSubmatchIndex(b)
	if at == nil {
		ts.Fatalf("%q is not in the file", args[1])
	}
	b[at[2]]++
	ts.Check(os.WriteFile(path, b, 0o600))
}

func laterSchema(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	db, err := store.Open(ctx, ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	ts.Check(storetest.Unlock(ctx, db))
	ts.Check(db.Write(ctx, "a later Ward", func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, "INSERT INTO schema_version (version, file) VALUES (9999, 'later.sql')"); err != nil {
			return err
		}
		_, err := tx.Journal(ctx, "schema", "", "")
		return err
	}))
}

func hostile(ts *testscript.TestScript, _ bool, args []string) {
	make, ok := map[string]func() ([]byte, error){
		"zip-bomb":       func() ([]byte, error) { return workbook("xl/worksheets/sheet1.xml", strings.Repeat(" ", 300<<20)) },
		"macro-workbook": func() ([]byte, error) { return workbook("xl/vbaProject.bin", "x") },
		"empty-workbook": func() ([]byte, error) { return workbook("", "") },
		"endless-line":   func() ([]byte, error) { return bytes.Repeat([]byte("x"), 50<<20), nil },
		"endless-row":    func() ([]byte, error) { return []byte(head + "1,2023-01-01,XAA,1," + strings.Repeat("x", 50<<20)), nil },
		"wide-table":     func() ([]byte, error) { return []byte(strings.Repeat("column,", 10000) + "\n"), nil },
		"broken-early":   func() ([]byte, error) { return []byte(head + rows(600) + strings.Repeat("x", 50<<20)), nil },
		"broken-after": func() ([]byte, error) {
			return []byte(head + rows(1500) + "9,2023-01-01,XAA,1," + strings.Repeat("x", 50<<20)), nil
		},
	}[args[0]]
	if !ok {
		ts.Fatalf("there is no hostile file %q", args[0])
	}
	b, err := make()
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b, 0o600))
}

// head and rows make a small table in SiND's layout.
const head = "SiND Event ID,Date,Country ISO,Health Workers Killed,Event Description,Country,Reported Perpetrator\n"

func rows(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d,20%02d-%02d-%02d,XAA,%d,Invented event %d.,Arcadia,Police\n", i+1, 16+i%8, 1+i%12, 1+i%28, i%3, i)
	}
	return b.String()
}

// workbook is an empty one with a part replaced or added.
func workbook(name, content string) ([]byte, error) {
	made, err := excelize.NewFile().WriteToBuffer()
	if err != nil || name == "" {
		return made.Bytes(), err
	}
	old, err := zip.NewReader(bytes.NewReader(made.Bytes()), int64(made.Len()))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range old.File {
		if part.Name != name {
			if err := z.Copy(part); err != nil {
				return nil, err
			}
		}
	}
	w, err := z.Create(name)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write([]byte(content)); err != nil {
		return nil, err
	}
	err = z.Close()
	return out.Bytes(), err
}
