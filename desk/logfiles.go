package desk

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"ward/fault"
	"ward/store"
	"ward/tlog"
)

// logDir holds the log's static files, inside a workspace's directory: tiles, entries and the checkpoint in the layout of C2SP
// tlog-tiles. Any web host can serve them.
const logDir = "log"

// checkpointFile names the newest signed checkpoint among the log's static files.
const checkpointFile = "checkpoint"

// WriteLogFiles writes the tiles that the static files lack and then the checkpoint. Files are derived: lost ones come back.
func (d *Desk) WriteLogFiles(ctx context.Context) error {
	return d.db.Read(ctx, func(tx *store.Tx) error {
		state, err := tx.LogState(ctx)
		if err != nil || len(state.Checkpoint) == 0 {
			return err
		}
		dir := filepath.Join(d.place.Dir, logDir)
		from := writtenSize(dir)
		if from > state.Size {
			return nil // another process is ahead
		}
		if err := writeTiles(ctx, tx, dir, from, state.Size); err != nil {
			return err
		}
		return writeTile(dir, checkpointFile, state.Checkpoint)
	})
}

// writtenSize is the tree size that the static files hold already, 0 when that cannot be told.
func writtenSize(dir string) int64 {
	signed, err := os.ReadFile(filepath.Join(dir, checkpointFile))
	if err != nil {
		return 0
	}
	c, err := tlog.ReadCheckpoint(signed)
	if err != nil {
		return 0
	}
	return c.Size
}

// tileWidth is how many hashes, or leaves, a whole tile holds.
const tileWidth = 256

// writeTiles writes every tile and entry bundle that differs between two sizes.
func writeTiles(ctx context.Context, tx *store.Tx, dir string, from, size int64) error {
	read := tx.Tiles(ctx)
	for level, span := 0, int64(1); size/span > 0; level, span = level+1, span*tileWidth {
		for i := from / span / tileWidth; i*tileWidth < size/span; i++ {
			width := int(min(tileWidth, size/span-i*tileWidth))
			data, err := read(level, i)
			if err != nil {
				return err
			}
			if len(data) < width*len(tlog.Hash{}) {
				return fault.New(fault.Internal, "the log's tile %d/%d is cut short", level, i).Do("run ward doctor")
			}
			if err := writeTile(dir, tlog.TilePath(level, i, width), data[:width*len(tlog.Hash{})]); err != nil {
				return err
			}
		}
	}
	for i := from / tileWidth; i*tileWidth < size; i++ {
		width := int(min(tileWidth, size-i*tileWidth))
		leaves, err := tx.Leaves(ctx, i*tileWidth, width)
		if err != nil {
			return err
		}
		bare := make([]tlog.Leaf, len(leaves))
		for n, l := range leaves {
			bare[n] = l.Leaf
		}
		if err := writeTile(dir, tlog.EntriesPath(i, width), tlog.EntryBundle(bare)); err != nil {
			return err
		}
	}
	return nil
}

// writeTile writes one of the log's files under the hour's time: whoever serves or copies the folder must not learn the minute at
// which somebody works. A whole tile takes the place of its parts.
func writeTile(dir, path string, data []byte) error {
	file := filepath.Join(dir, filepath.FromSlash(path))
	if err := replaceFile(file, data); err != nil {
		return err
	}
	hour := time.Now().Truncate(time.Hour)
	if err := os.Chtimes(file, hour, hour); err != nil {
		return err
	}
	if strings.Contains(path, ".p/") || path == checkpointFile {
		return nil
	}
	return os.RemoveAll(file + ".p")
}

// replaceFile writes a file whole, unless it stands there already.
func replaceFile(path string, data []byte) error {
	if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, data) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fault.Wrap(err, fault.Refused, "the log's directory cannot be made")
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fault.Wrap(err, fault.Refused, "the log's files cannot be written")
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err := errors.Join(err, tmp.Chmod(0o644), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// logPath is the layout of the static files; nothing else in the directory can be asked for.
var logPath = regexp.MustCompile(`^(checkpoint|tile/(entries|[0-9]|[1-5][0-9])/(x[0-9]{3}/)*[0-9]{3}(\.p/[0-9]{1,3})?)$`)

// LogFile reads one of the log's static files by its path in the layout, such as "checkpoint" or "tile/0/000".
func (d *Desk) LogFile(path string) ([]byte, error) {
	if !logPath.MatchString(path) {
		return nil, fault.New(fault.NotFound, "the log has no such file")
	}
	body, err := os.ReadFile(filepath.Join(d.place.Dir, logDir, filepath.FromSlash(path)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "the log has no such file")
	}
	return body, err
}
