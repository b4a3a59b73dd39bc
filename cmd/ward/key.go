package main

import (
	"errors"
	"io"
	"os"

	"ward/desk"
	"ward/fault"
	"ward/seal"
)

// newPassphraseFile names the file that holds a passphrase to come, and officerPassphraseFile that of an officer's own key, for machines
// where nobody types.
const (
	newPassphraseFile     = "WARD_NEW_PASSPHRASE_FILE"
	officerPassphraseFile = "WARD_OFFICER_PASSPHRASE_FILE"
)

type keyCommand struct {
	Share   keyShareCommand   `cmd:"" help:"Print key shares for several people, any two of which open the workspace."`
	Recover keyRecoverCommand `cmd:"" help:"Open the workspace with two key shares and give it a new passphrase."`
	Rotate  keyRotateCommand  `cmd:"" help:"Replace the desk key and wrap every data key anew."`
	Officer keyOfficerCommand `cmd:"" help:"Take an officer off the list, once nothing is sealed to them."`
	Subject keySubjectCommand `cmd:"" help:"Print the key that opens the original file of one import: a disclosure."`
}

type keyShareCommand struct {
	workspace
	Shares int `help:"How many people get one, 2 to 16." required:"" placeholder:"N"`
}

func (c *keyShareCommand) Run(con *console) error {
	d, err := c.open(con)
	if err != nil {
		return err
	}
	defer d.Close()
	return share(con, d, c.Shares)
}

// share prints key shares and puts them in force once two of them were typed back.
func share(con *console, d *desk.Desk, n int) error {
	made, err := d.NewShares(con.ctx, con.who(), n)
	if err != nil {
		return err
	}
	con.note("Key shares: any two of them open this workspace. Write each on a sheet of its own, by hand, for a person of its own; they are shown once and kept nowhere.\n")
	for i, s := range made.Shares {
		con.printf("%d. %s\n", i+1, s)
	}
	con.note("They count once two of them have been read back from the sheets.\n")
	a, b, err := con.twoShares()
	if err != nil {
		return err
	}
	if err := d.ConfirmShares(con.ctx, con.who(), made, a, b); err != nil {
		return err
	}
	con.note("The %d shares are in force; earlier ones open nothing any more. Clear this screen, and keep the sheets in different hands and places.\n", n)
	return nil
}

// twoShares reads two key shares, a line each.
func (c *console) twoShares() (a, b seal.Share, err error) {
	if a, err = c.share("The sixteen words of one share: "); err != nil {
		return a, b, err
	}
	b, err = c.share("The sixteen words of another: ")
	return a, b, err
}

// share reads one key share; a slip of the pen may be mended twice.
func (c *console) share(prompt string) (seal.Share, error) {
	for tries := 2; ; tries-- {
		line, err := c.line(prompt)
		if errors.Is(err, io.EOF) {
			return seal.Share{}, fault.New(fault.Cancelled, "no key share was typed").Keeping("nothing was changed").Do("run the command again")
		}
		if err != nil {
			return seal.Share{}, err
		}
		s, err := seal.ParseShare(line)
		if err == nil || tries == 0 {
			return s, err
		}
		c.note("%v.\n", err)
	}
}

type keyRecoverCommand struct{ workspace }

func (c *keyRecoverCommand) Run(con *console) error {
	place, err := c.place(con)
	if err != nil {
		return err
	}
	left, err := desk.Recover(con.ctx, con.who(), place, desk.Recovery{Shares: con.twoShares, Passphrase: func() ([]byte, error) {
		return con.secret(newPassphraseFile, "The shares open this workspace. Its new passphrase: ", sameAgain)
	}})
	if err != nil {
		return err
	}
	con.printf("The workspace opens with the new passphrase. The shares stay in force.\n")
	con.remindFile()
	remains(con, left)
	con.printf("If the former passphrase may be in wrong hands, replace the desk key as well: ward key rotate\n")
	return nil
}

// remindFile says that the passphrase's file, where one is used, still holds the former one.
func (c *console) remindFile() {
	if os.Getenv(passphraseFile) != "" {
		c.note("note: the file that %s names still holds the former passphrase: write the new one into it\n", passphraseFile)
	}
}

// remains tells what a command could not overwrite.
func remains(con *console, left string) {
	if left != "" {
		con.note("note: %s\n", left)
	}
}

type keyRotateCommand struct {
	workspace
	Passphrase bool `help:"Ask for a new passphrase too."`
}

func (c *keyRotateCommand) Run(con *console) error {
	place, err := c.place(con)
	if err != nil {
		return err
	}
	var typed []byte
	place.Passphrase = func(fresh bool) ([]byte, error) {
		typed, err = con.passphrase(fresh)
		return typed, err
	}
	d, err := desk.Open(con.ctx, place)
	if err != nil {
		return err
	}
	defer d.Close()
	if c.Passphrase {
		if typed, err = con.secret(newPassphraseFile, "The new passphrase: ", sameAgain); err != nil {
			return err
		}
	}
	r, err := d.Rotate(con.ctx, con.who(), typed)
	if err != nil {
		return err
	}
	con.printf("Desk key %d is in force; %d data keys are wrapped anew.\n", r.Generation, r.Keys)
	if r.Shares > 0 {
		con.printf("The %d key shares open it as they did the former. Whoever had the former desk key may know them: then make new ones with ward key share.\n", r.Shares)
	}
	remains(con, r.Left)
	if c.Passphrase {
		con.remindFile()
	}
	con.printf("Stop every other Ward on this workspace and start it again: with the former key it reads and writes nothing.\n")
	con.printf("Backups made before still open with the former keys until they expire.\n")
	return nil
}

type keyOfficerCommand struct {
	workspace
	Remove string `help:"Who is an officer no more." required:"" placeholder:"NAME"`
}

func (c *keyOfficerCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.RemoveOfficer(con.ctx, con.who(), c.Remove); err != nil {
		return err
	}
	left, err := d.Officers(con.ctx, con.who())
	if err != nil {
		return err
	}
	con.printf("%s is an officer no more.\n", c.Remove)
	if len(left) < 2 {
		con.printf("One officer is left: no source's contact can be kept until there is a second: ward init --make-officer NAME=FILE\n")
	}
	con.printf("Backups made before still open with the former officer's key until they expire, and whoever opened a contact knows what it says.\n")
	return nil
}

type keySubjectCommand struct {
	workspace
	Import string `arg:"" help:"Id of the import run." placeholder:"RUN"`
}

func (c *keySubjectCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	identity, err := d.OriginalKey(con.ctx, con.who(), c.Import)
	if err != nil {
		return err
	}
	con.printf("%s\n", identity)
	con.note("note: whoever has this line and the sealed original (ward export original) reads it for good; this stands in the ledger\n")
	return nil
}
