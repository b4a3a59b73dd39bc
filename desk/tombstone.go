package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"ward/bundle"
	"ward/fault"
	"ward/incident"
	"ward/store"
	"ward/tlog"
)

// tombstoneFile lists, inside a workspace's directory, what was erased: time, subject and reason, no content. It outlives the database, so
// that a backup made before an erasure does not bring anything back.
const tombstoneFile = "tombstones"

// Tombstones lists what was erased here, the oldest first: what the database knows, and what the file beside it knows.
func (d *Desk) Tombstones(ctx context.Context) (out []store.Erasure, err error) {
	err = d.db.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.Erased(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	listed, err := d.listedTombstones()
	if err != nil {
		return nil, err
	}
	have := subjectsOf(out)
	for _, e := range listed {
		if !have[e.Subject] {
			have[e.Subject], out = true, append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b store.Erasure) int { return a.At.Compare(b.At) })
	return out, nil
}

func subjectsOf(list []store.Erasure) map[string]bool {
	out := make(map[string]bool, len(list))
	for _, e := range list {
		out[e.Subject] = true
	}
	return out
}

// listedTombstones reads the file; one that is not there is empty.
func (d *Desk) listedTombstones() ([]store.Erasure, error) {
	body, err := os.ReadFile(d.tombstonePath())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Wrap(err, fault.Internal, "the list of tombstones cannot be read")
	}
	return ParseTombstones(body)
}

func (d *Desk) tombstonePath() string { return filepath.Join(d.place.Dir, tombstoneFile) }

// ParseTombstones reads a list of tombstones, a line each: RFC 3339 time, subject, reason. A last line without an end is what a crash left
// and is passed over; any other that cannot be read is Invalid, for it may name what must not come back.
func ParseTombstones(body []byte) ([]store.Erasure, error) {
	var out []store.Erasure
	for line := range bytes.Lines(body[:bytes.LastIndexByte(body, '\n')+1]) {
		words := strings.Fields(string(line))
		if len(words) != 3 {
			return nil, badTombstones(len(out) + 1)
		}
		at, err := time.Parse(time.RFC3339, words[0])
		if err != nil {
			return nil, badTombstones(len(out) + 1)
		}
		out = append(out, store.Erasure{Subject: words[1], At: at.UTC(), Reason: words[2]})
	}
	return out, nil
}

func badTombstones(line int) error {
	return fault.New(fault.Invalid, "line %d of the list of tombstones cannot be read", line).Keeping("the list is kept as it is").Do("take the list from a copy")
}

// listTombstones appends to the file what it lacks.
func (d *Desk) listTombstones(list []store.Erasure) error {
	listed, err := d.listedTombstones()
	if err != nil {
		return err
	}
	have := subjectsOf(listed)
	var b strings.Builder
	for _, e := range list {
		if !have[e.Subject] {
			have[e.Subject] = true
			fmt.Fprintf(&b, "%s %s %s\n", e.At.UTC().Format(time.RFC3339), e.Subject, e.Reason)
		}
	}
	if b.Len() == 0 {
		return nil
	}
	if err := appendLines(d.tombstonePath(), b.String()); err != nil {
		return fault.Wrap(err, fault.Internal, "the list of tombstones cannot be written").Keeping("what was erased is erased").
			Do("make room, then run the same command again: restoring a backup made before would bring it back")
	}
	return nil
}

// appendLines adds lines to a file and brings them to the disk. It cuts off what a crash left of a last line. Of two processes neither
// loses a line.
func appendLines(path, lines string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(f)
	if whole := bytes.LastIndexByte(body, '\n') + 1; err == nil && whole < len(body) {
		err = f.Truncate(int64(whole))
	}
	if err == nil {
		_, err = f.WriteString(lines)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// bury writes the public leaf that says that a record was erased, and keeps what shows of which record it speaks. It returns the leaf's
// journal number.
func bury(ctx context.Context, tx *store.Tx, subject, publicID, reason string, day time.Time) (int64, error) {
	s := store.Tombstone{Subject: subject, PublicID: publicID, Reason: reason, Key: tlog.NewSecret()}
	body, err := bundle.NewTombstone(s.Key, publicID, day.Format(time.DateOnly), reason)
	if err != nil {
		return 0, err
	}
	s.Body = string(body)
	if s.Number, err = tx.JournalPublic(ctx, "erase.tombstone", subject, s.Body); err != nil {
		return 0, err
	}
	return s.Number, tx.PutTombstone(ctx, s)
}

// tombstone adds the proof that an incident was erased, in place of all that a bundle would hold of it.
func (b *bundler) tombstone(inc incident.Incident) error { return b.addTombstone("incident", inc.ID) }

func (b *bundler) addTombstone(kind, subject string) error {
	s, err := b.tx.Tombstone(b.ctx, subject)
	if err != nil {
		return err
	}
	proof, logged, err := b.inclusion(s.Number)
	if err != nil {
		return err
	}
	if !logged {
		return stillOpen()
	}
	b.content.Records = append(b.content.Records, bundle.Record{Kind: kind, ID: s.PublicID, Proof: proof, Erased: &bundle.Erased{Key: s.Key, Body: []byte(s.Body)}})
	return nil
}
