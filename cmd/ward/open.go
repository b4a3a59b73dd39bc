package main

import (
	"io"
	"os"
	"regexp"

	"ward/fault"
	"ward/seal"
)

type openCommand struct {
	workspace
	What     string `arg:"" help:"Id of a contact in the workspace, or any file that was sealed to this key." placeholder:"CONTACT_ID|FILE"`
	Identity string `help:"File with the officer's own key, as ward init --make-officer or age-keygen -pq wrote it." required:"" type:"path" placeholder:"FILE"`
}

// contactID is the form of a contact's id.
var contactID = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{26}$`)

func (c *openCommand) Run(con *console) error {
	if !contactID.MatchString(c.What) {
		return c.file(con)
	}
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	identity, err := con.identity(c.Identity)
	if err != nil {
		return err
	}
	text, err := d.OpenContact(con.ctx, con.who(), c.What, identity)
	if err != nil {
		return err
	}
	con.note("note: that it was opened, when and by whom stands in the ledger, where the other officer sees it\n")
	con.printf("%s", text)
	return nil
}

// file opens a file, which needs no workspace.
func (c *openCommand) file(con *console) error {
	f, err := os.Open(c.What)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "this is neither the id of a contact nor a file that can be opened")
	}
	defer f.Close()
	identity, err := con.identity(c.Identity)
	if err != nil {
		return err
	}
	plain, err := seal.OpenWith(f, identity)
	if err != nil {
		return err
	}
	con.note("note: a file was opened; no ledger knows of it\n")
	_, err = io.Copy(con.out, plain)
	return err
}

// identity reads an officer's own key from a file.
func (c *console) identity(path string) (string, error) {
	const most = 64 << 10
	f, err := os.Open(path)
	if err != nil {
		return "", fault.Wrap(err, fault.NotFound, "the key file cannot be opened").Keeping("nothing was opened")
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return "", fault.Wrap(err, fault.Refused, "the key file cannot be read").Keeping("nothing was opened")
	}
	return seal.OpenIdentity(body, func() ([]byte, error) {
		return c.secret(officerPassphraseFile, "Passphrase of this officer's key: ")
	})
}
