package main

import (
	"fmt"
	"io"
	"os"

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
func importStated[P fmt.Stringer](con *console, c statedFile, take func(*desk.Desk, io.Reader) (rows, added int, problems []P, err error)) error {
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
	rows, added, problems, err := take(d, f)
	for _, p := range problems {
		con.note("%s\n", p)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return con.json(map[string]int{"rows": rows, "added": added})
	}
	con.printf("%d rows: %d new, %d were there already.\n", rows, added, rows-added)
	return nil
}
