package desk_test

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ward/desk"
	"ward/fault"
	"ward/incident"
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

func TestAWorkspaceComesBackWithTwoKeySharesInsteadOfItsPassphrase(t *testing.T) {
	d := open(t, private(t))
	made, err := d.NewShares(ctx, who, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.ConfirmShares(ctx, who, made, made.Shares[0], made.Shares[1]); err != nil {
		t.Fatal(err)
	}
	b, identity := backUpTo(t, d, t.TempDir())
	w := at(t, private(t))
	w.Passphrase = nil
	shares := func() (x, y seal.Share, err error) { return made.Shares[2], made.Shares[0], nil }
	if _, err := desk.Restore(ctx, who, w, desk.RestoreOptions{File: b.Path, Identities: []string{identity}, NoTombstones: true, Shares: shares}); err != nil {
		t.Error(err)
	}
}

// Wherever a byte of a backup is changed, cut off or added, nothing is restored.
func TestADamagedBackupIsRefused(t *testing.T) {
	w := sick(t)
	d := open(t, w.Dir)
	b, identity := backUpTo(t, d, t.TempDir())
	whole, err := os.ReadFile(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 1))
	cases := map[string][]byte{"cut in half": whole[:len(whole)/2], "cut by one": whole[:len(whole)-1], "longer": append(slices.Clone(whole), 0), "empty": nil}
	for range 50 {
		i := random.IntN(len(whole))
		flipped := slices.Clone(whole)
		flipped[i] ^= 1 << random.IntN(8)
		cases[fmt.Sprintf("byte %d of %d, seed %d", i, len(whole), seed)] = flipped
	}
	for name, body := range cases {
		file, where := filepath.Join(t.TempDir(), "b.age"), private(t)
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := desk.Restore(ctx, who, at(t, where), desk.RestoreOptions{File: file, Identities: []string{identity}, NoTombstones: true})
		if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Refused) {
			t.Errorf("%s: %v (%s)", name, err, fault.KindOf(err))
		}
		wantTidy(t, where)
		if _, err := os.Stat(filepath.Join(where, store.FileName)); err == nil {
			t.Errorf("%s: a workspace was made", name)
		}
	}
}

// What was acknowledged before a backup began is in it, and nothing is in it by half.
func TestABackupWhileOthersWrite(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		stop := make(chan struct{})
		var acknowledged sync.Map
		var writers sync.WaitGroup
		for w := range 8 {
			writers.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					default:
					}
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
		var before []string
		for len(before) < 20 {
			before = before[:0]
			acknowledged.Range(func(k, _ any) bool { before = append(before, k.(string)); return true })
		}
		b, identity := backUpTo(t, d, t.TempDir())
		close(stop)
		writers.Wait()
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

// security.md row I4: an older backup does not bring back what was erased since.
func TestAnOlderBackupDoesNotBringBackWhatWasErased(t *testing.T) {
	w := sick(t)
	d := open(t, w.Dir)
	to := t.TempDir()
	b, identity := backUpTo(t, d, to)
	gone := theIncident(t, w.Dir, "SiND:1").PublicID
	if _, err := d.Erase(ctx, who, gone, "court_order"); err != nil {
		t.Fatal(err)
	}
	backUpTo(t, d, to) // brings the list beside the backups up to date
	again, r := restored(t, private(t), b.Path, identity)
	if r.Replayed == 0 {
		t.Errorf("nothing was erased again: %+v", r)
	}
	wantGone(t, again, gone, true)
	wantNoRed(t, doctor(t, again, desk.DoctorOptions{}))

	// without the newer list, what the backup itself knows is all that anybody can know
	alone := filepath.Join(t.TempDir(), "b.age")
	body, err := os.ReadFile(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(alone, body, 0o600); err != nil {
		t.Fatal(err)
	}
	back, r := restored(t, private(t), alone, identity)
	if r.List != "" || r.Replayed != 0 {
		t.Errorf("%+v", r)
	}
	wantGone(t, back, gone, false)
	named := at(t, private(t))
	if _, err := desk.Restore(ctx, who, named, desk.RestoreOptions{File: alone, Identities: []string{identity}, Tombstones: filepath.Join(w.Dir, "tombstones")}); err != nil {
		t.Fatal(err)
	}
	wantGone(t, named, gone, true)
	_, err = desk.Restore(ctx, who, at(t, private(t)), desk.RestoreOptions{File: alone, Identities: []string{identity}, Tombstones: filepath.Join(w.Dir, "nowhere")})
	wantFault(t, err, fault.NotFound, "tombstones")
}

func wantGone(t testing.TB, w desk.Workspace, id string, want bool) {
	t.Helper()
	db := storetest.At(t, w.Dir)
	defer db.Close()
	err := db.Read(ctx, func(tx *store.Tx) error {
		inc, err := incident.Get(ctx, tx, id)
		if inc.Erased != want || (inc.Summary == "") != want {
			t.Errorf("erased %v, summary %q; want erased %v", inc.Erased, inc.Summary, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if want {
		if files := storetest.Holding(t, filepath.Join(w.Dir, "files"), "nothing at all"); files != nil {
			t.Error(files)
		}
	}
}

func TestWithoutAnyListOfTombstonesAPersonDecides(t *testing.T) {
	d := open(t, private(t))
	b, identity := backUpTo(t, d, t.TempDir())
	if err := os.Remove(filepath.Join(filepath.Dir(b.Path), "tombstones")); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	where := private(t)
	_, err := desk.Restore(ctx, who, at(t, where), desk.RestoreOptions{File: b.Path, Identities: []string{identity}})
	wantFault(t, err, fault.Undecided, "--no-tombstones")
	if _, err := desk.Restore(ctx, who, at(t, where), desk.RestoreOptions{File: b.Path, Identities: []string{identity}, NoTombstones: true}); err != nil {
		t.Error(err)
	}
}

func TestRestoringTakesANewDirectoryAndFinishesWhatWasBrokenOff(t *testing.T) {
	w := sick(t)
	d := open(t, w.Dir)
	b, identity := backUpTo(t, d, t.TempDir())
	opt := desk.RestoreOptions{File: b.Path, Identities: []string{identity}}
	_, err := desk.Restore(ctx, who, w, opt)
	wantFault(t, err, fault.Refused, "is not empty")
	where := private(t)
	broken := at(t, where)
	for _, name := range []string{"restore.tmp/ward.db", "files/ab/x"} {
		path := filepath.Join(where, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte("half"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	_, err = desk.Open(ctx, broken)
	wantFault(t, err, fault.Refused, "broken off")
	if _, err := desk.Restore(ctx, who, broken, opt); err != nil {
		t.Fatal(err)
	}
	wantTidy(t, where)
	wantNoRed(t, doctor(t, broken, desk.DoctorOptions{}))
	wantWorking(t, broken)
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

func TestADoctorMissesBackupsAndComparesTheNewest(t *testing.T) {
	w := sick(t)
	d := open(t, w.Dir)
	to := t.TempDir()
	now := time.Now()
	storetest.Change(t, d.Store(), "DELETE FROM backup_run")
	d.Store().SetClock(func() time.Time { return now.Add(-4 * time.Hour) })
	if _, err := d.Backup(ctx, who, desk.BackupOptions{To: to, Hourly: true}); err != nil {
		t.Fatal(err)
	}
	backup := func() desk.Check { return lit(t, doctor(t, w, desk.DoctorOptions{}), "backup") }
	if c := backup(); c.Light != desk.Red || !strings.Contains(c.Says, "4 hours") || !strings.Contains(c.Do, "serve --backup") {
		t.Errorf("a server missed four backups: %+v", c)
	}
	for days, want := range map[int]desk.Light{1: desk.Green, 8: desk.Yellow} {
		d.Store().SetClock(func() time.Time { return now.Add(-time.Duration(days) * 24 * time.Hour) })
		storetest.Change(t, d.Store(), "DELETE FROM backup_run")
		if _, err := d.Backup(ctx, who, desk.BackupOptions{To: to}); err != nil {
			t.Fatal(err)
		}
		if c := backup(); c.Light != want {
			t.Errorf("made by hand %d days ago: %+v", days, c)
		}
	}
	d.Store().SetClock(time.Now)
	if _, err := d.Backup(ctx, who, desk.BackupOptions{To: to}); err != nil {
		t.Fatal(err)
	}
	if c := backup(); c.Light != desk.Green || !strings.Contains(c.Says, "is here") {
		t.Errorf("the newest was not compared: %+v", c)
	}
	storetest.Change(t, d.Store(), "UPDATE journal SET leaf=(SELECT leaf FROM journal WHERE number=4) WHERE number=3")
	if c := backup(); c.Light != desk.Red || !strings.Contains(c.Says, "newest backup holds") {
		t.Errorf("a row differs from the backup: %+v", c)
	}
}
