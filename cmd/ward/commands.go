package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"ward/access"
	"ward/desk"
	"ward/fault"
	"ward/store"
)

const about = `Ward: a monitoring and reporting mechanism for violence against health care and for medicine misused.

Exit codes: 0 done; 1 it could not be done, or a check found a difference; 2 the command line cannot be read; 3 nothing was written because a
person must decide first; 130 stopped by you, what was committed is kept.`

// commandLine is every command with its flags; one file per command.
type commandLine struct {
	Demo        demoCommand        `cmd:"" help:"An invented world from end to end: import, codings, audits, pages."`
	Training    trainingCommand    `cmd:"" help:"Build a training space: a workspace of invented reports and people, marked on every page."`
	Serve       serveCommand       `cmd:"" help:"Serve the workspace's pages on this machine."`
	Import      importCommand      `cmd:"" help:"Read a publisher's file into the workspace."`
	Export      exportCommand      `cmd:"" help:"Write records out of the workspace."`
	Init        initCommand        `cmd:"" help:"Found a workspace, or add what it lacks: officers, key shares."`
	Key         keyCommand         `cmd:"" help:"The workspace's keys: shares, recovery, rotation."`
	Contact     contactCommand     `cmd:"" help:"Who a source is, sealed to two officers."`
	Open        openCommand        `cmd:"" help:"Open what was sealed to an officer, with the officer's own key."`
	Erase       eraseCommand       `cmd:"" help:"Erase a record for good, after telling every consequence."`
	Doctor      doctorCommand      `cmd:"" help:"Look whether everything is well, and say what to do where it is not."`
	Backup      backupCommand      `cmd:"" help:"Write a sealed, checked backup of the whole workspace."`
	Restore     restoreCommand     `cmd:"" help:"Make a new workspace of a backup."`
	Audit       auditCommand       `cmd:"" help:"Audit a State against the norms; check an audit; import codings."`
	Facility    facilityCommand    `cmd:"" help:"Places of care: damage, function, access, cost, compensation; a report on each State."`
	Duty        dutyCommand        `cmd:"" help:"The association's own duties: list, assess, export, import."`
	Period      periodCommand      `cmd:"" help:"A report for the board on any days: what is new, changed, open, overdue, and asked of it."`
	Quote       quoteCommand       `cmd:"" help:"One count as a sentence: floor, range, dates, link, caveats; or why it is not for quoting."`
	Statement   statementCommand   `cmd:"" help:"Statements and letters: write, review, issue, replies, print."`
	Suitability suitabilityCommand `cmd:"" help:"Where to hold an event: what is found in a State, what is not known, what was decided."`
	Visit       visitCommand       `cmd:"" help:"Take one evaluation along to where there is no network, and bring home what was written."`
	Verify      verifyCommand      `cmd:"" help:"Check a bundle, with nothing but the bundle."`
	Totals      compareCommand     `cmd:"" name:"reconcile" help:"Compare two totals of one population, difference by difference, with the rows behind each."`
	Witness     witnessCommand     `cmd:"" help:"Be a witness of other associations' logs."`
	Staff       staffCommand       `cmd:"" help:"People and sign-in: list, invite, the way back in."`
	Log         logCommand         `cmd:"" help:"The log in which every act stands: show, flush, witnesses."`
	Policy      policyCommand      `cmd:"" help:"The norm corpus: list, show, import texts."`
	Commitment  commitmentCommand  `cmd:"" help:"What norms ask of whom, and what became of it."`
	Simulate    simulateCommand    `cmd:"" help:"Write an invented world as publishers' files, with the truth beside them."`
}

// workspace is where a command works.
type workspace struct {
	Data string `help:"Directory of the workspace; made when it is missing." env:"WARD_DATA" placeholder:"DIR" type:"path"`
	DB   string `help:"PostgreSQL address instead of the directory's SQLite file." env:"WARD_DB" placeholder:"postgres://..."`
}

// open opens and unlocks the workspace.
func (w workspace) open(con *console) (*desk.Desk, error) {
	place, err := w.place(con)
	if err != nil {
		return nil, err
	}
	return desk.Open(con.ctx, place)
}

// place is where the workspace lies: the user's default one when none is named.
func (w workspace) place(con *console) (desk.Workspace, error) {
	place := desk.Workspace{Dir: w.Data, DB: w.DB, Passphrase: con.passphrase, Moving: w.moving(con)}
	if place.Dir == "" {
		base, err := os.UserConfigDir()
		if err != nil {
			return place, fault.Wrap(err, fault.Refused, "this user has no directory for settings").Do("name the workspace with --data DIR")
		}
		place.Dir = filepath.Join(base, "ward")
	}
	return place, nil
}

// existing opens the workspace for a command that only reads, and says so where it had to make an empty one: a mistyped
// directory must not answer in silence.
func (w workspace) existing(con *console) (*desk.Desk, error) {
	w.tellEmpty(con)
	return w.open(con)
}

func (w workspace) tellEmpty(con *console) {
	if w.DB == "" && w.Data != "" {
		if missing(w.Data, store.FileName) && missing(w.Data, store.ClearName) {
			con.note("note: %s held no workspace; an empty one was made there\n", w.Data)
		}
	}
}

func missing(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return errors.Is(err, os.ErrNotExist)
}

// console is what a command may use of the process: its cancellation and its streams.
type console struct {
	ctx context.Context
	in  *bufio.Reader
	out io.Writer
	err io.Writer
}

func (c *console) who() access.Actor { return access.Local() }

func (c *console) printf(format string, args ...any) { fmt.Fprintf(c.out, format, args...) }

func (c *console) note(format string, args ...any) { fmt.Fprintf(c.err, format, args...) }

func (c *console) json(v any) error {
	enc := json.NewEncoder(c.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// writeFile makes a file that appears whole or not at all.
func writeFile(path string, fill func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fault.New(fault.Refused, "%s is no ordinary file", path).Keeping("nothing was written").Do("name a file to write")
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fault.Wrap(err, fault.Refused, "the directory %s cannot be made", dir)
	}
	tmp, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*")
	if err != nil {
		return fault.Wrap(err, fault.Refused, "%s cannot be written", path)
	}
	defer os.Remove(tmp.Name())
	if err := fill(tmp); err != nil {
		tmp.Close()
		return err
	}
	if err := errors.Join(tmp.Chmod(0o644), tmp.Sync()); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
