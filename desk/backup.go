package desk

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ward/access"
	"ward/blob"
	"ward/fault"
	"ward/seal"
	"ward/store"
	"ward/tlog"
)

// BackupOptions say where a backup goes and who can open it.
type BackupOptions struct {
	To         string        // directory, of this workspace's backups alone; made when it is missing
	Recipients []string      // age1pq...; none: the named officers, else the workspace's passphrase
	Keep       time.Duration // how long a backup is kept; 0 is 35 days
	Hourly     bool          // a server makes one every hour: a doctor misses the next

	// Progress is told how far a long step is; total is 0 where nobody knows. May be nil.
	Progress func(step string, done, total int64)
}

// Backup is one that was written, read back and found whole.
type Backup struct {
	store.Backup
	Path    string
	Sealed  string   // to whom, in words
	Expired int      // older ones that were deleted
	Notes   []string // what somebody should know of it
}

// scratchDir holds, inside a workspace's directory, the copy that a backup is made from.
const scratchDir = "backup.tmp"

// Backup copies the workspace as it stands at one moment, checks the copy, seals it into one file and reads that back. Only then it counts:
// whatever fails before leaves no file, and a sentence. Others go on working meanwhile.
func (d *Desk) Backup(ctx context.Context, who access.Actor, opt BackupOptions) (b Backup, err error) {
	if err := who.May(access.BackUp); err != nil {
		return b, err
	}
	if opt.Keep == 0 {
		opt.Keep = backupLife
	}
	if err := d.db.Write(ctx, who.Name, func(*store.Tx) error { return nil }); err != nil {
		return b, err // it could not be noted
	}
	release, err := store.LockCopy(d.place.Dir)
	if err != nil {
		return b, err
	}
	defer release()
	k := &backup{ctx: ctx, desk: d, opt: opt, scratch: filepath.Join(d.place.Dir, scratchDir)}
	if err := store.RemoveCopy(k.scratch); err != nil { // what a crash left
		return b, err
	}
	defer store.RemoveCopy(k.scratch)
	return k.make(who)
}

// backup is one backup in the making.
type backup struct {
	ctx      context.Context
	desk     *Desk
	opt      BackupOptions
	scratch  string
	place    backupPlace
	recorded statement
	manifest manifest
	blobs    map[string]int64 // stored file -> size
}

func (k *backup) make(who access.Actor) (b Backup, err error) {
	if k.place, err = k.desk.backupPlace(k.opt.To); err != nil {
		return b, err
	}
	lock, err := k.lock()
	if err != nil {
		return b, err
	}
	if err := k.desk.listErased(k.ctx); err != nil {
		return b, err
	}
	if err := os.MkdirAll(k.scratch, 0o700); err != nil {
		return b, fault.Wrap(err, fault.Refused, "no copy can be made in the workspace's directory").Do("check that it is yours, and the disk")
	}
	k.told("copying", 0, 0)
	if err := k.desk.db.Snapshot(k.ctx, k.scratch); err != nil {
		return b, err
	}
	if err := k.examine(lock); err != nil {
		return b, err
	}
	if b, err = k.write(lock); err != nil {
		return b, err
	}
	b.Notes = k.place.notes(k.desk.place.Dir)
	return b, k.count(who, &b)
}

func (k *backup) told(step string, done, total int64) {
	if k.opt.Progress != nil {
		k.opt.Progress(step, done, total)
	}
}

// examine opens the copy and looks whether it holds together, and gathers what the manifest says of it.
func (k *backup) examine(lock lock) error {
	db, err := store.Examine(k.ctx, k.scratch)
	if err != nil {
		return err
	}
	defer db.Close()
	held, err := db.Lock(k.ctx)
	if err != nil {
		return err
	}
	if err := lock.fits(held.Keyring, k.desk.db.Key()); err != nil {
		return err
	}
	db.Unlock(k.desk.db.Key(), held.Origin)
	x := &examination{ctx: k.ctx, place: Workspace{Dir: k.scratch}, db: db, opt: DoctorOptions{Progress: k.opt.Progress}}
	x.integrity()
	x.keys()
	x.tree()
	if err := x.failed("the copy of the workspace does not hold together", "nothing counts as a backup; earlier ones are kept", "run ward doctor"); err != nil {
		return err
	}
	return db.Read(k.ctx, func(tx *store.Tx) error { return k.gather(tx, held.Origin) })
}

// failed is a fault that lists what is red.
func (x *examination) failed(what, kept, do string) error {
	var found []string
	for _, c := range x.checks {
		if c.Light == Red {
			found = append(found, c.Name+": "+strings.TrimSuffix(c.Says, "."))
		}
	}
	if len(found) == 0 {
		return nil
	}
	return fault.New(fault.Refused, "%s (%s)", what, strings.Join(found, "; ")).Keeping("%s", kept).Do("%s", do)
}

// gather notes what is in the copy.
func (k *backup) gather(tx *store.Tx, origin string) error {
	rows, err := tx.Rows(k.ctx)
	if err != nil {
		return err
	}
	state, err := tx.LogState(k.ctx)
	if err != nil {
		return err
	}
	k.recorded = statement{Version: 1, Size: state.Size}
	if c, err := tlog.ReadCheckpoint(state.Checkpoint); err == nil {
		k.recorded.Root = tlog.Hex(c.Root)
	}
	if k.recorded.Journal, err = tx.Last(k.ctx); err != nil {
		return err
	}
	leaves, err := tx.LeavesHash(k.ctx, k.recorded.Journal)
	if err != nil {
		return err
	}
	k.recorded.Leaves = tlog.Hex(leaves)
	wanted, err := blobs(k.ctx, tx)
	if err != nil {
		return err
	}
	k.manifest = manifest{Version: 1, Kind: manifestKind, At: k.desk.db.Now().Truncate(time.Second), Origin: origin, Journal: k.recorded.Journal,
		Size: state.Size, Root: k.recorded.Root, Rows: rows}
	k.blobs, err = k.desk.sizes(k.ctx, wanted)
	return err
}

// sizes finds how large the stored files are that a copy names. One that is missing is an error, unless its import was erased meanwhile.
func (d *Desk) sizes(ctx context.Context, wanted map[string]string) (map[string]int64, error) {
	out := map[string]int64{}
	err := d.files.Each(func(hash string, size int64) error {
		if wanted[hash] != "" {
			out[hash] = size
		}
		return nil
	})
	if err != nil || len(out) == len(wanted) {
		return out, err
	}
	var now map[string]string
	if err = d.db.Read(ctx, func(tx *store.Tx) (err error) { now, err = blobs(ctx, tx); return err }); err != nil {
		return nil, err
	}
	for hash, run := range wanted {
		if _, there := out[hash]; !there && now[hash] != "" {
			return nil, fault.New(fault.Internal, "the stored file of import %s is missing", run).Keeping("nothing counts as a backup; earlier ones are kept").Do("run ward doctor")
		}
	}
	return out, nil
}

// count makes a backup count: what it holds is written beside it, it is noted and journalled, and older ones expire.
func (k *backup) count(who access.Actor, b *Backup) error {
	k.told("noting", 0, 0)
	if err := k.place.mergeTombstones(k.ctx, k.desk); err != nil {
		return err
	}
	err := k.desk.db.Write(k.ctx, who.Name, func(tx *store.Tx) error {
		key, err := workspaceKey(k.ctx, tx)
		if err != nil {
			return err
		}
		k.recorded.ID = b.ID
		if err := k.place.writeStatement(key, k.recorded); err != nil {
			return err
		}
		if err := keepPlace(k.ctx, tx, key, k.place.dir, k.opt.Hourly); err != nil {
			return err
		}
		return tx.GoodBackup(k.ctx, b.Backup)
	})
	if err != nil {
		return err
	}
	b.Expired, err = k.place.expire(k.manifest.At.Add(-k.opt.Keep))
	return err
}

// lock is how a backup is sealed.
type lock struct {
	recipients []string
	passphrase []byte
	words      string
}

// lock finds to whom the backup is sealed.
func (k *backup) lock() (l lock, err error) {
	if len(k.opt.Recipients) > 0 {
		l = lock{recipients: k.opt.Recipients, words: fmt.Sprintf("sealed to %d recipients who were named", len(k.opt.Recipients))}
		if len(k.opt.Recipients) == 1 {
			l.words = "sealed to the recipient who was named"
		}
	} else {
		var officers []store.Officer
		if err := k.desk.db.Read(k.ctx, func(tx *store.Tx) (err error) { officers, err = tx.Officers(k.ctx); return err }); err != nil {
			return l, err
		}
		var names []string
		for _, o := range officers {
			l.recipients, names = append(l.recipients, o.Recipient), append(names, o.Name)
		}
		l.words = "sealed to the officers: " + strings.Join(names, ", ")
	}
	for _, r := range l.recipients {
		if err := seal.CheckRecipient(r); err != nil {
			return l, err
		}
	}
	if len(l.recipients) == 0 {
		l.words = "sealed under the workspace's passphrase alone, because no officer is named"
		l.passphrase, err = k.desk.passphrase(false)
	}
	return l, err
}

// fits makes sure that desk key and passphrase are those of the keyring in the copy: another passphrase would lock the backup for good.
func (l lock) fits(keyring string, key *seal.Desk) error {
	ring, err := readKeyring(keyring)
	if err != nil {
		return err
	}
	same := ring.Generation == key.Generation()
	if same && l.passphrase != nil {
		_, err := ring.Unlock(l.passphrase)
		same = err == nil
	}
	if !same {
		return fault.New(fault.Refused, "the workspace's keys were changed since this program read them").Keeping("nothing was written").Do("stop this program and start it again")
	}
	return nil
}

func workspaceKey(ctx context.Context, tx *store.Tx) (seal.Key, error) {
	keys, err := tx.Keys(ctx, store.Workspace)
	if err != nil {
		return seal.Key{}, err
	}
	key, ok := keys[store.Workspace]
	if !ok {
		return key, fault.New(fault.Internal, "the workspace has no key of its own").Do("run ward doctor")
	}
	return key, nil
}

// filesIn opens the stored files of a workspace's directory.
func filesIn(dir string) (*blob.Store, error) { return blob.Open(filepath.Join(dir, filesDir)) }
