package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"ward/reconcile"
)

type compareCommand struct {
	A    string   `arg:"" help:"A register of incidents or a table of totals: CSV, XLSX or JSON, .gz too." type:"path"`
	B    string   `arg:"" help:"The other one." type:"path"`
	By   []string `help:"What a total is of: country, year or both." default:"country,year" placeholder:"country,year"`
	Map  string   `help:"Where labels and tags contradict each other: labels, tags, or a JSON file from column to field." placeholder:"labels|tags|FILE"`
	All  bool     `help:"Name every row behind a difference, not the first ones."`
	JSON bool     `help:"Print as JSON, with every row." name:"json"`
}

// rowsShown is how many rows of a difference are named unless all are asked for.
const rowsShown = 8

func (c *compareCommand) Run(con *console) error {
	by, err := reconcile.ParseBy(c.By)
	if err != nil {
		return err
	}
	var sides [2]*reconcile.Ledger
	for i, path := range []string{c.A, c.B} {
		bar := newProgress(con.err)
		sides[i], err = reconcile.Load(con.ctx, path, reconcile.Options{By: by, Map: c.Map, Progress: bar.show})
		bar.done()
		if err != nil {
			return err
		}
	}
	r, err := reconcile.Compare(sides[0], sides[1])
	if err != nil {
		return err
	}
	for _, l := range sides {
		for _, note := range l.Notes {
			con.note("note: %s: %s\n", l.Name, note)
		}
	}
	if c.JSON {
		return r.WriteJSON(con.out)
	}
	return c.tell(con, r)
}

func (c *compareCommand) tell(con *console, r *reconcile.Report) error {
	for i, l := range []*reconcile.Ledger{r.A, r.B} {
		what := "a table of totals"
		if l.Kind == reconcile.Rows {
			what = "a register, " + l.Layout
		}
		con.printf("%s  %s: %s, %d rows\n", "AB"[i:i+1], l.Name, what, l.Read)
	}
	con.printf("\n%d keys stand in both, %d in A only, %d in B only. In %d of the %d something differs.\n", r.Shared, len(r.OnlyA), len(r.OnlyB), r.Keys(), r.Shared)
	listKeys(con, "A", r.OnlyA)
	listKeys(con, "B", r.OnlyB)
	if err := c.summary(con, r); err != nil || len(r.Differences) == 0 {
		return err
	}
	return c.differences(con, r)
}

func listKeys(con *console, side string, keys []reconcile.Key) {
	if len(keys) == 0 {
		return
	}
	var names []string
	for _, k := range keys[:min(len(keys), 30)] {
		names = append(names, k.String())
	}
	if len(keys) > 30 {
		names = append(names, "...")
	}
	con.printf("Only in %s: %s\n", side, strings.Join(names, " "))
}

// summary prints the numbers, aligned to the right.
func (c *compareCommand) summary(con *console, r *reconcile.Report) error {
	table := tabwriter.NewWriter(con.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	line := func(cells ...any) { writeLine(table, append(cells, "")...) }
	line("")
	line("measure", "agree", "differ", "unstated in A", "unstated in B", "in neither")
	for _, m := range r.Measures {
		line(m.Name, m.Agree, m.Differ, m.UnsaidA, m.UnsaidB, m.UnsaidAB)
	}
	if causes := r.ByCause(); len(causes) > 0 {
		line("")
		line("could be the cause", "differences")
		for _, n := range causes {
			line(n.Cause, n.Count)
		}
		line("")
		line("year", "keys that differ", "of")
		for _, n := range r.ByYear() {
			line(n.Year, n.Differ, n.Shared)
		}
	}
	return table.Flush()
}

func (c *compareCommand) differences(con *console, r *reconcile.Report) error {
	table := tabwriter.NewWriter(con.out, 0, 0, 2, ' ', 0)
	line := func(cells ...any) { writeLine(table, cells...) }
	line("")
	line("key", "measure", "A", "B", "could be", "rows behind it")
	for _, d := range r.Differences {
		line(d.Key, d.Measure, d.A, d.B, d.Cause, c.rows(d.Rows))
		for _, h := range d.Hints {
			line("", "", "", "", h.About, c.rows(h.Rows))
		}
	}
	return table.Flush()
}

// rows names the first rows and counts the rest.
func (c *compareCommand) rows(ids []string) string {
	if len(ids) == 0 {
		return "none"
	}
	if c.All || len(ids) <= rowsShown {
		return shown(strings.Join(ids, ", "))
	}
	return shown(strings.Join(ids[:rowsShown], ", ")) + more(len(ids)-rowsShown)
}

func more(n int) string { return fmt.Sprintf(" and %d more", n) }

// writeLine writes one line of a table.
func writeLine(w io.Writer, cells ...any) {
	for i, cell := range cells {
		if i > 0 {
			fmt.Fprint(w, "\t")
		}
		fmt.Fprint(w, cell)
	}
	fmt.Fprintln(w)
}

// shown keeps a file's own words from steering a terminal.
func shown(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}
