package desk

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"ward/blob"
	"ward/store"
)

// surroundings looks at what lies around the database; an error says that there is no workspace.
func (x *examination) surroundings() error {
	info, err := os.Stat(x.place.Dir)
	if err != nil || !info.IsDir() {
		return noWorkspace()
	}
	if err := x.place.unfinished(); err != nil {
		return err
	}
	x.permissions(info)
	x.disk()
	x.halted()
	return nil
}

func (x *examination) halted() {
	reason, halted := store.Halted(x.place.Dir)
	if !halted {
		x.add(Check{Name: "halted", Light: Green, Says: "The disk has confirmed every write."})
		return
	}
	x.add(Check{Name: "halted", Light: Red, Says: "Ward stopped because the disk did not confirm a write (" + reason + ").",
		Do: "look at the disk's health; then, when nothing else is red, ward doctor --clear"})
}

// Shares of a disk, in percent, below which its free space is a worry.
const (
	littleSpace   = 20
	noSpaceToWork = 5
)

func (x *examination) disk() {
	free, total, ok := store.Space(x.place.Dir)
	if !ok || total == 0 {
		x.unchecked("this system does not tell how full the disk is", "disk")
		return
	}
	x.add(space(free, total))
}

// space judges how full a disk is.
func space(free, total int64) Check {
	percent := 100 * free / total
	c := Check{Name: "disk", Light: Green, Says: fmt.Sprintf("%d %% of the disk is free (%d MB).", percent, free>>20)}
	switch {
	case percent < noSpaceToWork:
		c.Light, c.Do = Red, "make room on the disk at once: soon nothing can be written"
	case percent < littleSpace:
		c.Light, c.Do = Yellow, "make room on the disk"
	}
	return c
}

// permissions looks at who besides the owner may read or write.
func (x *examination) permissions(dir fs.FileInfo) {
	if runtime.GOOS == "windows" {
		x.unchecked("this system keeps permissions otherwise", "permissions")
		return
	}
	c := Check{Name: "permissions", Light: Green, Says: "Only its owner may read the workspace."}
	file, err := os.Stat(filepath.Join(x.place.Dir, store.FileName))
	secret, secretErr := os.Stat(x.opt.PassphraseFile)
	switch {
	case x.opt.PassphraseFile != "" && secretErr == nil && secret.Mode().Perm()&0o077 != 0:
		c = Check{Light: Red, Says: "Others may read the file that holds the passphrase.", Do: "chmod 600 " + x.opt.PassphraseFile}
	case dir.Mode().Perm()&0o022 != 0 || err == nil && file.Mode().Perm()&0o022 != 0:
		c = Check{Light: Red, Says: "Others may write into the workspace's directory.", Do: "chmod -R go-rwx " + x.place.Dir}
	case dir.Mode().Perm()&0o055 != 0:
		c = Check{Light: Yellow, Says: "Others may look into the workspace's directory.", Do: "chmod 700 " + x.place.Dir}
	}
	c.Name = "permissions"
	x.add(c)
}

// clockSlack is by how much the clock may be behind the newest act: clocks are set by some seconds now and then.
const clockSlack = time.Minute

func (x *examination) clock() {
	x.check("clock", "set this machine's clock, and keep it set by the network", func(tx *store.Tx, wrong store.Wrong) (string, error) {
		newest, err := tx.Before(x.ctx, 0, 1)
		if err != nil || len(newest) == 0 {
			return "Nothing was done here yet.", err
		}
		if behind := newest[0].At.Sub(tx.Now()); behind > clockSlack {
			wrong("the clock", "is "+behind.Round(time.Second).String()+" behind the newest act: either it was set back, or it was ahead")
		}
		return "The clock is not behind the newest act.", nil
	})
}

// storedFiles hashes every stored file, and compares which there are with which there should be.
func (x *examination) storedFiles() {
	if x.db.Key() == nil {
		x.strayFiles()
		return
	}
	var want map[string]string
	x.check("files", restoreAdvice, func(tx *store.Tx, wrong store.Wrong) (says string, err error) {
		if want, err = blobs(x.ctx, tx); err != nil {
			return "", err
		}
		return fmt.Sprintf("All %d stored files are there and as they were stored.", len(want)), x.hashFiles(want, wrong)
	})
	if x.checks[len(x.checks)-1].Light == Green {
		x.strays(want)
	}
}

// hashFiles reads the files wanted, and every other that is there.
func (x *examination) hashFiles(want map[string]string, wrong store.Wrong) error {
	files, err := x.stored()
	if err != nil || files == nil {
		for _, run := range want {
			wrong("the file of import "+run, "is missing")
		}
		return err
	}
	done, told := int64(0), x.progress("files", int64(len(want)))
	for hash, run := range want {
		if err := files.Verify(hash); err != nil {
			wrong("the file of import "+run, message(err))
		}
		done++
		if told(done); x.ctx.Err() != nil {
			return x.ctx.Err()
		}
	}
	return nil
}

// stored opens the directory of stored files; nil when it is not there. A check makes none.
func (x *examination) stored() (*blob.Store, error) {
	dir := filepath.Join(x.place.Dir, filesDir)
	if _, err := os.Stat(filepath.Join(dir)); err != nil {
		return nil, nil
	}
	return blob.Open(dir)
}

// strays tells of stored files that no import names: what a crash left, or what was put there.
func (x *examination) strays(want map[string]string) {
	files, err := x.stored()
	if err != nil || files == nil {
		return
	}
	n := 0
	if err := files.Each(func(hash string, _ int64) error {
		if want[hash] == "" {
			n++
		}
		return nil
	}); err != nil || n == 0 {
		return
	}
	c := &x.checks[len(x.checks)-1]
	c.Light, c.Do = Yellow, "ward doctor --clear, which deletes those older than a day"
	c.Says = fmt.Sprintf("%d stored files belong to no import: a crash left them.", n)
}

// strayFiles hashes what files there are without knowing which there should be.
func (x *examination) strayFiles() error {
	c := Check{Name: "files", Light: Unchecked, Says: "Every stored file is as it was stored; which should be there was not checked: the records cannot be read."}
	files, err := x.stored()
	if err != nil {
		return err
	}
	if files != nil {
		err = files.Each(func(hash string, _ int64) error {
			if err := files.Verify(hash); err != nil {
				c.Found = append(c.Found, message(err))
			}
			return x.ctx.Err()
		})
	}
	if n := len(c.Found); n > 0 {
		c.Light, c.Says, c.Do = Red, fmt.Sprintf("%d stored files are not as they were stored.", n), restoreAdvice
		c.Found = c.Found[:min(n, maxFound)]
	}
	x.add(c)
	return err
}

// sweepAge is how old what a crash left must be before it is deleted: a file is stored before the record that names it.
const sweepAge = 24 * time.Hour

// clear lets a halted workspace be opened again, and deletes what a crash left, when nothing else is red and everything could be looked at.
func (x *examination) clear() {
	for _, c := range x.checks {
		if c.Name != "halted" && (c.Light == Red || c.Light == Unchecked && c.Name != "disk" && c.Name != "permissions") {
			x.add(Check{Name: "clear", Light: Red, Says: "Nothing was cleared, because " + c.Name + " is " + string(c.Light) + ".", Do: "see to that first"})
			return
		}
	}
	says, err := x.sweepStrays()
	if _, halted := store.Halted(x.place.Dir); halted && err == nil {
		if err = store.ClearHalt(x.place.Dir); err == nil {
			says += " The workspace can be opened again."
			for i := range x.checks {
				if x.checks[i].Name == "halted" {
					x.checks[i] = Check{Name: "halted", Light: Green, Says: "Ward had stopped because the disk did not confirm a write; everything was checked since."}
				}
			}
		}
	}
	if err != nil {
		x.add(Check{Name: "clear", Light: Red, Says: message(err) + "."})
		return
	}
	x.add(Check{Name: "clear", Light: Green, Says: says})
}

func (x *examination) sweepStrays() (string, error) {
	files, err := x.stored()
	if err != nil || files == nil {
		return "There was nothing to sweep.", err
	}
	var want map[string]string
	err = x.db.Read(x.ctx, func(tx *store.Tx) (err error) {
		want, err = blobs(x.ctx, tx)
		return err
	})
	if err != nil {
		return "", err
	}
	n, err := files.Sweep(func(hash string) bool { return want[hash] != "" }, time.Now().Add(-sweepAge))
	return fmt.Sprintf("%d files that a crash left were deleted.", n), err
}
