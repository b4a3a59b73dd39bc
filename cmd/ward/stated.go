package main

import (
	"context"
	"io"
	"os"

	"ward/access"
	"ward/desk"
	"ward/fault"
)

// statedFile is a file in which people state things, one line each: taken whole or not at all.
type statedFile struct {
	workspace
	File string `arg:"" help:"CSV in the layout of the command's page in docs/." type:"path"`
	JSON bool   `help:"Print as JSON." name:"json"`
}

// importStated opens file and workspace, lets take read the one into the other, and tells what came of it: every problem with its line.
func importStated(con *console, c statedFile, take func(*desk.Desk, context.Context, access.Actor, io.Reader) (desk.Stated, error)) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "the file cannot be opened")
	}
	defer f.Close()
	d, err := c.open(con)
	if err != nil {
		return err
	}
	defer d.Close()
	result, err := take(d, con.ctx, con.who(), f)
	for _, p := range result.Problems {
		con.note("%s\n", p)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return con.json(map[string]int{"rows": result.Rows, "added": result.Added})
	}
	con.printf("%d rows: %d new entries.\n", result.Rows, result.Added)
	return nil
}
