package main

import (
	"encoding/csv"
	"io"

	"ward/desk"
)

type importCommand struct {
	workspace
	File    string `arg:"" help:"CSV, XLSX or JSON file of a publisher, .gz too." type:"path"`
	Profile string `help:"Publisher's profile, or auto to find it." default:"auto" placeholder:"NAME"`
	Map     string `help:"Where labels and tags contradict each other: labels, tags, or a JSON file from column to field." placeholder:"labels|tags|FILE"`
	DryRun  bool   `help:"Read and compare, write nothing."`
	Rejects string `help:"Write rejected rows, verbatim with the reason, to this CSV." placeholder:"OUT.csv" type:"path"`
	JSON    bool   `help:"Print the result as JSON." name:"json"`
}

func (c *importCommand) Run(con *console) error {
	d, err := c.open(con.ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	bar := newProgress(con.err)
	result, err := d.Import(con.ctx, con.who(), c.File, desk.ImportOptions{Profile: c.Profile, Map: c.Map, DryRun: c.DryRun, Progress: bar.show})
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
	if c.JSON {
		return con.json(importJSON(result))
	}
	return c.tell(con, d, result)
}

// importJSON is the published shape of a result.
func importJSON(r desk.ImportResult) any {
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
	}{r.Profile, r.Layout, r.Run, r.Rows, r.New, r.Changed, r.Unchanged, r.Gone, r.Rejected, r.Flagged, r.Duplicates, r.Resumed, append([]string{}, r.Warnings...)}
}

// changesShown is how many changes are printed; all of them stand on the incident's page.
const changesShown = 20

func (c *importCommand) tell(con *console, d *desk.Desk, r desk.ImportResult) error {
	con.printf("Read as %s, %s.\n", r.Profile, r.Layout)
	con.printf("%d rows: %d new, %d changed, %d unchanged, %d rejected, %d repeated; %d flagged; %d gone.\n",
		r.Rows, r.New, r.Changed, r.Unchanged, r.Rejected, r.Duplicates, r.Flagged, r.Gone)
	if c.DryRun {
		con.printf("A dry run: nothing was written.\n")
		return nil
	}
	shown := 0
	err := d.Changes(con.ctx, con.who(), r.Run, func(change desk.ReportChange) error {
		for _, f := range change.Fields {
			if shown++; shown <= changesShown {
				con.printf("  %s  %s: %q -> %q\n", change.ExternalID, f.Field, f.From, f.To)
			}
		}
		return nil
	})
	if shown > changesShown {
		con.printf("  ... and %d more fields\n", shown-changesShown)
	}
	return err
}

// writeRejects writes what was not imported, also for a dry run's sake an empty file with its header.
func (c *importCommand) writeRejects(con *console, d *desk.Desk, r desk.ImportResult) error {
	if c.Rejects == "" {
		return nil
	}
	return writeFile(c.Rejects, func(w io.Writer) error {
		out := csv.NewWriter(w)
		err := d.Rejected(con.ctx, con.who(), r, func(row desk.RejectedRow) error {
			return out.Write(append([]string{row.Row, row.Reason}, row.Cells...))
		})
		out.Flush()
		if err != nil {
			return err
		}
		return out.Error()
	})
}
