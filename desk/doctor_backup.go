package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"ward/store"
	"ward/tlog"
)

// How old the newest backup may be: where a server makes one every hour, three hours are three failures (security.md 3.11); where people
// make them, a week is long.
const (
	oldestHourly = 3 * time.Hour
	oldestByHand = 7 * 24 * time.Hour
)

// backups looks how old the newest good backup is, and compares it with what is here now where it can be reached.
func (x *examination) backups() {
	var newest store.Backup
	var any, hourly, reached bool
	var age time.Duration
	x.check("backup", restoreAdvice, func(tx *store.Tx, wrong store.Wrong) (says string, err error) {
		if newest, any, err = tx.NewestBackup(x.ctx); err != nil || !any {
			return "No backup was ever made.", err
		}
		age = tx.Now().Sub(newest.At)
		says = fmt.Sprintf("The newest good backup is %s old.", inWords(age))
		if x.db.Key() == nil {
			return says, nil
		}
		key, err := workspaceKey(x.ctx, tx)
		if err != nil {
			return "", err
		}
		place, made, err := keptPlace(x.ctx, tx, key)
		if err != nil {
			return "", err
		}
		hourly = made
		s, ok, err := place.readStatement(key, newest.ID)
		if err != nil || !ok {
			return says + " It cannot be reached from here, so it was not compared.", err
		}
		reached = true
		if err := x.compareBackup(tx, s, wrong); err != nil {
			return "", err
		}
		return says + " All that it holds of the journal and the log is here.", x.hashBackup(place, newest, wrong)
	})
	c := &x.checks[len(x.checks)-1]
	switch {
	case c.Light != Green:
	case !any:
		c.Light, c.Do = Yellow, "ward backup --to DIR, on another disk; ward serve --backup DIR makes one every hour"
	case hourly && age > oldestHourly:
		c.Light, c.Do = Red, "start ward serve --backup DIR again, or make one now: ward backup --to DIR"
	case age > oldestByHand:
		c.Light, c.Do = Yellow, "ward backup --to DIR"
	}
	if _, halted := store.Halted(x.place.Dir); halted && any && !reached && c.Light == Green {
		c.Light, c.Do = Yellow, "make the newest backup reachable, then run ward doctor again: it tells whether anything was lost"
	}
}

// compareBackup looks whether all that a backup holds of the journal and the log is still here.
func (x *examination) compareBackup(tx *store.Tx, s statement, wrong store.Wrong) error {
	last, err := tx.Last(x.ctx)
	if err != nil {
		return err
	}
	leaves, err := tx.LeavesHash(x.ctx, s.Journal)
	if err != nil {
		return err
	}
	if last < s.Journal || tlog.Hex(leaves) != s.Leaves {
		wrong("the journal", fmt.Sprintf("lacks, or has otherwise, some of the %d rows that the newest backup holds", s.Journal))
	}
	if s.Root == "" {
		return nil
	}
	state, err := tx.LogState(x.ctx)
	if err != nil {
		return err
	}
	hash, err := tlog.Root(s.Size, tx.Tiles(x.ctx))
	if state.Size < s.Size || err != nil || tlog.Hex(hash) != s.Root {
		wrong("the log", fmt.Sprintf("does not begin with the %d leaves that the newest backup holds", s.Size))
	}
	return nil
}

// hashBackup reads the backup itself where that matters: on a halted workspace, which may have to be restored from it.
func (x *examination) hashBackup(place backupPlace, b store.Backup, wrong store.Wrong) error {
	if _, halted := store.Halted(x.place.Dir); !halted {
		return nil
	}
	f, err := os.Open(filepath.Join(place.dir, b.ID+backupSuffix))
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != b.SHA256 {
		wrong("the newest backup", "is not as it was written")
	}
	return nil
}

// inWords tells a length of time roughly.
func inWords(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return "a minute"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// rollback tells that the workspace waits for a person.
func (x *examination) rollback() {
	x.check("rollback", "", func(tx *store.Tx, wrong store.Wrong) (string, error) {
		what, err := tx.Frozen(x.ctx)
		if err != nil || what == "" {
			return "The workspace takes writes.", err
		}
		r, err := readRollback(what)
		if err == nil {
			wrong("the workspace is read-only", r.String())
		}
		return "", err
	})
	if c := &x.checks[len(x.checks)-1]; c.Light == Red {
		c.Do = "if nothing newer can be had, ward log accept-rollback --yes"
	}
}
