package desk_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/store"
	"ward/store/storetest"
)

// model is a workspace that was lived in, made once; tests damage copies of it.
var model struct {
	sync.Once
	files  map[string][]byte
	erased string
}

// sick is a copy of the model, to be damaged.
func sick(t testing.TB) desk.Workspace {
	t.Helper()
	model.Do(func() {
		dir := private(t)
		model.erased, model.files = livedIn(t, dir), map[string][]byte{}
		err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			rel, _ := filepath.Rel(dir, path)
			model.files[rel], err = os.ReadFile(path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	dir := private(t)
	for name, body := range model.files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, body, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return at(t, dir)
}

func TestAWellWorkspaceIsNowhereRed(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		if !strings.Contains(target, "://") {
			target = private(t)
		}
		livedIn(t, target)
		checks := doctor(t, at(t, target), desk.DoctorOptions{})
		if strings.Contains(target, "://") && !strings.Contains(lit(t, checks, "database").Says, "fsync") {
			t.Error("the tests' server does not wait for the disk, and nobody says so")
		}
		for _, c := range checks {
			expected := alone[c.Name] || c.Name == "database" && strings.Contains(target, "://") || c.Name == "backup"
			if c.Light != desk.Green && !expected || c.Light == desk.Red && c.Name == "backup" {
				t.Errorf("%s is %s: %s %v", c.Name, c.Light, c.Says, c.Found)
			}
		}
		if len(checks) < 20 {
			t.Errorf("only %d checks", len(checks))
		}
	})
}

// Each damage is found by the check that is there for it, with a name and with what to do, and by no other.
func TestEachDamageIsFoundByItsCheck(t *testing.T) {
	remove := func(parts ...string) func(testing.TB, desk.Workspace) {
		return func(t testing.TB, w desk.Workspace) {
			if err := os.Remove(filepath.Join(append([]string{w.Dir}, parts...)...)); err != nil {
				t.Fatal(err)
			}
		}
	}
	sql := func(statement string) func(testing.TB, desk.Workspace) {
		return func(t testing.TB, w desk.Workspace) { change(t, w, statement) }
	}
	sick(t)
	erased := model.erased
	for name, c := range map[string]struct {
		damage      func(testing.TB, desk.Workspace)
		check, word string // red, and what it names; what follows from it is red as well
	}{
		"a later schema":          {sql("INSERT INTO schema_version (version,file) VALUES (9999,'later.sql')"), "schema", "newer Ward"},
		"another migration":       {sql("UPDATE schema_version SET file='0003_other.sql' WHERE version=3"), "schema", "schema step 3"},
		"a trigger":               {trigger, "schema", "trigger t"},
		"a swapped data key":      {sql("UPDATE subject_key SET wrapped=(SELECT wrapped FROM subject_key WHERE subject='workspace') WHERE subject=(SELECT MAX(id) FROM source_contact)"), "keys journal", "does not open"},
		"an author":               {sql("UPDATE journal SET who='x' WHERE number=3"), "journal", "journal row 3"},
		"a row's leaf":            {sql("UPDATE journal SET leaf=(SELECT leaf FROM journal WHERE number=4) WHERE number=3"), "journal", "journal row 3"},
		"a lost secret":           {sql("UPDATE journal SET secret=NULL WHERE number=3"), "journal", "lost its secret"},
		"a row less":              {sql("DELETE FROM journal WHERE number=(SELECT MIN(number) FROM journal WHERE act='erase.refold' OR act='log.nothing' OR act='keys.share')"), "journal", "is missing"},
		"an unexplained leaf":     {sql("UPDATE log_leaf SET number=100000 WHERE position=(SELECT MIN(position) FROM log_leaf WHERE number IS NULL)"), "journal", "journal rows are gone"},
		"a filler":                {sql("UPDATE log_leaf SET leaf=(SELECT leaf FROM log_leaf WHERE number=2) WHERE position=(SELECT MIN(position) FROM log_leaf WHERE number IS NULL)"), "tree static files", "tile 0/0"},
		"a tile":                  {sql("UPDATE log_tile SET data=(SELECT data FROM log_tile WHERE level=1) WHERE level=0 AND position=1"), "tree static files", "tile 0/1"},
		"a checkpoint":            {sql("UPDATE log_state SET checkpoint=CAST(replace(CAST(checkpoint AS TEXT), x'0a'||size||x'0a', x'0a'||(size+1)||x'0a') AS BLOB)"), "tree witnesses", "the checkpoint"},
		"a static file":           {flipFile("log", "tile", "entries", "000"), "static files", "log/tile/entries/000"},
		"a static file less":      {remove("log", "tile", "0", "000"), "static files", "is missing"},
		"the checkpoint file":     {flipFile("log", "checkpoint"), "static files", "checkpoint"},
		"a report's country":      {sql("UPDATE report SET country='XAB' WHERE id=(SELECT MIN(id) FROM report WHERE sealed IS NOT NULL)"), "records", "report "},
		"an incident's country":   {sql("UPDATE incident SET country='XAB' WHERE id=(SELECT MIN(id) FROM incident WHERE sealed IS NOT NULL)"), "records", "incident WRD-XAA-2023"},
		"an incident's deaths":    {sql("UPDATE incident SET killed=17 WHERE id=(SELECT MIN(id) FROM incident WHERE sealed IS NOT NULL)"), "records", "numbers of people"},
		"an incident's text":      {sql("UPDATE incident SET sealed=(SELECT sealed FROM incident WHERE id=(SELECT MAX(id) FROM incident WHERE sealed IS NOT NULL)) WHERE id=(SELECT MIN(id) FROM incident WHERE sealed IS NOT NULL)"), "records", "does not open"},
		"a report less":           {sql("DELETE FROM report WHERE id=(SELECT MAX(id) FROM report WHERE current=1 AND sealed IS NOT NULL)"), "records", "reports, and"},
		"a rejected row less":     {sql("DELETE FROM report_rejected"), "records", "rejected 1 rows"},
		"an incident less":        {sql("DELETE FROM incident WHERE id=(SELECT MIN(id) FROM incident WHERE sealed IS NOT NULL)"), "records", "has no incident"},
		"an erased one's remains": {sql("UPDATE incident SET country='XAA' WHERE public_id='" + erased + "'"), "records", "something of it is left"},
		"a coding":                {sql("UPDATE audit_value SET state='XAB' WHERE leaf=0"), "codings", "coding "},
		"a coding less":           {sql("DELETE FROM audit_value WHERE leaf=1"), "codings", "not all are there"},
		"a kept text":             {sql("UPDATE norm_text SET title='x'"), "codings", "text "},
		"a past reading":          {sql("UPDATE access_log SET who='x' WHERE journal IS NOT NULL"), "ledger", "the access log of"},
		"past readings less":      {sql("DELETE FROM access_log WHERE journal IS NOT NULL"), "ledger", "the access log of"},
		"a ledger line less":      {sql("DELETE FROM disclosure WHERE id=(SELECT MIN(id) FROM disclosure)"), "ledger", "is missing"},
		"an officer":              {sql("UPDATE officer SET name='Mallory' WHERE name='Bo'"), "ledger records", "officer Mallory"},
		"an unspoken erasure":     {sql("DELETE FROM tombstone WHERE public_id='" + erased + "'"), "tombstones", "without a tombstone"},
		"the list of tombstones":  {remove("tombstones"), "tombstones", "older backup"},
		"a stored file":           {func(t testing.TB, w desk.Workspace) { flipBlob(t, w) }, "files", "altered on the disk"},
		"a stored file less":      {func(t testing.TB, w desk.Workspace) { os.Remove(blobOf(t, w)) }, "files", "no stored file"},
		"a watched log's key":     {sql("UPDATE witness_log SET origin='log.example/x'"), "witnesses", "log.example/x"},
		"a witness ahead":         {sql("UPDATE log_witness SET size=100000"), "witnesses", "has seen 100000"},
		"a restored log":          {sql(`INSERT INTO setting (name,value) VALUES ('rollback','{"size":16,"seen":32,"witness":"w"}')`), "rollback", "has seen 32"},
		"a halted workspace": {func(t testing.TB, w desk.Workspace) {
			if err := os.WriteFile(filepath.Join(w.Dir, "HALTED"), []byte("2026-01-01T00:00:00Z EIO\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "halted", "EIO"},
		"a clock set back": {ahead, "clock", "behind the newest act"},
	} {
		t.Run(name, func(t *testing.T) {
			w := sick(t)
			c.damage(t, w)
			wantOnly(t, doctor(t, w, desk.DoctorOptions{}), c.check, c.word)
		})
	}
}

// trigger adds to the schema what changes later writes.
func trigger(t testing.TB, w desk.Workspace) {
	t.Helper()
	db := storetest.At(t, w.Dir)
	err := db.Write(ctx, "t", func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, "CREATE TRIGGER t AFTER INSERT ON report BEGIN UPDATE report SET country='XAB'; END"); err != nil {
			return err
		}
		_, err := tx.Journal(ctx, "test", "x", "")
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

// ahead writes an act in the future.
func ahead(t testing.TB, w desk.Workspace) {
	t.Helper()
	db := storetest.At(t, w.Dir)
	db.SetClock(func() time.Time { return time.Now().Add(3 * time.Hour) })
	err := db.Write(ctx, "t", func(tx *store.Tx) error { _, err := tx.Journal(ctx, "test", "x", ""); return err })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

func flipFile(parts ...string) func(testing.TB, desk.Workspace) {
	return func(t testing.TB, w desk.Workspace) {
		t.Helper()
		flip(t, filepath.Join(append([]string{w.Dir}, parts...)...), 40, 3)
	}
}

// flip turns one bit of a file.
func flip(t testing.TB, path string, at int64, bit uint) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b [1]byte
	if _, err := f.ReadAt(b[:], at); err != nil {
		t.Fatal(err)
	}
	b[0] ^= 1 << bit
	if _, err := f.WriteAt(b[:], at); err != nil {
		t.Fatal(err)
	}
}

func blobOf(t testing.TB, w desk.Workspace) string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(w.Dir, "files", "??", "*"))
	if err != nil || len(list) == 0 {
		t.Fatalf("no stored file: %v", err)
	}
	return list[0]
}

func flipBlob(t testing.TB, w desk.Workspace) { flip(t, blobOf(t, w), 1000, 0) }

func TestPermissionsOfTheDirectoryAndThePassphraseFile(t *testing.T) {
	w := sick(t)
	secret := filepath.Join(t.TempDir(), "passphrase")
	if err := os.WriteFile(secret, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		dir, file os.FileMode
		want      desk.Light
	}{{0o700, 0o600, desk.Green}, {0o755, 0o600, desk.Yellow}, {0o777, 0o600, desk.Red}, {0o700, 0o640, desk.Red}} {
		if err := errors.Join(os.Chmod(w.Dir, c.dir), os.Chmod(secret, c.file)); err != nil {
			t.Fatal(err)
		}
		if got := lit(t, doctor(t, w, desk.DoctorOptions{PassphraseFile: secret}), "permissions"); got.Light != c.want || (got.Do == "") != (c.want == desk.Green) {
			t.Errorf("%o, %o: %+v", c.dir, c.file, got)
		}
	}
}

func TestALockedWorkspaceIsLookedAtAsFarAsThatGoes(t *testing.T) {
	w := sick(t)
	w.Passphrase = nil
	checks := doctor(t, w, desk.DoctorOptions{})
	wantNoRed(t, checks)
	for name, want := range map[string]desk.Light{"database": desk.Green, "journal": desk.Green, "tree": desk.Green, "static files": desk.Green,
		"keys": desk.Unchecked, "records": desk.Unchecked, "ledger": desk.Unchecked, "files": desk.Unchecked} {
		if c := lit(t, checks, name); c.Light != want || c.Says == "" {
			t.Errorf("%+v, want %s", c, want)
		}
	}
	change(t, w, "UPDATE log_leaf SET leaf=(SELECT leaf FROM log_leaf WHERE number=2) WHERE number=3")
	if c := lit(t, doctor(t, w, desk.DoctorOptions{}), "journal"); c.Light != desk.Red {
		t.Errorf("%+v", c)
	}
	w.Passphrase = func(bool) ([]byte, error) { return []byte("quite another passphrase"), nil }
	if c := lit(t, doctor(t, w, desk.DoctorOptions{}), "keys"); c.Light != desk.Red || !strings.Contains(c.Says, "passphrase does not open") {
		t.Errorf("%+v", c)
	}
	w.DB = "postgres://ward@127.0.0.1:1/none?sslmode=disable"
	checks = doctor(t, w, desk.DoctorOptions{})
	wantOnly(t, checks, "database", "does not answer")
	if c := lit(t, checks, "records"); c.Light != desk.Unchecked {
		t.Errorf("%+v", c)
	}
	if _, err := desk.Doctor(ctx, access.Local(), at(t, t.TempDir()), desk.DoctorOptions{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("where there is no workspace: %v", err)
	}
}

func TestADoctorOpensAHaltedWorkspaceAgainOnlyWhenAllIsWell(t *testing.T) {
	halt := func(w desk.Workspace) {
		if err := os.WriteFile(filepath.Join(w.Dir, "HALTED"), []byte("2026-01-01T00:00:00Z EIO\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := sick(t)
	halt(w)
	if _, err := desk.Open(ctx, w); !fault.Is(err, fault.Refused) {
		t.Errorf("a halted workspace opens: %v", err)
	}
	checks := doctor(t, w, desk.DoctorOptions{Clear: true})
	wantNoRed(t, checks)
	if c := lit(t, checks, "clear"); c.Light != desk.Green {
		t.Errorf("%+v", c)
	}
	d, err := desk.Open(ctx, w)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	flipBlob(t, w)
	halt(w)
	checks = doctor(t, w, desk.DoctorOptions{Clear: true})
	wantNoRed(t, checks, "halted", "files", "clear")
	if c := lit(t, checks, "clear"); c.Light != desk.Red || !strings.Contains(c.Says, "files") {
		t.Errorf("%+v", c)
	}
	if _, halted := store.Halted(w.Dir); !halted {
		t.Error("the marker is gone although a file is damaged")
	}
}

func TestADoctorSweepsWhatACrashLeft(t *testing.T) {
	w := sick(t)
	dir := filepath.Dir(blobOf(t, w))
	stray := filepath.Join(dir, filepath.Base(dir)+strings.Repeat("0", 62))
	if err := os.WriteFile(stray, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c := lit(t, doctor(t, w, desk.DoctorOptions{Clear: true}), "files"); c.Light != desk.Yellow || !strings.Contains(c.Do, "--clear") {
		t.Errorf("%+v", c)
	}
	if _, err := os.Stat(stray); err != nil {
		t.Error("a file was swept that may be of an import under way")
	}
	old := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(stray, old, old); err != nil {
		t.Fatal(err)
	}
	doctor(t, w, desk.DoctorOptions{Clear: true})
	if _, err := os.Stat(stray); !errors.Is(err, os.ErrNotExist) {
		t.Error("what a crash left is still there")
	}
	if c := lit(t, doctor(t, w, desk.DoctorOptions{}), "files"); c.Light != desk.Green {
		t.Errorf("%+v", c)
	}
}

// What was sealed when it came from Ward's first version is as well as what came later, also after it went on.
func TestAMovedWorkspaceIsNowhereRed(t *testing.T) {
	p := pastOf(t, 1200)
	each(t, func(t *testing.T, target string) {
		p.write(t, target)
		d := open(t, target)
		if _, err := d.FlushLog(ctx, who); err != nil {
			t.Fatal(err)
		}
		wantNoRed(t, doctor(t, at(t, target), desk.DoctorOptions{}), "database")
		b, identity := backUpTo(t, d, t.TempDir())
		again, _ := restored(t, private(t), b.Path, identity)
		wantNoRed(t, doctor(t, again, desk.DoctorOptions{}))
	})
}

// Publishers' real files hold more oddities than anybody invents.
func TestTheRealFilesAreNowhereRed(t *testing.T) {
	w := everything(t)
	wantNoRed(t, doctor(t, at(t, w.target), desk.DoctorOptions{}))
}
