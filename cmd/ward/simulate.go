package main

import (
	"strings"

	"ward/simulate"
)

type simulateCommand struct {
	Seed    uint64 `help:"The same seed gives the same world, byte for byte." default:"1"`
	Reports int    `help:"How many reports the invented organisations publish in all." default:"2000"`
	Out     string `help:"Directory to write; made when it is missing." required:"" type:"path" placeholder:"DIR"`
	JSON    bool   `help:"Print the files as JSON." name:"json"`
}

func (c *simulateCommand) Run(con *console) error {
	bar := newProgress(con.err)
	files, err := simulate.Write(con.ctx, c.Out, c.Seed, c.Reports, func(done, total int) { bar.show(int64(done), int64(total), done) })
	bar.done()
	if err != nil {
		return err
	}
	if c.JSON {
		return con.json(files)
	}
	con.printf("An invented world of invented States, in %s:\n", c.Out)
	for _, f := range files {
		con.printf("  %-16s %7d rows  %s\n", f.Name, f.Rows, strings.TrimSpace(string(f.Register)+" "+f.Layout))
	}
	return nil
}
