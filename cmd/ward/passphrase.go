package main

import (
	"bytes"
	"os"
	"strings"

	"golang.org/x/term"

	"ward/fault"
)

// passphraseFile names the file that holds the workspace's passphrase, for machines where nobody types.
const passphraseFile = "WARD_PASSPHRASE_FILE"

// passphrase reads the workspace's passphrase; a new one is typed twice.
func (c *console) passphrase(fresh bool) ([]byte, error) {
	if fresh {
		return c.secret(passphraseFile, "A new workspace. Its passphrase has 12 characters or more; five words drawn by dice are good. "+
			"Without it, or key shares, nobody can open what is kept here.\nNew passphrase: ", sameAgain)
	}
	return c.secret(passphraseFile, "Passphrase of this workspace: ")
}

// sameAgain is the second prompt for a new passphrase.
const sameAgain = "The same again: "

// secret reads a passphrase from the file that a variable of the environment names, or from the terminal: once for each prompt, and each
// time the same.
func (c *console) secret(variable string, prompts ...string) ([]byte, error) {
	if path := os.Getenv(variable); path != "" {
		return readPassphrase(path, variable)
	}
	if !c.terminal() {
		return nil, fault.New(fault.Refused, "what is asked for is locked, and nobody is here to type its passphrase").Keeping("nothing was read or written").
			Do("name a file that holds it in %s", variable)
	}
	first, err := c.ask(prompts[0])
	for _, prompt := range prompts[1:] {
		if err != nil {
			return nil, err
		}
		var again []byte
		again, err = c.ask(prompt)
		if err == nil && !bytes.Equal(first, again) {
			err = fault.New(fault.Invalid, "the two are not the same").Keeping("nothing was made").Do("run the command again")
		}
	}
	return first, err
}

// terminal reports that somebody can type.
func (c *console) terminal() bool { return term.IsTerminal(int(os.Stdin.Fd())) }

// readPassphrase reads a passphrase file; one that others may read is used, with a note where that matters left to ward doctor.
func readPassphrase(path, variable string) ([]byte, error) {
	const most = 4096
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.Refused, "the passphrase file cannot be read").Keeping("nothing was read or written").Do("check the path in %s", variable)
	}
	defer f.Close()
	buf := make([]byte, most+1)
	n, err := f.Read(buf)
	if n == 0 || n > most {
		return nil, fault.New(fault.Refused, "the passphrase file is empty or too long").Keeping("nothing was read or written").Do("write the passphrase alone into it")
	}
	return bytes.TrimSpace(buf[:n]), err
}

// line asks for one line of what need not be hidden; io.EOF when there is none.
func (c *console) line(prompt string) (string, error) {
	c.note("%s", prompt)
	typed := make(chan error, 1)
	var line string
	go func() {
		text, err := c.in.ReadString('\n')
		if line = strings.TrimSpace(text); line != "" {
			err = nil
		}
		typed <- err
	}()
	select {
	case err := <-typed:
		return line, err
	case <-c.ctx.Done():
		return "", c.ctx.Err()
	}
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
