package desk

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"ward/fault"
	"ward/seal"
	"ward/store"
)

// A backup is an age file around a tar archive of manifest.json, ward.db, tombstones and the stored files, in this order and with nothing
// else: no owner, no mode, no time.

const manifestKind = "ward-backup"

// Names inside a backup; a stored file is named by filePrefix and its hash.
const (
	manifestName = "manifest.json"
	filePrefix   = "files/"
)

// manifest says what is in a backup.
type manifest struct {
	Version int              `json:"v"`
	Kind    string           `json:"kind"`
	At      time.Time        `json:"at"`
	Origin  string           `json:"origin"`
	Journal int64            `json:"journal"` // number of the last row
	Size    int64            `json:"size"`    // leaves of the log
	Root    string           `json:"root"`    // tree hash in hex; "" before the first leaf
	Rows    map[string]int64 `json:"rows"`    // by table
	Entries []packed         `json:"entries"` // in the order of the archive, the manifest itself left out
}

// packed is one file of a backup.
type packed struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// nameFormat is how a backup's time stands in its name.
const nameFormat = "20060102T150405Z"

const (
	backupSuffix = ".age"
	partSuffix   = ".part" // of a file that is being written
)

// write seals the copy into one file, brings it to the disk and reads it back from there.
func (k *backup) write(l lock) (b Backup, err error) {
	if err := k.list(); err != nil {
		return b, err
	}
	if b.ID, err = k.name(); err != nil {
		return b, err
	}
	b.Size, b.Sealed = k.manifest.Size, l.words
	b.Path = filepath.Join(k.place.dir, b.ID+backupSuffix)
	part := b.Path + partSuffix
	defer os.Remove(part) // does nothing once it has its name
	if b.SHA256, b.Bytes, err = k.writePart(part, l); err != nil {
		return b, unwritten(err)
	}
	k.told("reading back", 0, b.Bytes)
	again, err := k.hashFile(part, b.Bytes)
	if err != nil {
		return b, unwritten(err)
	}
	if again != b.SHA256 {
		return b, fault.New(fault.Internal, "the backup reads back otherwise than it was written").Keeping("it does not count; earlier ones are kept").Do("look at the health of the disk that holds the backups")
	}
	if err := errors.Join(os.Rename(part, b.Path), store.SyncDir(k.place.dir)); err != nil {
		return b, unwritten(err)
	}
	return b, nil
}

// name is one that no backup of this workspace has, wherever it lies: its time, with a number behind it where two were made in a second.
func (k *backup) name() (id string, err error) {
	base := "ward-" + k.manifest.At.Format(nameFormat)
	for n := 1; ; n++ {
		if id = base; n > 1 {
			id = fmt.Sprintf("%s-%d", base, n)
		}
		taken := k.place.has(id)
		if !taken {
			err = k.desk.db.Read(k.ctx, func(tx *store.Tx) (err error) { taken, err = tx.HasBackup(k.ctx, id); return err })
		}
		if err != nil || !taken {
			return id, err
		}
	}
}

// unwritten says why a backup could not be written.
func unwritten(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		return fault.Wrap(err, fault.Limit, "there is no space left for the backup").Keeping("nothing of it counts; earlier ones are kept").Do("make room where the backups are, then try again")
	case fault.KindOf(err) != fault.Internal:
		return err
	}
	return fault.Wrap(err, fault.Internal, "the backup could not be written").Keeping("nothing of it counts; earlier ones are kept").Do("check the disk that holds the backups")
}

// list hashes the small files and writes down what will be in the archive.
func (k *backup) list() error {
	k.manifest.Entries = nil
	for _, name := range []string{store.FileName, tombstoneFile} {
		e, err := k.sum(name)
		if err != nil {
			return err
		}
		k.manifest.Entries = append(k.manifest.Entries, e)
	}
	for _, hash := range slices.Sorted(maps.Keys(k.blobs)) {
		k.manifest.Entries = append(k.manifest.Entries, packed{filePrefix + hash, k.blobs[hash], hash})
	}
	return nil
}

// sum describes a file of the copy; the list of tombstones may be missing, and then is empty.
func (k *backup) sum(name string) (packed, error) {
	f, err := k.entry(name)
	if err != nil {
		return packed{}, err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	return packed{name, n, hex.EncodeToString(sum.Sum(nil))}, err
}

// entry opens what is packed under a name.
func (k *backup) entry(name string) (io.ReadCloser, error) {
	if name == store.FileName {
		return os.Open(filepath.Join(k.scratch, name))
	}
	if name != tombstoneFile {
		return k.desk.files.Get(name[len(filePrefix):])
	}
	body, err := k.tombstones()
	return io.NopCloser(bytes.NewReader(body)), err
}

// tombstones is the list at the time of the copy; it is made once, for it may grow.
func (k *backup) tombstones() ([]byte, error) {
	path := filepath.Join(k.scratch, tombstoneFile)
	body, err := os.ReadFile(path)
	if !errors.Is(err, os.ErrNotExist) {
		return body, err
	}
	if body, err = os.ReadFile(k.desk.tombstonePath()); errors.Is(err, os.ErrNotExist) {
		body, err = nil, nil
	}
	if err != nil {
		return nil, err
	}
	return body, os.WriteFile(path, body, 0o600)
}

// writePart writes the sealed archive and gives the hash and the size of what was written.
func (k *backup) writePart(path string, l lock) (sum string, size int64, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	out := &hashing{w: f, sum: sha256.New()}
	sealed, err := l.over(out)
	if err == nil {
		err = k.archive(sealed)
	}
	if err == nil {
		err = sealed.Close()
	}
	if err == nil {
		err = f.Sync()
	}
	store.Uncache(f)
	return hex.EncodeToString(out.sum.Sum(nil)), out.n, errors.Join(err, f.Close())
}

// over begins an age file.
func (l lock) over(w io.Writer) (io.WriteCloser, error) {
	if l.passphrase != nil {
		return seal.SealUnder(w, l.passphrase)
	}
	return seal.SealTo(w, l.recipients...)
}

func (k *backup) archive(w io.Writer) error {
	body, err := json.Marshal(k.manifest)
	if err != nil {
		return err
	}
	t := tar.NewWriter(w)
	if err := put(t, manifestName, int64(len(body)), bytes.NewReader(body)); err != nil {
		return err
	}
	var done, total int64
	for _, e := range k.manifest.Entries {
		total += e.Size
	}
	for _, e := range k.manifest.Entries {
		if err := k.pack(t, e); err != nil {
			return err
		}
		done += e.Size
		if k.told("writing", done, total); k.ctx.Err() != nil {
			return fault.Wrap(k.ctx.Err(), fault.Cancelled, "the backup was stopped").Keeping("nothing of it counts; earlier ones are kept")
		}
	}
	return t.Close()
}

// pack adds one file, which must still be what the manifest says.
func (k *backup) pack(t *tar.Writer, e packed) error {
	f, err := k.entry(e.Name)
	if err != nil {
		return err
	}
	defer f.Close()
	in := &hashing{sum: sha256.New()}
	if err := put(t, e.Name, e.Size, io.TeeReader(f, in)); err != nil {
		return err
	}
	if hex.EncodeToString(in.sum.Sum(nil)) != e.SHA256 {
		return fault.New(fault.Refused, "%s was altered on the disk", e.Name).Keeping("nothing counts as a backup; earlier ones are kept").Do("run ward doctor")
	}
	return nil
}

// put writes one entry of the archive in the only form that is read back.
func put(t *tar.Writer, name string, size int64, r io.Reader) error {
	if err := t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600}); err != nil {
		return err
	}
	if n, err := io.Copy(t, r); err != nil || n != size {
		return errors.Join(err, fmt.Errorf("%s has %d bytes of %d", name, n, size))
	}
	return nil
}

// hashing counts and hashes what goes through.
type hashing struct {
	w   io.Writer // may be nil
	sum hash.Hash
	n   int64
}

func (h *hashing) Write(p []byte) (n int, err error) {
	n = len(p)
	if h.w != nil {
		n, err = h.w.Write(p)
	}
	h.sum.Write(p[:n])
	h.n += int64(n)
	return n, err
}

// hashFile reads a file from the disk.
func (k *backup) hashFile(path string, total int64) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := &hashing{sum: sha256.New()}
	for {
		n, err := io.CopyN(sum, f, 16<<20)
		if k.told("reading back", sum.n, total); k.ctx.Err() != nil {
			return "", fault.Wrap(k.ctx.Err(), fault.Cancelled, "the backup was stopped").Keeping("nothing of it counts; earlier ones are kept")
		}
		if errors.Is(err, io.EOF) {
			return hex.EncodeToString(sum.sum.Sum(nil)), nil
		}
		if err != nil || n == 0 {
			return "", err
		}
	}
}
