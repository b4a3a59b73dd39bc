package desk_test

import (
	"archive/tar"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ward/desk"
	"ward/fault"
	"ward/incident"
	"ward/seal"
	"ward/store"
	"ward/store/storetest"
	"ward/tlog"
)

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
	elsewhere, _ := backUpTo(t, d, t.TempDir()) // a list of its own lies beside it
	if body, err := os.ReadFile(filepath.Join(filepath.Dir(elsewhere.Path), "tombstones")); err != nil || !strings.Contains(string(body), " court_order\n") {
		t.Errorf("the list beside a backup elsewhere: %q, %v", body, err)
	}
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

// forged is a backup that somebody else put together, who knows to whose key backups are sealed.
func forged(t *testing.T, recipient string, fill forgery) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "b.age")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := seal.SealTo(f, recipient)
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewWriter(sealed)
	fill(archive, sealed)
	if err := errors.Join(sealed.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// entries are the files of a backup as they are.
func entries(t *testing.T, file, identity string) (names []string, bodies map[string][]byte) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	plain, err := seal.OpenWith(f, identity)
	if err != nil {
		t.Fatal(err)
	}
	bodies = map[string][]byte{}
	for archive := tar.NewReader(plain); ; {
		h, err := archive.Next()
		if err == io.EOF {
			return names, bodies
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, h.Name)
		if bodies[h.Name], err = io.ReadAll(archive); err != nil {
			t.Fatal(err)
		}
	}
}

// On PostgreSQL a restore that was broken off after the last commit was complete; the same command says so and takes nothing away.
func TestARestoreBrokenOffAtItsVeryEndIsComplete(t *testing.T) {
	w := sick(t)
	d := open(t, w.Dir)
	b, identity := backUpTo(t, d, t.TempDir())
	target := storetest.Postgres(t)
	again, _ := restored(t, target, b.Path, identity)
	body, err := os.ReadFile(b.Path)
	if err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(again.Dir, "restore.tmp")
	if err := errors.Join(os.Mkdir(left, 0o700), os.WriteFile(filepath.Join(left, "source"), fmt.Appendf(nil, "%x", sha256.Sum256(body)), 0o600)); err != nil {
		t.Fatal(err)
	}
	_, err = desk.Open(ctx, again)
	wantFault(t, err, fault.Refused, "broken off")
	opt := desk.RestoreOptions{File: b.Path, Identities: []string{identity}}
	if r, err := desk.Restore(ctx, who, again, opt); err != nil || !r.Before {
		t.Fatalf("%+v, %v", r, err)
	}
	wantWorking(t, again)
	other := at(t, private(t))
	other.DB = target
	_, err = desk.Restore(ctx, who, other, opt)
	wantFault(t, err, fault.Refused, "holds a workspace already")
}

// forgery is how an archive that is no backup is filled.
type forgery func(w *tar.Writer, plain io.Writer)

// forgeries are archives next to a true one, whose files these are.
func forgeries(t *testing.T, names []string, bodies map[string][]byte) (good forgery, bad map[string]forgery) {
	put := func(w *tar.Writer, name string, body []byte) {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(body)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		w.Write(body)
	}
	all := func(w *tar.Writer, names []string, altered string) {
		for _, name := range names {
			body := slices.Clone(bodies[name])
			if name == altered {
				body[0] ^= 1
			}
			put(w, name, body)
		}
	}
	with := func(names []string, altered string, more func(w *tar.Writer)) forgery {
		return func(w *tar.Writer, _ io.Writer) { all(w, names, altered); more(w); w.Close() }
	}
	nothing := func(*tar.Writer) {}
	last := len(names) - 1
	const wayOut = `{"v":1,"kind":"ward-backup","entries":[{"name":"ward.db"},{"name":"tombstones"},{"name":"../../x","size":1}]}`
	return with(names, "", nothing), map[string]forgery{
		"one file more":       with(names, "", func(w *tar.Writer) { put(w, "more", []byte("x")) }),
		"one file less":       with(names[:last], "", nothing),
		"another database":    with(names, "ward.db", nothing),
		"another stored file": with(names, names[last], nothing),
		"another manifest":    with(names, "manifest.json", nothing),
		"no manifest":         with(names[1:], "", nothing),
		"a way out":           with(nil, "", func(w *tar.Writer) { put(w, "manifest.json", []byte(wayOut)) }),
		"a link": with(names[:1], "", func(w *tar.Writer) {
			w.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: "ward.db", Linkname: "/etc/passwd"})
		}),
		"nothing":               with(nil, "", nothing),
		"not an archive at all": func(_ *tar.Writer, plain io.Writer) { io.WriteString(plain, strings.Repeat("x", 5000)) },
		"words behind the end": func(w *tar.Writer, plain io.Writer) {
			all(w, names, "")
			w.Close()
			io.WriteString(plain, strings.Repeat("x", 100_000))
		},
	}
}

// Only what is exactly a backup is laid out, whoever sealed it.
func TestAForgedBackupIsRefused(t *testing.T) {
	w := sick(t)
	d := open(t, w.Dir)
	b, identity := backUpTo(t, d, t.TempDir())
	recipient, err := seal.Recipient(identity)
	if err != nil {
		t.Fatal(err)
	}
	names, bodies := entries(t, b.Path, identity)
	good, bad := forgeries(t, names, bodies)
	try := func(fill forgery) error {
		where := private(t)
		_, err := desk.Restore(ctx, who, at(t, where), desk.RestoreOptions{File: forged(t, recipient, fill), Identities: []string{identity}, NoTombstones: true})
		wantTidy(t, where)
		return err
	}
	for name, fill := range bad {
		if err := try(fill); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v (%s)", name, err, fault.KindOf(err))
		}
	}
	if err := try(good); err != nil {
		t.Errorf("the same again is refused: %v", err)
	}
}

// A record that was altered before the backup is found when it is restored; who has nothing better takes it with open eyes.
func TestABackupOfAnAlteredRecordIsRestoredOnlyOnDemand(t *testing.T) {
	w := sick(t)
	change(t, w, "UPDATE report SET country='XAB' WHERE id=(SELECT MIN(id) FROM report WHERE sealed IS NOT NULL)")
	d := open(t, w.Dir)
	b, identity := backUpTo(t, d, t.TempDir())
	where := private(t)
	opt := desk.RestoreOptions{File: b.Path, Identities: []string{identity}}
	_, err := desk.Restore(ctx, who, at(t, where), opt)
	wantFault(t, err, fault.Refused, "does not hold together", "report ", "--damaged")
	wantTidy(t, where)
	opt.Damaged = true
	r, err := desk.Restore(ctx, who, at(t, where), opt)
	if err != nil || lit(t, r.Checks, "records").Light != desk.Red {
		t.Errorf("%+v, %v", r.Checks, err)
	}
	wantOnly(t, doctor(t, at(t, where), desk.DoctorOptions{}), "records", "report ")
}

// A witness that comes back from a backup may have cosigned more than it knows of: with its former key it could cosign a fork.
func TestARestoredWitnessCosignsWithANewKey(t *testing.T) {
	d := open(t, private(t))
	_, other, err := tlog.NewSigner("log.example/other")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Watch(ctx, who, other); err != nil {
		t.Fatal(err)
	}
	_, before, err := d.Witness(ctx, who)
	if err != nil {
		t.Fatal(err)
	}
	b, identity := backUpTo(t, d, t.TempDir())
	w, r := restored(t, private(t), b.Path, identity)
	if !r.NewKey {
		t.Errorf("%+v", r)
	}
	again := open(t, w.Dir)
	_, after, err := again.Witness(ctx, who)
	if err != nil || after == before {
		t.Errorf("it cosigns with %s as before: %v", after, err)
	}
	if _, same, err := again.Witness(ctx, who); err != nil || same != after {
		t.Errorf("the new key does not stay: %v", err)
	}
}
