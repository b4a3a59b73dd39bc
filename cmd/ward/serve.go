package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os/exec"
	"runtime"
	"time"

	"ward/desk"
	"ward/fault"
	"ward/web"
)

type serveCommand struct {
	workspace
	mailFlags `embed:""`
	Listen    string `help:"Loopback address to listen on." default:"127.0.0.1:7766" env:"WARD_LISTEN"`
	Open      bool   `help:"Open the browser."`
	Backup    string `help:"Make a backup in this directory every hour; where no officer is named, the passphrase stays in memory for it." env:"WARD_BACKUP" type:"path" placeholder:"DIR"`
}

func (c *serveCommand) Run(con *console) error {
	relay, mails, err := c.relay()
	if err != nil {
		return err
	}
	d, err := c.desk(con)
	if err != nil {
		return err
	}
	defer d.Close()
	return serve(con, d, c.Listen, func(address string) {
		con.printf("Ward serves this workspace at %s\nStop with Ctrl-C.\n", address)
		if why, err := d.ReadOnly(con.ctx); err == nil && why != "" {
			con.note("note: the workspace is read-only: %s; see ward log accept-rollback\n", why)
		}
		if c.Backup != "" {
			keepBackups(con, d, c.Backup)
		}
		if mails {
			keepMail(con, d, relay, c.MailHour)
		}
		if c.Open {
			openBrowser(address)
		}
	})
}

// desk opens the workspace. Backups may need the passphrase again when nobody is there to type it.
func (c *serveCommand) desk(con *console) (*desk.Desk, error) {
	if c.Backup == "" {
		return c.existing(con)
	}
	c.tellEmpty(con)
	place, err := c.place(con)
	if err != nil {
		return nil, err
	}
	ask := place.Passphrase
	var typed []byte
	place.Passphrase = func(fresh bool) (_ []byte, err error) {
		if typed == nil {
			typed, err = ask(fresh)
		}
		return typed, err
	}
	return desk.Open(con.ctx, place)
}

// serve wires the site to a listener and runs until the process is told to stop. ready is called with the address.
func serve(con *console, d *desk.Desk, listen string, ready func(address string)) error {
	listener, err := listenLocal(listen)
	if err != nil {
		return err
	}
	site, err := web.New(d)
	if err != nil {
		return err
	}
	keepLog(con, d)
	ready("http://" + listener.Addr().String() + "/")
	return serveUntil(con.ctx, &http.Server{Handler: site, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 10 * time.Minute, MaxHeaderBytes: 64 << 10}, listener)
}

// serveUntil answers until the context ends, and then lets what is under way finish for some seconds.
func serveUntil(ctx context.Context, server *http.Server, listener net.Listener) error {
	stopped := context.AfterFunc(ctx, func() {
		patience, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		server.Shutdown(patience)
	})
	defer stopped()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// keepLog closes each hour of the log soon after it is over, asks the witnesses, and deletes what was offered and is over, for as long as
// the server runs. What fails is told once and tried again.
func keepLog(con *console, d *desk.Desk) {
	go func() {
		tick := time.NewTicker(time.Minute)
		defer tick.Stop()
		told := ""
		for {
			select {
			case <-con.ctx.Done():
				return
			case <-tick.C:
			}
			err := d.TendLog(con.ctx, con.who())
			if _, failed := d.SweepPackages(con.ctx); err == nil {
				err = failed
			}
			if err != nil && err.Error() != told && con.ctx.Err() == nil {
				told = err.Error()
				con.note("the log: %v\n", err)
			}
		}
	}()
}

// defaultListen is where pages are served unless somebody names another place.
const defaultListen = "127.0.0.1:7766"

// listenLocal listens on a loopback address only. Where the default port is taken it takes a free one; a port that
// somebody named is not swapped for another, under which they would not look.
func listenLocal(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return nil, fault.New(fault.Refused, "%q is not a loopback address", address).Keeping("nothing was opened to the network").Do("use 127.0.0.1:7766 or [::1]:7766")
	}
	listener, err := net.Listen("tcp", address)
	if err != nil && address == defaultListen {
		listener, err = net.Listen("tcp", net.JoinHostPort(host, "0"))
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Refused, "nothing can be served at %s", address).Do("name another port with --listen, or stop what uses this one")
	}
	return listener, nil
}

// openBrowser asks the desktop to show an address; where there is none the printed address serves.
func openBrowser(address string) {
	name, args := "xdg-open", []string{address}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", address}
	}
	cmd := exec.Command(name, args...)
	if cmd.Start() == nil {
		go cmd.Wait()
	}
}
