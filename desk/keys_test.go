package desk_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/seal"
	"ward/store"
	"ward/store/storetest"
)

var who = access.Local()

// opens tries to open a workspace with a passphrase, and closes it again.
func opens(t testing.TB, target, passphrase string) error {
	t.Helper()
	place := at(t, target)
	place.Passphrase = func(bool) ([]byte, error) { return []byte(passphrase), nil }
	d, err := desk.Open(ctx, place)
	if err == nil {
		err = d.Close()
	}
	return err
}

// giving are shares and a new passphrase, as a person would type them.
func giving(a, b seal.Share, passphrase string) desk.Recovery {
	return desk.Recovery{Shares: func() (seal.Share, seal.Share, error) { return a, b, nil }, Passphrase: func() ([]byte, error) { return []byte(passphrase), nil }}
}

// acts counts the journal's rows of an act.
func acts(t testing.TB, target, act string) int {
	t.Helper()
	return len(rowsOf(t, target, "SELECT number FROM journal WHERE act=$1", act))
}

// holding names the files of a workspace's directory in which any of these bytes stand. A PostgreSQL server's own files are not searched.
func holding(t testing.TB, dir string, words ...[]byte) (found []string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		body, err := os.ReadFile(path)
		for i, w := range words {
			if bytes.Contains(body, w) {
				found = append(found, fmt.Sprintf("%d in %s", i, filepath.Base(path)))
			}
		}
		return err
	})
	if _, missing := os.Stat(filepath.Join(dir, store.FileName)); err != nil || files == 0 && missing == nil {
		t.Fatalf("%d files searched: %v", files, err)
	}
	return found
}

// sealedBytes are the values of a sealed column.
func sealedBytes(t testing.TB, target, query string, args ...any) (out [][]byte) {
	t.Helper()
	for _, row := range rowsOf(t, target, query, args...) {
		for _, v := range row {
			if b, ok := v.([]byte); ok && len(b) > 0 {
				out = append(out, b)
			}
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s finds nothing sealed", query)
	}
	return out
}

const newWords = "another invented passphrase"

func TestKeySharesCountOnceTriedAndRecoverTheWorkspace(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, place := open(t, target), at(t, target)
		takeTable(t, d, sind(t, event("1", "2023-01-01")), 1, 0, 0, 0)
		made, err := d.NewShares(ctx, who, 3)
		if err != nil {
			t.Fatal(err)
		}
		s := made.Shares
		_, err = desk.Recover(ctx, who, place, giving(s[0], s[1], newWords))
		wantFault(t, err, fault.Refused)
		wantFault(t, d.ConfirmShares(ctx, who, made, s[0], s[0]), fault.Refused)
		if setup, err := d.Setup(ctx, who); err != nil || setup.Shares != 0 || acts(t, target, "keys.share") != 0 {
			t.Errorf("%d shares count that nobody tried: %v", setup.Shares, err)
		}
		if err := d.ConfirmShares(ctx, who, made, s[2], s[0]); err != nil {
			t.Fatal(err)
		}
		if setup, err := d.Setup(ctx, who); err != nil || setup.Shares != 3 || acts(t, target, "keys.share") != 1 {
			t.Errorf("%d shares in force: %v", setup.Shares, err)
		}
		if found := holding(t, place.Dir, []byte(s[0].String()), []byte(s[1].String()[:20])); found != nil {
			t.Errorf("a share is in a file: %v", found)
		}
		wantFault(t, opens(t, target, newWords), fault.Refused)
		if _, err := desk.Recover(ctx, who, place, giving(s[1], s[2], newWords)); err != nil {
			t.Fatal(err)
		}
		wantFault(t, opens(t, target, storetest.Passphrase), fault.Refused, "passphrase")
		if err := opens(t, target, newWords); err != nil {
			t.Error(err)
		}
		if _, err := desk.Recover(ctx, who, place, giving(s[2], s[1], storetest.Passphrase)); err != nil {
			t.Fatal(err)
		}
		if n := acts(t, target, "keys.recover"); n != 2 {
			t.Errorf("%d recoveries stand in the journal, want 2", n)
		}
		theIncident(t, target, "SiND:1")
	})
}

func TestRecoveryMakesNoWorkspace(t *testing.T) {
	place := desk.Workspace{Dir: filepath.Join(t.TempDir(), "none")}
	_, err := desk.Recover(ctx, who, place, desk.Recovery{})
	wantFault(t, err, fault.NotFound)
	if _, err := os.Stat(place.Dir); !os.IsNotExist(err) {
		t.Error("a directory was made")
	}
}

func TestRotatedKeysOpenEverythingAndTheFormerOpenNothing(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		takeTable(t, d, sind(t, event("1", "2023-01-01"), event("2", "2023-01-02")), 2, 0, 0, 0)
		before := sealedBytes(t, target, "SELECT wrapped FROM subject_key")
		files := at(t, target).Dir
		if sqlite := files == target; sqlite && len(holding(t, files, before...)) < len(before) {
			t.Fatal("the wraps are not found where they are: the search is broken")
		}
		r, err := d.Rotate(ctx, who, []byte(newWords))
		if err != nil || r.Generation != 2 || r.Keys != len(before) {
			t.Fatalf("%+v, %v", r, err)
		}
		if found := holding(t, files, before...); found != nil || files == target && r.Left != "" || files != target && r.Left == "" {
			t.Errorf("former wraps stand in %v; said to be left: %q", found, r.Left)
		}
		if _, err := d.Incident(ctx, who, publicIDs(t, d)[0]); err != nil {
			t.Errorf("the process that rotated: %v", err)
		}
		wantFault(t, opens(t, target, storetest.Passphrase), fault.Refused)
		if _, err := d.Rotate(ctx, who, []byte(storetest.Passphrase)); err != nil {
			t.Fatal(err)
		}
		if n := acts(t, target, "keys.rotate"); n != 2 {
			t.Errorf("%d rotations stand in the journal", n)
		}
		if len(incidents(t, target)) != 2 || len(reports(t, target)) != 2 || len(runs(t, target)) != 1 {
			t.Error("something does not open any more")
		}
		if _, err := d.FlushLog(ctx, who); err != nil {
			t.Error(err)
		}
	})
}

// publicIDs are those of all incidents that a desk finds.
func publicIDs(t testing.TB, d *desk.Desk) (ids []string) {
	t.Helper()
	page, err := d.Incidents(ctx, who, desk.IncidentQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, inc := range page.Incidents {
		ids = append(ids, inc.PublicID)
	}
	return ids
}

// A process that unlocked the workspace before another rotated its key must neither show garbage nor write what nobody can open.
func TestRotatedKeysAreRefusedWhereTheFormerIsStillHeld(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d, other := open(t, target), open(t, target)
		x := sind(t, event("1", "2023-01-01"))
		takeTable(t, d, x, 1, 0, 0, 0)
		id, officers := publicIDs(t, other)[0], twoOfficers(t, other)
		made, err := other.NewShares(ctx, who, 2)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Rotate(ctx, who, []byte(storetest.Passphrase)); err != nil {
			t.Fatal(err)
		}
		before := whole(t, target)
		_, err = other.Incident(ctx, who, id)
		wantFault(t, err, fault.Refused, "keys were changed", "start it again")
		_, err = other.Import(ctx, who, write(t, x.csv()), desk.ImportOptions{})
		wantFault(t, err, fault.Refused, "keys were changed")
		_, err = other.PutContact(ctx, who, "sind", desk.SourceContact{Name: "somebody"}, officers)
		wantFault(t, err, fault.Refused, "keys were changed")
		_, err = other.Erase(ctx, who, id, "error")
		wantFault(t, err, fault.Refused, "keys were changed")
		wantFault(t, other.ConfirmShares(ctx, who, made, made.Shares[0], made.Shares[1]), fault.Conflict)
		_, err = other.Rotate(ctx, who, []byte(newWords))
		wantFault(t, err, fault.Conflict)
		wantSame(t, whole(t, target), before)
		if _, err := d.Incident(ctx, who, id); err != nil {
			t.Error(err)
		}
	})
}

func TestKeyOfAnOriginalOpensItAloneAndStandsInTheLedger(t *testing.T) {
	each(t, func(t *testing.T, target string) {
		d := open(t, target)
		x := sind(t, event("1", "2023-01-01"))
		run := takeTable(t, d, x, 1, 0, 0, 0).Run
		identity, err := d.OriginalKey(ctx, who, run)
		if err != nil {
			t.Fatal(err)
		}
		var sealed bytes.Buffer
		if err := d.ExportOriginal(ctx, who, run, &sealed, "Somebody", "a reason"); err != nil {
			t.Fatal(err)
		}
		plain, err := seal.OpenWith(&sealed, identity)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if _, err := got.ReadFrom(plain); err != nil || got.String() != x.csv() {
			t.Errorf("%v; the original is not what was imported", err)
		}
		lines, err := d.Ledger(ctx, who, 0, 10)
		if err != nil || len(lines) != 2 || lines[0].To != "Somebody" || lines[1].Subjects != run || acts(t, target, "disclose.original") != 2 {
			t.Errorf("the ledger: %+v, %v", lines, err)
		}
		_, err = d.OriginalKey(ctx, who, "01ARZ3NDEKTSV4RRFFQ69G5FAV")
		wantFault(t, err, fault.NotFound)
	})
}
