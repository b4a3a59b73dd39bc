package desk

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"ward/bundle"
	"ward/store"
	"ward/tlog"
)

func newTombstone(t store.Tombstone, day string) ([]byte, error) {
	return bundle.NewTombstone(t.Key, t.PublicID, day, t.Reason)
}

// journal computes every leaf again and compares it with the log.
func (x *examination) journal() {
	x.check("journal", restoreAdvice, func(tx *store.Tx, wrong store.Wrong) (string, error) {
		last, err := tx.Last(x.ctx)
		if err != nil {
			return "", err
		}
		rows, err := tx.CheckJournal(x.ctx, x.progress("journal", last), wrong)
		if x.db.Key() == nil {
			return fmt.Sprintf("All %d journal rows have their leaf in the log; whether they say what it commits to was not checked: the workspace is locked.", rows), err
		}
		return fmt.Sprintf("All %d journal rows say what was logged.", rows), err
	})
}

// tree hashes the log again and compares it with its tiles and its signed checkpoint.
func (x *examination) tree() {
	x.check("tree", restoreAdvice, func(tx *store.Tx, wrong store.Wrong) (string, error) {
		state, err := tx.LogState(x.ctx)
		if err != nil {
			return "", err
		}
		size, hash, err := tx.CheckTree(x.ctx, x.progress("tree", state.Size), wrong)
		if err != nil {
			return "", err
		}
		if size != state.Size {
			wrong("the log", fmt.Sprintf("has %d leaves, and its state says %d", size, state.Size))
		}
		if len(state.Checkpoint) == 0 {
			if size > 0 {
				wrong("the log", "has leaves and no checkpoint")
			}
			return "The log has no leaf yet.", nil
		}
		signed, err := x.openCheckpoint(tx, state.Checkpoint)
		if err != nil {
			wrong("the checkpoint", message(err))
			return "", nil
		}
		if signed.Size != size || signed.Root != hash {
			wrong("the checkpoint", "was signed over another tree than the leaves make")
		}
		if x.db.Key() == nil {
			return "The leaves make the tree of the checkpoint (" + root(size, hash) + "); its signature was not checked: the workspace is locked.", nil
		}
		return "The leaves make the tree that the checkpoint signs: " + root(size, hash) + ".", nil
	})
}

// openCheckpoint reads a checkpoint, and checks its signature where the workspace is open.
func (x *examination) openCheckpoint(tx *store.Tx, signed []byte) (tlog.Checkpoint, error) {
	if x.db.Key() == nil {
		return tlog.ReadCheckpoint(signed)
	}
	verifier, err := logVerifier(tx)
	if err != nil {
		return tlog.Checkpoint{}, err
	}
	return tlog.OpenCheckpoint(signed, verifier)
}

// staticAdvice brings the static files back: they follow from the database.
const staticAdvice = "delete the directory log in the workspace's directory, then ward log flush"

// static compares each of the log's static files with the database. A server may write some while it looks: then it looks once more.
func (x *examination) static() {
	before := len(x.checks)
	if x.staticOnce(); x.checks[before].Light == Red {
		x.checks = x.checks[:before]
		x.staticOnce()
	}
}

func (x *examination) staticOnce() {
	x.check("static files", staticAdvice, func(tx *store.Tx, wrong store.Wrong) (string, error) {
		state, err := tx.LogState(x.ctx)
		if err != nil || len(state.Checkpoint) == 0 {
			return "The log has no static files yet.", err
		}
		dir := filepath.Join(x.place.Dir, logDir)
		body, err := os.ReadFile(filepath.Join(dir, checkpointFile))
		if errors.Is(err, fs.ErrNotExist) {
			wrong("the checkpoint file", "is missing")
			return "", nil
		}
		if err != nil {
			return "", err
		}
		c, err := x.openCheckpoint(tx, body)
		if err != nil {
			wrong("the checkpoint file", message(err))
			return "", nil
		}
		if c.Size > state.Size {
			wrong("the checkpoint file", fmt.Sprintf("says %d leaves and the database %d: the database is older than what was published", c.Size, state.Size))
			return "", nil
		}
		if hash, err := tlog.Root(c.Size, tx.Tiles(x.ctx)); err != nil || hash != c.Root {
			wrong("the checkpoint file", "is of another tree than the database")
			return "", err
		}
		n, err := x.compareStatic(tx, dir, c.Size, wrong)
		return fmt.Sprintf("%d static files show %d leaves as the database has them.", n, c.Size), err
	})
}

// compareStatic looks at every file that is there, and for every file that must be.
func (x *examination) compareStatic(tx *store.Tx, dir string, size int64, wrong store.Wrong) (n int, err error) {
	missing := map[string]bool{}
	for level, span := 0, int64(1); size/span > 0; level, span = level+1, span*tileWidth {
		for i := int64(0); i*tileWidth < size/span; i++ {
			width := int(min(tileWidth, size/span-i*tileWidth))
			missing[tlog.TilePath(level, i, width)] = true
			if level == 0 {
				missing[tlog.EntriesPath(i, width)] = true
			}
		}
	}
	total, told := int64(len(missing)), x.progress("static files", int64(len(missing)))
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if name == checkpointFile || strings.HasPrefix(entry.Name(), ".new-") {
			return nil
		}
		n++
		delete(missing, name)
		if n%256 == 0 {
			told(min(int64(n), total))
		}
		if what := x.staticFits(tx, path, name); what != "" {
			wrong("log/"+name, what)
		}
		return x.ctx.Err()
	})
	for name := range missing {
		wrong("log/"+name, "is missing")
	}
	return n, err
}

// tileName takes the path of a tile or an entry bundle apart: level, groups of three digits, width.
var tileName = regexp.MustCompile(`^tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*)([0-9]{3})(?:\.p/([0-9]{1,3}))?$`)

// staticFits compares one file with the database; "" is well.
func (x *examination) staticFits(tx *store.Tx, path, name string) string {
	part := tileName.FindStringSubmatch(name)
	if part == nil {
		return "is none of the log's files"
	}
	index, err := strconv.ParseInt(strings.NewReplacer("x", "", "/", "").Replace(part[2])+part[3], 10, 64)
	if err != nil {
		return "is none of the log's files"
	}
	width := tileWidth
	if part[4] != "" {
		width, _ = strconv.Atoi(part[4])
	}
	have, err := os.ReadFile(path)
	if err != nil {
		return "cannot be read"
	}
	var want []byte
	if part[1] == "entries" {
		leaves, err := tx.Leaves(x.ctx, index*tileWidth, width)
		if err != nil || len(leaves) != width {
			return "shows more leaves than the database has"
		}
		bare := make([]tlog.Leaf, width)
		for i, l := range leaves {
			bare[i] = l.Leaf
		}
		want = tlog.EntryBundle(bare)
	} else {
		level, _ := strconv.Atoi(part[1])
		data, err := tx.Tiles(x.ctx)(level, index)
		if err != nil || len(data) < width*len(tlog.Hash{}) {
			return "shows more hashes than the database has"
		}
		want = data[:width*len(tlog.Hash{})]
	}
	if !bytes.Equal(have, want) {
		return "differs from the database"
	}
	return ""
}

// witnessSilence is how long a witness may be silent before somebody should ask why: it is asked every hour.
const witnessSilence = 25 * time.Hour

// witnesses looks at what the witnesses cosigned last, and at the logs that this workspace witnesses.
func (x *examination) witnesses() {
	var silent []string
	x.check("witnesses", "ask the witness's keeper; compare keys; a log that is smaller than its witness says was rolled back: ward restore", func(tx *store.Tx, wrong store.Wrong) (string, error) {
		state, err := tx.LogState(x.ctx)
		if err != nil {
			return "", err
		}
		list, err := tx.Witnesses(x.ctx)
		if err != nil {
			return "", err
		}
		for _, w := range list {
			if what := witnessWrong(w, state); what != "" {
				wrong("witness "+w.Name, what)
			} else if w.Size < state.Size && tx.Now().Sub(time.UnixMicro(w.Seen)) > witnessSilence {
				silent = append(silent, w.Name)
			}
		}
		if err := checkWatched(x.ctx, tx, wrong); err != nil {
			return "", err
		}
		if len(list) == 0 {
			return "The log has no witness: its time and its history rest on this workspace's word alone.", nil
		}
		return fmt.Sprintf("%d witnesses hold this log.", len(list)), nil
	})
	c := &x.checks[len(x.checks)-1]
	if c.Light != Green {
		return
	}
	switch {
	case strings.HasPrefix(c.Says, "The log has no witness"):
		c.Light, c.Do = Yellow, "ward log witness add KEY URL, with two or three other associations' witnesses"
	case len(silent) > 0:
		c.Light, c.Do = Yellow, "ward log flush, and ask the witness's keeper"
		c.Says = "No cosignature for a day or more: " + strings.Join(silent, ", ") + "."
	}
}

// witnessWrong compares what is known of a witness with the checkpoint; "" is well.
func witnessWrong(w store.Witness, state store.LogState) string {
	if name, err := tlog.WitnessName(w.Verifier); err != nil || name != w.Name {
		return "has a key of another name"
	}
	if w.Size > state.Size {
		return fmt.Sprintf("has seen %d leaves of this log, which has %d", w.Size, state.Size)
	}
	_, lines, _ := bytes.Cut(state.Checkpoint, []byte("\n\n"))
	_, _, err := tlog.Cosignature(state.Checkpoint, lines, w.Verifier)
	if err != nil && !errors.Is(err, tlog.ErrUnknownKey) {
		return "has a cosignature under the checkpoint that does not fit"
	}
	if w.Size == state.Size && err != nil {
		return "cosigned this checkpoint, and its cosignature is not there"
	}
	return ""
}
