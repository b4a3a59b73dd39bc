package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ward/desk"
	"ward/fault"
	"ward/store"
)

type initCommand struct {
	workspace
	Origin      string   `help:"Name of a new workspace's log, such as wma.example/log: it stands in every proof and cannot be changed." placeholder:"NAME"`
	Officer     []string `help:"Name an officer by the public half of their own key." placeholder:"NAME=age1pq..." sep:"none"`
	MakeOfficer []string `help:"Name an officer and make their key, sealed under a passphrase that only they type." placeholder:"NAME=FILE" sep:"none"`
	Shares      int      `help:"Print key shares for so many people as well, as ward key share does." placeholder:"N"`
}

func (c *initCommand) Run(con *console) error {
	named, err := c.officers()
	if err != nil {
		return err
	}
	place, err := c.place(con)
	if err != nil {
		return err
	}
	place.Origin = c.Origin
	d, err := desk.Open(con.ctx, place)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := c.sameOrigin(con, d); err != nil {
		return err
	}
	for _, o := range named {
		if err := o.add(con, d); err != nil {
			return err
		}
	}
	if len(c.MakeOfficer) > 1 && os.Getenv(officerPassphraseFile) != "" {
		con.note("note: these officers' keys open with one passphrase, so that either can act for the other; run this command once for each\n")
	}
	if c.Shares != 0 {
		if err := share(con, d, c.Shares); err != nil {
			return err
		}
	}
	return c.tell(con, d, place.Dir)
}

// sameOrigin refuses to rename a log.
func (c *initCommand) sameOrigin(con *console, d *desk.Desk) error {
	s, err := d.Setup(con.ctx, con.who())
	if err != nil || c.Origin == "" || c.Origin == s.Origin {
		return err
	}
	return fault.New(fault.Refused, "the log of this workspace is named %s, which stands in every proof", s.Origin).Keeping("nothing was changed").Do("leave --origin out")
}

// officerToName is an officer as the command line names them.
type officerToName struct {
	name      string
	recipient string // "" when a key is to be made
	file      string // to write the key to
}

// officers reads the command line, before anything is asked or made.
func (c *initCommand) officers() ([]officerToName, error) {
	var out []officerToName
	for i, text := range append(append([]string{}, c.Officer...), c.MakeOfficer...) {
		name, value, ok := strings.Cut(text, "=")
		if !ok || value == "" {
			return nil, fault.New(fault.Invalid, "an officer is written NAME=age1pq... or, with --make-officer, NAME=FILE").Keeping("nothing was changed")
		}
		o := officerToName{name: strings.TrimSpace(name), recipient: value}
		if i >= len(c.Officer) {
			o.recipient, o.file = "", value
		}
		out = append(out, o)
	}
	return out, nil
}

// add names one officer. A key that is made is in its file before anybody is named by it.
func (o officerToName) add(con *console, d *desk.Desk) error {
	if o.file == "" {
		_, err := d.NameOfficer(con.ctx, con.who(), store.Officer{Name: o.name, Recipient: o.recipient})
		return err
	}
	if err := d.MayNameOfficer(con.ctx, con.who(), o.name); err != nil {
		return err
	}
	if _, err := os.Lstat(o.file); !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Refused, "%s is there already", o.file).Keeping("it stays as it is, and nobody was named").Do("name a new file")
	}
	passphrase, err := con.secret(officerPassphraseFile, o.name+" types a passphrase of their own, which nobody else knows (12 characters or more): ", sameAgain)
	if err != nil {
		return err
	}
	made, err := desk.MakeOfficer(o.name, passphrase)
	if err != nil {
		return err
	}
	if err := writeNew(o.file, made.File); err != nil {
		return err
	}
	if _, err := d.NameOfficer(con.ctx, con.who(), made.Officer); err != nil {
		return err
	}
	con.printf("The key of %s is in %s, sealed. It belongs on a device of theirs and on none of this association's servers.\n", o.name, o.file)
	return nil
}

// writeNew writes a file that only its owner reads, and never over another.
func writeNew(path string, body []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fault.Wrap(err, fault.Refused, "the directory %s cannot be made", filepath.Dir(path))
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fault.Wrap(err, fault.Refused, "%s cannot be written", path).Keeping("nobody was named").Do("name a new file in a directory of yours")
	}
	_, err = f.Write(body)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// tell says what is set up and what is missing, with the command for each.
func (c *initCommand) tell(con *console, d *desk.Desk, dir string) error {
	s, err := d.Setup(con.ctx, con.who())
	if err != nil {
		return err
	}
	con.printf("\nThe workspace in %s is sealed under its passphrase. Its log is named %s.\n", dir, s.Origin)
	var missing []string
	if len(s.Officers) > 0 {
		names := make([]string, len(s.Officers))
		for i, o := range s.Officers {
			names[i] = o.Name
		}
		con.printf("Officers: %s.\n", strings.Join(names, ", "))
	}
	if len(s.Officers) < 2 {
		missing = append(missing, "two officers, without whom no source's identity can be kept: ward init --make-officer NAME=FILE")
	}
	if s.Shares > 0 {
		con.printf("Key shares: %d, any two of which open the workspace.\n", s.Shares)
	} else {
		missing = append(missing, "key shares, without which a forgotten passphrase loses everything: ward key share --shares 3")
	}
	if s.Backups > 0 {
		con.printf("Backups: %d.\n", s.Backups)
	} else {
		missing = append(missing, "a backup: ward backup --to DIR")
	}
	if len(missing) == 0 {
		con.printf("Nothing is missing.\n")
		return nil
	}
	con.printf("Missing:\n")
	for _, m := range missing {
		con.printf("  %s%s\n", m, c.flags())
	}
	return nil
}

// flags are those by which another command finds the same workspace. An address may hold a password and is not repeated.
func (c *initCommand) flags() string {
	out := ""
	if c.Data != "" {
		out += fmt.Sprintf(" --data %q", c.Data)
	}
	if c.DB != "" {
		out += " --db ..."
	}
	return out
}
