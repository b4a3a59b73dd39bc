package main

import (
	"io"
	"os"

	"ward/bundle"
	"ward/fault"
	"ward/tlog"
)

type verifyCommand struct {
	File   string `arg:"" help:"Bundle that ward export bundle wrote." type:"path"`
	Policy string `help:"Which log and which witnesses to believe: lines of log, witness, group and quorum." type:"path" placeholder:"FILE"`
	JSON   bool   `help:"Print as JSON." name:"json"`
}

// Help lists the exit codes.
func (c *verifyCommand) Help() string {
	return `Needs no workspace, no server and no network. Exit codes: 0 everything holds; 10 a file differs; 11 a file is missing or too many; 12 a record
does not lead into the log; 13 a signature does not hold; 14 too few witnesses; 15 a log that the policy does not know; 16 cut short or damaged; 20 everything
holds and a record was lawfully erased; 1 the file or the policy cannot be read.`
}

// verified is the exit code of a bundle that does not simply hold.
type verified int

func (verified) Error() string { return "" }

func (c *verifyCommand) Run(con *console) error {
	policy, err := readPolicy(c.Policy)
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return fault.Wrap(err, fault.NotFound, "the bundle cannot be opened")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return fault.New(fault.Invalid, "%s is no ordinary file", c.File).Do("name the bundle's file")
	}
	result := bundle.Verify(f, info.Size(), policy)
	if c.JSON {
		err = con.json(result)
	} else {
		tellBundle(con, result)
	}
	if err == nil && result.Code != bundle.Holds {
		err = verified(result.Code)
	}
	return err
}

// readPolicy reads a policy file; none is none.
func readPolicy(path string) (*tlog.Policy, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "the policy cannot be opened")
	}
	defer f.Close()
	const most = 1 << 20
	text, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the policy cannot be read")
	}
	return tlog.ParsePolicy(string(text))
}

// tellBundle says in sentences what holds and what does not.
func tellBundle(con *console, r bundle.Result) {
	for _, f := range r.Failures {
		con.printf("%d: %s\n", f.Code, f.Text)
	}
	if r.Code == bundle.Holds || r.Code == bundle.WasErased {
		con.printf("Everything holds: %s in the log %s, proved by %d records under %d leaves.\n", r.Incident, r.Origin, len(r.Records), r.Size)
		for _, record := range r.Records {
			con.printf("  %s %s: %d fields shown, %d left out, leaf %d%s\n", record.Kind, record.ID, len(record.Fields), record.Hidden, record.Leaf, since(record))
		}
		for _, w := range r.Cosigned {
			con.printf("  cosigned by %s at %s\n", w.Witness, w.At.Format("2006-01-02 15:04:05 UTC"))
		}
	}
	for _, n := range r.Notes {
		con.printf("note: %s\n", n)
	}
}

func since(r bundle.RecordSummary) string {
	if r.Erased != nil {
		return ", erased on " + r.Erased.Day + " (" + r.Erased.Reason + ")"
	}
	if r.At != "" {
		return ", " + r.Act + " at " + r.At
	}
	return ""
}
