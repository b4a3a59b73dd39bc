package witness

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ward/store"
	"ward/tlog"
)

var ctx = context.Background()

// tree is a log as its own keeper has it: leaves in tiles and a key.
type tree struct {
	t                testing.TB
	origin           string
	signer, verifier string
	size             int64
	root             tlog.Hash
	tiles            map[[2]int64][]byte
}

func newTree(t testing.TB, origin string) *tree {
	t.Helper()
	signer, verifier, err := tlog.NewSigner(origin)
	if err != nil {
		t.Fatal(err)
	}
	return &tree{t: t, origin: origin, signer: signer, verifier: verifier, tiles: map[[2]int64][]byte{}}
}

// fork is the same log, key included, about to tell another story from here on.
func (l *tree) fork() *tree {
	other := *l
	other.tiles = maps.Clone(l.tiles)
	return &other
}

func (l *tree) read(level int, index int64) ([]byte, error) {
	data, ok := l.tiles[[2]int64{int64(level), index}]
	if !ok {
		return nil, fmt.Errorf("no tile %d/%d", level, index)
	}
	return data, nil
}

// grow appends leaves that tell a story and gives the signed checkpoint.
func (l *tree) grow(leaves int, story string) []byte {
	l.t.Helper()
	list := make([]tlog.Leaf, leaves)
	for i := range list {
		list[i] = tlog.PublicLeaf(fmt.Appendf(nil, "%s %d", story, i))
	}
	g, err := tlog.Grow(l.size, l.read, list)
	if err != nil {
		l.t.Fatal(err)
	}
	for _, tile := range g.Tiles {
		l.tiles[[2]int64{int64(tile.Level), tile.Index}] = tile.Data
	}
	l.size, l.root = g.Size, g.Root
	return l.sign()
}

func (l *tree) sign() []byte {
	l.t.Helper()
	signed, err := tlog.SignCheckpoint(l.signer, tlog.Checkpoint{Origin: l.origin, Size: l.size, Root: l.root})
	if err != nil {
		l.t.Fatal(err)
	}
	return signed
}

func (l *tree) prove(old int64) ([]tlog.Hash, error) { return tlog.Consistency(l.read, old, l.size) }

// request is what an honest log sends to a witness that holds old leaves of it.
func (l *tree) request(old int64) tlog.WitnessRequest {
	l.t.Helper()
	r := tlog.WitnessRequest{Old: old, Checkpoint: l.sign()}
	if old > 0 && old < l.size {
		var err error
		if r.Proof, err = l.prove(old); err != nil {
			l.t.Fatal(err)
		}
	}
	return r
}

// observer is one witness: a key, a database and a server on loopback.
type observer struct {
	t                testing.TB
	db               *store.DB
	signer, verifier string
	url              string
}

func newObserver(t testing.TB, db *store.DB, logs ...*tree) *observer {
	t.Helper()
	signer, verifier, err := tlog.NewWitnessSigner("witness.example/w")
	if err != nil {
		t.Fatal(err)
	}
	o := &observer{t: t, db: db, signer: signer, verifier: verifier}
	for _, l := range logs {
		o.watch(l)
	}
	o.serve(o.service())
	return o
}

func (o *observer) watch(l *tree) {
	o.t.Helper()
	if err := o.db.Write(ctx, "keeper", func(tx *store.Tx) error { _, err := Add(ctx, tx, l.verifier); return err }); err != nil {
		o.t.Fatal(err)
	}
}

// service is the witness as it is wired; tests replace its parts.
func (o *observer) service() Witness {
	return Witness{
		Read:   o.db.Read,
		Within: func(ctx context.Context, fn func(*store.Tx) error) error { return o.db.Write(ctx, "witness", fn) },
		Cosign: func(signed []byte) ([]byte, error) { return tlog.Cosign(o.signer, signed, time.Now()) },
	}
}

// serve replaces the running service: a restart.
func (o *observer) serve(w Witness) {
	server := httptest.NewServer(w.Handler())
	o.t.Cleanup(server.Close)
	o.url = server.URL
}

// reply is an answer as it came.
type reply struct {
	status int
	kind   string
	body   string
}

func (o *observer) post(body []byte) reply {
	o.t.Helper()
	response, err := http.Post(o.url+"/add-checkpoint", "", strings.NewReader(string(body)))
	if err != nil {
		o.t.Fatal(err)
	}
	return read(o.t, response)
}

func read(t testing.TB, response *http.Response) reply {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header.Get("Content-Type"), string(body)}
}

// cosigned fails unless the answer is this witness's cosignature of the log as it stands.
func (o *observer) cosigned(r reply, l *tree) {
	o.t.Helper()
	line, _, err := tlog.Cosignature(l.sign(), []byte(r.body), o.verifier)
	if r.status != http.StatusOK || string(line) != r.body {
		o.t.Fatalf("no cosignature of size %d: %d %q %v", l.size, r.status, r.body, err)
	}
}

// refused fails unless the answer has the status and nothing was signed.
func (o *observer) refused(r reply, status int) {
	o.t.Helper()
	if r.status != status || strings.Contains(r.body, "— ") {
		o.t.Fatalf("got %d %q, want %d and no signature", r.status, r.body, status)
	}
}

func (o *observer) held(l *tree) Watched {
	o.t.Helper()
	var w Watched
	if err := o.db.Read(ctx, func(tx *store.Tx) (err error) { w, err = Get(ctx, tx, l.origin); return err }); err != nil {
		o.t.Fatal(err)
	}
	return w
}

// cosignings are the digests journalled for a log, oldest first.
func (o *observer) cosignings(l *tree) (digests []string) {
	o.t.Helper()
	err := o.db.Read(ctx, func(tx *store.Tx) error {
		entries, err := tx.Since(ctx, 0, 1000)
		for _, e := range entries {
			if e.Act == "witness.cosign" && e.Subject == l.origin {
				digests = append(digests, e.Digest)
			}
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return digests
}
