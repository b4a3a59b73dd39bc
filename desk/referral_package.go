package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"unicode/utf8"

	"ward/access"
	"ward/casework"
	"ward/entry"
	"ward/fault"
	"ward/referral"
	"ward/store"
)

// Printer writes a package for people to read; package paper has one.
type Printer func(w io.Writer, p referral.Package) error

// PackageWish is what a package is to be made of.
type PackageWish struct {
	Ticked   []string
	Values   map[string]string // typed, by the field's key
	Mandates []string
	To       string
	Files    []AttachWish
}

// AttachWish is a file that is to go along.
type AttachWish struct {
	Entry    string
	Original bool // as it came, with what it tells of itself
}

// Bounds of what goes along with a package.
const (
	maxPackageFiles = 40
	maxPackageBytes = 60 << 20
	maxPixels       = 40_000_000
)

// BuildPackage makes a package of the ticked fields and nothing else. Where there are problems nothing is kept, and they are returned. What was
// approved before is void.
func (d *Desk) BuildPackage(ctx context.Context, who access.Actor, id string, w PackageWish) (problems []referral.Problem, err error) {
	if err := who.May(access.PrepareReferrals); err != nil {
		return nil, err
	}
	files, err := d.workingCopies(ctx, who, id, w.Files)
	if err != nil {
		return nil, err
	}
	err = d.db.Write(ctx, who.Name, func(tx *store.Tx) error {
		r, c, err := d.onReferral(ctx, tx, who, access.PrepareReferrals, id)
		if err != nil {
			return err
		}
		built, found, err := d.build(ctx, tx, who, r, c, w, files)
		if problems = found; err != nil || len(found) > 0 {
			return err
		}
		if _, err := addReferral(ctx, tx, id, referral.KindPackage, built); err != nil {
			return err
		}
		_, err = addReferral(ctx, tx, id, referral.KindStep, referral.Step{To: referral.StateBuilt, Digest: built.Digest})
		return err
	})
	return problems, err
}

// build puts a package together after the looks that come before it.
func (d *Desk) build(ctx context.Context, tx *store.Tx, who access.Actor, r referral.Referral, c casework.Case, w PackageWish, files []attached) (b referral.Built, _ []referral.Problem, err error) {
	if err := r.May(referral.StateBuilt); err != nil {
		return b, nil, err
	}
	if err := d.freshReprisal(r); err != nil {
		return b, nil, err
	}
	wish, m, j, err := d.wished(ctx, tx, who, r, c, w, files)
	if err == nil {
		err = consented(j)
	}
	if err != nil {
		return b, nil, err
	}
	b = referral.Built{Ticked: wish.Ticked, Typed: typedOf(wish.Ticked, w.Values)}
	for _, f := range files {
		b.Files = append(b.Files, f.kept)
	}
	p, problems := m.Build(wish)
	b.Package, b.Digest = p, p.Digest()
	return b, problems, nil
}

// wished is what a mechanism is asked to build, and whether consent carries it.
func (d *Desk) wished(ctx context.Context, tx *store.Tx, who access.Actor, r referral.Referral, c casework.Case, w PackageWish, files []attached) (wish referral.Wish, m referral.Mechanism, j referral.Judged, err error) {
	ticked := slices.Compact(slices.Sorted(slices.Values(w.Ticked)))
	if j, err = d.judge(ctx, tx, r, c, ticked); err != nil {
		return wish, m, j, err
	}
	g, err := d.offer(ctx, tx, who, r, c)
	if err != nil {
		return wish, m, j, err
	}
	g.consent(j)
	m, _ = referral.MechanismOf(r.Mechanism)
	wish = referral.Wish{Lang: r.Lang, To: w.To, Mandates: w.Mandates, Day: d.Today().String(), Ticked: ticked, Values: g.valuesOf(m, ticked, w.Values),
		Basis: len(j.Rests), Alone: j.Alone, Accused: g.accused, Person: g.person, Third: g.third}
	for _, f := range files {
		wish.Files, wish.Texts = append(wish.Files, f.File), append(wish.Texts, f.said)
	}
	return wish, m, j, nil
}

// typedOf keeps what was typed for ticked fields; what was typed elsewhere is forgotten.
func typedOf(ticked []string, typed map[string]string) map[string]string {
	out := map[string]string{}
	for key, v := range typed {
		if v != "" && slices.Contains(ticked, key) {
			out[key] = v
		}
	}
	return out
}

// attached is a file that goes along, with what makes it again.
type attached struct {
	referral.File
	kept referral.Attached
	said string // where it is a text
}

// workingCopies names the files that go along by number, and notes what of each goes: a picture drawn anew, without what the camera or the phone
// wrote beside it, unless the original itself is ticked.
func (d *Desk) workingCopies(ctx context.Context, who access.Actor, id string, wishes []AttachWish) (out []attached, err error) {
	if len(wishes) == 0 {
		return nil, nil
	}
	if len(wishes) > maxPackageFiles {
		return nil, fault.New(fault.Limit, "more than %d files go along", maxPackageFiles).Keeping("nothing was written").Do("send the others with a second referral")
	}
	var c casework.Case
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		_, c, err = d.onReferral(ctx, tx, who, access.PrepareReferrals, id)
		return err
	})
	var sum int64
	for n, w := range wishes {
		if err != nil {
			return nil, err
		}
		var a attached
		if a, err = d.workingCopy(c, w, n+1); err == nil {
			out = append(out, a)
		}
		if sum += a.Bytes; err == nil && sum > maxPackageBytes {
			err = fault.New(fault.Limit, "the files are larger than %d MB together", maxPackageBytes>>20).Keeping("nothing was written").Do("leave the largest out")
		}
	}
	return out, err
}

func (d *Desk) workingCopy(c casework.Case, w AttachWish, n int) (a attached, err error) {
	f, ok := caseFileOf(c, w.Entry)
	if !ok {
		return a, fault.New(fault.NotFound, "the case has no file %.40q", w.Entry).Keeping("nothing was written")
	}
	b, kind, err := d.copyOf(f, w.Original)
	if err != nil {
		return a, err
	}
	sum := sha256.Sum256(b)
	a.File = referral.File{Name: fmt.Sprintf("%d.%s", n, extensionOf(kind)), Type: kind, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(b))}
	if utf8.Valid(b) {
		a.said = string(b)
	}
	a.kept = referral.Attached{Entry: w.Entry, Original: w.Original, Name: a.Name, SHA256: a.SHA256}
	return a, nil
}

func caseFileOf(c casework.Case, entryID string) (entry.File, bool) {
	for _, e := range c.Said.Documents {
		if e.ID == entryID && e.Body.File.Blob != "" {
			return e.Body.File, true
		}
	}
	return entry.File{}, false
}

// extensionOf ends a file's name in a package: a name of its own, since the one it came under can tell of who made it.
func extensionOf(kind string) string {
	known := map[string]string{"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf", "text/plain": "txt", "text/plain; charset=utf-8": "txt",
		"video/mp4": "mp4", "audio/mpeg": "mp3", "application/zip": "zip"}
	if ext, ok := known[kind]; ok {
		return ext
	}
	return "bin"
}

// copyOf is what of a stored file goes along, and its type. What cannot be drawn anew goes along only where the original is ticked.
func (d *Desk) copyOf(f entry.File, original bool) ([]byte, string, error) {
	r, err := d.openFile(f)
	if err != nil {
		return nil, "", err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxPackageBytes+1))
	if err != nil || len(b) > maxPackageBytes {
		return nil, "", fault.Wrap(err, fault.Limit, "a file is too large to go along").Do("leave it out")
	}
	if original {
		return b, f.Type, nil
	}
	return redrawn(b, f.Type)
}

// redrawn draws a picture anew: its points stay, everything beside them goes.
func redrawn(b []byte, kind string) ([]byte, string, error) {
	bare := fault.New(fault.Refused, "a file of the type %s cannot be freed of what it tells of itself", kind).Keeping("nothing was written").
		Do("tick its original, if the recipient may know all of that, or keep a picture of it with the case")
	if kind != "image/jpeg" && kind != "image/png" {
		return nil, "", bare
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || size.Width <= 0 || size.Height <= 0 || size.Width > maxPixels/size.Height {
		return nil, "", bare
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, "", bare
	}
	var out bytes.Buffer
	if kind == "image/jpeg" {
		err = jpeg.Encode(&out, img, &jpeg.Options{Quality: 92})
	} else {
		err = png.Encode(&out, img)
	}
	return out.Bytes(), kind, err
}

// openPackageFile opens what goes along under a name of the package, and refuses what is no more what was approved.
func (d *Desk) openPackageFile(c casework.Case, b referral.Built, f referral.File) (io.ReadCloser, error) {
	changed := fault.New(fault.Refused, "the file %s is no more what was approved", f.Name).Keeping("nothing left").Do("build the package anew")
	at := slices.IndexFunc(b.Files, func(a referral.Attached) bool { return a.Name == f.Name })
	if at < 0 {
		return nil, changed
	}
	kept, ok := caseFileOf(c, b.Files[at].Entry)
	if !ok {
		return nil, changed
	}
	data, _, err := d.copyOf(kept, b.Files[at].Original)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f.SHA256 {
		return nil, changed
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}
