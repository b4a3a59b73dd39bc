package main

import "io"

// recipient is to whom something goes and what for.
type recipient struct {
	Recipient string `help:"Who gets it: stands in the ledger." placeholder:"NAME"`
	Why       string `help:"What for: stands in the ledger." placeholder:"TEXT"`
}

// leaving is something that may leave as a file.
type leaving struct {
	Out string `help:"File to write; the terminal when left out." type:"path" placeholder:"FILE"`
	recipient
}

// write sends what fill writes to the file, or to the terminal.
func (l leaving) write(con *console, fill func(io.Writer) error) error {
	if l.Out == "" {
		return fill(con.out)
	}
	if err := writeFile(l.Out, fill); err != nil {
		return err
	}
	con.note("written to %s\n", l.Out)
	return nil
}
