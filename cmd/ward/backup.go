package main

import (
	"strconv"
	"strings"
	"time"

	"ward/desk"
	"ward/fault"
)

type backupCommand struct {
	workspace
	To        string   `help:"Directory for this workspace's backups alone, on another disk; made when it is missing." required:"" type:"path" placeholder:"DIR"`
	Recipient []string `help:"Seal to this key instead of the officers'." placeholder:"age1pq..." sep:"none"`
	Keep      string   `help:"Delete backups older than this." default:"35d" placeholder:"35d"`
	JSON      bool     `help:"Print as JSON." name:"json"`
}

func (c *backupCommand) Run(con *console) error {
	keep, err := keepFor(c.Keep)
	if err != nil {
		return err
	}
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	line := newProgress(con.err)
	b, err := d.Backup(con.ctx, con.who(), desk.BackupOptions{To: c.To, Recipients: c.Recipient, Keep: keep, Progress: line.step})
	line.done()
	if err != nil {
		return err
	}
	for _, n := range b.Notes {
		con.note("note: %s\n", n)
	}
	if c.JSON {
		return con.json(map[string]any{"path": b.Path, "bytes": b.Bytes, "sha256": b.SHA256, "log_size": b.Size, "sealed": b.Sealed, "expired": b.Expired})
	}
	con.printf("%s\n", b.Path)
	con.printf("%d bytes, %s. Written, read back and found whole.\n", b.Bytes, b.Sealed)
	if b.Expired > 0 {
		con.printf("%d older backups were deleted.\n", b.Expired)
	}
	return nil
}

// keepFor reads a number of days or hours, such as 35d or 48h.
func keepFor(text string) (time.Duration, error) {
	unit := map[string]time.Duration{"d": 24 * time.Hour, "h": time.Hour}[text[max(len(text)-1, 0):]]
	n, err := strconv.Atoi(strings.TrimRight(text, "dh"))
	if err != nil || unit == 0 || n < 1 || n > 100000 {
		return 0, fault.New(fault.Invalid, "%.20q is no length of time", text).Keeping("nothing was written").Do("write a number of days, such as 35d, or of hours, such as 48h")
	}
	return time.Duration(n) * unit, nil
}

// backupEvery is how often a server makes a backup.
const backupEvery = time.Hour

// keepBackups makes a backup every hour, for as long as the server runs, and the first one soon. What fails is told once and tried again.
func keepBackups(con *console, d *desk.Desk, dir string) {
	go func() {
		tick := time.NewTicker(backupEvery)
		defer tick.Stop()
		told := ""
		for {
			_, err := d.Backup(con.ctx, con.who(), desk.BackupOptions{To: dir, Hourly: true})
			if err != nil && err.Error() != told && con.ctx.Err() == nil {
				con.note("the backup: %v\n", err)
			}
			if told = ""; err != nil {
				told = err.Error()
			}
			select {
			case <-con.ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
}
