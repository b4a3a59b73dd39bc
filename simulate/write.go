package simulate

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ward/exchange"
	"ward/fault"
)

// File is one written file.
type File struct {
	Name     string         `json:"name"`
	Register Register       `json:"register,omitempty"` // "" for the truth and the note
	Layout   string         `json:"layout,omitempty"`
	Rows     int            `json:"rows"` // data rows that are not blank
	Blank    int            `json:"blank_rows"`
	Dirt     map[string]int `json:"dirt,omitempty"` // rows by kind of dirt
	Header   []string       `json:"header_dirt,omitempty"`
}

// sheetLimit is the number of reports above which the first register comes as CSV, as publishers do with large tables.
const sheetLimit = 100_000

// Write makes a world and writes what its registers publish, the truth (truth.json) and a note (README.txt) into a
// folder, which is made if need be. Files of the same names are replaced, all at the end; a write that is stopped or
// fails leaves none. Memory does not grow with the reports. progress may be nil.
func Write(ctx context.Context, dir string, seed uint64, reports int, progress func(done, total int)) ([]File, error) {
	w, err := newWorld(ctx, seed, reports)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the folder %s cannot be made", dir).Do("choose a folder that may be written")
	}
	p := &press{world: w, dir: dir}
	defer p.clear()
	if err := p.open(); err != nil {
		return nil, err
	}
	if err := p.run(ctx, progress); err != nil {
		return nil, err
	}
	return p.finish()
}

// press writes the files of one world.
type press struct {
	world *world
	dir   string
	parts []*part
	out   []*output
	truth *truthWriter
}

// part is a file while it is written: under another name, renamed when all are whole.
type part struct {
	name string
	file *os.File
	*bufio.Writer
}

func (p *press) part(name string) (*part, error) {
	f, err := os.Create(filepath.Join(p.dir, name+".part"))
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "%s cannot be written", name).Do("choose a folder that may be written")
	}
	out := &part{name, f, bufio.NewWriterSize(f, 1<<18)}
	p.parts = append(p.parts, out)
	return out, nil
}

// clear removes what was not finished.
func (p *press) clear() {
	for _, part := range p.parts {
		part.file.Close()
		os.Remove(part.file.Name())
	}
}

func (p *press) open() error {
	for _, l := range layouts {
		name := string(l.register) + ".csv"
		switch {
		case l.register == SHCC:
			name = "shcc-2022.xlsx"
		case l.register == SiND && p.world.reports <= sheetLimit:
			name = "sind.xlsx"
		}
		file, err := p.part(name)
		if err != nil {
			return err
		}
		out, err := newOutput(p.world, l.register, l.layout, file)
		if err != nil {
			return err
		}
		p.out = append(p.out, out)
	}
	file, err := p.part("truth.json")
	if err != nil {
		return err
	}
	p.truth, err = newTruthWriter(file, p.world)
	return err
}

// checkEvery is how many events pass between looks at the context.
const checkEvery = 256

func (p *press) run(ctx context.Context, progress func(done, total int)) error {
	done := 0
	for e, found := range p.world.all() {
		if e.Number%checkEvery == 0 {
			if ctx.Err() != nil {
				return stopped()
			}
			if progress != nil {
				progress(done, p.world.reports)
			}
		}
		done += len(found)
		traces := []trace{}
		for i := range found {
			at := slices.IndexFunc(p.out, func(o *output) bool { return o.register == found[i].Register })
			row, dirt, err := p.out[at].put(p.world.ground, &e, &found[i])
			if err != nil {
				return unwritten(err)
			}
			traces = append(traces, traceOf(&found[i], row, dirt))
		}
		if err := p.truth.event(&e, traces); err != nil {
			return unwritten(err)
		}
	}
	if progress != nil {
		progress(p.world.reports, p.world.reports)
	}
	return nil
}

func stopped() error {
	return fault.New(fault.Cancelled, "the simulation was stopped").Keeping("nothing was written").Do("run it again")
}

func unwritten(err error) error {
	return fault.Wrap(err, fault.Internal, "the simulated files could not be written").Keeping("nothing was kept").Do("check the disk and run it again")
}

// finish ends every file and gives each its name.
func (p *press) finish() ([]File, error) {
	var files []File
	for _, out := range p.out {
		if err := out.end(); err != nil {
			return nil, unwritten(err)
		}
		files = append(files, out.file)
	}
	if err := p.truth.end(files); err != nil {
		return nil, unwritten(err)
	}
	note, err := p.part("README.txt")
	if err != nil {
		return nil, err
	}
	if _, err := note.WriteString(noteText(p.world, files)); err != nil {
		return nil, unwritten(err)
	}
	if err := p.name(); err != nil {
		return nil, err
	}
	return append(files, File{Name: "truth.json"}, File{Name: "README.txt"}), nil
}

// name flushes all files and gives them their names.
func (p *press) name() error {
	for _, part := range p.parts {
		if err := part.Flush(); err != nil {
			return unwritten(err)
		}
		if err := part.file.Close(); err != nil {
			return unwritten(err)
		}
	}
	for _, part := range p.parts {
		if err := os.Rename(part.file.Name(), filepath.Join(p.dir, part.name)); err != nil {
			return unwritten(err)
		}
	}
	p.parts = nil
	return nil
}

// output is one register's file.
type output struct {
	register Register
	sheet    *exchange.Sheet
	cells    *exchange.CellWriter
	dirtier  *dirtier
	seed     uint64
	before   []string
	file     File
}

func newOutput(w *world, r Register, layout string, file *part) (*output, error) {
	sheet, err := exchange.NewSheet(string(r), layout)
	if err != nil {
		return nil, err
	}
	o := &output{register: r, sheet: sheet, seed: w.seed, dirtier: newDirtier(random(w.seed, streamDirt, -len(r)), r),
		file: File{Name: file.name, Register: r, Layout: layout, Dirt: map[string]int{}}}
	labels, tags := sheet.Header()
	if strings.HasSuffix(file.name, ".csv") {
		o.cells = exchange.NewCellWriter(file)
		return o, o.cells.Row(labels)
	}
	if o.cells, err = exchange.NewBookWriter(file, "Incidents", sheet.At("date")); err != nil {
		return nil, err
	}
	o.spoil(labels, tags)
	if err := o.cells.Row(labels); err != nil {
		return nil, err
	}
	return o, o.cells.Row(tags)
}

// spoil misspells a label, doubles a blank and forgets tags, as headers of real workbooks do.
func (o *output) spoil(labels, tags []string) {
	if at := o.sheet.At("worker.abducted"); o.register == SiND && at >= 0 {
		labels[at] = "Health Workers Kidanpped"
		o.file.Header = append(o.file.Header, "a label is misspelt")
	}
	if at := o.sheet.At("location"); at >= 0 {
		labels[at] += " "
		o.file.Header = append(o.file.Header, "a label has a trailing blank")
	}
	for _, field := range []string{"description", "precision", "outcome", "id"} {
		if at := o.sheet.At(field); at >= 0 {
			tags[at] = ""
		}
	}
	o.file.Header = append(o.file.Header, "a row of HXL tags under the labels", "some tags are missing")
}

// put writes one report and tells its row, from 1 among the rows that are not blank, and its dirt.
func (o *output) put(g *ground, e *Event, r *Report) (row int, dirt []string, err error) {
	rng := random(o.seed, streamWords, e.Number*len(layouts)+len(o.register))
	d := &dirtied{sheet: o.sheet, cells: o.sheet.Cells(g.record(rng, e, r)), event: e, report: r, before: o.before}
	dirt = o.dirtier.lay(d)
	if r.Range != "" && o.register == SiND {
		dirt = append(dirt, "range of a count")
	}
	for _, name := range dirt {
		o.file.Dirt[name]++
	}
	o.before = d.cells
	o.file.Rows++
	row = o.file.Rows
	err = o.cells.Row(d.cells)
	if d.again && err == nil {
		o.file.Rows++
		err = o.cells.Row(d.cells)
	}
	if d.blank && err == nil {
		o.file.Blank++
		err = o.cells.Row(make([]string, len(d.cells)))
	}
	return row, dirt, err
}

// tailRows is how many blank rows end a file, as left behind by spreadsheets.
const tailRows = 3

func (o *output) end() error {
	for range tailRows {
		o.file.Blank++
		if err := o.cells.Row(make([]string, len(o.before))); err != nil {
			return err
		}
	}
	err := o.cells.Sheet("Notes", [][]string{{"Invented data"}, {"Every State, place, force and event in this workbook is invented."}})
	if err != nil {
		return err
	}
	return o.cells.Close()
}

// WriteBig writes one CSV file in the layout of SiND with exactly that many data rows, for benchmarks: as if the
// register had seen nearly everything. Memory does not grow with the rows.
func WriteBig(path string, seed uint64, rows int) (File, error) {
	if rows < 1 || rows > MaxReports {
		return File{}, fault.New(fault.Invalid, "a file has from 1 to %d rows, not %d", MaxReports, rows).Do("choose a number between them")
	}
	w := &world{seed: seed, ground: theGround(), events: rows + rows/20 + 20, reports: rows}
	p := &press{world: w, dir: filepath.Dir(path)}
	defer p.clear()
	file, err := p.part(filepath.Base(path))
	if err != nil {
		return File{}, err
	}
	o, err := newOutput(w, SiND, "sind-2016-2023", file)
	if err != nil {
		return File{}, err
	}
	o.dirtier.without("row twice")
	for n := 0; o.file.Rows < rows; n++ {
		e := w.event(n)
		if e.kind.group == "custody" {
			continue
		}
		r := w.report(random(seed, streamFound, n), SiND, &e, w.ground.state(e.State))
		if _, _, err := o.put(w.ground, &e, &r); err != nil {
			return File{}, unwritten(err)
		}
	}
	if err := o.end(); err != nil {
		return File{}, unwritten(err)
	}
	return o.file, p.name()
}
