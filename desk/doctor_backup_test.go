package desk_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ward/fault"

	"time"
	"ward/access"

	"ward/desk"
	"ward/store/storetest"
)

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

// After the disk failed, the last good backup is what everything is compared with: it must be whole, and at hand.
func TestAHaltedWorkspaceIsComparedWithItsNewestBackup(t *testing.T) {
	w := sick(t)
	d := open(t, w.Dir)
	b, err := d.Backup(ctx, who, desk.BackupOptions{To: t.TempDir()})
	if err := errors.Join(err, d.Close(), os.WriteFile(filepath.Join(w.Dir, "HALTED"), []byte("2026-01-01T00:00:00Z EIO\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	backup := func() desk.Check { return lit(t, doctor(t, w, desk.DoctorOptions{}), "backup") }
	if c := backup(); c.Light != desk.Green {
		t.Errorf("%+v", c)
	}
	flip(t, b.Path, 5000, 2)
	if c := backup(); c.Light != desk.Red || !strings.Contains(c.Says, "not as it was written") {
		t.Errorf("%+v", c)
	}
	if err := os.Remove(b.Path); err != nil {
		t.Fatal(err)
	}
	if c := backup(); c.Light != desk.Yellow || !strings.Contains(c.Do, "reachable") {
		t.Errorf("%+v", c)
	}
}

// What takes the workspace must not take its backups: they go elsewhere.
func TestBackupsDoNotLieInTheWorkspace(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir)
	for _, to := range []string{dir, filepath.Join(dir, "backups")} {
		_, err := d.Backup(ctx, access.Local(), desk.BackupOptions{To: to})
		wantFault(t, err, fault.Refused, "inside the workspace")
	}
}
