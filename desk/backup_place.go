package desk

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"ward/fault"
	"ward/seal"
	"ward/store"
)

// backupPlace is a directory that holds the backups of one workspace.
type backupPlace struct{ dir string }

const readmeName = "README.txt"

// readme tells whoever finds the directory what it is. Its last line tells one workspace's backups from another's.
const readme = `Backups of a Ward workspace
===========================

Each file ward-<time>.age is the whole workspace at that time (UTC), sealed: only the officers' own keys open it, or, where no officer
was named, the workspace's passphrase. To bring it back, on any machine:

    ward restore ward-<time>.age --data NEWDIR --identity KEYFILE

Keep the file "tombstones" with the backups: it names what was erased since they were made, so that it does not come back. It holds no
content. A file ward-<time>.check lets ward doctor compare a workspace with its last backup. Files are deleted here after 35 days,
unless somebody chose another time. Keep nothing else in this directory.

workspace %s
`

// backupPlace makes the directory ready, and refuses one that holds the backups of another workspace.
func (d *Desk) backupPlace(dir string) (backupPlace, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return backupPlace{}, err
	}
	home, err := filepath.Abs(d.place.Dir)
	if err != nil {
		return backupPlace{}, err
	}
	if within, err := filepath.Rel(home, dir); err == nil && filepath.IsLocal(within) {
		return backupPlace{}, fault.New(fault.Refused, "the directory for backups lies inside the workspace").Keeping("no backup was made").
			Do("name one elsewhere, best on another disk: what takes the workspace must not take its backups")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return backupPlace{}, fault.Wrap(err, fault.Refused, "the directory for backups cannot be made").Do("choose one that you may write to")
	}
	var origin string
	if err := d.db.Read(context.Background(), func(tx *store.Tx) error { origin = tx.Origin(); return nil }); err != nil {
		return backupPlace{}, err
	}
	sum := sha256.Sum256([]byte("ward/backups/v1\n" + origin))
	own := fmt.Sprintf(readme, hex.EncodeToString(sum[:8]))
	have, err := os.ReadFile(filepath.Join(dir, readmeName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = replaceFile(filepath.Join(dir, readmeName), []byte(own))
	case err == nil && lastLine(string(have)) != lastLine(own):
		err = fault.New(fault.Refused, "this directory holds the backups of another workspace, or something else").Keeping("nothing was written").Do("name a directory of its own with --to")
	}
	if err != nil {
		return backupPlace{}, err
	}
	p := backupPlace{dir}
	return p, p.sweep()
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// sweep removes what a crash left half written.
func (p backupPlace) sweep() error {
	parts, err := filepath.Glob(filepath.Join(p.dir, "ward-*"+backupSuffix+partSuffix))
	for _, part := range parts {
		err = errors.Join(err, os.Remove(part))
	}
	return err
}

// has reports a backup of this name.
func (p backupPlace) has(id string) bool {
	_, err := os.Lstat(filepath.Join(p.dir, id+backupSuffix))
	return !errors.Is(err, fs.ErrNotExist)
}

// notes are what somebody should know of this place.
func (p backupPlace) notes(workspace string) (out []string) {
	if store.OneDisk(p.dir, workspace) {
		out = append(out, "the backups lie on the same disk as the workspace: a broken disk takes both. Copy them elsewhere")
	}
	return out
}

// backupName takes a backup's time out of its name.
var backupName = regexp.MustCompile(`^ward-([0-9]{8}T[0-9]{6}Z)(?:-[0-9]+)?\.(age|check)$`)

// expire deletes backups made before a time, with what lies beside them.
func (p backupPlace) expire(before time.Time) (deleted int, err error) {
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		part := backupName.FindStringSubmatch(e.Name())
		if part == nil {
			continue
		}
		at, err := time.Parse(nameFormat, part[1])
		if err != nil || !at.Before(before) {
			continue
		}
		if err := os.Remove(filepath.Join(p.dir, e.Name())); err != nil {
			return deleted, fault.Wrap(err, fault.Internal, "an expired backup cannot be deleted").Keeping("the new one counts").Do("delete %s by hand", e.Name())
		}
		if "."+part[2] == backupSuffix {
			deleted++
		}
	}
	return deleted, store.SyncDir(p.dir)
}

// mergeTombstones brings the list beside the backups up to date. It loses no line: an older workspace may have been restored meanwhile.
func (p backupPlace) mergeTombstones(ctx context.Context, d *Desk) error {
	list, err := d.Tombstones(ctx)
	if err != nil {
		return err
	}
	beside := &Desk{place: Workspace{Dir: p.dir}}
	if err := beside.listTombstones(list); err != nil {
		return err
	}
	return appendLines(beside.tombstonePath(), "") // there even while nothing was ever erased: a restore asks for it
}

// statement is what a backup holds, sealed beside it for the workspace's own eyes: a doctor compares it with what is there now.
type statement struct {
	Version int    `json:"v"`
	ID      string `json:"id"`
	Journal int64  `json:"journal"` // number of the last row
	Leaves  string `json:"leaves"`  // SHA-256 over the leaves of all rows
	Size    int64  `json:"size"`    // leaves of the log
	Root    string `json:"root"`
}

func statementContext(id string) string { return "backup statement " + id }

func (p backupPlace) statementPath(id string) string { return filepath.Join(p.dir, id+".check") }

func (p backupPlace) writeStatement(key seal.Key, s statement) error {
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return unwritten(replaceFile(p.statementPath(s.ID), key.Seal(statementContext(s.ID), body)))
}

// readStatement finds what a backup holds; ok is false where nothing lies beside it, or the backup is not there.
func (p backupPlace) readStatement(key seal.Key, id string) (s statement, ok bool, err error) {
	sealed, err := os.ReadFile(p.statementPath(id))
	if _, missing := os.Stat(filepath.Join(p.dir, id+backupSuffix)); missing != nil || errors.Is(err, fs.ErrNotExist) {
		return s, false, nil
	}
	if err != nil {
		return s, false, err
	}
	body, err := key.Open(statementContext(id), sealed)
	if err != nil {
		return s, true, err
	}
	return s, true, json.Unmarshal(body, &s)
}

// settingBackups keeps where the backups go, and whether a server makes them. It is sealed: a path may tell of people.
const settingBackups = "backups"

func keepPlace(ctx context.Context, tx *store.Tx, key seal.Key, dir string, hourly bool) error {
	made := ""
	if hourly {
		made = "hourly"
	}
	sealed := key.Seal("setting "+settingBackups, store.Pack(dir, made))
	return tx.SetSetting(ctx, settingBackups, base64.StdEncoding.EncodeToString(sealed))
}

// keptPlace is where the backups go, "" when there was none yet.
func keptPlace(ctx context.Context, tx *store.Tx, key seal.Key) (p backupPlace, hourly bool, err error) {
	text, err := tx.Setting(ctx, settingBackups)
	if err != nil || text == "" {
		return p, false, err
	}
	sealed, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return p, false, fault.New(fault.Internal, "where the backups go cannot be read").Do("make one with ward backup")
	}
	plain, err := key.Open("setting "+settingBackups, sealed)
	if err != nil {
		return p, false, err
	}
	var made string
	err = store.Unpack(plain, &p.dir, &made)
	return p, made == "hourly", err
}
