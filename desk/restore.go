package desk

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"ward/access"
	"ward/fault"
	"ward/policy"
	"ward/seal"
	"ward/store"
	"ward/witness"
)

// RestoreOptions say which backup is restored and who opens it.
type RestoreOptions struct {
	File         string
	Identities   []string // of recipients the backup was sealed to; none where a passphrase opens it
	Tombstones   string   // a list of what was erased since; "" is the one beside the backup, else the one in it
	NoTombstones bool     // restore even where there is no list at all
	Damaged      bool     // restore even where records are not as they were journalled; Restored.Checks names them
	Shares       func() (a, b seal.Share, err error)

	// Progress is told how far a long step is; total is 0 where nobody knows. May be nil.
	Progress func(step string, done, total int64)
}

// Restored is what a restore came to.
type Restored struct {
	At        time.Time // of the backup
	Origin    string
	Rows      map[string]int64
	Replayed  int // subjects that were erased again
	List      string
	Rollback  *Rollback // the workspace is read-only because of it; nil when it is not
	NewKey    bool      // it was a witness, and needs a new key for that
	Before    bool      // all of it was in its place already: only the end of it had been broken off
	Witnesses []witness.Answer
	Checks    Checks
}

// restoreDir holds, inside the new workspace's directory, what is not in its place yet. While it is there and the database is not, nobody
// can open the workspace.
const restoreDir = "restore.tmp"

// Restore makes a new workspace of a backup: it opens and checks the backup, erases again what was erased since it was made, and asks the
// log's witnesses how far they have seen the log. Nothing stands in its place before all of that is done.
func Restore(ctx context.Context, who access.Actor, p Workspace, opt RestoreOptions) (r Restored, err error) {
	if err := who.May(access.BackUp); err != nil {
		return r, err
	}
	list, from, err := opt.tombstones()
	if err != nil {
		return r, err
	}
	if err := vacant(p); err != nil {
		return r, err
	}
	release, err := store.LockCopy(p.Dir)
	if err != nil {
		return r, err
	}
	defer release()
	k := &restore{ctx: ctx, who: who, place: p, opt: opt, list: list, listFrom: from, scratch: filepath.Join(p.Dir, restoreDir)}
	if done, err := k.wasDone(); done || err != nil {
		return k.out, err
	}
	if err := k.begin(); err != nil {
		return r, err
	}
	if err := k.run(); err != nil {
		return k.out, errors.Join(err, k.abandon())
	}
	return k.out, nil
}

// tombstones finds the list of what must not come back, and says which; nil with "" leaves it to the one in the backup.
func (o RestoreOptions) tombstones() (list []store.Erasure, from string, err error) {
	path := o.Tombstones
	if path == "" {
		path = filepath.Join(filepath.Dir(o.File), tombstoneFile)
	}
	body, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && o.Tombstones == "" {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fault.Wrap(err, fault.NotFound, "the list of tombstones cannot be read").Keeping("nothing was restored").Do("check the path after --tombstones")
	}
	list, err = ParseTombstones(body)
	return list, path, err
}

// vacant makes the new directory, and refuses one that holds anything but what a broken-off restore left.
func vacant(p Workspace) error {
	if err := os.MkdirAll(p.Dir, 0o700); err != nil {
		return fault.Wrap(err, fault.Refused, "the directory %s cannot be made", p.Dir).Do("choose one that you may write to with --data")
	}
	entries, err := os.ReadDir(p.Dir)
	if err != nil {
		return fault.Wrap(err, fault.Refused, "the directory %s cannot be read", p.Dir)
	}
	ours := []string{restoreDir, "copy.lock", "lost+found"}
	if !whole(p.Dir) {
		ours = append(ours, beside()...)
	}
	for _, e := range entries {
		if !slices.Contains(ours, e.Name()) {
			return fault.New(fault.Refused, "%s is not empty: it holds %.60s", p.Dir, e.Name()).Keeping("nothing was changed there").Do("name a new directory with --data")
		}
	}
	return nil
}

// whole reports that no restore was broken off in a directory.
func whole(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, restoreDir))
	return errors.Is(err, fs.ErrNotExist)
}

// unfinished refuses to open a directory in which a restore was broken off.
func (p Workspace) unfinished() error {
	_, err := os.Lstat(filepath.Join(p.Dir, store.FileName))
	if whole(p.Dir) || err == nil && p.DB == "" {
		return nil
	}
	return fault.New(fault.Refused, "a restore into this directory was broken off").Keeping("the backup is as it was").Do("run ward restore again; it begins anew")
}

// restore is one restore under way.
type restore struct {
	ctx      context.Context
	who      access.Actor
	place    Workspace
	opt      RestoreOptions
	list     []store.Erasure
	listFrom string
	scratch  string
	read     manifest
	sum      string // SHA-256 of the backup's file
	out      Restored
}

func (k *restore) told(step string, done, total int64) {
	if k.opt.Progress != nil {
		k.opt.Progress(step, done, total)
	}
}

// begin clears away what a broken-off restore left.
func (k *restore) begin() error {
	if whole(k.place.Dir) {
		return nil
	}
	for _, name := range beside() {
		if err := os.RemoveAll(filepath.Join(k.place.Dir, name)); err != nil {
			return err
		}
	}
	return store.RemoveCopy(k.scratch)
}

// abandon removes what a restore that failed has made.
func (k *restore) abandon() error { return store.RemoveCopy(k.scratch) }

func (k *restore) run() error {
	if err := os.Mkdir(k.scratch, 0o700); err != nil {
		return fault.Wrap(err, fault.Refused, "the directory %s cannot be used", k.place.Dir)
	}
	if err := k.unpack(); err != nil {
		return err
	}
	db, err := store.Open(k.ctx, k.scratch)
	if err != nil {
		return err
	}
	d := &Desk{db: db, place: Workspace{Dir: k.scratch, Passphrase: k.place.Passphrase}, corpus: policy.Load()}
	if err := errors.Join(k.prepare(d), db.Close()); err != nil {
		return err
	}
	return k.settle()
}

// prepare unlocks, erases again, checks and asks, all of it on what lies aside.
func (k *restore) prepare(d *Desk) (err error) {
	if err := k.unlock(d); err != nil {
		return err
	}
	if d.files, err = filesIn(k.scratch); err != nil {
		return err
	}
	if err := k.replay(d); err != nil {
		return err
	}
	if err := k.examine(d); err != nil {
		return err
	}
	k.told("asking witnesses", 0, 0)
	size, answers, err := d.askWitnesses(k.ctx)
	if err != nil {
		return err
	}
	k.out.Witnesses, k.out.Rollback = answers, rolledBack(size, answers)
	if err := d.WriteLogFiles(k.ctx); err != nil {
		return err
	}
	return d.db.Write(k.ctx, k.who.Name, k.note)
}

// note journals that the workspace was restored. As a witness it may have cosigned more than it knows of now: with its former key it could
// cosign a fork, so that key is given up.
func (k *restore) note(tx *store.Tx) error {
	if k.out.Rollback != nil {
		if err := freeze(k.ctx, tx, *k.out.Rollback); err != nil {
			return err
		}
	}
	signer, err := tx.Secret(secretWitness)
	if err != nil {
		return err
	}
	if k.out.NewKey = len(signer) > 0; k.out.NewKey {
		if err := tx.KeepSecret(k.ctx, secretWitness, nil); err != nil {
			return err
		}
	}
	_, err = tx.Journal(k.ctx, "backup.restore", store.Workspace, k.sum)
	return err
}

func (k *restore) unlock(d *Desk) error {
	lock, err := d.db.Lock(k.ctx)
	if err != nil {
		return err
	}
	ring, err := readKeyring(lock.Keyring)
	if err != nil {
		return err
	}
	var key *seal.Desk
	if k.opt.Shares != nil {
		a, b, err := k.opt.Shares()
		if err != nil {
			return err
		}
		if key, err = ring.UnlockWithShares(a, b); err != nil {
			return err
		}
	} else {
		passphrase, err := d.passphrase(false)
		if err != nil {
			return err
		}
		if key, err = ring.Unlock(passphrase); err != nil {
			return err
		}
	}
	d.db.Unlock(key, lock.Origin)
	k.out.Origin = lock.Origin
	return nil
}

// replay erases again what was erased since the backup was made.
func (k *restore) replay(d *Desk) (err error) {
	k.told("erasing again", 0, 0)
	inside, err := d.Tombstones(k.ctx)
	if err != nil {
		return err
	}
	if k.listFrom == "" && len(inside) == 0 && !k.opt.NoTombstones {
		return fault.New(fault.Undecided, "nobody can tell what was erased since this backup was made: there is no list of tombstones beside it, and none in it").Keeping("nothing was restored").
			Do("put the newest file tombstones beside the backup, or name it with --tombstones; if nothing was ever erased, --no-tombstones")
	}
	k.out.List = k.listFrom
	k.out.Replayed, err = d.Replay(k.ctx, append(slices.Clone(k.list), inside...))
	return err
}

// examine looks at all of it as a doctor does.
func (k *restore) examine(d *Desk) error {
	x := &examination{ctx: k.ctx, place: Workspace{Dir: k.scratch}, db: d.db, opt: DoctorOptions{Progress: k.opt.Progress}}
	if x.integrity() {
		x.keys()
		x.journal()
		x.tree()
		x.records()
		x.ledger()
		x.storedFiles()
	}
	k.out.Checks = x.checks
	if k.opt.Damaged {
		return nil
	}
	return x.failed("the backup does not hold together", "nothing was restored", "take an older backup; if there is none, --damaged restores what there is, and ward doctor names what is wrong")
}

// settle puts everything in its place, the database last.
func (k *restore) settle() error {
	k.told("putting in place", 0, 0)
	database := func() error { return k.move(store.FileName) }
	if k.place.DB != "" {
		database = k.load
		if err := os.WriteFile(filepath.Join(k.scratch, sourceName), []byte(k.sum), 0o600); err != nil {
			return err
		}
	}
	for _, name := range beside() {
		if err := k.move(name); err != nil {
			return err
		}
	}
	if err := database(); err != nil {
		return err
	}
	return store.RemoveCopy(k.scratch)
}

// beside is what lies beside the database in a workspace's directory.
func beside() []string { return []string{filesDir, tombstoneFile, logDir} }

func (k *restore) move(name string) error {
	from := filepath.Join(k.scratch, name)
	if _, err := os.Lstat(from); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := errors.Join(os.Rename(from, filepath.Join(k.place.Dir, name)), store.SyncDir(k.place.Dir)); err != nil {
		return fault.Wrap(err, fault.Refused, "%s cannot be put in its place", name).Keeping("the backup is as it was").Do("run the same command again")
	}
	return nil
}

// load fills the PostgreSQL database in one transaction.
func (k *restore) load() error {
	from, err := store.Open(k.ctx, k.scratch)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := store.Open(k.ctx, k.place.DB)
	if err != nil {
		return err
	}
	return errors.Join(to.Load(k.ctx, from), to.Close())
}

// sourceName names, while a PostgreSQL database is filled, the file that says from which backup.
const sourceName = "source"

// wasDone refuses a PostgreSQL database that holds a workspace; unless it is the one that this restore put there before it was broken off at
// its very end.
func (k *restore) wasDone() (bool, error) {
	if k.place.DB == "" {
		return false, nil
	}
	to, err := store.Open(k.ctx, k.place.DB)
	if err != nil {
		return false, err
	}
	defer to.Close()
	lock, err := to.Lock(k.ctx)
	if err != nil || lock.Keyring == "" && to.Clear() == nil {
		return false, err
	}
	sum, err := os.ReadFile(filepath.Join(k.scratch, sourceName))
	if err == nil && len(sum) > 0 {
		err = to.Read(k.ctx, func(tx *store.Tx) error {
			return tx.QueryRow(k.ctx, "SELECT 1 FROM journal WHERE act='backup.restore' AND digest=$1 LIMIT 1", string(sum)).Scan(new(int))
		})
		if err == nil {
			k.out.Before = true
			return true, store.RemoveCopy(k.scratch)
		}
	}
	return false, fault.New(fault.Refused, "the database holds a workspace already").Keeping("nothing was changed there").Do("name an empty one with --db, made for instance with createdb")
}
