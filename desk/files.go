package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"net/http"
	"strings"

	"ward/entry"
	"ward/fault"
	"ward/intake"
	"ward/seal"
	"ward/store"
)

// sealFile seals a file as it is read: no plain byte of it touches the disk. Room is how many bytes it may have, of most that a record's
// files may have together; more is a Limit. The file belongs to nothing until a record names it, and is swept away after a day without one.
func (d *Desk) sealFile(ctx context.Context, name, kind string, r io.Reader, room, most int64) (f entry.File, err error) {
	identity, recipient, err := seal.NewIdentity()
	if err != nil {
		return f, err
	}
	f = entry.File{Name: intake.FileName(name), Identity: identity}
	sum, first := sha256.New(), &opening{}
	f.Blob, _, err = d.files.Put(ctx, func(w io.Writer) error {
		sealed, err := seal.SealTo(w, recipient)
		if err != nil {
			return err
		}
		f.Bytes, err = io.Copy(sealed, io.TeeReader(io.LimitReader(r, room+1), io.MultiWriter(sum, first)))
		if err == nil && f.Bytes > room {
			err = fault.New(fault.Limit, "the files are larger than %d MB together", most>>20).
				Keeping("nothing was written").Do("leave the largest out, or keep it with a second record")
		}
		if err != nil {
			return err
		}
		return sealed.Close()
	})
	f.Type, f.SHA256 = typeOf(first.bytes, kind), hex.EncodeToString(sum.Sum(nil))
	return f, err
}

// opening keeps the first bytes of what is written to it.
type opening struct{ bytes []byte }

const sniffed = 512

func (b *opening) Write(p []byte) (int, error) {
	b.bytes = append(b.bytes, p[:min(len(p), sniffed-len(b.bytes))]...)
	return len(p), nil
}

// typeOf is the type of a file as its first bytes show it; where they show none it is what its sender said, when that can be a type.
func typeOf(first []byte, said string) string {
	kind := http.DetectContentType(first)
	said, _, _ = strings.Cut(strings.ToLower(said), ";")
	family, rest, is := strings.Cut(strings.TrimSpace(said), "/")
	plain := kind == "application/octet-stream" || strings.HasPrefix(kind, "text/plain") || kind == "application/zip"
	if !plain || !is || len(said) > 80 || strings.Trim(family+rest, "abcdefghijklmnopqrstuvwxyz0123456789.+-") != "" || family == "image" || family == "video" {
		return kind
	}
	return family + "/" + rest
}

// openFile opens a stored file; whoever calls has asked whether it may be read, and closes it.
func (d *Desk) openFile(f entry.File) (io.ReadCloser, error) {
	sealed, err := d.files.Get(f.Blob)
	if err != nil {
		return nil, err
	}
	plain, err := seal.OpenWith(sealed, f.Identity)
	if err != nil {
		sealed.Close()
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{plain, sealed}, nil
}

// blobs maps every stored file that a record names to what names it.
func blobs(ctx context.Context, tx *store.Tx) (map[string]string, error) {
	out, err := intake.Blobs(ctx, tx)
	if err != nil {
		return out, err
	}
	files, err := entry.Files(ctx, tx)
	maps.Copy(out, files)
	return out, err
}
