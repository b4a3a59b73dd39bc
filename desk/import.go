package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ward/access"
	"ward/exchange"
	"ward/fault"
	"ward/id"
	"ward/intake"
	"ward/seal"
	"ward/store"
	"ward/tlog"
)

// batchRows is how many rows are one transaction and one journal row.
const batchRows = 1000

// ImportOptions says how a publisher's file is read.
type ImportOptions struct {
	Profile  string // "" or "auto" finds it
	Map      string // "", labels, tags, or the path of a mapping file
	Mapping  string // path of an edited proposal (exchange.Propose), for a layout that no profile describes
	DryRun   bool
	Progress func(done, total int64, rows int) // bytes read, bytes in all, rows; may be nil
}

// ImportResult is what an import found.
type ImportResult struct {
	Run      string // id; empty for a dry run
	Profile  string
	Layout   string
	Warnings []string
	Resumed  int // rows that an interrupted run of the same file had already taken in
	intake.Progress

	headers  []string
	rejected []intake.Rejected // of a dry run, which stores none
}

// Import reads a publisher's file into reports and incidents. It commits every 1,000 rows; cancelled, it keeps what is
// committed and the same call goes on from there. A question that only a person can answer is an Undecided fault, and
// nothing is written.
func (d *Desk) Import(ctx context.Context, who access.Actor, path string, opt ImportOptions) (ImportResult, error) {
	if err := who.May(access.ImportReports); err != nil {
		return ImportResult{}, err
	}
	if opt.Map != "" && opt.Mapping != "" {
		return ImportResult{}, fault.New(fault.Invalid, "an answer about columns and a whole mapping cannot both be given").Do("give one of --map and --mapping")
	}
	file, err := exchange.Open(path, exchange.Options{Profile: opt.Profile, Map: opt.Map, Mapping: opt.Mapping})
	if err != nil {
		return ImportResult{}, err
	}
	defer file.Close()
	imp := importer{desk: d, path: path, file: file, profile: file.Profile(), opt: opt}
	if imp.mapping, err = mappingKey(cmp.Or(opt.Mapping, opt.Map)); err != nil {
		return ImportResult{}, err
	}
	if opt.DryRun {
		err = d.db.Try(ctx, who.Name, func(tx *store.Tx) error {
			imp.write = func(_ context.Context, fn func(*store.Tx) error) error { return fn(tx) }
			return imp.all(ctx, filepath.Base(path))
		})
	} else {
		imp.write = func(ctx context.Context, fn func(*store.Tx) error) error { return d.db.Write(ctx, who.Name, fn) }
		err = imp.all(ctx, filepath.Base(path))
	}
	return imp.result(), err
}

// mappingKey names an answer to --map so that an edited mapping file is another answer: a run begun under one is not gone
// on with under another.
func mappingKey(answer string) (string, error) {
	if answer == "" || answer == "labels" || answer == "tags" {
		return answer, nil
	}
	body, err := os.ReadFile(answer)
	if err != nil {
		return "", fault.Wrap(err, fault.NotFound, "the mapping file cannot be read")
	}
	sum := sha256.Sum256(body)
	return filepath.Base(answer) + "@" + hex.EncodeToString(sum[:]), nil
}

// importer carries one import from its first row to its last.
type importer struct {
	desk     *Desk
	path     string
	file     *exchange.Reader
	profile  exchange.Profile
	opt      ImportOptions
	mapping  string // the answer to --map, with the content of a mapping file
	write    func(context.Context, func(*store.Tx) error) error
	run      intake.Run
	resumed  int
	rejected []intake.Rejected // kept only in a dry run
}

func (imp *importer) result() ImportResult {
	r := ImportResult{Run: imp.run.ID, Profile: imp.profile.Name, Layout: imp.file.Layout(), Warnings: imp.file.Warnings(),
		Resumed: imp.resumed, Progress: imp.run.Progress}
	r.headers = imp.run.Headers
	if imp.opt.DryRun {
		r.Run, r.rejected = "", imp.rejected
	}
	return r
}

// all takes the file in batch by batch. Each batch is one transaction; the first also opens the run and the last closes it, so
// that a file which breaks at once leaves nothing.
func (imp *importer) all(ctx context.Context, name string) error {
	if err := imp.resume(ctx); err != nil {
		return err
	}
	for {
		rows, last, err := imp.batch()
		if err != nil {
			return imp.keeping(err)
		}
		if err := imp.commit(ctx, name, rows, last); err != nil || last {
			return imp.stopped(ctx, err)
		}
		if ctx.Err() != nil {
			return imp.stopped(ctx, ctx.Err())
		}
	}
}

// commit writes one batch and then tells of it: what was told is kept.
func (imp *importer) commit(ctx context.Context, name string, rows []exchange.Row, last bool) error {
	before, rejected := imp.run, len(imp.rejected)
	before.Progress.Countries = slices.Clone(before.Progress.Countries)
	if err := imp.write(ctx, func(tx *store.Tx) error { return imp.step(ctx, tx, name, rows, last) }); err != nil {
		imp.run, imp.rejected = before, imp.rejected[:rejected]
		return err
	}
	if imp.opt.Progress != nil {
		done, total := imp.file.Progress()
		imp.opt.Progress(done, total, imp.run.Progress.Rows)
	}
	return nil
}

func (imp *importer) step(ctx context.Context, tx *store.Tx, name string, rows []exchange.Row, last bool) error {
	if err := imp.claim(ctx, tx, name); err != nil {
		return err
	}
	if len(rows) > 0 {
		if err := imp.take(ctx, tx, rows); err != nil {
			return err
		}
	}
	if !last {
		return nil
	}
	return imp.finish(ctx, tx)
}

// keeping tells a reader's error how much of the file is already in.
func (imp *importer) keeping(err error) error {
	if n := imp.run.Progress.Rows; n > 0 && !imp.opt.DryRun {
		return fault.Wrap(err, fault.KindOf(err), "the file broke off after %d rows", n).Keeping("those rows are kept").Do("mend the file and import it again")
	}
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	return fault.Wrap(err, fault.Invalid, "the file cannot be read").Keeping("nothing was written")
}

// stopped tells a cancelled or failed write how much of the file is already in.
func (imp *importer) stopped(ctx context.Context, err error) error {
	var known *fault.Error
	rows := imp.run.Progress.Rows
	if imp.opt.DryRun {
		rows = 0
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fault.New(fault.Cancelled, "the import was stopped").Keeping("the first %d rows are kept", rows).
			Do("run the same command again to go on")
	case errors.As(err, &known):
		return err
	}
	return fault.Wrap(err, fault.Internal, "the database did not take the rows").Keeping("the first %d rows are kept", rows).
		Do("run the same command again to go on")
}

// resume finds the run to go on with and passes over the rows it has committed. Only the newest run of a series goes on: after
// another edition came in between, the file is read anew from its first row.
func (imp *importer) resume(ctx context.Context) error {
	err := imp.desk.db.Read(ctx, func(tx *store.Tx) error {
		run, err := intake.NewestRun(ctx, tx, imp.file.Series())
		if err != nil || run.ID == "" || !run.Finished.IsZero() {
			return err
		}
		if run.SHA256 == imp.file.Sum() && run.Layout == imp.file.Layout() && run.Mapping == imp.mapping {
			imp.run, imp.resumed = run, run.Progress.Rows
		}
		return nil
	})
	if err != nil {
		return err
	}
	return imp.skip(imp.resumed)
}

// claim opens the run; later it makes sure that no other import of the series came in between.
func (imp *importer) claim(ctx context.Context, tx *store.Tx, name string) error {
	if imp.run.ID == "" {
		return imp.begin(ctx, tx, name)
	}
	newest, err := intake.NewestRun(ctx, tx, imp.run.Series)
	if err != nil {
		return err
	}
	if newest.ID != imp.run.ID || newest.Progress.Batches != imp.run.Progress.Batches || !newest.Finished.IsZero() {
		return fault.New(fault.Conflict, "another import of %s goes on at the same time", imp.run.Series).
			Keeping("what either has committed is kept").Do("wait for the other one, then import this file again")
	}
	return nil
}

func (imp *importer) begin(ctx context.Context, tx *store.Tx, name string) error {
	source := sourceOf(imp.file)
	if err := imp.own(ctx, tx, source); err != nil {
		return err
	}
	if err := intake.PutSource(ctx, tx, source); err != nil {
		return err
	}
	imp.run = intake.Run{ID: id.New(tx.Now()), Series: imp.file.Series(), Profile: imp.profile.Name, Layout: imp.file.Layout(), Mapping: imp.mapping,
		File: name, SHA256: imp.file.Sum(), Headers: imp.file.Headers(), Started: tx.Now(), Secret: tlog.NewSecret(), ResultSecret: tlog.NewSecret()}
	if err := imp.keepOriginal(ctx); err != nil {
		return err
	}
	if err := intake.SaveRun(ctx, tx, imp.run); err != nil {
		return err
	}
	_, err := tx.Journal(ctx, "import.begin", imp.run.ID, tlog.Hex(imp.run.Secret.Digest(imp.run.Fields())))
	return err
}

// own makes sure that a series named in a mapping is not another publisher's, and that what its incidents were made by stays.
func (imp *importer) own(ctx context.Context, tx *store.Tx, s intake.Source) error {
	if imp.opt.Mapping == "" {
		return nil
	}
	held, err := intake.Sources(ctx, tx)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.Series == s.Series && (h.Publisher != s.Publisher || h.Namespace != s.Namespace || h.Scope != s.Scope || h.Reliability != s.Reliability) {
			return fault.New(fault.Conflict, "the series %s is %s's here, with ids of %s, scope %s and reliability %s", s.Series, h.Publisher, h.Namespace, h.Scope, h.Reliability).
				Keeping("nothing was written").Do("say the same of it in the mapping, or give this register another series")
		}
	}
	return nil
}

func sourceOf(file *exchange.Reader) intake.Source {
	p := file.Profile()
	return intake.Source{Series: file.Series(), Namespace: file.Namespace(), Title: p.Title, Publisher: p.Publisher, Licence: p.Licence,
		Redistribute: string(p.Redistribute), Scope: p.Scope, Reliability: p.Reliability, Caveats: strings.Join(p.Caveats, "\n")}
}

// skip passes over rows that an earlier run of this file has committed.
func (imp *importer) skip(rows int) error {
	for range rows {
		if _, err := imp.file.Next(); err != nil {
			return imp.keeping(err)
		}
	}
	return nil
}

// batch reads up to batchRows rows; last reports the end of the file.
func (imp *importer) batch() (rows []exchange.Row, last bool, err error) {
	for len(rows) < batchRows {
		row, err := imp.file.Next()
		if errors.Is(err, io.EOF) {
			return rows, true, nil
		}
		if err != nil {
			return nil, false, err
		}
		rows = append(rows, row)
	}
	return rows, false, nil
}

// take writes one batch: match against what is there, then reports and incidents, journalled as the tree hash over their digests,
// and the progress.
func (imp *importer) take(ctx context.Context, tx *store.Tx, rows []exchange.Row) error {
	b, err := imp.match(ctx, tx, rows)
	if err != nil {
		return err
	}
	for _, r := range b.fresh {
		if err := imp.desk.onlyInvented(r.Country); err != nil {
			return err
		}
	}
	imp.run.Progress.Batches++
	number, err := tx.Next(ctx)
	if err != nil {
		return err
	}
	digests, err := b.save(ctx, tx, imp, number)
	if err != nil {
		return err
	}
	if _, err := tx.JournalBatch(ctx, "import.batch", imp.run.ID, digests); err != nil {
		return err
	}
	return intake.SaveRun(ctx, tx, imp.run)
}

// finish marks what the file no longer has and closes the run.
func (imp *importer) finish(ctx context.Context, tx *store.Tx) error {
	gone, incidents, err := intake.MarkGone(ctx, tx, imp.run)
	if err != nil {
		return err
	}
	imp.run.Progress.Gone, imp.run.Finished = gone, tx.Now()
	number, err := tx.Next(ctx)
	if err != nil {
		return err
	}
	digests, err := refold(ctx, tx, incidents, number, 1)
	if err != nil {
		return err
	}
	digests = append([]tlog.Hash{imp.run.ResultSecret.Digest(imp.run.Result())}, digests...)
	if _, err := tx.JournalBatch(ctx, "import.finish", imp.run.ID, digests); err != nil {
		return err
	}
	return intake.SaveRun(ctx, tx, imp.run)
}

// keepOriginal seals the publisher's file, as it came, to an identity of its own that lies under the run's key.
func (imp *importer) keepOriginal(ctx context.Context) error {
	if imp.opt.DryRun {
		return nil
	}
	source, err := os.Open(imp.path)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "the file cannot be opened")
	}
	defer source.Close()
	identity, recipient, err := seal.NewIdentity()
	if err != nil {
		return err
	}
	sum, original := sha256.New(), intake.Original{Identity: identity}
	original.Blob, _, err = imp.desk.files.Put(ctx, func(w io.Writer) error {
		sealed, err := seal.SealTo(w, recipient)
		if err != nil {
			return err
		}
		if original.Bytes, err = io.Copy(sealed, io.TeeReader(source, sum)); err != nil {
			return err
		}
		return sealed.Close()
	})
	if err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != imp.run.SHA256 {
		return fault.New(fault.Conflict, "the file changed while it was read").Keeping("nothing was written").Do("import it again")
	}
	imp.run.Original = original
	return nil
}
