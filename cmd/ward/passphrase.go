package main

import (
	"bytes"
	"os"

	"golang.org/x/term"

	"ward/fault"
)

// passphraseFile names the file that holds the workspace's passphrase, for machines where nobody types.
const passphraseFile = "WARD_PASSPHRASE_FILE"

// passphrase reads the passphrase from the file that the environment names, or from the terminal; a new one is typed twice.
func (c *console) passphrase(fresh bool) ([]byte, error) {
	if path := os.Getenv(passphraseFile); path != "" {
		return readPassphrase(path)
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return nil, fault.New(fault.Refused, "the workspace is locked, and nobody is here to type its passphrase").Keeping("nothing was read or written").
			Do("name a file that holds it in %s", passphraseFile)
	}
	if !fresh {
		return c.ask("Passphrase of this workspace: ")
	}
	c.note("A new workspace. Its passphrase has 12 characters or more; five words drawn by dice are good. Without it, or key shares, nobody can open what is kept here.\n")
	first, err := c.ask("New passphrase: ")
	if err != nil {
		return nil, err
	}
	again, err := c.ask("The same again: ")
	if err == nil && !bytes.Equal(first, again) {
		err = fault.New(fault.Invalid, "the two are not the same").Keeping("nothing was made").Do("run the command again")
	}
	return first, err
}

// readPassphrase reads a passphrase file; one that others may read is used, with a note where that matters left to ward doctor.
func readPassphrase(path string) ([]byte, error) {
	const most = 4096
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.Refused, "the passphrase file cannot be read").Keeping("nothing was read or written").Do("check the path in %s", passphraseFile)
	}
	defer f.Close()
	buf := make([]byte, most+1)
	n, err := f.Read(buf)
	if n == 0 || n > most {
		return nil, fault.New(fault.Refused, "the passphrase file is empty or too long").Keeping("nothing was read or written").Do("write the passphrase alone into it")
	}
	return bytes.TrimSpace(buf[:n]), err
}

// ask reads one line from the terminal without showing it.
func (c *console) ask(prompt string) ([]byte, error) {
	c.note("%s", prompt)
	line, err := term.ReadPassword(int(os.Stdin.Fd()))
	c.note("\n")
	if err != nil {
		return nil, fault.Wrap(err, fault.Cancelled, "no passphrase was typed").Keeping("nothing was read or written")
	}
	return line, nil
}
