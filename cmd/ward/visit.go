package main

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"ward/desk"
	"ward/fault"
)

type visitCommand struct {
	Take    visitTakeCommand    `cmd:"" help:"At home: seal a copy of one evaluation for a journey, under a passphrase that is asked for."`
	Open    visitOpenCommand    `cmd:"" help:"On the laptop that travels: make a workspace of the copy, and nothing else."`
	Return  visitReturnCommand  `cmd:"" help:"On the laptop: seal what was written for the way home. Only the workspace at home can open it."`
	Merge   visitMergeCommand   `cmd:"" help:"At home: put on record what came back. Merging twice adds nothing."`
	Destroy visitDestroyCommand `cmd:"" help:"On the laptop: destroy the copy, once what it holds was sealed for the way home."`
}

// visitPassphraseFile names the file that holds the passphrase under which a visit file travels, for machines where nobody types.
const visitPassphraseFile = "WARD_VISIT_PASSPHRASE_FILE"

type visitTakeCommand struct {
	workspace
	Evaluation string `arg:"" help:"Number of the evaluation." placeholder:"EVALUATION"`
	Out        string `help:"File to write; there must be none of this name." required:"" type:"path" placeholder:"FILE"`
	For        string `help:"Who travels: the evaluation's clinician, or you. The clinician when it is left out." placeholder:"NAME"`
	Names      bool   `help:"Take the person's names along too. Without it the copy knows only the pseudonym."`
}

func (c *visitTakeCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := notThere(c.Out); err != nil {
		return err
	}
	passphrase, err := con.secret(visitPassphraseFile, "A passphrase for this file alone (12 characters or more; five words drawn by dice are good): ", sameAgain)
	if err != nil {
		return err
	}
	var v desk.Visit
	err = writeFile(c.Out, func(w io.Writer) (err error) {
		v, err = d.TakeVisit(con.ctx, con.who(), desk.VisitTaking{Evaluation: c.Evaluation, Traveller: c.For, Names: c.Names, Passphrase: passphrase}, w)
		return err
	})
	if err != nil {
		return err
	}
	con.printf("Visit %s: a copy of evaluation %s for %s is in %s.\n", v.ID, v.Evaluation, v.Traveller, c.Out)
	con.note("On the laptop: ward visit open %q --data DIR\n", c.Out)
	return nil
}

// notThere refuses to write over a file.
func notThere(path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Refused, "%s is there already", path).Keeping("it stays as it is").Do("name a new file")
	}
	return nil
}

// visitFile opens a visit file as often as it is read.
func visitFile(path string) desk.VisitSource {
	return func() (io.ReadCloser, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, fault.Wrap(err, fault.NotFound, "the visit file cannot be opened").Keeping("nothing was written")
		}
		return f, nil
	}
}

type visitOpenCommand struct {
	workspace
	File string `arg:"" help:"File that ward visit take wrote." type:"path" placeholder:"FILE"`
}

func (c *visitOpenCommand) Run(con *console) error {
	place, err := c.named(con)
	if err != nil {
		return err
	}
	d, v, err := desk.OpenVisit(con.ctx, place, visitFile(c.File), func() ([]byte, error) {
		return con.secret(visitPassphraseFile, "Passphrase of the visit file: ")
	})
	if err != nil {
		return err
	}
	defer d.Close()
	con.printf("The copy of evaluation %s (%s) is in %s. It needs no network:\n  ward serve --data %q\n", v.Evaluation, v.Pseudonym, c.Data, c.Data)
	con.note("Before you leave the place: ward visit return --data %q --out FILE\n", c.Data)
	return nil
}

// named is a workspace whose directory somebody named: what a visit does never falls on the usual one.
func (w workspace) named(con *console) (desk.Workspace, error) {
	place, err := w.place(con)
	if err == nil && w.Data == "" {
		err = fault.New(fault.Refused, "a visit copy lies in a directory of its own").Keeping("nothing was made or changed").Do("name it with --data DIR")
	}
	return place, err
}

type visitReturnCommand struct {
	workspace
	Out string `help:"File to write; there must be none of this name." required:"" type:"path" placeholder:"FILE"`
}

func (c *visitReturnCommand) Run(con *console) error {
	place, err := c.named(con)
	if err != nil {
		return err
	}
	if err := notThere(c.Out); err != nil {
		return err
	}
	d, err := desk.Open(con.ctx, place)
	if err != nil {
		return err
	}
	defer d.Close()
	var v desk.Visit
	err = writeFile(c.Out, func(w io.Writer) (err error) {
		v, err = d.ReturnVisit(con.ctx, con.who(), w)
		return err
	})
	if err != nil {
		return err
	}
	con.printf("%d entries are sealed in %s. Only the workspace at home opens it.\n", v.Added, c.Out)
	con.note("When it lies where it cannot be taken from you: ward visit destroy --data %q\n", c.Data)
	return nil
}

type visitMergeCommand struct {
	workspace
	File        string `arg:"" help:"File that ward visit return wrote." type:"path" placeholder:"FILE"`
	AddendaOnly bool   `help:"Where the evaluation was signed here meanwhile: take the addenda, leave the rest."`
	JSON        bool   `help:"Print as JSON." name:"json"`
}

// mergeData is what became of a visit file, as data.
type mergeData struct {
	Visit      string   `json:"visit"`
	Evaluation string   `json:"evaluation"`
	Traveller  string   `json:"traveller"`
	Added      int      `json:"added"`
	Known      int      `json:"known"`
	Both       []string `json:"both,omitempty"`
	LeftOut    []string `json:"left_out,omitempty"`
}

func (c *visitMergeCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	m, err := d.MergeVisit(con.ctx, con.who(), visitFile(c.File), c.AddendaOnly)
	if err != nil {
		return err
	}
	if c.JSON {
		return con.json(mergeData{m.VisitHome.Visit, m.Evaluation, m.Traveller, m.Added, m.Known, m.Both, m.LeftOut})
	}
	con.printf("Visit %s, evaluation %s: %d entries added in the name of %s, %d known already.\n", m.VisitHome.Visit, m.Evaluation, m.Added, m.Traveller, m.Known)
	for _, both := range m.Both {
		con.printf("  changed here and on the visit, both stand: %s\n", both)
	}
	for _, kind := range m.LeftOut {
		con.printf("  left out, it is done at home: %s\n", kind)
	}
	return nil
}

type visitDestroyCommand struct {
	workspace
	Unreturned bool `help:"Give up what was written in the copy and not sealed for the way home."`
}

func (c *visitDestroyCommand) Run(con *console) error {
	place, err := c.named(con)
	if err != nil {
		return err
	}
	if err := desk.DiscardVisit(con.ctx, place, c.Unreturned); err != nil {
		return err
	}
	con.printf("The copy in %s is destroyed: its keys, its database, its files.\n", c.Data)
	return nil
}
