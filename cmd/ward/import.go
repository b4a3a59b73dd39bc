package main

import (
	"encoding/csv"
	"errors"
	"io"
	"os"

	"ward/desk"
	"ward/exchange"
	"ward/fault"
)

type importCommand struct {
	workspace
	File    string `arg:"" help:"CSV, XLSX or JSON file of a publisher, .gz too." type:"path"`
	Profile string `help:"Publisher's profile, or auto to find it." default:"auto" placeholder:"NAME"`
	Map     string `help:"Where labels and tags contradict each other: labels, tags, or a JSON file from column to field." placeholder:"labels|tags|FILE"`
	Mapping string `help:"A layout that no profile describes, as ward import --propose wrote it and a person completed it." placeholder:"FILE.json" type:"path"`
	Propose string `help:"Write a proposal for reading a file of an unknown layout, to be edited and given as --mapping; imports nothing." placeholder:"OUT.json" type:"path"`
	DryRun  bool   `help:"Read and compare, write nothing."`
	Rejects string `help:"Write rejected rows with the reason to this CSV; a mark keeps spreadsheets from running a cell." placeholder:"OUT.csv" type:"path"`
	Changes string `help:"Write every changed field, with both values, to this CSV." placeholder:"OUT.csv" type:"path"`
	JSON    bool   `help:"Print the result as JSON." name:"json"`
}

func (c *importCommand) Run(con *console) error {
	if c.Propose != "" {
		return c.propose(con)
	}
	d, err := c.open(con)
	if err != nil {
		return err
	}
	defer d.Close()
	bar := newProgress(con.err)
	result, err := d.Import(con.ctx, con.who(), c.File, desk.ImportOptions{Profile: c.Profile, Map: c.Map, Mapping: c.Mapping, DryRun: c.DryRun, Progress: bar.show})
	bar.done()
	for _, w := range result.Warnings {
		con.note("note: %s\n", w)
	}
	if err != nil {
		return err
	}
	if err := c.writeRejects(con, d, result); err != nil {
		return err
	}
	if err := c.writeChanges(con, d, result); err != nil {
		return err
	}
	changes, total, err := firstChanges(con, d, result)
	if err != nil {
		return err
	}
	if c.JSON {
		return con.json(importJSON(result, changes, total))
	}
	c.tell(con, result, changes, total)
	return nil
}

// propose writes a mapping for a person to edit. It opens no workspace and overwrites no file: it may be an edited one.
func (c *importCommand) propose(con *console) error {
	if _, err := os.Stat(c.Propose); err == nil {
		return fault.New(fault.Refused, "%s is there already", c.Propose).Keeping("it was not touched").Do("name another file")
	}
	p, err := exchange.Propose(c.File)
	if err != nil {
		return err
	}
	err = writeFile(c.Propose, func(w io.Writer) error {
		_, err := p.WriteTo(w)
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return con.json(p)
	}
	for _, col := range p.Columns {
		if col.Field == "" {
			con.printf("%3d %-30s -\n", col.Column, col.Header)
			continue
		}
		con.printf("%3d %-30s %s as %s, %.0f%%: %s\n", col.Column, col.Header, col.Field, col.As, 100*col.Confidence, col.Why)
	}
	con.printf("Fill in the source, check every column in %s, then: ward import %s --mapping %s\n", c.Propose, c.File, c.Propose)
	return nil
}

// importJSON is the published shape of a result.
func importJSON(r desk.ImportResult, changes []changedField, total int) any {
	return struct {
		Profile    string   `json:"profile"`
		Layout     string   `json:"layout"`
		Run        string   `json:"run,omitempty"`
		Rows       int      `json:"rows"`
		New        int      `json:"new"`
		Changed    int      `json:"changed"`
		Unchanged  int      `json:"unchanged"`
		Gone       int      `json:"gone"`
		Rejected   int      `json:"rejected"`
		Flagged    int      `json:"flagged"`
		Duplicates int      `json:"duplicates"`
		Resumed    int      `json:"resumed_after,omitempty"`
		Warnings   []string `json:"warnings"`

		ChangedFields int            `json:"changed_fields"`
		Changes       []changedField `json:"changes"` // the first of them; --changes writes all
	}{r.Profile, r.Layout, r.Run, r.Rows, r.New, r.Changed, r.Unchanged, r.Gone, r.Rejected, r.Flagged, r.Duplicates, r.Resumed, append([]string{}, r.Warnings...), total, changes}
}

// changedField is one field of one report that a newer edition states otherwise.
type changedField struct {
	ID    string `json:"id"`
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// eachChange calls fn for every changed field of a run; a dry run has none on record.
func eachChange(con *console, d *desk.Desk, r desk.ImportResult, fn func(changedField) error) error {
	if r.Run == "" {
		return nil
	}
	return d.Changes(con.ctx, con.who(), r.Run, func(change desk.ReportChange) error {
		for _, f := range change.Fields {
			if err := fn(changedField{change.ExternalID, f.Field, f.From, f.To}); err != nil {
				return err
			}
		}
		return nil
	})
}

// changesKept is how many changes the JSON lists, and changesShown how many are printed.
const (
	changesKept  = 1000
	changesShown = 20
)

func firstChanges(con *console, d *desk.Desk, r desk.ImportResult) (list []changedField, total int, err error) {
	list = []changedField{}
	err = eachChange(con, d, r, func(f changedField) error {
		if total++; total <= changesKept {
			list = append(list, f)
		}
		return nil
	})
	return list, total, err
}

func (c *importCommand) tell(con *console, r desk.ImportResult, changes []changedField, total int) {
	con.printf("Read as %s, %s.\n", r.Profile, r.Layout)
	con.printf("%d rows: %d new, %d changed, %d unchanged, %d rejected, %d repeated; %d flagged; %d gone.\n",
		r.Rows, r.New, r.Changed, r.Unchanged, r.Rejected, r.Duplicates, r.Flagged, r.Gone)
	if r.Rejected > 0 && c.Rejects == "" {
		con.printf("--rejects FILE.csv writes the rejected rows with the reason for each.\n")
	}
	if c.DryRun {
		con.printf("A dry run: nothing was written.\n")
	}
	shown := min(len(changes), changesShown)
	for _, f := range changes[:shown] {
		con.printf("  %s  %s: %q -> %q\n", f.ID, f.Field, f.From, f.To)
	}
	if total > shown {
		con.printf("  ... and %d more fields; --changes FILE.csv writes them all\n", total-shown)
	}
}

// writeChanges writes every changed field, guarded so that no spreadsheet runs a cell.
func (c *importCommand) writeChanges(con *console, d *desk.Desk, r desk.ImportResult) error {
	if c.Changes == "" {
		return nil
	}
	return writeCSV(c.Changes, func(put func(...string) error) error {
		if err := put("id", "field", "from", "to"); err != nil {
			return err
		}
		return eachChange(con, d, r, func(f changedField) error { return put(f.ID, f.Field, f.From, f.To) })
	})
}

// writeCSV writes rows whose cells no spreadsheet will run.
func writeCSV(path string, fill func(put func(...string) error) error) error {
	return writeFile(path, func(w io.Writer) error {
		out := csv.NewWriter(w)
		err := fill(func(cells ...string) error {
			for i, cell := range cells {
				cells[i] = exchange.SafeCell(cell)
			}
			return out.Write(cells)
		})
		out.Flush()
		return errors.Join(err, out.Error())
	})
}

// writeRejects writes what was not imported: a file with its header alone says that nothing was.
func (c *importCommand) writeRejects(con *console, d *desk.Desk, r desk.ImportResult) error {
	if c.Rejects == "" {
		return nil
	}
	return writeCSV(c.Rejects, func(put func(...string) error) error {
		return d.Rejected(con.ctx, con.who(), r, func(row desk.RejectedRow) error {
			return put(append([]string{row.Row, row.Reason}, row.Cells...)...)
		})
	})
}
