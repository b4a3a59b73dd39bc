package tlog

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"
)

// seeds are bytes that every parser below should meet.
func seeds(f *testing.F) panel {
	p := newPanel(f)
	h := newHistory(f, p.log, 20)
	checkpoint := cosignedBy(f, signed(f, p.log, h.checkpoint(f)), p.witnesses...)
	path, err := Inclusion(h.tiles.read, h.size, 7)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(checkpoint)
	f.Add(Proof{7, path, checkpoint}.Marshal())
	f.Add(WitnessRequest{7, path, checkpoint}.Marshal())
	f.Add([]byte(p.text("group g 2 w0 w1\ngroup h any g w2\nquorum h\n")))
	f.Add(EntryBundle([]Leaf{Filler(), PublicLeaf(nil)}))
	return p
}

func FuzzReadCheckpoint(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ReadCheckpoint(b)
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Errorf("%v", err)
			}
			return
		}
		if !bytes.HasPrefix(b, []byte(c.text()+"\n")) {
			t.Errorf("%q is read as %+v", b, c)
		}
	})
}

func FuzzParseProof(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParseProof(b)
		if err == nil && !bytes.Equal(p.Marshal(), b) {
			t.Errorf("%q is read as %+v", b, p)
		}
		if err != nil && !errors.Is(err, ErrMalformed) {
			t.Errorf("%v", err)
		}
	})
}

func FuzzParseWitnessRequest(f *testing.F) {
	p := seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ParseWitnessRequest(b)
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Errorf("%v", err)
			}
			return
		}
		if !bytes.Equal(r.Marshal(), b) || len(r.Proof) > maxPath || len(b) > maxInput {
			t.Errorf("%q is read as %+v", b, r)
		}
		held := Checkpoint{origin, r.Old, Hash{}}
		c, err := r.Consider(held, p.log.verifier)
		if err == nil && r.Old > 0 && c != held {
			t.Errorf("a history nobody knows is cosigned: %q", b)
		}
	})
}

func FuzzParsePolicy(f *testing.F) {
	p := seeds(f)
	checkpoint := cosignedBy(f, signed(f, p.log, inventedCheckpoint()), p.witnesses...)
	f.Fuzz(func(t *testing.T, b []byte) {
		policy, err := ParsePolicy(string(b))
		if err != nil {
			return
		}
		for _, k := range policy.Logs() {
			if _, err := logVerifier(k); err != nil {
				t.Errorf("%s: %v", k, err)
			}
		}
		for _, w := range policy.Witnesses() {
			if _, err := witnessVerifier(w.Verifier); err != nil || w.Name == "" {
				t.Errorf("%+v: %v", w, err)
			}
		}
		if v, err := policy.Judge(checkpoint); err == nil && !slices.Contains(policy.Logs(), p.log.verifier) {
			t.Errorf("%+v without the log's key", v)
		}
	})
}

func FuzzParseEntryBundle(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		leaves, err := ParseEntryBundle(b)
		if err == nil && (!bytes.Equal(EntryBundle(leaves), b) || len(leaves) == 0 || len(leaves) > tileWidth) {
			t.Errorf("%q is read as %x", b, leaves)
		}
	})
}

func FuzzShownDigest(f *testing.F) {
	s, fields := NewSecret(), invented()
	want := s.Digest(fields)
	for _, show := range []func(string) bool{everything, nothing, only("date", "place")} {
		b, err := json.Marshal(s.Show(fields, show))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	values := map[string]string{}
	for _, field := range fields {
		values[field.Name] = field.Value
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var list []Shown
		if json.Unmarshal(b, &list) != nil {
			return
		}
		h, err := ShownDigest(list)
		if err != nil || h != want {
			return
		}
		for _, field := range list { // the same digest shows the same record
			if v, ok := values[field.Name]; field.Name != "" && (!ok || v != field.Value) {
				t.Errorf("%+v is shown under the record's digest", field)
			}
		}
	})
}
