package desk

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"ward/blob"
	"ward/entry"
	"ward/evaluation"
	"ward/fault"
)

// visitParcel is what travels, either way: entries, and after them the sealed files that they hold.
type visitParcel struct {
	Version    int             `json:"version"`
	Way        string          `json:"way"` // out, home
	Visit      string          `json:"visit"`
	Evaluation string          `json:"evaluation"`
	Traveller  string          `json:"traveller"`
	Taken      time.Time       `json:"taken"`
	Recipient  string          `json:"recipient,omitempty"` // on the way out
	Secret     string          `json:"secret"`
	Entries    []entry.Brought `json:"entries"`
}

const (
	parcelVersion = 1
	wayOut        = "out"
	wayHome       = "home"

	parcelHead  = "visit.json"
	parcelFiles = "files/"

	maxParcelHead  = 64 << 20
	maxParcelFiles = 200
)

func (p visitParcel) visit() Visit {
	return Visit{ID: p.Visit, Evaluation: p.Evaluation, Traveller: p.Traveller, Taken: p.Taken}
}

// write writes the parcel with its files, as a tar archive.
func (p visitParcel) write(w io.Writer, store *blob.Store, files []string) error {
	head, err := json.Marshal(p)
	if err != nil {
		return fault.Wrap(err, fault.Internal, "the copy cannot be written")
	}
	t := tar.NewWriter(w)
	if err := t.WriteHeader(&tar.Header{Name: parcelHead, Mode: 0o600, Size: int64(len(head))}); err != nil {
		return err
	}
	if _, err := t.Write(head); err != nil {
		return err
	}
	for _, hash := range files {
		if err := writeParcelFile(t, store, hash); err != nil {
			return err
		}
	}
	return t.Close()
}

func writeParcelFile(t *tar.Writer, store *blob.Store, hash string) error {
	f, err := store.Get(hash)
	if err != nil {
		return err
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, evaluation.MaxFile+maxOverhead))
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: parcelFiles + hash, Mode: 0o600, Size: int64(len(body))}); err != nil {
		return err
	}
	_, err = t.Write(body)
	return err
}

// maxOverhead is by how much a sealed file can be longer than its plain text, generously.
const maxOverhead = 1 << 20

// badParcel is the answer about a file that is cut short, altered, or none of ours.
func badParcel(what string) error {
	return fault.New(fault.Invalid, "this is no whole visit file: %s", what).Keeping("nothing was written").Do("copy it again from where it was made")
}

// readParcel reads a parcel to its end, telling each file to keep; nil keeps none and only looks whether all is whole.
func readParcel(r io.Reader, keep func(hash string, r io.Reader) error) (p visitParcel, err error) {
	t := tar.NewReader(r)
	head, err := t.Next()
	if err != nil || head.Name != parcelHead || head.Size > maxParcelHead {
		return p, unreadable(err, "it does not begin as one")
	}
	body, err := io.ReadAll(t)
	if err != nil || json.Unmarshal(body, &p) != nil {
		return p, unreadable(err, "its beginning cannot be read")
	}
	if p.Version > parcelVersion {
		return p, fault.New(fault.Invalid, "the visit file was written by a newer Ward (format %d)", p.Version).Keeping("nothing was written").Do("use that version or a later one")
	}
	wanted := map[string]bool{}
	for _, hash := range filesOf(p.Entries) {
		wanted[hash] = true
	}
	for range maxParcelFiles + 1 {
		f, err := t.Next()
		if errors.Is(err, io.EOF) {
			return p, parcelEnds(r, len(wanted))
		}
		hash := ""
		if err == nil && len(f.Name) > len(parcelFiles) {
			hash = f.Name[len(parcelFiles):]
		}
		if err != nil || !wanted[hash] || f.Size > evaluation.MaxFile+maxOverhead {
			return p, unreadable(err, "a file in it does not belong there")
		}
		delete(wanted, hash)
		if keep == nil {
			_, err = io.Copy(io.Discard, t)
			err = unreadableNil(err)
		} else {
			err = keep(hash, t)
		}
		if err != nil {
			return p, err
		}
	}
	return p, badParcel("it holds too many files")
}

// parcelEnds reads what is behind the archive, so that a seal that was cut off is noticed.
func parcelEnds(r io.Reader, missing int) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return unreadable(err, "it is cut off")
	}
	if missing > 0 {
		return badParcel("photographs are missing in it")
	}
	return nil
}

// unreadable keeps a fault that says more.
func unreadable(err error, what string) error {
	if fault.KindOf(err) != "" && err != nil {
		var known *fault.Error
		if errors.As(err, &known) {
			return err
		}
	}
	return badParcel(what)
}

func unreadableNil(err error) error {
	if err == nil {
		return nil
	}
	return unreadable(err, "it is cut off")
}

// keepParcelFiles stores the files of a parcel; each is what its name says.
func keepParcelFiles(ctx context.Context, files *blob.Store) func(string, io.Reader) error {
	return func(hash string, r io.Reader) error {
		got, _, err := files.Put(ctx, func(w io.Writer) error {
			_, err := io.Copy(w, r)
			return unreadableNil(err)
		})
		if err == nil && got != hash {
			err = badParcel("a photograph in it is not what it says")
		}
		return err
	}
}
