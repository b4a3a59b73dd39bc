package main

import "io"

type exportOriginalCommand struct {
	workspace
	Import string `arg:"" help:"Id of the import run." placeholder:"RUN"`
	recipient
	Out string `help:"Sealed file to write; the stock age tool opens it with what ward key subject prints." required:"" type:"path" placeholder:"FILE.age"`
}

func (c *exportOriginalCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	err = writeFile(c.Out, func(w io.Writer) error { return d.ExportOriginal(con.ctx, con.who(), c.Import, w, c.Recipient, c.Why) })
	if err != nil {
		return err
	}
	con.printf("Written to %s, sealed. Its key: ward key subject %s\n", c.Out, c.Import)
	return nil
}
