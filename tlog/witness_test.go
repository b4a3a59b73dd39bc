package tlog

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/transparency-dev/formats/proof"
)

// history is one log's tree and key.
type history struct {
	tiles shelf
	size  int64
	key   pair
}

func (h *history) append(t testing.TB, leaves ...Leaf) {
	t.Helper()
	h.size = h.tiles.grow(t, h.size, leaves).Size
}

func (h *history) checkpoint(t testing.TB) Checkpoint {
	t.Helper()
	root, err := Root(h.size, h.tiles.read)
	if err != nil {
		t.Fatal(err)
	}
	return Checkpoint{origin, h.size, root}
}

// request asks to cosign the tree as it is, with the proof from old.
func (h *history) request(t testing.TB, old int64) WitnessRequest {
	t.Helper()
	var path []Hash
	if old <= h.size {
		var err error
		if path, err = Consistency(h.tiles.read, old, h.size); err != nil {
			t.Fatal(err)
		}
	}
	r := WitnessRequest{old, path, signed(t, h.key, h.checkpoint(t))}
	read, err := ParseWitnessRequest(r.Marshal())
	if err != nil || !bytes.Equal(read.Marshal(), r.Marshal()) {
		t.Fatal("a request is not read as it was written", err)
	}
	return read
}

func newHistory(t testing.TB, key pair, leaves int) *history {
	t.Helper()
	h := &history{tiles: shelf{}, key: key}
	h.append(t, leavesFrom(0, leaves)...)
	return h
}

func TestAWitnessFollowsOneHistory(t *testing.T) {
	key := logKey(t, origin)
	h := newHistory(t, key, 0)
	var held Checkpoint
	for _, step := range []int{0, 16, 16, 0, 300, 1} {
		h.append(t, leavesFrom(int(h.size), step)...)
		c, err := h.request(t, held.Size).Consider(held, key.verifier)
		if err != nil || c != h.checkpoint(t) {
			t.Fatalf("from %d to %d: %v", held.Size, h.size, err)
		}
		held = c
	}
}

// One log's key over two trees that share their first 20 leaves.
func TestAWitnessRefusesAFork(t *testing.T) {
	key := logKey(t, origin)
	a, b := newHistory(t, key, 20), newHistory(t, key, 20)
	a.append(t, leavesFrom(100, 16)...)
	held, err := a.request(t, 0).Consider(Checkpoint{}, key.verifier)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		leaves int
		want   error
	}{{16, ErrFork}, {17, ErrInconsistent}, {200, ErrInconsistent}} {
		b.append(t, leavesFrom(200+int(b.size), c.leaves-int(b.size-20))...)
		if got, err := b.request(t, held.Size).Consider(held, key.verifier); !errors.Is(err, c.want) {
			t.Errorf("20+%d leaves of the fork: %+v, %v", c.leaves, got, err)
		}
	}
	if !errors.Is(ErrFork, ErrOldSize) {
		t.Error("C2SP tlog-witness answers a second root of one size with 409")
	}
	again, err := a.request(t, held.Size).Consider(held, key.verifier)
	if err != nil || again != held {
		t.Error("the same checkpoint is not cosigned again", err)
	}
}

func TestWhatAWitnessAnswers(t *testing.T) {
	key := logKey(t, origin)
	h := newHistory(t, key, 50)
	held := h.checkpoint(t)
	small := newHistory(t, key, 40)
	h.append(t, leavesFrom(50, 20)...)
	good := h.request(t, 50)
	forged := good
	forged.Checkpoint = signed(t, logKey(t, origin), h.checkpoint(t))
	altered := good
	altered.Checkpoint = bytes.Replace(good.Checkpoint, []byte("\n70\n"), []byte("\n71\n"), 1)
	empty := WitnessRequest{0, nil, signed(t, key, Checkpoint{origin, 0, Hash{}})}
	long := good
	long.Proof = append(slices.Clone(good.Proof), Hash{})
	for name, c := range map[string]struct {
		r    WitnessRequest
		held Checkpoint
		want error
	}{
		"good":                                  {good, held, nil},
		"first sight with a proof":              {WitnessRequest{0, []Hash{{}}, good.Checkpoint}, Checkpoint{}, ErrInconsistent},
		"first sight":                           {WitnessRequest{0, nil, good.Checkpoint}, Checkpoint{}, nil},
		"an empty log with another root":        {empty, Checkpoint{}, ErrInconsistent},
		"from an older size":                    {h.request(t, 40), held, ErrOldSize},
		"from nothing":                          {h.request(t, 0), held, ErrOldSize},
		"from a size not held yet":              {good, Checkpoint{}, ErrOldSize},
		"shrinking":                             {small.request(t, 30), held, ErrOldSize},
		"shrinking below the old size":          {small.request(t, 50), held, ErrMalformed},
		"without a proof":                       {WitnessRequest{50, nil, good.Checkpoint}, held, ErrInconsistent},
		"a hash too many":                       {long, held, ErrInconsistent},
		"same size, with a proof":               {WitnessRequest{70, good.Proof, good.Checkpoint}, h.checkpoint(t), ErrInconsistent},
		"another root of one size, and a proof": {WitnessRequest{70, good.Proof, good.Checkpoint}, Checkpoint{origin, 70, Hash{}}, ErrInconsistent},
		"another key":                           {forged, held, ErrBadSignature},
		"an altered checkpoint":                 {altered, held, ErrBadSignature},
		"another key, and an old size too":      {WitnessRequest{9, nil, forged.Checkpoint}, held, ErrBadSignature},
		"no checkpoint":                         {WitnessRequest{50, nil, nil}, held, ErrMalformed},
	} {
		if _, err := c.r.Consider(c.held, key.verifier); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range good.Proof {
		other := good
		other.Proof = slices.Clone(good.Proof)
		other.Proof[i] = flip(other.Proof[i], 77)
		if _, err := other.Consider(held, key.verifier); !errors.Is(err, ErrInconsistent) {
			t.Errorf("hash %d of the proof changed: %v", i, err)
		}
	}
}

// Requests and proofs have one form; what is read is what was written.
func TestRequestsAndProofsHaveOneForm(t *testing.T) {
	key := logKey(t, origin)
	checkpoint := string(signed(t, key, Checkpoint{origin, 70, Hash{}}))
	const hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	for body, good := range map[string]bool{
		" 5\n" + hash + "\n\n" + checkpoint:                        true,
		" 0\n\n" + checkpoint:                                      true,
		" 5\n" + strings.Repeat(hash+"\n", 63) + "\n" + checkpoint: true,
		" 5\n" + strings.Repeat(hash+"\n", 64) + "\n" + checkpoint: false,
		" 05\n\n" + checkpoint:                                     false,
		" +5\n\n" + checkpoint:                                     false,
		" -1\n\n" + checkpoint:                                     false,
		"  5\n\n" + checkpoint:                                     false,
		" 5 \n\n" + checkpoint:                                     false,
		" 4611686018427387904\n\n" + checkpoint:                    false,
		" 5\r\n\n" + checkpoint:                                    false,
		" 5\n" + hash + "\r\n\n" + checkpoint:                      false,
		" 5\n" + hash[:42] + "B=\n\n" + checkpoint:                 false,
		" 5\n" + hash[:43] + "\n\n" + checkpoint:                   false,
		" 5\n" + hash[:40] + "\n\n" + checkpoint:                   false,
		" 5\n\n\n" + checkpoint:                                    false,
		" 5\n" + checkpoint:                                        false,
		" 5\n\n":                                                   false,
		" 5\n\n" + checkpoint + "\n":                               false,
		" 5\n\n" + checkpoint[:len(checkpoint)-1]:                  false,
		" 5\n\n" + checkpoint + "— x " + strings.Repeat("AAAA", 16<<10) + "\n":                                      false,
		" 5\n" + strings.Repeat(hash+"\n", 63) + "\n" + checkpoint + "— x " + strings.Repeat("AAAA", 15<<10) + "\n": true,
		" 5\n" + strings.Repeat(hash+"\n", 63) + "\n" + checkpoint + "— x " + strings.Repeat("AAAA", 63<<8) + "\n":  false,
		"": false,
	} {
		request, err := ParseWitnessRequest([]byte("old" + body))
		if (err == nil) != good || err != nil && !errors.Is(err, ErrMalformed) || good && string(request.Marshal()) != "old"+body {
			t.Errorf("request %.60q of %d bytes: %v", body, len(body), err)
		}
		file := proofHeader + "index" + body
		p, err := ParseProof([]byte(file))
		if (err == nil) != good || err != nil && !errors.Is(err, ErrMalformed) || good && string(p.Marshal()) != file {
			t.Errorf("proof %.60q of %d bytes: %v", body, len(body), err)
		}
		var other proof.TLogProof
		if good && (other.Unmarshal([]byte(file)) != nil || string(other.Marshal()) != file || other.Index != uint64(p.Index) || len(other.Hashes) != len(p.Path)) {
			t.Errorf("package formats/proof reads %.60q otherwise", body)
		}
	}
	for _, file := range []string{
		"index 5\n\n" + checkpoint, "c2sp.org/tlog-proof@v2\nindex 5\n\n" + checkpoint, proofHeader + "extra AAAA\nindex 5\n\n" + checkpoint,
		proofHeader + "old 5\n\n" + checkpoint, proofHeader + "index 70\n\n" + checkpoint, "\n" + proofHeader + "index 5\n\n" + checkpoint,
	} {
		if _, err := ParseProof([]byte(file)); !errors.Is(err, ErrMalformed) {
			t.Errorf("%.60q: %v", file, err)
		}
	}
}

// From some fields of a record to a quorum of witnesses, as a bundle carries it: no text on the way can change unnoticed.
func TestAChainOfProofsHoldsAtEveryByte(t *testing.T) {
	p := newPanel(t)
	policy := p.policy(t, "group g 2 w0 w1 w2\nquorum g\n")
	record := NewSecret()
	digest := record.Digest(invented())
	batch := [][]byte{[]byte("another"), digest[:], []byte("third")}
	e := inventedEvent()
	e.Digest = Hex(TreeHash(batch))
	h := newHistory(t, p.log, 100)
	h.append(t, e.Leaf())
	h.append(t, Filler(), Filler())
	path, err := Inclusion(h.tiles.read, h.size, 100)
	if err != nil {
		t.Fatal(err)
	}
	shown, opening, batchPath := record.Show(invented(), only("date")), e.Open(only("at")), NewBatch(batch).Path(1)
	holds := func(file []byte) bool {
		proof, err := ParseProof(file)
		if err != nil {
			return false
		}
		leaf, batchRoot, err := opening.Leaf()
		if err != nil {
			return false
		}
		sum, err := ShownDigest(shown)
		if err != nil || VerifyBatchPath(batchRoot, sum[:], 1, 3, batchPath) != nil {
			return false
		}
		v, err := policy.Judge(proof.Checkpoint)
		return err == nil && v.Quorum && VerifyInclusion(proof.Path, v.Checkpoint.Size, v.Checkpoint.Root, proof.Index, leaf) == nil
	}
	checkpoint := cosignedBy(t, signed(t, p.log, h.checkpoint(t)), p.witnesses[0], p.witnesses[2])
	file := Proof{100, path, checkpoint}.Marshal()
	if !holds(file) {
		t.Fatal("the chain does not hold")
	}
	for i := range file {
		for _, other := range [][]byte{slices.Delete(slices.Clone(file), i, i+1), slices.Insert(slices.Clone(file), i, file[i])} {
			if holds(other) {
				t.Errorf("byte %d of the proof removed or doubled: %q", i, other)
			}
		}
		other := slices.Clone(file)
		other[i] ^= 1
		if holds(other) {
			t.Errorf("byte %d of the proof changed", i)
		}
	}
	shown[0].Value += " "
	if holds(file) {
		t.Error("a field changed")
	}
}
