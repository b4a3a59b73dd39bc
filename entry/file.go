package entry

import (
	"context"
	"strings"

	"ward/store"
)

// File is a file that came with a record, kept as an age file under an identity of its own. Its name and type stand nowhere else.
type File struct {
	Name     string `json:"name"`
	Type     string `json:"type"`               // MIME type as judged from its first bytes, else as sent
	SHA256   string `json:"sha256,omitempty"`   // of the bytes as they came
	Blob     string `json:"blob,omitempty"`     // SHA-256 of the sealed bytes; "" where the file was not kept
	Bytes    int64  `json:"bytes,omitempty"`    // as it came
	Identity string `json:"identity,omitempty"` // the age identity that opens it
}

// Picture reports a picture or a film.
func (f File) Picture() bool {
	return strings.HasPrefix(f.Type, "image/") || strings.HasPrefix(f.Type, "video/")
}

// kindsOfFiles ends the name of every kind whose body is a WithFile.
const kindsOfFiles = ".file"

// WithFile is the part of a body that holds a file: bodies of kinds whose name ends in ".file" embed it, so that the house finds what they
// hold when it backs up, checks, sweeps and erases.
type WithFile struct {
	File File `json:"file"`
}

// Files maps each stored file that a living entry of a kind of files holds to that entry's id.
func Files(ctx context.Context, tx *store.Tx) (map[string]string, error) {
	list, err := list[WithFile](ctx, tx, "e.kind LIKE $1", "%"+kindsOfFiles)
	out := map[string]string{}
	for _, e := range list {
		out[e.Body.File.Blob] = e.ID
	}
	return out, err
}

// FileOf is the stored file that an entry holds; "" where its kind holds none.
func FileOf(ctx context.Context, tx *store.Tx, n Named) (blob string, err error) {
	if n.Erased || !strings.HasSuffix(n.Kind, kindsOfFiles) {
		return "", nil
	}
	found, err := list[WithFile](ctx, tx, "e.id=$1", n.ID)
	if len(found) > 0 {
		blob = found[0].Body.File.Blob
	}
	return blob, err
}
