package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ward/access"
	"ward/fault"
	"ward/seal"
	"ward/store"
	"ward/tlog"
)

// Light is what a check came to.
type Light string

const (
	Green     Light = "green"
	Yellow    Light = "yellow"    // nothing is lost or wrong, but something should be done
	Red       Light = "red"       // something is wrong, or a loss is near
	Unchecked Light = "unchecked" // it could not be looked at, and why is said
)

// Check is one thing that was looked at.
type Check struct {
	Name  string   `json:"name"`
	Light Light    `json:"light"`
	Says  string   `json:"says"`            // one sentence
	Do    string   `json:"do,omitempty"`    // the command to run, or what to do
	Found []string `json:"found,omitempty"` // what is wrong, each in a line; at most maxFound
}

// Checks are in the order in which they were made.
type Checks []Check

// Any reports a check of this light.
func (c Checks) Any(l Light) bool {
	return slices.ContainsFunc(c, func(x Check) bool { return x.Light == l })
}

// DoctorOptions say what beyond looking a doctor does.
type DoctorOptions struct {
	PassphraseFile string // whose permissions are looked at; "" is none
	Clear          bool   // when nothing is red: let a halted workspace be opened again, and sweep what a crash left

	// Progress is told how far a long check is; total is 0 where nobody knows. May be nil.
	Progress func(check string, done, total int64)
}

// maxFound bounds how many findings a check lists; how many more there are is counted.
const maxFound = 20

// Doctor looks at everything that a workspace must keep, and changes nothing but what opt.Clear says. It works on a halted, a locked and a
// damaged workspace too, and says of what it could not look at.
func Doctor(ctx context.Context, who access.Actor, p Workspace, opt DoctorOptions) (Checks, error) {
	if err := who.May(access.CheckUp); err != nil {
		return nil, err
	}
	x := &examination{ctx: ctx, place: p, opt: opt}
	if err := x.surroundings(); err != nil {
		return nil, err
	}
	db, err := store.Examine(ctx, p.database())
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			return nil, err
		}
		x.add(Check{Name: "database", Light: Red, Says: message(err), Do: "ward restore FILE --data NEWDIR, with the newest good backup"})
		x.unchecked("the database cannot be opened", "schema", "keys", "officers", "shares", "journal", "tree", "static files", "records", "codings", "ledger",
			"tombstones", "witnesses", "rollback", "backup", "clock")
		return x.checks, x.strayFiles()
	}
	defer db.Close()
	x.db = db
	x.all()
	if opt.Clear {
		x.clear()
	}
	return x.checks, ctx.Err()
}

// examination is one look at a workspace.
type examination struct {
	ctx    context.Context
	place  Workspace
	opt    DoctorOptions
	db     *store.DB
	checks Checks
}

// all makes the checks that need the database.
func (x *examination) all() {
	if !x.integrity() {
		x.unchecked("the database cannot be read as one of this program", "keys", "officers", "shares", "journal", "tree", "static files", "records", "codings",
			"ledger", "tombstones", "witnesses", "rollback", "backup", "clock")
		x.strayFiles()
		return
	}
	x.unlock()
	x.keys()
	x.officers()
	x.journal()
	x.tree()
	x.static()
	x.records()
	x.ledger()
	x.storedFiles()
	x.witnesses()
	x.rollback()
	x.backups()
	x.clock()
}

func (x *examination) add(c Check) { x.checks = append(x.checks, c) }

func (x *examination) unchecked(why string, names ...string) {
	for _, name := range names {
		x.add(Check{Name: name, Light: Unchecked, Says: "Not checked: " + why + "."})
	}
}

// check runs one check in a transaction. It is red when wrong was called or an error came back, and else says what fn says.
func (x *examination) check(name, do string, fn func(tx *store.Tx, wrong store.Wrong) (says string, err error)) {
	c := Check{Name: name, Light: Green}
	more := 0
	wrong := func(which, what string) {
		if len(c.Found) == maxFound {
			more++
			return
		}
		c.Found = append(c.Found, which+": "+what)
	}
	err := x.db.Read(x.ctx, func(tx *store.Tx) (err error) {
		c.Says, err = fn(tx, wrong)
		return err
	})
	if err != nil {
		wrong(name, "it cannot be read to the end ("+message(err)+")")
	}
	if n := len(c.Found) + more; n > 0 {
		c.Light, c.Do, c.Says = Red, do, c.Found[0]+"."
		if n > 1 {
			c.Says = fmt.Sprintf("%s, and %d more.", c.Found[0], n-1)
		}
	}
	x.add(c)
}

// locked adds the checks that need the desk key as unchecked; it reports that they are.
func (x *examination) locked(names ...string) bool {
	if x.db.Key() != nil {
		return false
	}
	x.unchecked("the workspace is locked", names...)
	return true
}

func (x *examination) progress(check string, total int64) func(done int64) {
	return func(done int64) {
		if x.opt.Progress != nil {
			x.opt.Progress(check, done, total)
		}
	}
}

// message is what happened, without advice.
func message(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Message()
	}
	return strings.TrimSuffix(err.Error(), ".")
}

// restoreAdvice is what helps where content is damaged: nobody can compute it again.
const restoreAdvice = "keep a copy of this directory, then ward restore FILE --data NEWDIR with the newest good backup"

// integrity asks the database whether it is whole and of this program's schema. Without that nothing else can be asked.
func (x *examination) integrity() bool {
	do := restoreAdvice
	if x.db.Postgres() {
		do = "set it to on in postgresql.conf, then reload the server"
	}
	x.check("database", do, func(tx *store.Tx, wrong store.Wrong) (string, error) {
		if err := x.db.Integrity(x.ctx, wrong); err != nil {
			return "", err
		}
		if x.db.Postgres() {
			return "PostgreSQL answers and waits for the disk before it acknowledges.", nil
		}
		return "SQLite finds every page and every index in order.", nil
	})
	var have, known int
	x.check("schema", restoreAdvice, func(tx *store.Tx, wrong store.Wrong) (says string, err error) {
		have, known, err = x.db.Schema(x.ctx, wrong)
		return fmt.Sprintf("The schema is that of this program (%d).", have), err
	})
	c := &x.checks[len(x.checks)-1]
	switch {
	case have > known:
		*c = Check{Name: "schema", Light: Red, Says: fmt.Sprintf("A newer Ward wrote this workspace (schema %d; this program knows %d).", have, known), Do: "use the newer program"}
	case have < known && c.Light == Green:
		*c = Check{Name: "schema", Light: Yellow, Says: fmt.Sprintf("An earlier Ward wrote this workspace (schema %d of %d).", have, known), Do: "ward log show, which brings it up to date; make a backup first"}
	}
	return have == known && known > 0
}

// unlock opens the desk key where a passphrase is to be had; otherwise the examination goes on without.
func (x *examination) unlock() {
	var ring *seal.Keyring
	lock, err := x.db.Lock(x.ctx)
	if err == nil && lock.Keyring == "" {
		err = fault.New(fault.NotFound, "the workspace has no keyring")
	}
	if err == nil {
		ring, err = readKeyring(lock.Keyring)
	}
	if err != nil {
		x.add(Check{Name: "keys", Light: Red, Says: "The keyring cannot be read: " + message(err) + ".", Do: restoreAdvice})
		return
	}
	d := &Desk{db: x.db, place: x.place}
	passphrase, err := d.passphrase(false)
	if err != nil {
		x.add(Check{Name: "keys", Light: Unchecked, Says: "Not checked: " + message(err) + ".", Do: "name a file that holds the passphrase in WARD_PASSPHRASE_FILE"})
		return
	}
	key, err := ring.Unlock(passphrase)
	if err != nil {
		x.add(Check{Name: "keys", Light: Red, Says: "The keyring does not open: " + message(err) + ".", Do: "try the passphrase again; ward key recover opens it with two key shares; else " + restoreAdvice})
		return
	}
	x.db.Unlock(key, lock.Origin)
	if err := ring.Whole(key, []byte(lock.Keyring)); err != nil {
		x.add(Check{Name: "keys", Light: Red, Says: "The keyring opens, but a part of it is damaged.", Do: "ward key rotate, then ward key share"})
	}
}

// keys opens every wrap.
func (x *examination) keys() {
	if x.db.Key() == nil {
		return // said by unlock
	}
	if c := x.checks[len(x.checks)-1]; c.Name == "keys" {
		return
	}
	x.check("keys", restoreAdvice, func(tx *store.Tx, wrong store.Wrong) (string, error) {
		living, erased, err := tx.CheckKeys(x.ctx, wrong)
		return fmt.Sprintf("The keyring opens, and so do all %d data keys; %d were destroyed.", living, erased), err
	})
}

// officers looks at who besides the passphrase can open something.
func (x *examination) officers() {
	x.check("officers", "ward init, with --officer NAME=age1pq... for each", func(tx *store.Tx, wrong store.Wrong) (string, error) {
		list, err := tx.Officers(x.ctx)
		for _, o := range list {
			if seal.CheckRecipient(o.Recipient) != nil {
				wrong("officer "+o.Name, "has a key to which nothing can be sealed")
			}
		}
		return fmt.Sprintf("%d officers are named.", len(list)), err
	})
	c := &x.checks[len(x.checks)-1]
	if c.Light == Green && (c.Says == "0 officers are named." || c.Says == "1 officers are named.") {
		c.Light, c.Says, c.Do = Yellow, "Fewer than two officers are named: no source's contact can be kept, and backups open with the passphrase alone.", "ward init --officer NAME=age1pq..., twice"
	}
	lock, err := x.db.Lock(x.ctx)
	if err != nil {
		return
	}
	ring, err := readKeyring(lock.Keyring)
	switch {
	case err != nil:
		x.unchecked("the keyring cannot be read", "shares")
	case ring.Shares == nil:
		x.add(Check{Name: "shares", Light: Yellow, Says: "No key shares are in force: if the passphrase is forgotten, nobody opens this workspace.", Do: "ward key share"})
	default:
		x.add(Check{Name: "shares", Light: Green, Says: fmt.Sprintf("%d key shares are in force; any two open the workspace.", ring.Shares.Number)})
	}
}

// tombstones compares what was destroyed with the public leaves that say so, and with the list beside the database.
func (x *examination) tombstones(tx *store.Tx, wrong store.Wrong) (string, error) {
	list, err := tx.Tombstones(x.ctx, wrong)
	if err != nil {
		return "", err
	}
	known := map[string]store.Tombstone{}
	for _, t := range list {
		if !tombstoneFits(t) {
			wrong("the tombstone of "+t.Subject, "says something else than its leaf")
		}
		known[t.Subject] = t
	}
	erased, err := tx.Erased(x.ctx)
	if err != nil {
		return "", err
	}
	for _, e := range erased {
		if t, ok := known[e.Subject]; !ok || t.Reason != e.Reason || !t.At.Equal(e.At) {
			wrong(e.Subject, "was erased without a tombstone, or the two differ")
		}
		delete(known, e.Subject)
	}
	for subject := range known {
		wrong(subject, "has a tombstone and was not erased")
	}
	if err := x.misnamed(tx, wrong); err != nil {
		return "", err
	}
	d := &Desk{db: x.db, place: x.place}
	listed, err := d.listedTombstones()
	if err != nil {
		return "", err
	}
	have := subjectsOf(listed)
	for _, e := range erased {
		if !have[e.Subject] {
			wrong(e.Subject, "is missing in the list of tombstones beside the database: an older backup would bring it back")
		}
	}
	return fmt.Sprintf("%d subjects were erased, each with its public leaf.", len(erased)), nil
}

// misnamed looks for incidents whose tombstone speaks of another, or stands elsewhere.
func (x *examination) misnamed(tx *store.Tx, wrong store.Wrong) error {
	rows, err := tx.Query(x.ctx, "SELECT i.public_id FROM incident i JOIN tombstone t ON t.subject=i.id WHERE i.public_id<>t.public_id OR i.journal<>t.number OR i.leaf<>0")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		wrong("incident "+id, "was erased, and its tombstone speaks of another")
	}
	return rows.Err()
}

// tombstoneFits makes a tombstone's public body again from what is kept.
func tombstoneFits(t store.Tombstone) bool {
	var said struct {
		Day string `json:"day"`
	}
	if json.Unmarshal([]byte(t.Body), &said) != nil {
		return false
	}
	body, err := newTombstone(t, said.Day)
	return err == nil && string(body) == t.Body
}

// root names a tree in a sentence.
func root(size int64, h tlog.Hash) string {
	return fmt.Sprintf("%d leaves, tree hash %s...", size, tlog.Hex(h)[:12])
}
