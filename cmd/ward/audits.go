package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"ward/audit"
	"ward/desk"
	"ward/fault"
)

type auditAllCommand struct {
	workspace
	Out    string `arg:"" help:"Directory for the audits; those that nothing touched since the last round are left as they are." type:"path"`
	From   int    `help:"First year; the workspace's first when left out." placeholder:"YEAR"`
	To     int    `help:"Last year; the workspace's last when left out." placeholder:"YEAR"`
	Format string `help:"json, html or csv." enum:"json,html,csv" default:"json"`
	Lang   string `help:"Language of the HTML: en, fa, fr, es, ar, uk or tr." default:"en"`
	Whole  bool   `help:"Make every audit again."`

	recipient
}

// auditList is the file beside the audits that says which there are and up to where they were made.
type auditList struct {
	Format string               `json:"format"`
	Mark   desk.AuditMark       `json:"mark"`
	Kind   string               `json:"kind"` // json, html or csv, and the language
	States map[string]listedOne `json:"states"`
}

// listedOne is one audit's file.
type listedOne struct {
	File    string `json:"file"`
	SHA256  string `json:"sha256"`
	MadeAt  string `json:"made_at"`
	InForce int    `json:"in_force"` // cells
	Coded   int    `json:"coded"`    // of those, accepted by two people
}

const (
	auditListFormat = "ward-audits/1"
	auditListName   = "audits.json"
)

func (c *auditAllCommand) Run(con *console) error {
	list, err := c.former()
	if err != nil {
		return err
	}
	d, err := c.existing(con)
	if err != nil {
		return err
	}
	defer d.Close()
	bar := newProgress(con.err)
	made := 0
	opt := desk.AuditOptions{From: c.From, To: c.To, Leaves: c.Format, Recipient: c.Recipient, Why: c.Why}
	round, err := d.AuditAll(con.ctx, con.who(), list.Mark, opt, func(r *audit.Report) error {
		made++
		bar.show(int64(made), 0, made)
		return c.write(d, &list, r)
	})
	bar.done()
	if err != nil {
		return err
	}
	list.Mark = round.Mark
	left, err := list.leave(c.Out, round.States)
	if err != nil {
		return err
	}
	for _, name := range left {
		con.note("%s was taken away: nothing is on record about that State any more\n", name)
	}
	if err := writeFile(filepath.Join(c.Out, auditListName), func(w io.Writer) error { return json.NewEncoder(w).Encode(list) }); err != nil {
		return err
	}
	con.printf("%d States: %d audits made, %d left as they were. The list: %s\n", len(round.States), len(round.Made), len(round.States)-len(round.Made), filepath.Join(c.Out, auditListName))
	return nil
}

// former reads the list of the last round; an empty one where there is none, or where every audit is to be made again.
func (c *auditAllCommand) former() (auditList, error) {
	fresh := auditList{Format: auditListFormat, Kind: c.kind(), States: map[string]listedOne{}}
	b, err := os.ReadFile(filepath.Join(c.Out, auditListName))
	if errors.Is(err, os.ErrNotExist) || c.Whole {
		return fresh, nil
	}
	if err != nil {
		return fresh, fault.Wrap(err, fault.Refused, "the list of the last round cannot be read").Do("name another directory, or add --whole")
	}
	var list auditList
	if json.Unmarshal(b, &list) != nil || list.Format != auditListFormat || list.States == nil {
		return fresh, fault.New(fault.Conflict, "%s is no list of audits", filepath.Join(c.Out, auditListName)).Keeping("nothing was written").Do("name another directory, or add --whole")
	}
	if list.Kind != c.kind() || !list.present(c.Out) {
		return fresh, nil
	}
	return list, nil
}

func (c *auditAllCommand) kind() string { return c.Format + " " + c.Lang }

// present reports that every file of the list is there as it was written.
func (l auditList) present(dir string) bool {
	for _, one := range l.States {
		b, err := os.ReadFile(filepath.Join(dir, filepath.Base(one.File)))
		if err != nil || sumOf(b) != one.SHA256 {
			return false
		}
	}
	return true
}

// leave takes the audits of States away about which nothing is on record any more: what they tell was erased, or moved to another State. It
// returns the files.
func (l auditList) leave(dir string, states []string) (left []string, err error) {
	for state, one := range l.States {
		if slices.Contains(states, state) {
			continue
		}
		path := filepath.Join(dir, filepath.Base(one.File))
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return left, fault.Wrap(err, fault.Internal, "the audit of a State that is no longer on record cannot be taken away").Do("delete %s", path)
		}
		left = append(left, path)
		delete(l.States, state)
	}
	slices.Sort(left)
	return left, nil
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func (c *auditAllCommand) write(d *desk.Desk, list *auditList, r *audit.Report) error {
	name := r.State + "." + c.Format
	sum := sha256.New()
	err := writeFile(filepath.Join(c.Out, name), func(w io.Writer) error {
		return writeAudit(io.MultiWriter(w, sum), r, d.Corpus(), c.Format, c.Lang)
	})
	list.States[r.State] = listedOne{File: name, SHA256: hex.EncodeToString(sum.Sum(nil)), MadeAt: r.MadeAt, InForce: r.Summary.InForce, Coded: r.Summary.Coded}
	return err
}
