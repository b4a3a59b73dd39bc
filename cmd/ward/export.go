package main

import (
	"encoding/json"
	"io"

	"ward/desk"
	"ward/fault"
	"ward/when"
)

type exportCommand struct {
	Incidents exportIncidentsCommand `cmd:"" help:"Write incidents with their sources' words, and a manifest beside them."`
	Bundle    exportBundleCommand    `cmd:"" help:"Write what can be proved of one incident, to be checked by anybody offline."`
	Original  exportOriginalCommand  `cmd:"" help:"Write the original file of one import, as it is kept: sealed."`
}

type exportIncidentsCommand struct {
	workspace
	Format    string   `help:"ward-json, csv, sind-xlsx, sind-csv, ssa-csv, awsd-csv or geojson; docs/exports.md tells what each loses." enum:"ward-json,csv,sind-xlsx,sind-csv,ssa-csv,awsd-csv,geojson" default:"ward-json"`
	HXL       bool     `help:"Write a row of HXL tags under the header." name:"hxl"`
	Country   []string `help:"Only these States, by ISO3 code or name." placeholder:"ISO3"`
	From      string   `help:"Only what may have happened on this day or later." placeholder:"DAY"`
	To        string   `help:"Only what may have happened on this day or earlier." placeholder:"DAY"`
	Certainty []string `help:"Only these certainties." placeholder:"NAME"`
	recipient
	Out string `help:"File to write; OUT.manifest.json appears beside it." required:"" type:"path" placeholder:"FILE"`
}

func (c *exportIncidentsCommand) Run(con *console) error {
	query, err := c.query()
	if err != nil {
		return err
	}
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	var manifest desk.Manifest
	err = writeFile(c.Out, func(w io.Writer) (err error) {
		manifest, err = d.Export(con.ctx, con.who(), w, desk.ExportOptions{Format: c.Format, HXL: c.HXL, Query: query, To: c.Recipient, Why: c.Why})
		return err
	})
	if err != nil {
		return err
	}
	for _, step := range manifest.Lossy {
		con.note("note: %s\n", step)
	}
	if n := manifest.Withheld; n.Values > 0 {
		con.note("note: %d values of %d incidents were kept back: they are not cleared, or their source withholds them\n", n.Values, n.Rows)
	}
	con.printf("%d incidents asked for, %d written to %s\n", manifest.Asked, manifest.Records, c.Out)
	return writeFile(c.Out+".manifest.json", func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(manifest)
	})
}

func (c *exportIncidentsCommand) query() (*desk.IncidentQuery, error) {
	q := desk.IncidentQuery{Filters: map[string][]string{"certainty": c.Certainty}}
	for _, name := range c.Country {
		code, err := desk.StateCode(name)
		if err != nil {
			return nil, err
		}
		q.Filters["country"] = append(q.Filters["country"], code)
	}
	var err error
	if q.From, err = optionalDay(c.From); err != nil {
		return nil, err
	}
	if q.To, err = optionalDay(c.To); err != nil {
		return nil, err
	}
	if !q.From.IsZero() && !q.To.IsZero() && q.From.From() > q.To.To() {
		return nil, fault.New(fault.Invalid, "%s to %s is no span of days", c.From, c.To).Do("give the earlier day with --from")
	}
	return &q, nil
}

// optionalDay reads a date; blank is none.
func optionalDay(text string) (when.Date, error) {
	if text == "" {
		return when.Date{}, nil
	}
	return when.Parse(text)
}
