package desk_test

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ward/desk"
	"ward/fault"
	"ward/seal"
	"ward/store"
	"ward/store/storetest"
)

// backUpTo makes a backup that the identity given opens.
func backUpTo(t testing.TB, d *desk.Desk, dir string) (b desk.Backup, identity string) {
	t.Helper()
	identity, recipient, err := seal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	b, err = d.Backup(ctx, who, desk.BackupOptions{To: dir, Recipients: []string{recipient}})
	if err != nil {
		t.Fatal(err)
	}
	return b, identity
}

// restored makes a workspace of a backup.
func restored(t testing.TB, target, file, identity string) (desk.Workspace, desk.Restored) {
	t.Helper()
	w := at(t, target)
	r, err := desk.Restore(ctx, who, w, desk.RestoreOptions{File: file, Identities: []string{identity}})
	if err != nil {
		t.Fatal(err)
	}
	return w, r
}

func contentIn(t testing.TB, w desk.Workspace) map[string][]string {
	t.Helper()
	target := w.Dir
	if w.DB != "" {
		target = filepath.Join(t.TempDir(), "copy")
		db, err := store.Open(ctx, w.DB)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := errors.Join(os.Mkdir(target, 0o700), db.Snapshot(ctx, target)); err != nil {
			t.Fatal(err)
		}
	}
	db, err := store.Examine(ctx, target)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	out, err := content(db)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// One form of backup on both databases: whichever it was made on, either takes it back, with every row and the same tree.
func TestABackupComesBackOnEitherDatabase(t *testing.T) {
	fresh := map[string]func(t *testing.T) string{"sqlite": func(t *testing.T) string { return private(t) }, "postgres": func(t *testing.T) string { return storetest.Postgres(t) }}
	for from, source := range fresh {
		for to, target := range fresh {
			t.Run(from+" to "+to, func(t *testing.T) {
				where := source(t)
				livedIn(t, where)
				w := at(t, where)
				want := contentIn(t, w)
				d := open(t, where)
				b, identity := backUpTo(t, d, t.TempDir())
				again, r := restored(t, target(t), b.Path, identity)
				if r.Rollback != nil || len(r.Witnesses) != 1 || r.Witnesses[0].Err != nil {
					t.Errorf("%+v", r)
				}
				got := contentIn(t, again)
				for table, rows := range want {
					if table != "journal" && !slices.Equal(rows, got[table]) {
						t.Errorf("%s: %d rows, want %d: %s", table, len(got[table]), len(rows), difference(want, got))
					}
				}
				if n := len(got["journal"]); n != len(want["journal"])+1 || !contains(got["journal"], want["journal"]) {
					t.Errorf("%d journal rows of %d", n, len(want["journal"]))
				}
				wantNoRed(t, doctor(t, again, desk.DoctorOptions{}), "database", "backup")
				wantWorking(t, again)
			})
		}
	}
}

func contains(all, some []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

// wantWorking opens a restored workspace and works with it.
func wantWorking(t testing.TB, w desk.Workspace) {
	t.Helper()
	d, err := desk.Open(ctx, w)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	page, err := d.Incidents(ctx, who, desk.IncidentQuery{Words: "canary-word", Limit: 5})
	if err != nil || page.Total != 1 {
		t.Errorf("%d found, %v", page.Total, err)
	}
	take(t, d, write(t, sind(t, event("77", "2023-07-07")).csv()), desk.ImportOptions{})
	run := rowsIn1(t, d, "SELECT id FROM import_run ORDER BY id LIMIT 1")
	if err := d.ExportOriginal(ctx, who, run, io.Discard, "A court", "evidence"); err != nil {
		t.Errorf("a publisher's file: %v", err)
	}
}

// rowsIn1 reads one text.
func rowsIn1(t testing.TB, d *desk.Desk, query string) (out string) {
	t.Helper()
	if err := d.Store().Read(ctx, func(tx *store.Tx) error { return tx.QueryRow(ctx, query).Scan(&out) }); err != nil {
		t.Fatal(err)
	}
	return out
}

// The file is what it says to be: any age and any tar open it.
func TestABackupIsAnAgeFileAroundATar(t *testing.T) {
	w := sick(t)
	d := open(t, w.Dir)
	b, identity := backUpTo(t, d, t.TempDir())
	f, err := os.Open(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	plain, err := seal.OpenWith(f, identity)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for archive := tar.NewReader(plain); ; {
		h, err := archive.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.ModTime.Unix() != 0 || h.Uid != 0 || h.Mode != 0o600 {
			t.Errorf("%s tells when or by whom it was made: %+v", h.Name, h)
		}
		names = append(names, h.Name)
	}
	if len(names) != 6 || !slices.Equal(names[:3], []string{"manifest.json", "ward.db", "tombstones"}) || !strings.HasPrefix(names[3], "files/") || !slices.IsSorted(names[3:]) {
		t.Errorf("%q", names)
	}
	if left := storetest.Holding(t, filepath.Dir(b.Path), "canary"); left != nil {
		t.Errorf("words lie open in %v", left)
	}
	wantTidy(t, w.Dir, filepath.Dir(b.Path))
}

// wantTidy looks for what a backup or a restore should have removed.
func wantTidy(t testing.TB, dirs ...string) {
	t.Helper()
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), ".tmp") || strings.HasSuffix(e.Name(), ".part") {
				t.Errorf("%s was left in %s", e.Name(), dir)
			}
		}
	}
}

func TestABackupWithoutRecipientsIsForTheOfficersOrUnderThePassphrase(t *testing.T) {
	dir := private(t)
	d := open(t, dir)
	b, err := d.Backup(ctx, who, desk.BackupOptions{To: t.TempDir()})
	if err != nil || !strings.Contains(b.Sealed, "passphrase alone") {
		t.Fatalf("%+v, %v", b, err)
	}
	if _, err := desk.Restore(ctx, who, at(t, private(t)), desk.RestoreOptions{File: b.Path, NoTombstones: true}); err != nil {
		t.Errorf("with the passphrase: %v", err)
	}
	other := at(t, private(t))
	other.Passphrase = func(bool) ([]byte, error) { return []byte("quite another passphrase"), nil }
	_, err = desk.Restore(ctx, who, other, desk.RestoreOptions{File: b.Path, NoTombstones: true})
	wantFault(t, err, fault.Refused, "passphrase does not open")
	identity := nameOfficers(t, d)
	if b, err = d.Backup(ctx, who, desk.BackupOptions{To: t.TempDir()}); err != nil || !strings.Contains(b.Sealed, "Aya, Bo") {
		t.Fatalf("%+v, %v", b, err)
	}
	if _, err := desk.Restore(ctx, who, at(t, private(t)), desk.RestoreOptions{File: b.Path, Identities: []string{identity}, NoTombstones: true}); err != nil {
		t.Errorf("with an officer's key: %v", err)
	}
	stranger, _, err := seal.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	for name, keys := range map[string][]string{"a stranger's key": {stranger}, "no key": nil} {
		where := private(t)
		_, err = desk.Restore(ctx, who, at(t, where), desk.RestoreOptions{File: b.Path, Identities: keys, NoTombstones: true})
		wantFault(t, err, fault.Refused, map[string]string{"a stranger's key": "opens this file", "no key": "--identity"}[name])
		wantTidy(t, where)
		if _, err := os.Stat(filepath.Join(where, store.FileName)); err == nil {
			t.Errorf("%s made a workspace", name)
		}
	}
}

// writing lets eight writers each write pairs until stop is called; the names of those acknowledged are noted.
func writing(t *testing.T, d *desk.Desk, acknowledged *sync.Map) (stop func()) {
	var stopped atomic.Bool
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for i := 0; !stopped.Load(); i++ {
				name := fmt.Sprintf("w%d.%d", w, i)
				err := d.Store().Write(ctx, "t", func(tx *store.Tx) error {
					if err := tx.SetSetting(ctx, name, "x"); err != nil {
						return err
					}
					_, err := tx.Journal(ctx, "test.pair", name, "")
					return err
				})
				if err != nil {
					t.Error(err)
					return
				}
				acknowledged.Store(name, true)
			}
		})
	}
	return func() { stopped.Store(true); writers.Wait() }
}

// What was acknowledged before a backup began is in it, and nothing is in it by half.
func TestABackupWhileOthersWrite(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		var acknowledged sync.Map
		stop := writing(t, d, &acknowledged)
		var before []string
		for len(before) < 20 {
			before = before[:0]
			acknowledged.Range(func(k, _ any) bool { before = append(before, k.(string)); return true })
		}
		b, identity := backUpTo(t, d, t.TempDir())
		stop()
		w := at(t, private(t))
		if _, err := desk.Restore(ctx, who, w, desk.RestoreOptions{File: b.Path, Identities: []string{identity}, NoTombstones: true}); err != nil {
			t.Fatal(err)
		}
		have := contentIn(t, w)
		settings, rows := strings.Join(have["setting"], "\n"), strings.Join(have["journal"], "\n")
		for _, name := range before {
			if !strings.Contains(settings, fmt.Sprintf("name=%q", name)) {
				t.Errorf("%s was acknowledged before the backup began and is missing", name)
			}
		}
		acknowledged.Range(func(k, _ any) bool {
			name := k.(string)
			if strings.Contains(settings, fmt.Sprintf("name=%q", name)) != strings.Contains(rows, fmt.Sprintf("subject=%q", name)) {
				t.Errorf("%s is there by half", name)
			}
			return true
		})
	})
}

// A backup that does not hold together counts as none: no file is left, and nothing is noted.
func TestABackupOfADamagedWorkspaceDoesNotCount(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, w desk.Workspace){
		"a stored file": func(t *testing.T, w desk.Workspace) { flipBlob(t, w) },
		"one missing":   func(t *testing.T, w desk.Workspace) { os.Remove(blobOf(t, w)) },
		"a leaf": func(t *testing.T, w desk.Workspace) {
			change(t, w, "UPDATE log_leaf SET leaf=(SELECT leaf FROM log_leaf WHERE number=2) WHERE number=3")
		},
		"a data key": func(t *testing.T, w desk.Workspace) {
			change(t, w, "UPDATE subject_key SET wrapped=(SELECT wrapped FROM subject_key WHERE subject='workspace') WHERE subject=(SELECT MIN(id) FROM report)")
		},
		"the checkpoint": func(t *testing.T, w desk.Workspace) { change(t, w, "UPDATE log_state SET size=size+16") },
	} {
		t.Run(name, func(t *testing.T) {
			w := sick(t)
			damage(t, w)
			db := storetest.Locked(t, w.Dir)
			before := count(t, db, "backup_run")
			to := t.TempDir()
			d, err := desk.Open(ctx, w)
			if err == nil {
				_, err = d.Backup(ctx, who, desk.BackupOptions{To: to})
				d.Close()
			}
			var said *fault.Error
			if !errors.As(err, &said) {
				t.Errorf("%v", err)
			}
			if left, _ := filepath.Glob(filepath.Join(to, "*.age*")); left != nil || count(t, db, "backup_run") != before {
				t.Errorf("%v was left, or it was noted", left)
			}
			wantTidy(t, w.Dir, to)
		})
	}
}

func count(t testing.TB, db *store.DB, table string) (n int) {
	t.Helper()
	if err := db.Read(ctx, func(tx *store.Tx) error { return tx.QueryRow(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestBackupsExpireAndOthersFilesAreLeftAlone(t *testing.T) {
	w := sick(t)
	d := open(t, w.Dir)
	to := t.TempDir()
	name := func(age time.Duration) string { return "ward-" + time.Now().UTC().Add(-age).Format("20060102T150405Z") }
	old, young := name(36*24*time.Hour), name(34*24*time.Hour)
	first, _ := backUpTo(t, d, to)
	for _, file := range []string{old + ".age", old + ".check", young + ".age", "ward-notes.age", "letter.txt"} {
		if err := os.WriteFile(filepath.Join(to, file), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, _ := backUpTo(t, d, to)
	for file, want := range map[string]bool{old + ".age": false, old + ".check": false, young + ".age": true, "ward-notes.age": true, "letter.txt": true,
		filepath.Base(first.Path): true, filepath.Base(b.Path): true, "tombstones": true, "README.txt": true} {
		if _, err := os.Stat(filepath.Join(to, file)); (err == nil) != want {
			t.Errorf("%s: there %v, want %v", file, err == nil, want)
		}
	}
	if b.Expired != 1 || b.Path == first.Path {
		t.Errorf("%+v", b)
	}
	d.Store().SetClock(func() time.Time { return time.Now().Add(1000 * 24 * time.Hour) })
	if b, err := d.Backup(ctx, who, desk.BackupOptions{To: to}); err != nil || b.Expired != 3 {
		t.Errorf("%+v, %v", b, err)
	}
	if _, err := open(t, private(t)).Backup(ctx, who, desk.BackupOptions{To: to}); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "another workspace") {
		t.Errorf("another workspace's backups lie beside: %v", err)
	}
}

func TestABackupAfterTheKeysWereChangedElsewhereIsRefused(t *testing.T) {
	dir := private(t)
	d, other := open(t, dir), open(t, dir)
	if _, err := other.Rotate(ctx, who, []byte(storetest.Passphrase)); err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	_, err := d.Backup(ctx, who, desk.BackupOptions{To: to})
	wantFault(t, err, fault.Refused, "start it again")
	if left, _ := filepath.Glob(filepath.Join(to, "*.age*")); left != nil {
		t.Errorf("%v was left", left)
	}
}
