package main

import (
	"fmt"
	"net/http"
	"time"

	"ward/fault"
	"ward/store"
	"ward/witness"
)

type logCommand struct {
	Show    logShowCommand   `cmd:"" help:"Where the log stands, and the newest acts."`
	Flush   logFlushCommand  `cmd:"" help:"Close the running hour's batch now, so that what was done can be proved at once."`
	Key     logKeyCommand    `cmd:"" help:"Print the log's public key as a line for a policy file."`
	Accept  logAcceptCommand `cmd:"" name:"accept-rollback" help:"After a restore: say in the log that newer leaves are lost, and go on."`
	Witness struct {
		Add    witnessAddCommand    `cmd:"" help:"Ask a witness to cosign this log."`
		Remove witnessRemoveCommand `cmd:"" help:"Stop asking a witness."`
	} `cmd:"" help:"The witnesses of this log."`
}

type logShowCommand struct {
	workspace
	Last   int   `help:"How many acts to list." default:"20"`
	Before int64 `help:"Only acts before this number." placeholder:"NUMBER"`
	JSON   bool  `help:"Print as JSON." name:"json"`
}

func (c *logShowCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	head, err := d.LogHead(con.ctx, con.who())
	if err != nil {
		return err
	}
	acts, err := d.Acts(con.ctx, con.who(), c.Before, max(0, min(c.Last, 10000)))
	if err != nil {
		return err
	}
	if c.JSON {
		return con.json(logJSON(head.Origin, head.Verifier, head.Size, head.Root, head.Checkpoint, head.Waiting, acts))
	}
	con.printf("Log %s: %d leaves, tree hash %s\nKey: %s\n%d acts wait for their hour to close.\n", head.Origin, head.Size, head.Root, head.Verifier, head.Waiting)
	for _, w := range head.Witnesses {
		con.printf("Witness %s at %s: %s\n", w.Name, w.URL, cosigned(w))
	}
	for _, e := range acts {
		con.printf("%6d  %s  %-18s %-24s %s  %s\n", e.Number, e.At.Format("2006-01-02 15:04:05"), e.Act, e.Subject, place(e), e.Who)
	}
	return nil
}

func cosigned(w store.Witness) string {
	if w.Seen == 0 {
		return "has not cosigned yet"
	}
	return fmt.Sprintf("cosigned %d leaves on %s", w.Size, time.UnixMicro(w.Seen).UTC().Format("2006-01-02 15:04"))
}

func place(e store.Entry) string {
	if e.Position < 0 {
		return "waits"
	}
	return fmt.Sprintf("leaf %d", e.Position)
}

// logJSON is the published shape of the log's state.
func logJSON(origin, verifier string, size int64, root, checkpoint string, waiting int64, acts []store.Entry) any {
	type act struct {
		Number  int64     `json:"number"`
		At      time.Time `json:"at"`
		Who     string    `json:"who"`
		Act     string    `json:"act"`
		Subject string    `json:"subject"`
		Leaf    int64     `json:"leaf"` // -1 while it waits
		Body    string    `json:"body,omitempty"`
	}
	list := make([]act, len(acts))
	for i, e := range acts {
		list[i] = act{e.Number, e.At, e.Who, e.Act, e.Subject, e.Position, e.Body}
	}
	return struct {
		Origin     string `json:"origin"`
		Verifier   string `json:"verifier"`
		Size       int64  `json:"size"`
		Root       string `json:"root"`
		Checkpoint string `json:"checkpoint"`
		Waiting    int64  `json:"waiting"`
		Acts       []act  `json:"acts"`
	}{origin, verifier, size, root, checkpoint, waiting, list}
}

type logFlushCommand struct{ workspace }

func (c *logFlushCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	flushed, err := d.FlushLog(con.ctx, con.who())
	if err != nil {
		return err
	}
	if flushed.Added == 0 {
		con.printf("Nothing waited: the log stands at %d leaves.\n", flushed.Size)
	} else {
		con.printf("Closed: %d leaves more, %d in all. The log now shows that a batch was closed early at this minute, and that it held at most %d acts.\n",
			flushed.Added, flushed.Size, flushed.Added)
	}
	answers, err := d.Cosign(con.ctx, con.who())
	tellWitnesses(con, answers)
	return err
}

func tellWitnesses(con *console, answers []witness.Answer) {
	for _, a := range answers {
		con.printf("Witness %s: %s\n", a.Name, a.Outcome)
		if a.Err != nil {
			con.note("  %v\n", a.Err)
		}
	}
}

type logKeyCommand struct{ workspace }

func (c *logKeyCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	head, err := d.LogHead(con.ctx, con.who())
	if err == nil {
		con.printf("log %s\n", head.Verifier)
		con.note("note: a policy file needs a line for the quorum too: \"quorum none\", or witnesses as in docs/witness.md\n")
	}
	return err
}

type witnessAddCommand struct {
	workspace
	Key string `arg:"" help:"The witness's public key, as its ward witness prints it."`
	URL string `arg:"" help:"Its address." name:"url"`
}

func (c *witnessAddCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.AddWitness(con.ctx, con.who(), store.Witness{Verifier: c.Key, URL: c.URL}); err != nil {
		return err
	}
	con.printf("Added. It is asked with every new checkpoint; now, with: ward log flush\n")
	return nil
}

type witnessRemoveCommand struct {
	workspace
	Name string `arg:"" help:"The witness's name, as ward log show lists it."`
}

func (c *witnessRemoveCommand) Run(con *console) error {
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.RemoveWitness(con.ctx, con.who(), c.Name)
}

type witnessCommand struct {
	workspace
	Watch  []string `help:"Public keys of logs to watch, as ward log key prints them, without the first word." placeholder:"KEY"`
	Listen string   `help:"Loopback address to listen on; a proxy in front gives it to others." default:"127.0.0.1:7767"`
	Once   bool     `help:"Take the keys up, print what is watched, and end."`
}

func (c *witnessCommand) Run(con *console) error {
	d, err := c.open(con)
	if err != nil {
		return err
	}
	defer d.Close()
	for _, key := range c.Watch {
		origin, err := d.Watch(con.ctx, con.who(), key)
		if err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
		con.printf("Watches %s\n", origin)
	}
	handler, verifier, err := d.Witness(con.ctx, con.who())
	if err != nil {
		return err
	}
	con.printf("This witness's key: %s\n", verifier)
	if c.Once {
		return nil
	}
	listener, err := listenLocal(c.Listen)
	if err != nil {
		return err
	}
	con.printf("Listens at http://%s/\nStop with Ctrl-C.\n", listener.Addr())
	return serveUntil(con.ctx, &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, MaxHeaderBytes: 16 << 10}, listener)
}
