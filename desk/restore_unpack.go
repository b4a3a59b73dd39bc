package desk

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"ward/blob"
	"ward/fault"
	"ward/seal"
	"ward/store"
)

// maxManifest bounds a backup's manifest, in bytes: some hundred for each stored file.
const maxManifest = 256 << 20

// unpack opens the backup and lays out what is in it, each file checked against the manifest. Nothing of it counts before its end was
// reached: only there it is certain that nothing was cut off.
func (k *restore) unpack() error {
	f, err := os.Open(k.opt.File)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "the backup cannot be opened").Keeping("nothing was restored").Do("check its path")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	in := &hashing{sum: sha256.New()}
	asked := false
	passphrase := func() ([]byte, error) {
		asked = true
		return (&Desk{place: k.place}).passphrase(false)
	}
	plain, err := seal.OpenEither(io.TeeReader(f, in), passphrase, k.opt.Identities...)
	if fault.Is(err, fault.Refused) && len(k.opt.Identities) == 0 && !asked {
		return fault.New(fault.Refused, "this backup is sealed to somebody's own key").Keeping("nothing was restored").Do("name the file that holds an officer's key with --identity")
	}
	if err != nil {
		return err
	}
	files, err := filesIn(k.scratch)
	if err != nil {
		return err
	}
	u := &unpacking{restore: k, tar: tar.NewReader(plain), files: files, told: func() { k.told("unpacking", in.n, info.Size()) }}
	if err := u.all(); err != nil {
		return damagedBackup(err)
	}
	if err := onlyZeros(plain); err != nil {
		return damagedBackup(err)
	}
	if _, err := io.Copy(in, f); err != nil {
		return err
	}
	k.sum = hex.EncodeToString(in.sum.Sum(nil))
	k.out.At, k.out.Rows = k.read.At, k.read.Rows
	return nil
}

// errForm is what is wrong with a backup that opens and is not one.
var errForm = errors.New("not in the form of a backup")

// damagedBackup tells a backup that cannot be used from a disk that fails.
func damagedBackup(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, errForm) || errors.Is(err, tar.ErrHeader) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.Wrap(err, fault.Invalid, "this is no backup of a workspace, or it is damaged").Keeping("nothing was restored").Do("take another backup")
	}
	return err
}

// onlyZeros reads the padding behind an archive.
func onlyZeros(r io.Reader) error {
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		if len(bytes.Trim(buf[:n], "\x00")) > 0 {
			return errForm
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// unpacking is a backup as it is read.
type unpacking struct {
	*restore
	tar   *tar.Reader
	files *blob.Store
	told  func()
}

func (u *unpacking) all() error {
	head, err := u.next(manifestName)
	if err != nil {
		return err
	}
	if head.Size > maxManifest {
		return errForm
	}
	body, err := io.ReadAll(u.tar)
	if err != nil {
		return err
	}
	if err := u.manifest(body); err != nil {
		return err
	}
	for _, e := range u.read.Entries {
		if err := u.entry(e); err != nil {
			return err
		}
		if u.told(); u.ctx.Err() != nil {
			return fault.Wrap(u.ctx.Err(), fault.Cancelled, "the restore was stopped").Keeping("nothing was restored").Do("run the same command again")
		}
	}
	if _, err := u.tar.Next(); !errors.Is(err, io.EOF) {
		return errors.Join(err, errForm)
	}
	return nil
}

// next finds the entry of a name, which must come now and be an ordinary file.
func (u *unpacking) next(name string) (*tar.Header, error) {
	head, err := u.tar.Next()
	if errors.Is(err, io.EOF) {
		return nil, errForm
	}
	if err != nil {
		return nil, err
	}
	if head.Name != name || head.Typeflag != tar.TypeReg {
		return nil, errForm
	}
	return head, nil
}

// fileEntry is the name of a stored file in a backup.
var fileEntry = regexp.MustCompile(`^files/[0-9a-f]{64}$`)

func (u *unpacking) manifest(body []byte) error {
	if err := json.Unmarshal(body, &u.read); err != nil || u.read.Kind != manifestKind {
		return errForm
	}
	if u.read.Version != 1 {
		return fault.New(fault.Refused, "this backup was made by a newer Ward (format %d)", u.read.Version).Keeping("nothing was restored").Do("use the newer program")
	}
	last := ""
	for i, e := range u.read.Entries {
		switch {
		case i == 0 && e.Name == store.FileName, i == 1 && e.Name == tombstoneFile:
		case i > 1 && fileEntry.MatchString(e.Name) && e.Name > last && strings.HasSuffix(e.Name, e.SHA256):
			last = e.Name
		default:
			return errForm
		}
	}
	if len(u.read.Entries) < 2 {
		return errForm
	}
	return nil
}

// entry lays out one file.
func (u *unpacking) entry(e packed) error {
	head, err := u.next(e.Name)
	if err != nil {
		return err
	}
	if head.Size != e.Size {
		return errForm
	}
	var sum string
	if fileEntry.MatchString(e.Name) {
		sum, _, err = u.files.Put(u.ctx, func(w io.Writer) error { _, err := io.Copy(w, u.tar); return err })
	} else {
		sum, err = u.small(e.Name)
	}
	if err == nil && sum != e.SHA256 {
		err = errForm
	}
	return err
}

func (u *unpacking) small(name string) (string, error) {
	f, err := os.OpenFile(filepath.Join(u.scratch, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	defer f.Close()
	out := &hashing{w: f, sum: sha256.New()}
	if _, err := io.Copy(out, u.tar); err != nil {
		return "", err
	}
	return hex.EncodeToString(out.sum.Sum(nil)), errors.Join(f.Sync(), f.Close())
}
