package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"

	"ward/access"
	"ward/desk"
	"ward/store/storetest"
	"ward/tlog"
)

// written makes a workspace's log of more than two tiles, and gives its directory, its key and an early checkpoint.
func written(t *testing.T) (dir string, verifier note.Verifier, origin string, early []byte) {
	t.Helper()
	ctx, root := context.Background(), t.TempDir()
	d, err := desk.Open(ctx, desk.Workspace{Dir: root, Cost: storetest.Cheap(), Passphrase: func(bool) ([]byte, error) { return []byte(storetest.Passphrase), nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	dir = filepath.Join(root, "log")
	for i := range 40 { // 16 leaves each
		_, watched, err := tlog.NewSigner(fmt.Sprintf("example.org/%d", i))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Watch(ctx, access.Local(), watched); err != nil {
			t.Fatal(err)
		}
		if _, err := d.FlushLog(ctx, access.Local()); err != nil {
			t.Fatal(err)
		}
		if i == 6 {
			early = read(t, filepath.Join(dir, "checkpoint"))
		}
	}
	head, err := d.LogHead(ctx, access.Local())
	if err != nil {
		t.Fatal(err)
	}
	if head.Size < 600 {
		t.Fatalf("%d leaves are too few to cross a tile", head.Size)
	}
	if verifier, err = note.NewVerifier(head.Verifier); err != nil {
		t.Fatal(err)
	}
	return dir, verifier, head.Origin, early
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// leafHashes takes an entry bundle apart as Tessera does.
func leafHashes(bundle []byte) (hashes [][]byte, err error) {
	var b api.EntryBundle
	if err := b.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	for _, e := range b.Entries {
		hashes = append(hashes, rfc6962.DefaultHasher.HashLeaf(e))
	}
	return hashes, nil
}

func check(dir, origin string, verifier note.Verifier) error {
	return fsck.New(origin, verifier, client.FileFetcher{Root: dir}, leafHashes, fsck.Opts{N: 2}).Check(context.Background())
}

// Tessera's fsck rebuilds the tree from the entries and compares every tile and the checkpoint.
func TestTesserasFsckAcceptsTheStaticFiles(t *testing.T) {
	dir, verifier, origin, _ := written(t)
	if err := check(dir, origin, verifier); err != nil {
		t.Fatal(err)
	}
	tile := filepath.Join(dir, "tile", "0", "001")
	body := read(t, tile)
	body[100] ^= 1
	if err := os.WriteFile(tile, body, 0o600); err != nil {
		t.Fatal(err)
	}
	if check(dir, origin, verifier) == nil {
		t.Error("fsck accepts a flipped bit, so it shows nothing")
	}
}

// Tessera's client proves that the log grew out of an early checkpoint, and finds one of another history.
func TestTesserasClientFollowsTheLog(t *testing.T) {
	dir, verifier, origin, early := written(t)
	ctx, files := context.Background(), client.FileFetcher{Root: dir}
	follow := func(from []byte) error {
		tracker, err := client.NewLogStateTracker(ctx, files.ReadTile, from, verifier, origin, client.UnilateralConsensus(files.ReadCheckpoint))
		if err != nil {
			return err
		}
		_, path, _, err := tracker.Update(ctx)
		if err == nil && len(path) == 0 {
			return fmt.Errorf("nothing was proved")
		}
		return err
	}
	if err := follow(early); err != nil {
		t.Error(err)
	}
	signer, fork, err := tlog.NewSigner(origin)
	if err != nil {
		t.Fatal(err)
	}
	if verifier, err = note.NewVerifier(fork); err != nil {
		t.Fatal(err)
	}
	c, err := tlog.ReadCheckpoint(early)
	if err != nil {
		t.Fatal(err)
	}
	c.Root[0] ^= 1
	other, err := tlog.SignCheckpoint(signer, c)
	if err != nil {
		t.Fatal(err)
	}
	latest, err := tlog.ReadCheckpoint(read(t, filepath.Join(dir, "checkpoint")))
	if err != nil {
		t.Fatal(err)
	}
	resigned, err := tlog.SignCheckpoint(signer, latest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "checkpoint"), resigned, 0o600); err != nil {
		t.Fatal(err)
	}
	if follow(other) == nil {
		t.Error("a checkpoint of another history is followed")
	}
}
