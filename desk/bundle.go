package desk

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"ward/access"
	"ward/bundle"
	"ward/fault"
	"ward/incident"
	"ward/intake"
	"ward/seal"
	"ward/store"
	"ward/tlog"
	"ward/vocab"
)

// BundleOptions choose what of one incident leaves in a bundle. Without choices it shows what the public tier may show, and what the
// incident's own sources have published; of everything else it proves that it exists.
type BundleOptions struct {
	Show  []string // fields that leave beside those: needs To and Why
	Hide  []string // fields that stay although they could leave
	Files bool     // the sources' files as they came
	To    string   // who gets it, for the ledger
	Why   string   // what for
}

// fieldTiers are the tiers of a record's fields that are no fields of an incident in the code list.
var fieldTiers = map[string]access.Tier{
	"id": access.T0, "ward_id": access.T0, "namespace": access.T0, "external_id": access.T1, "series": access.T0, "contested": access.T0, "flags": access.T1,
	"gone": access.T0, "month": access.T0, "counted": access.T0, "incident": access.T0, "occurrence": access.T0, "run": access.T0, "row_number": access.T0, "supersedes": access.T0,
	"row": access.T3, "profile": access.T0, "layout": access.T0, "mapping": access.T1, "original.sha256": access.T1, "headers": access.T1,
	"file": access.T3, // our own name for it, which no source has published
}

// fieldTier is the tier of one field of a record.
func fieldTier(name, value string) access.Tier {
	bare := strings.TrimPrefix(strings.TrimPrefix(name, "is."), "count.")
	if bare == "codes" {
		tier := access.T0
		for _, code := range strings.Fields(value) {
			tier = max(tier, access.CodeTier(code))
		}
		return tier
	}
	if tier, ok := fieldTiers[name]; ok {
		return tier
	}
	if def, ok := vocab.FieldOf(bare); ok {
		return access.ParseTier(def.Tier)
	}
	return access.T4
}

// Bundle writes what can be proved of one incident as an archive that anybody can check offline with ward verify.
func (d *Desk) Bundle(ctx context.Context, who access.Actor, w io.Writer, id string, opt BundleOptions) error {
	if err := who.May(access.ExportIncidents); err != nil {
		return err
	}
	if (len(opt.Show) > 0) && (opt.To == "" || opt.Why == "") {
		return fault.New(fault.Undecided, "more than the public may see is to leave, and nobody is named who gets it").Keeping("nothing was written").
			Do("say to whom and why, with --recipient and --why")
	}
	var b bundler
	err := d.db.Read(ctx, func(tx *store.Tx) (err error) {
		b, err = d.newBundler(ctx, tx, opt)
		if err != nil {
			return err
		}
		if _, err := seen(ctx, tx, who, id); err != nil {
			return err
		}
		return b.gather(id)
	})
	if err != nil {
		return err
	}
	if err := b.unknown(); err != nil {
		return err
	}
	line := store.Disclosure{Records: int64(len(b.content.Records)), To: opt.To, Why: opt.Why,
		Subjects: strings.Join(append([]string{b.content.Incident}, b.enclosed...), " "), What: strings.Join(append([]string{"bundle"}, opt.Show...), " ")}
	if len(opt.Show) > 0 || len(b.enclosed) > 0 {
		line.Tier = access.T3.String() // what was asked for may be that high
	}
	if err := d.disclose(ctx, who, access.BundleFile, line); err != nil {
		return err
	}
	return bundle.Write(w, b.content, func(text string) ([]byte, error) { return tlog.SignText(b.signer, text) })
}

// bundler gathers the content of one bundle.
type bundler struct {
	*prover
	desk     *Desk
	opt      BundleOptions
	signer   string
	sources  map[string]intake.Source
	content  bundle.Content
	enclosed []string        // import runs whose files go along
	asked    map[string]bool // of the fields asked for, those that some record has
}

func (d *Desk) newBundler(ctx context.Context, tx *store.Tx, opt BundleOptions) (bundler, error) {
	p, err := newProver(ctx, tx)
	if err != nil {
		return bundler{}, err
	}
	signer, err := tx.Secret(secretLog)
	if err != nil {
		return bundler{}, err
	}
	b := bundler{prover: p, desk: d, opt: opt, signer: string(signer), asked: map[string]bool{}, content: bundle.Content{Origin: tx.Origin(), Language: "en"}}
	if b.content.Verifier, err = tlog.VerifierOf(b.signer); err != nil {
		return b, err
	}
	b.sources, err = sourcesBySeries(ctx, tx)
	return b, err
}

// gather adds the incident, its current reports and the runs that read them.
func (b *bundler) gather(id string) error {
	inc, err := incident.Get(b.ctx, b.tx, id)
	if err != nil {
		return err
	}
	b.content.Incident = inc.PublicID
	if inc.Erased {
		return b.tombstone(inc)
	}
	if err := b.add("incident", inc.PublicID, inc.Journal, inc.Leaf, inc.Secret, inc.Fields(), published(inc.Series, b.sources), ""); err != nil {
		return err
	}
	reports, err := intake.OfIncidents(b.ctx, b.tx, []string{inc.ID})
	if err != nil {
		return err
	}
	runs := map[string]bool{}
	for _, r := range reports[inc.ID] {
		if err := b.add("report", r.ID, r.Journal, r.Leaf, r.Secret, r.Fields(), b.public(r.Series), ""); err != nil {
			return err
		}
		if !runs[r.RunID] {
			runs[r.RunID] = true
			if err := b.addRun(r.RunID); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bundler) public(series string) bool { return published([]string{series}, b.sources) }

// addRun adds the import that read a report, with the file as it came where that was asked for.
func (b *bundler) addRun(id string) error {
	run, err := intake.RunByID(b.ctx, b.tx, id)
	if err != nil {
		return err
	}
	if run.Erased {
		return b.addTombstone("run", id)
	}
	history, err := b.tx.History(b.ctx, id)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(history, func(e store.Entry) bool { return e.Act == "import.begin" || e.Act == actMove })
	if at < 0 {
		return nil // nothing commits to it
	}
	file := ""
	if b.opt.Files {
		if file, err = b.enclose(run); err != nil {
			return err
		}
	}
	return b.add("run", run.ID, history[at].Number, 0, run.Secret, run.Fields(), b.public(run.Series), file)
}

func (b *bundler) add(kind, id string, number int64, leaf int, secret tlog.Secret, fields []tlog.Field, published bool, file string) error {
	record, err := b.chain(number, leaf)
	if err != nil {
		return err
	}
	record.Kind, record.ID, record.File = kind, id, file
	record.Shown = showIf(secret, fields, func(name, value string) bool {
		return b.shows(name, fieldTier(name, value), published && name != "file") || file != "" && name == bundle.FileField
	})
	b.content.Records = append(b.content.Records, record)
	return nil
}

// shows reports whether a field leaves: by its tier or its publication, or because it was asked for; never where it was to be hidden.
func (b *bundler) shows(name string, tier access.Tier, published bool) bool {
	bare := strings.TrimPrefix(name, "is.")
	for _, asked := range slices.Concat(b.opt.Show, b.opt.Hide) {
		b.asked[asked] = b.asked[asked] || asked == name || asked == bare
	}
	if name != "id" && (slices.Contains(b.opt.Hide, name) || slices.Contains(b.opt.Hide, bare)) {
		return false
	}
	return access.BundleFile.Lets(tier, published) || tier < access.T4 && (slices.Contains(b.opt.Show, name) || slices.Contains(b.opt.Show, bare))
}

// unknown refuses fields that no record has: a misspelt one must not be hidden, or shown, in silence.
func (b *bundler) unknown() error {
	for name, has := range b.asked {
		if !has {
			return fault.New(fault.Invalid, "no record of this incident has a field %.40q", name).Keeping("nothing was written").
				Do("name fields as the bundle's records.json does, such as place or description")
		}
	}
	return nil
}

// safeExtension is the end of a file name that may leave: the rest is ours and stays.
var safeExtension = regexp.MustCompile(`^\.[a-z0-9]{1,8}$`)

// enclose opens a run's sealed original. One whose source has not published it leaves only to somebody named.
func (b *bundler) enclose(run intake.Run) (string, error) {
	if !b.public(run.Series) && (b.opt.To == "" || b.opt.Why == "") {
		return "", fault.New(fault.Undecided, "the file of %s is not published, and nobody is named who gets it", run.Series).Keeping("nothing was written").
			Do("say to whom and why, with --recipient and --why, or leave the files out")
	}
	if run.Original.Blob == "" {
		return "", fault.New(fault.NotFound, "the file of import %s was not kept", run.ID).Keeping("nothing was written").Do("leave the files out")
	}
	if run.Original.Bytes > bundle.MaxFile {
		return "", fault.New(fault.Limit, "the file of import %s is larger than %d MB", run.ID, bundle.MaxFile>>20).Keeping("nothing was written").Do("leave the files out")
	}
	if err := guardErased(b.ctx, b.tx, run, b.opt.To, b.opt.Why); err != nil {
		return "", err
	}
	b.enclosed = append(b.enclosed, run.ID)
	data, err := b.desk.original(run)
	if err != nil {
		return "", err
	}
	extension := strings.ToLower(filepath.Ext(run.File))
	if !safeExtension.MatchString(extension) {
		extension = ".bin"
	}
	name := fmt.Sprintf("original-%d%s", len(b.content.Files)+1, extension)
	b.content.Files = append(b.content.Files, bundle.File{Name: name, Data: data})
	return name, nil
}

// guardErased asks for a recipient and a reason before a file leaves that still holds rows of erased records.
func guardErased(ctx context.Context, tx *store.Tx, run intake.Run, to, why string) error {
	n, err := intake.ErasedOf(ctx, tx, run.ID)
	if err != nil || n == 0 || to != "" && why != "" {
		return err
	}
	return fault.New(fault.Undecided, "the file of import %s holds %d records that were erased here", run.ID, n).Keeping("nothing left").
		Do("leave the file out, erase the import too, or say to whom and why with --recipient and --why")
}

// original opens the file that a run read, as it came.
func (d *Desk) original(run intake.Run) ([]byte, error) {
	sealed, err := d.files.Get(run.Original.Blob)
	if err != nil {
		return nil, err
	}
	defer sealed.Close()
	plain, err := seal.OpenWith(sealed, run.Original.Identity)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(plain)
}
